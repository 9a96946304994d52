"""Asking: a question gets a number and stands in every room of the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import proposal, similar
from bot.cards import Answer, Button, Card, Form, Input, Open
from bot.drawn import MEND, Reader, answer_button, byline, for_its_author, shown_name, words_of
from bot.features import (
    about,
    answering,
    audience,
    closing,
    codes,
    greeting,
    joining,
    notices,
    outcomes,
    reach,
    seeking,
    themes,
)
from bot.features.presence import Presence, present_in_each
from bot.graphemes import cut, cut_at
from bot.incoming import Pressed
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, networks, people, posts, rooms, threads
from storage import similar as stored_similar
from storage import themes as stored_themes
from storage.threads import Utterance

ASK = "ask"
NONE: Mapping[str, str] = {}
SHORTEST, LONGEST = 10, 2000
"""Characters a question may have."""

LONGEST_DETAILS = 3000
"""Characters more that a form has space for, under the question."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the fields of the form. A problem with one is told under the field's name."""

    question: str = ""
    details: str = ""
    theme: str = ""
    network: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Draft:
        names = ("question", "details", "theme", "network")
        return cls(*(values.get(name, "") for name in names))

    @classmethod
    def parted(cls, text: Text) -> Draft:
        """A question as it stands, in the two fields again: as many paragraphs as the first of them
        has space for, or what fits of the first paragraph."""
        paragraphs = [block.plain() for block in text.blocks]
        if paragraphs and len(paragraphs[0]) > LONGEST:
            end = cut_at(paragraphs[0], LONGEST)
            paragraphs[:1] = [paragraphs[0][:end].rstrip(), paragraphs[0][end:].lstrip()]
        fits = range(len(paragraphs), 1, -1)
        end = next((n for n in fits if len("\n\n".join(paragraphs[:n])) <= LONGEST), 1)
        return cls("\n\n".join(paragraphs[:end]), "\n\n".join(paragraphs[end:]))

    def cut(self) -> tuple[int, Draft]:
        """As much of it as the form has space for, and how many characters are left out."""
        kept = self.details[: cut_at(self.details, LONGEST_DETAILS)]
        return len(self.details) - len(kept), replace(self, details=kept)

    def text(self) -> Text:
        """The question, and what was added to it in a paragraph of its own."""
        return Text.of(f"{self.question.strip()}\n\n{self.details.strip()}")

    def problems(self, suspicions: Iterable[str], say: Speech) -> dict[str, str]:
        """What is to be mended, by the field's name."""
        found = {}
        if problem := refusal(Text.of(self.question), say):
            found["question"] = problem
        if problem := too_long(self.details, LONGEST_DETAILS, say):
            found["details"] = problem
        numbers = answering.number_in_form(say)
        return found | {name: numbers for name in suspicions if name in ("question", "details")}


def ask(
    uow: UnitOfWork,
    who: Presence,
    text: Text,
    message: str | None = None,
    root: str | None = None,
    *,
    chosen: Sequence[int] | None = None,
) -> int:
    """Ask the network; the question's number. `chosen` are the themes that whoever
    asks has confirmed.

    Where a member's own message is the question, it is the copy in its own room, and a foot card
    under it shows what cannot be shown there.
    """
    thread = threads.ask(
        uow,
        network_id=who.network,
        organisation_id=who.organisation,
        member=who.member,
        account_id=who.account.id,
        conversation=who.conversation,
        message=message,
        body=text.dump(),
    )
    if chosen is None:
        looks = proposal.propose(text.plain(), stored_themes.current(uow, who.network))
        stored_themes.propose(uow, thread, [theme.id for theme in looks])
    else:
        stored_themes.confirm(uow, thread, chosen)
    own = {who.conversation: (message, root or message)} if message and who.in_room else {}
    everywhere = rooms.active_conversations(uow, who.network)
    post = posts.show(uow, "question", thread, everywhere, network=who.network, native=own)
    if own:
        stored_similar.keep(uow, thread, similar.threads(uow, who.network, text, thread))
        posts.show(uow, "foot", thread, [who.conversation], network=who.network, parent=post)
    greeting.spoke(who, thread, uow)
    seeking.begin(thread, who.network, uow)
    return threads.question(uow, thread).number


def code_problem(draft: Draft, say: Speech, uow: UnitOfWork) -> dict[str, str]:
    """What lets its reader into the network must not cross; the field to take it out of."""
    code = codes.found_in(draft.text(), uow)
    if code is None:
        return {}
    return {"details" if code in draft.details else "question": codes.in_form(say)}


def refusal(text: Text, say: Speech) -> str | None:
    """Why this cannot be a question, and what to do; None if it can."""
    length = len(text.plain())
    if length < SHORTEST:
        return say(
            "A question needs at least {count} characters. Write a little more.", count=SHORTEST
        )
    if length > LONGEST:
        return say(
            "The question has {length} characters; there is space for {count}. "
            "Shorten it, and add the details in its thread.",
            length=say.number(length),
            count=say.number(LONGEST),
        )
    return None


def too_long(words: str, space: int, say: Speech) -> str | None:
    if len(words) <= space:
        return None
    return say(
        "This has {length} characters; there is space for {count}. Shorten it.",
        length=say.number(len(words)),
        count=say.number(space),
    )


def filled(
    uow: UnitOfWork,
    who: Presence,
    draft: Draft | None = None,
    problems: Mapping[str, str] = NONE,
    *,
    told: str = "",
) -> Form:
    """The form for this person, with these words in it. `told` stands above the fields."""
    return form(
        who.say,
        draft or Draft(),
        problems,
        told=told,
        choices=themes.choices(uow, who.network, who.say),
        note=audience.of_network(uow, who.network, who.say),
    )


def filled_for(
    uow: UnitOfWork,
    here: Sequence[Presence],
    draft: Draft,
    problems: Mapping[str, str] = NONE,
    *,
    told: str = "",
) -> Form:
    """The form for somebody who may be in several networks: then they choose one of them. What it
    is about they do not, for each network has themes of its own."""
    if len(here) == 1:
        return filled(uow, here[0], draft, problems, told=told)
    say, among = here[0].say, networks_of(here, uow)
    seen_by = (audience.of_network(uow, who.network, say) for who in here)
    notes = [f"{name}: {seen}" for (_, name), seen in zip(among, seen_by, strict=True) if seen]
    return form(say, draft, problems, told=told, among=among, note="\n".join(notes))


def networks_of(here: Sequence[Presence], uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """What somebody chooses from who is in several."""
    named = tuple((str(who.network), _name(who.network, uow)) for who in here)
    return named if len(named) > 1 else ()


def _name(network: int, uow: UnitOfWork) -> str:
    return cut(shown_name(networks.network_name(uow, network)), 75)


def form(
    say: Speech,
    draft: Draft,
    problems: Mapping[str, str] = NONE,
    *,
    told: str = "",
    among: tuple[tuple[str, str], ...] = (),
    choices: tuple[tuple[str, str], ...] = (),
    note: str = "",
) -> Form:
    theme = Input(
        name="theme",
        label=say("Theme"),
        value=draft.theme,
        required=False,
        choices=choices,
    )
    network = Input(
        name="network", label=say("Which network is it for?"), value=draft.network, choices=among
    )
    return Form(
        name=ASK,
        title=say("Ask a question"),
        submit=say("Ask"),
        cancel=say("Cancel"),
        done=say("Close"),
        intro=" ".join(filter(None, (say("Write about the process, not the person."), told))),
        inputs=(
            *((network,) if among else ()),
            Input(
                name="question",
                label=say("Your question"),
                hint=say("Shown with your name and organisation."),
                value=draft.question,
                problem=problems.get("question", ""),
                multiline=True,
                max_length=LONGEST,
            ),
            details(say, draft, problems, say("What you have tried, and what you want to know.")),
            *((theme,) if choices else ()),
        ),
        note=note,
    )


def details(say: Speech, draft: Draft, problems: Mapping[str, str], hint: str = "") -> Input:
    """Where more is written about a question, in whichever form."""
    return Input(
        name="details",
        label=say("More detail"),
        hint=hint,
        value=draft.details,
        problem=problems.get("details", ""),
        multiline=True,
        required=False,
        max_length=LONGEST_DETAILS,
    )


def button(label: str, typed: str) -> Button:
    """It opens the form with what was typed before in it."""
    return Button(ASK, label, typed, opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """What was typed before comes along in the button, and goes into this person's form only."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    draft = Draft.parted(Text.of(incoming.value))
    found = draft.problems((), here[0].say) if incoming.value else NONE
    return Open(filled_for(uow, here, draft, found))


def known(uow: UnitOfWork, who: Presence, text: Text) -> int | None:
    """The number of the same question of theirs within a minute, which is the same question: Teams
    may send a form again under another id when it got no answer in time."""
    people.lock(uow, who.member)
    return threads.asked_since(uow, who.member, text.dump(), uow.now - answering.SAME_WITHIN)


def ask_once(
    uow: UnitOfWork, who: Presence, text: Text, chosen: Sequence[int] | None = None
) -> int:
    """Ask what has no message of its own."""
    number = known(uow, who, text)
    return number if number is not None else ask(uow, who, text, chosen=chosen)


def asked(number: int, say: Speech) -> str:
    return say(
        "Your question, Q-{number}, is on its way to every channel of the network. "
        "Answers come in the thread under it.",
        number=str(number),
    )


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """The question as it stands in the other rooms."""
    question = threads.question(uow, subject)
    say = speak(reader.language)
    title = closing.title(question, say)
    if question.state == "withdrawn":
        return Card(title=title, note=say("Withdrawn by its author. The answers stay."))
    card = Card(
        title=title,
        byline=byline(question, say, uow),
        text=words_of(question, uow, say),
        facts=(*themes.facts(uow, subject, say), *closing.facts(question, say, uow)),
        note=_note(question, reader, say),
        buttons=(
            answer_button(subject, say),
            closing.button(question, say),
            *for_its_author("question", question, reader, say),
        ),
    )
    return outcomes.told_on(card, question, say, uow)


def foot(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """What stands under the member's own message: number, state and the way to answer."""
    question = threads.question(uow, subject)
    say = speak(reader.language)
    if question.state == "withdrawn":
        return Card(
            text=Text.of(
                say(
                    "Question Q-{number} was withdrawn by its author. The answers stay.",
                    number=str(question.number),
                )
            )
        )
    told = say(
        "Question Q-{number} stands in every channel of the network. "
        "Answers from the others come in this thread.",
        number=str(question.number),
    )
    more = about.NOTHING if question.marked else about.under(question, say, uow)
    return Card(
        text=Text((*Text.of(told).blocks, *_reads_now(question, say, uow).blocks)),
        title=closing.title(question, say) if question.marked else None,
        facts=(*more.facts, *closing.facts(question, say, uow)),
        items=more.items,
        note=closing.note(question, say) or None,
        buttons=(
            answer_button(subject, say),
            closing.button(question, say),
            *more.buttons,
            Button(MEND, say("Change or withdraw"), f"question:{subject}", opens=True),
        ),
    )


def _reads_now(question: Utterance, say: Speech, uow: UnitOfWork) -> Text:
    """Where its author has taken over other words, which their own message does not have."""
    if not question.edited or not threads.is_rephrased(uow, question.id):
        return Text()
    words = say("In every other channel it reads like this now:")
    return Text((*Text.of(words).blocks, *words_of(question, uow, say).blocks))


def _note(question: Utterance, reader: Reader, say: Speech) -> str:
    edited = say("Edited.") if question.edited else ""
    answered = closing.note(question, say)
    return " ".join(filter(None, (answered, edited, reach.how_to_answer(reader.reads, say))))


@notices.notice("question-refused")
def _refused(say: Speech, facts: notices.Facts) -> Card:
    length = int(facts["length"])
    return Card(text=Text.of(refusal(Text.of("x" * length), say) or ""))
