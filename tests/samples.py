"""Everything the bot shows, at its longest or as it is on an ordinary day.

The tests of what fits draw all of it, and `python -m tests.gallery` takes pictures of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import text

from bot import dispatch, drawn, finding, parting
from bot.cards import Form
from bot.features import (
    about,
    accounts,
    answering,
    asking,
    audience,
    belonging,
    closing,
    comparing,
    confirming,
    found,
    gate,
    home,
    joining,
    linking,
    listing,
    mending,
    prompting,
    searching,
    settings,
    themes,
    unfolding,
)
from bot.features.asking import Draft
from bot.features.presence import account_of, present
from bot.graphemes import cut
from bot.incoming import Deleted, Edited, Incoming, Person, Place, Pressed, Said, Submitted
from bot.language import Speech
from bot.text import Block, File, Span, Text
from storage import (
    UnitOfWork,
    first_voices,
    installations,
    invitations,
    links,
    listings,
    members,
    networks,
    notices,
    overviews,
    privates,
    rooms,
    threads,
)
from storage import posts as stored_posts
from storage import themes as stored_themes
from storage.invitations import SERIES
from storage.members import Profile
from storage.themes import KEYS, Theme
from tests import samples_in_charge as in_charge
from tests import samples_of_answers as of_answers
from tests import samples_of_polls as of_polls
from tests import samples_suggested

NOW = datetime(2027, 1, 19, 8, 15, tzinfo=UTC)
QUESTION = "Hvordan får dere liv i tavlemøtene?"
DETAILS = (
    "Vi har møttes foran tavlen hver dag siden september. De samme tre snakker, og resten ser på "
    "klokken.\n\nHva har dere gjort for at flere tar ordet? Vi vil gjerne se hvordan tavlen ser ut "
    "hos dere også."
)
KARI = Person("slack", "T0ALTA", "U0KARI", name="Kari Nilsen", language="nb")


@dataclass(frozen=True, slots=True)
class Size:
    """How long it is what others have named or counted."""

    network: str
    organisation: str
    channel: str
    contact: str
    number: int
    organisations: tuple[str, ...]


LONG_NAME = "Midt-Østlandet interkommunale læringsnettverk for tjenesteutvikling og innbyggere"
LONGEST = Size(
    network=LONG_NAME,
    organisation=LONG_NAME,
    channel="lean-og-kontinuerlig-forbedring-i-hele-kommunen-og-litt-til",
    contact="personvernombud@midt-ostlandet-utviklingsselskap.example",
    number=123456789,
    organisations=(LONG_NAME,) * 12,
)
ORDINARY = Size(
    network="Nord",
    organisation="Alta kommune",
    channel="nettverk-nord",
    contact="kari.nilsen@alta.example",
    number=3,
    organisations=("Alta kommune", "Aarhus Kommune", "Bodø kommune", "Randers Kommune"),
)


class Facts(dict[str, str]):
    """What a notice is about; a fact that is not named here is a number."""

    def __init__(self, size: Size) -> None:
        super().__init__(
            at=NOW.isoformat(),
            channel=size.channel,
            contact=size.contact,
            organisation=size.organisation,
        )
        self._number = str(size.number)

    def __missing__(self, name: str) -> str:
        return self._number


def _asking_forms(say: Speech, size: Size) -> Iterator[Form]:
    note = audience.who_sees(size.organisations, say)
    choices = tuple((key, themes.name(Theme(1, key, None), say)) for key in KEYS)
    for words in ("", "Hei", QUESTION * asking.LONGEST):
        draft = Draft(words, words, "1.1")
        problems = draft.problems(["question"] if words else [], say)
        yield asking.form(say, draft, problems, choices=choices, note=note)
    files = tuple(File(f"{number} {size.channel}.png", 240_000) for number in range(12))
    for some in (files[:1], files):
        told = drawn.left_behind(some, say)
        yield asking.form(say, Draft(QUESTION), told=told, choices=choices, note=note)


def _comparing_forms(say: Speech, size: Size) -> Iterator[Form]:
    note = audience.who_sees(size.organisations, say)
    choices = tuple((key, themes.name(Theme(1, key, None), say)) for key in KEYS)
    draft = Draft(QUESTION, DETAILS)
    for picked, earlier in (("1.6", 0), ("1.6,1.5", 2), ("", 1)):
        yield comparing.form(
            say,
            draft,
            network=1,
            picked=picked,
            choices=choices,
            earlier=Text(tuple(_asked_before(say, size) for _ in range(earlier))),
            note=note,
        )
    problems = {"themes": about.too_many("1.4,1.5,1.6", say)}
    yield comparing.form(say, draft, problems, network=1, picked="1.4,1.5,1.6", choices=choices)


def _asked_before(say: Speech, size: Size) -> Block:
    words, whose = QUESTION * min(size.number, 3), found.signed("Ola Berg", size.organisation, say)
    return comparing.block(
        f"Q-{size.number}",
        words[:120],
        f"{whose} · 3",
        f"{whose}: {say.quoted(DETAILS[:200])}",
        say,
    )


def _about_forms(say: Speech, size: Size) -> Iterator[Form]:
    choices = tuple((key, themes.name(Theme(1, key, None), say)) for key in KEYS)
    yield about.form(size.number, size.number, choices, "1.6,1.5", say)
    problem = about.too_many("1.4,1.5,1.6", say)
    yield about.form(size.number, size.number, choices, "1.4,1.5,1.6", say, problem)


def _quoted(say: Speech, size: Size) -> Text:
    named = Span(drawn.question_title(size.number, say), bold=True)
    begins = (f"{QUESTION} " * min(size.number, 9))[: answering.BEGINNING].strip()
    return Text((Block("paragraph", (named, Span(f"\n{begins}"))),))


def _answering_forms(say: Speech, size: Size) -> Iterator[Form]:
    to = _quoted(say, size)
    note = audience.who_sees(size.organisations[:1], say)
    yield answering.form(size.number, say, to=to, note=note)
    yield answering.form(size.number, say, "", answering.number_in_form(say), to=to)


def _mending_forms(say: Speech, size: Size) -> Iterator[Form]:
    yield mending.form(f"question:{size.number}", say, Draft(QUESTION, QUESTION))
    yield mending.form(f"answer:{size.number}", say, Draft(QUESTION))
    yield mending.withdrawing(f"question:{size.number}", say)
    yield mending.taking_back(f"answer:{size.number}", say)


def _closing_forms(say: Speech, size: Size) -> Iterator[Form]:
    label = cut(f"Kari Nilsen · {size.organisation}: {QUESTION}", closing.LONGEST_CHOICE)
    choices, to = [(str(n), label) for n in range(10)], _quoted(say, size)
    yield closing.form(size.number, size.number, (), say, to=to)
    yield closing.form(size.number, size.number, choices, say, to=to)


def _reading_forms(say: Speech, size: Size) -> Iterator[Form]:
    pages = [Text.of("Slik gjør vi det. " * (unfolding.PAGE // 18))] * 4
    yield from (
        unfolding.form(f"answer:{size.number}", pages, at, say, size.organisation) for at in (1, 4)
    )


def _search_forms(say: Speech, size: Size) -> Iterator[Form]:
    yield searching.form(say)
    yield searching.form(say, "og", searching.nothing_typed(say))
    yield searching.form(say, "", answering.number_in_form(say))


MEMBER = Profile(
    id=1,
    network=1,
    organisation=1,
    role="coordinator",
    joined_at=NOW,
    welcomed_at=NOW,
    spoke_at=NOW,
    left_at=None,
    days=frozenset({1, 2, 3, 4}),
    just_reads=False,
    away_from=None,
    away_until=date(2027, 2, 1),
    deputy=None,
    contact=False,
    paused_at=None,
)


def _settings_forms(say: Speech, _size: Size) -> Iterator[Form]:
    choices = tuple((key, themes.name(Theme(1, key, None), say)) for key in KEYS)
    values = {
        "language": say.language,
        "themes": "1.6,2.1",
        "role": "coordinator",
        "days": "1,2,3,4",
        "away_until": "2027-02-01",
        "kinds": "host",
    }
    labels = (("1", "Slack · Kari Nilsen"), ("2", "Teams · Kari Nilsen"))
    values["account"] = "2"
    yield settings.form(MEMBER, say, values, choices=choices, accounts=labels)
    wrong = {"days": "", "away_until": "2026-01-01"}
    problems = settings.problems(wrong, say, NOW.date())
    yield settings.form(replace(MEMBER, role="facilitator"), say, wrong, problems, choices)


def _withdrawing_forms(say: Speech, size: Size) -> Iterator[Form]:
    yield confirming.form(size.number, say)


def _belonging_forms(say: Speech, size: Size) -> Iterator[Form]:
    named = [(str(id), cut(name, 75)) for id, name in enumerate(size.organisations)]
    yield belonging.form(1, (*named, ("none", say("None of these"))), say)


def _in_charge(
    forms: Callable[[Speech, str], Iterator[Form]],
) -> Callable[[Speech, Size], Iterator[Form]]:
    return lambda say, size: forms(say, size.organisation)


def _of_polls(
    forms: Callable[[Speech, datetime], Iterator[Form]],
) -> Callable[[Speech, Size], Iterator[Form]]:
    return lambda say, _size: forms(say, NOW)


def _of_answers(
    forms: Callable[[Speech], Iterator[Form]],
) -> Callable[[Speech, Size], Iterator[Form]]:
    return lambda say, _size: forms(say)


def _unlinking_forms(say: Speech, _size: Size) -> Iterator[Form]:
    yield accounts.form(say)


FORMS: dict[str, Callable[[Speech, Size], Iterator[Form]]] = {
    asking.ASK: _asking_forms,
    comparing.COMPARE: _comparing_forms,
    about.ABOUT: _about_forms,
    drawn.ANSWER: _answering_forms,
    drawn.MEND: _mending_forms,
    parting.SHOW_ALL: _reading_forms,
    closing.CLOSE: _closing_forms,
    confirming.WITHDRAW: _withdrawing_forms,
    searching.SEARCH: _search_forms,
    settings.SETTINGS: _settings_forms,
    belonging.BELONG: _belonging_forms,
    **{name: _in_charge(forms) for name, forms in in_charge.FORMS.items()},
    **{name: _of_polls(forms) for name, forms in of_polls.FORMS.items()},
    **{name: _in_charge(forms) for name, forms in samples_suggested.FORMS.items()},
    accounts.UNLINK: _unlinking_forms,
    **{name: _of_answers(forms) for name, forms in of_answers.FORMS.items()},
}


def posts(uow: UnitOfWork, size: Size = LONGEST) -> Iterator[tuple[str, int]]:
    """Each kind of post, in each of its states; only the notices have a test of their own."""
    installation = installations.keep(uow, platform="slack", app="A0MELLOM", tenant="T0ALTA")
    place = Place(installation, "C0ALTA", name=size.channel)
    network = networks.create_network(uow, size.network, "nb")
    organisation = networks.add_organisation(
        uow, network=network, name=size.organisation, country="no", language="nb"
    )
    code = joining.keep_code(uow, network=network, organisation=organisation, role=None)

    _take(uow, _said(place, "1", f"join {code}"))
    room = rooms.room_at(uow, installation, place.key)
    assert room is not None
    yield "welcome", room.id
    press = {"action": joining.CONFIRM, "value": str(room.id)}
    _take(uow, Pressed(key="2", at=NOW, place=place, person=KARI, **press))
    yield from (("welcome", room.id), ("hello", room.id))

    _take(uow, _said(place, "3", QUESTION))
    question = threads.thread_written_as(uow, room.conversation, "3") or 0
    yield from (("question", question), ("foot", question))
    yield from _privates(uow, network, question, room.conversation, size)
    _take(uow, _said(place, "4", "Vi begynner med et spørsmål.", root="3"))
    answer = threads.reply_written_as(uow, room.conversation, "4") or 0
    yield "answer", answer
    by_form = _by_form(uow, place, network)
    yield "question", by_form
    asker = uow.connection.execute(text("SELECT min(id) FROM member")).scalar_one()
    yield from of_answers.posts(uow, place, asker, [question, by_form], NOW)
    yield from of_polls.posts(uow, network, KARI, place, NOW)
    yield "home", _home(uow, place)
    _take(uow, _edited(place, "3", QUESTION + " Og i planleggingen?"))
    _take(uow, _edited(place, "4", "Vi slutter med et spørsmål.", root="3"))
    yield from (("question", question), ("answer", answer))
    _take(uow, _submitted(place, closing.CLOSE, str(question), answers=str(answer)))
    yield from (("question", question), ("foot", question), ("answer", answer))
    for reason in (listing.JOINED, listing.MISSED):
        yield (
            listing.KIND,
            listings.keep(
                uow,
                network=network,
                conversation=room.conversation,
                reason=reason,
                listed_threads=[question],
                threads=size.number,
            ),
        )
    listings.add(uow, 2, [question], questions=size.number, answers=size.number)
    yield from ((listing.KIND, 1), (listing.KIND, 2))
    yield from _lists(uow, place, room.conversation)
    yield from _links(uow, place)
    _take(uow, Deleted(key="7", at=NOW, place=place, message="3"))
    yield from (("question", question), ("foot", question), (listing.KIND, 1))
    names = in_charge.NEIGHBOURS if size is ORDINARY else [f"{LONG_NAME} {n}" for n in range(5)]
    yield from in_charge.posts(uow, network, KARI, names, NOW)
    yield from _about(uow, place, room.conversation)
    yield from _leaving(uow, place, room.id)


def _submitted(place: Place, form: str, subject: str, **values: str) -> Submitted:
    return Submitted(
        key=form, at=NOW, place=place, person=KARI, form=form, subject=subject, values=values
    )


def _by_form(uow: UnitOfWork, place: Place, network: int) -> int:
    """A question with all that a form has for it, which its author mends there."""
    theme = stored_themes.current(uow, network)[0]
    values = {"question": QUESTION, "details": DETAILS, "theme": str(theme.id)}
    _take(uow, _submitted(place, asking.ASK, "", **values))
    return max(line.id for line in overviews.latest(uow, network, 100))


def _home(uow: UnitOfWork, place: Place) -> int:
    """What is open, in a direct message: as many long questions as it shows."""
    for number in range(home.OWN + home.WAITING + home.LATEST):
        _take(uow, _said(place, f"home {number}", QUESTION * 50))
    private = Place(place.installation, "D0KARI", direct=True)
    who = present(KARI, private, uow)
    assert who is not None
    home.tell(uow, who, who.conversation, alone=True)
    return notices.newest(uow, overviews.CARD, who.network) or 0


def _privates(
    uow: UnitOfWork, network: int, question: int, conversation: int, size: Size
) -> Iterator[tuple[str, int]]:
    """Every kind of private message, to somebody who has been a member for long."""
    member = uow.connection.execute(text("SELECT max(id) FROM member")).scalar_one()
    old = {"then": datetime(2026, 1, 1)}
    uow.connection.execute(text("UPDATE member SET joined_at = :then"), old)
    uow.connection.execute(text("UPDATE thread SET keeper = member"))
    facts = {"thread": str(question)}
    facts |= dict.fromkeys(("newcomer", "author", "member"), str(member))
    facts |= {"organisation": size.organisation, "at": NOW.isoformat()}
    facts |= {"by": str(member), "role": "yes", "deputy": "yes", "contact": "yes"}
    facts |= {"what": "choice", "count": "3", "why": "days", "text": QUESTION}
    facts["week"] = _first_voice(uow, network, member)
    facts |= samples_suggested.planned(uow, network, member, conversation)
    for kind in gate.KINDS:
        if kind in (*of_polls.PRIVATES, *of_answers.PRIVATES, *KINDLY):
            continue
        home = {"belonging": "'unknown'", "stranger": "'none'"}.get(kind, "NULL")
        uow.connection.execute(text(f"UPDATE member SET home = {home}"))  # noqa: S608
        kept = privates.keep(uow, network=network, member=member, kind=kind, facts=facts)
        yield privates.KIND, kept.id
    yield from _asked_kindly(uow, network, member, question, conversation)
    for what in ("sought", "rephrased", "tip"):
        told = {**facts, "what": what}
        kept = privates.keep(uow, network=network, member=member, kind="own-question", facts=told)
        yield privates.KIND, kept.id


KINDLY = (gate.NUDGE.name, gate.OPENING.name)


def _asked_kindly(
    uow: UnitOfWork, network: int, member: int, question: int, conversation: int
) -> Iterator[tuple[str, int]]:
    """What somebody is asked now and then, as it stands before them."""
    organisation = members.profile(uow, member).organisation
    for name, thread in ((SERIES[0], question), (invitations.CHECK, None)):
        kept = privates.keep(uow, network=network, member=member, kind=gate.NUDGE.name)
        invitations.begin(
            uow,
            network=network,
            member=member,
            organisation=organisation,
            kind=name,
            private=kept.id,
            thread=thread,
        )
        stored_posts.show(uow, privates.KIND, kept.id, [conversation], network=network)
        stands = text("UPDATE copy SET message = :m WHERE id = (SELECT max(id) FROM copy)")
        uow.connection.execute(stands, {"m": f"private {kept.id}"})
        yield privates.KIND, kept.id


def _first_voice(uow: UnitOfWork, network: int, member: int) -> str:
    """The member is asked to answer the question of this week first."""
    week = date(2027, 1, 25)
    prompting.plan(network, week, uow)
    organisation = members.profile(uow, member).organisation
    first_voices.begin(uow, member, week, network=network, organisation=organisation, private=0)
    return prompting.slot(week)


def _lists(uow: UnitOfWork, place: Place, conversation: int) -> Iterator[tuple[str, int]]:
    """What a search found: as many long questions as a list has, an answer, and nothing."""
    who = present(KARI, place, uow)
    assert who is not None
    for _ in range(finding.MOST):
        asking.ask(uow, who, Text.of("gevinster " * 150))
    while finding.index(uow):
        pass
    for words in ("gevinst", "tavlemøte slutter", "hamsterhjul"):
        searching.tell(uow, who, Text.of(words), conversation)
        yield "found", _newest_notice(uow)


def _about(uow: UnitOfWork, place: Place, conversation: int) -> Iterator[tuple[str, int]]:
    """A question that is about two themes and like earlier ones, before and after they are
    confirmed."""
    _take(uow, _said(place, "8", f"{QUESTION} Og hvordan måler dere gevinster?"))
    question = threads.thread_written_as(uow, conversation, "8") or 0
    yield "foot", question
    both = ",".join(str(one.id) for one in stored_themes.proposed(uow, question))
    _take(uow, _submitted(place, about.ABOUT, str(question), themes=both))
    yield from (("question", question), ("foot", question))


def _leaving(uow: UnitOfWork, place: Place, room: int) -> Iterator[tuple[str, int]]:
    """What a channel has confirmed, before and after it is taken back."""
    who = present(KARI, place, uow)
    assert who is not None
    confirming.tell(uow, who)
    read = _newest_notice(uow)
    yield confirming.KIND, read
    _take(uow, _submitted(place, confirming.WITHDRAW, str(room)))
    yield from ((confirming.KIND, read), (confirming.KIND, _newest_notice(uow)), ("welcome", room))


def _newest_notice(uow: UnitOfWork) -> int:
    return int(uow.connection.execute(text("SELECT max(id) FROM notice")).scalar_one())


def _links(uow: UnitOfWork, place: Place) -> Iterator[tuple[str, int]]:
    """Both sides of a link, while they are asked, and after each way to end."""
    mine = account_of(KARI, place, uow)
    there = Person("teams", "alta", "kari", name="Kari Nilsen")
    other = account_of(there, place, uow)
    links.give(uow, mine.id, "ABCDEFGHJK", NOW + linking.VALID_FOR)
    link = links.find_given(uow, "ABCDEFGHJK")
    assert link is not None
    links.take(uow, link.id, other.id, NOW + linking.CONFIRMED_WITHIN)
    yield links.HERE, link.id
    links.settle(uow, link.id, "half")
    yield from ((links.HERE, link.id), (links.THERE, link.id))
    for ended in ("refused", "done"):
        links.settle(uow, link.id, ended)
        yield links.HERE, link.id


def _take(uow: UnitOfWork, incoming: Incoming) -> None:
    dispatch.handle(incoming, uow)


def _said(place: Place, message: str, words: str, root: str | None = None) -> Said:
    return Said(
        key=message,
        at=NOW,
        place=place,
        person=KARI,
        message=message,
        text=Text.of(words),
        root=root,
        addressed=root is None,
    )


def _edited(place: Place, message: str, words: str, root: str | None = None) -> Edited:
    return Edited(
        key=f"{message} edited",
        at=NOW,
        place=place,
        person=KARI,
        message=message,
        version="1",
        text=Text.of(words),
        root=root,
        addressed=root is None,
    )
