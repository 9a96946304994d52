"""A question is put to two or three members of other organisations by name."""

from __future__ import annotations

import pytest

from adapters.playground import faults
from bot.features import gate, private
from storage import members, merging, privates, themes
from tests.conversation import Person, World

QUESTION = "Hvordan får dere liv i tavlemøtene?"
ASKED = ("lurer på dette", "vil gerne vide mere om dette")


@pytest.fixture(autouse=True)
def settled_in(request: pytest.FixtureRequest) -> None:
    """Everybody has been a member for long."""
    if "world" in request.fixturenames:
        world: World = request.getfixturevalue("world")
        world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")
        world.change("UPDATE private SET sent_at = '2026-10-01'")


def asked(world: World) -> list[str]:
    """Who has been asked by name by now, once for each time."""
    names = [name for room in world.rooms.values() for name in room.inner.people]
    return [
        name
        for name in names
        for seen in world.person(name).private
        if any(words in seen.words for words in ASKED)
    ]


def can_help(world: World, *names: str, theme: str = "1.1") -> int:
    """These members have said so; the theme."""
    found = world.count(f"SELECT id FROM theme WHERE key = '{theme}'")  # noqa: S608
    for name in names:
        world.change(
            f"INSERT INTO member_theme SELECT membership.member, {found} FROM membership "  # noqa: S608
            f"JOIN account ON account.id = membership.account WHERE account.name = '{name}'"
        )
    return found


def id_of(world: World, name: str) -> int:
    return world.count(
        "SELECT membership.member FROM membership "  # noqa: S608
        f"JOIN account ON account.id = membership.account WHERE account.name = '{name}'"
    )


def is_about(world: World, theme: int, number: int = 1) -> None:
    """Whoever asked this question has said so."""
    thread = world.count(f"SELECT id FROM thread WHERE number = {number}")  # noqa: S608
    with world.village.mellom.writers.begin() as uow:
        themes.confirm(uow, thread, [theme])


# ---- who is asked


def test_two_members_of_other_organisations_are_asked_by_name(world: World, kari: Person) -> None:
    kari.asks(QUESTION)
    world.later(minutes=9)
    assert asked(world) == []
    world.later(minutes=2)
    first = asked(world)
    assert len(first) == 2
    assert "Kari Nilsen" not in first
    one = world.person(first[0])
    one.reads_privately("Kari Nilsen", "Alta kommune", QUESTION, "Q-1")
    world.later(days=1)
    assert asked(world) == first


def test_those_who_can_help_are_asked_and_told_so(world: World, kari: Person) -> None:
    theme = can_help(world, "Jens Holm", "Ingrid Vik", "Lars Krogh")
    kari.asks(QUESTION)
    is_about(world, theme)
    world.later(minutes=11)
    assert sorted(asked(world)) == ["Ingrid Vik", "Jens Holm", "Lars Krogh"]
    world.person("Ingrid Vik").reads_privately("Du har skrevet at du kan hjelpe med")
    world.person("Jens Holm").reads_privately("Du har skrevet, at du kan hjælpe med")


def test_an_answer_is_given_in_place_and_settles_it(world: World, kari: Person) -> None:
    theme = can_help(world, "Jens Holm")
    kari.asks(QUESTION)
    is_about(world, theme)
    world.later(minutes=11)
    jens = world.person("Jens Holm")
    jens.writes_privately("Spørg Lars Krogh, han ved det.")
    kari.room.does_not_see("Krogh")
    jens.presses("Spørg en anden", on="»Spørg en anden«", privately=True)
    assert "Hvem i Aarhus Kommune" in (jens.form or "")
    jens.writes_privately("Vi spørger »hvorfor« én gang til.")
    kari.room.does_not_see("»hvorfor«")
    jens.presses("Svar", on="Er det et svar på Q-1, så tryk på »Svar«", privately=True)
    jens.sends_form(answer="Vi spørger »hvorfor« én gang til.")
    kari.room.sees("Jens Holm · Aarhus Kommune", "»hvorfor«", under="tavlemøtene")
    jens.reads_privately("Tak for dit svar.")
    other = world.person(next(name for name in asked(world) if name != "Jens Holm"))
    kari.replies("@Mellom besvart", under="tavlemøtene")
    assert any("Q-1" in seen.words and "lukket" in seen.words for seen in other.private)
    assert not any("to minutter" in seen.words for seen in other.private)
    assert world.rows("SELECT outcome FROM invitation WHERE outcome = 'answered'") != []


LATER = {"nb": "Ikke nå", "da": "Ikke nu"}
ELSE = {"nb": "Spør noen andre", "da": "Spørg en anden"}


@pytest.mark.parametrize(
    ("label", "told", "outcome"),
    [
        (LATER, "Jeg spør", "not now"),
        ({"nb": "Ikke flere slike", "da": "Ikke flere af disse"}, "Jeg skriver ikke", "no more"),
    ],
)
def test_who_cannot_now_or_wants_no_more_of_these_is_replaced(
    world: World, kari: Person, label: dict[str, str], told: str, outcome: str
) -> None:
    kari.asks(QUESTION)
    world.later(minutes=11)
    one = world.person(asked(world)[0])
    answers(one, label)
    one.is_told(told)
    world.later(minutes=1)
    assert len(asked(world)) == 3
    assert (outcome,) in world.rows("SELECT outcome FROM invitation")
    with pytest.raises((AssertionError, LookupError)):
        answers(one, LATER)  # It is gone from the card.


def test_nobody_is_promised_anything_about_what_is_closed_by_then(
    world: World, kari: Person
) -> None:
    kari.asks(QUESTION)
    world.later(minutes=11)
    one = world.person(asked(world)[0])
    answers(one, ELSE)
    world.change("UPDATE thread SET answered_at = created_at WHERE number = 1")
    one.sends_form(text="Rådgiveren for læring")
    one.is_told("noe å svare på" if one.name == "Ingrid Vik" else "noget at svare på")
    answers(one, LATER)
    one.is_told("Det er greit." if one.name == "Ingrid Vik" else "Det er fint.")
    world.later(days=1)
    assert len(asked(world)) == 2
    assert world.count("SELECT count(*) FROM private WHERE kind = 'own-question'") == 0


def test_nobody_is_asked_about_what_was_withdrawn_meanwhile(world: World, kari: Person) -> None:
    kari.asks(QUESTION)
    kari.deletes("tavlemøtene")
    world.later(days=1)
    assert asked(world) == []


def test_what_waits_for_the_morning_is_decided_again_then(world: World, kari: Person) -> None:
    """Whoever just reads by then is replaced, and whoever has answered by then is not asked."""
    world.later(hours=6)  # After hours.
    kari.asks(QUESTION)
    world.later(minutes=11)
    assert asked(world) == []
    [(first,), (second,)] = world.rows("SELECT member FROM invitation ORDER BY id")
    world.change(f"UPDATE member SET just_reads = true WHERE id = {first}")  # noqa: S608
    names = dict(
        world.rows(
            "SELECT membership.member, account.name FROM membership "
            "JOIN account ON account.id = membership.account"
        )
    )
    name = names[second]
    world.person(name).replies("Vi spør alltid.", under="tavlemøtene")
    world.later(days=1)
    assert len(asked(world)) == 1
    assert name not in asked(world)
    outcomes = world.rows("SELECT outcome FROM invitation ORDER BY id")
    assert outcomes == [("void",), ("answered",), ("open",)]


# ---- what may have arrived


def jens_may_have_been_asked(world: World, kari: Person) -> Person:
    """He has been, but Teams did not say so."""
    theme = can_help(world, "Jens Holm", "Ingrid Vik")
    kari.asks(QUESTION)
    is_about(world, theme)
    world.teams.faults.add(faults.status(502, done=True), method="send")
    world.later(minutes=25)
    assert asked(world) == ["Jens Holm", "Ingrid Vik", "Lars Krogh"]
    return world.person("Jens Holm")


def test_who_may_have_been_asked_is_replaced_and_rests_all_the_same(
    world: World, kari: Person
) -> None:
    jens_may_have_been_asked(world, kari)
    outcomes = world.rows("SELECT outcome FROM invitation ORDER BY id")
    assert sorted(outcomes) == [("open",), ("open",), ("unsure",)]
    kari.asks("Hvordan får vi tid til det?")
    is_about(world, 1, number=2)
    world.later(days=1)
    assert asked(world).count("Jens Holm") == 1


def test_who_may_have_been_written_to_is_written_to_no_more_that_day(
    world: World, kari: Person
) -> None:
    jens_may_have_been_asked(world, kari)
    jens = id_of(world, "Jens Holm")
    facts = {"thread": str(world.count("SELECT id FROM thread WHERE number = 1"))}
    with world.village.mellom.writers.begin() as uow:
        sent = private.tell(uow, gate.OWN_QUESTION, 1, jens, facts)
        kept = privates.find(uow, sent)
    assert kept is not None
    assert kept.state == "waiting"


def test_who_may_have_been_asked_names_somebody_if_they_were(world: World, kari: Person) -> None:
    jens = jens_may_have_been_asked(world, kari)
    answers(jens, ELSE)
    jens.sends_form(text="Kvalitetslederen")
    assert ("named",) in world.rows("SELECT outcome FROM invitation")
    assert len(asked(world)) == 3


@pytest.mark.parametrize("kind", ["opening", "asked"])
def test_a_newcomer_who_is_to_be_told_how_to_begin_was_not_asked_by_that(
    world: World, kari: Person, kind: str
) -> None:
    theme = can_help(world, "Jens Holm")
    world.change(
        "INSERT INTO invitation (network, member, organisation, kind, outcome, at) "  # noqa: S608
        f"SELECT network, id, organisation, '{kind}', 'open', '2027-01-18 08:00:00' FROM member "
        f"WHERE id = {id_of(world, 'Jens Holm')}"
    )
    kari.asks(QUESTION)
    is_about(world, theme)
    world.later(minutes=11)
    assert ("Jens Holm" in asked(world)) is (kind == "opening")


# ---- naming somebody else


def answers(person: Person, label: dict[str, str]) -> None:
    """Press a button of the message in which they were asked, in their language."""
    language = "nb" if ASKED[0] in person.private[-1].words else "da"
    person.presses(label[language], on="Q-1", privately=True)


def test_somebody_who_was_named_is_asked_next_and_told_by_whom(world: World, kari: Person) -> None:
    mette = world.person("Mette Lund")
    mette.says("@Mellom innstillinger")  # She takes part from now on.
    jens = world.person("Jens Holm")
    can_help(world, "Jens Holm")
    kari.asks(QUESTION)
    is_about(world, 1)
    world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")
    world.change("UPDATE private SET sent_at = '2026-10-01'")
    world.later(minutes=11)
    before = asked(world)
    assert "Mette Lund" not in before
    answers(jens, ELSE)
    jens.sends_form(text="", member="")
    assert jens.form is not None
    assert "Vælg en" in jens.form
    [named] = world.rows(
        "SELECT membership.member FROM membership JOIN account ON account.id = membership.account "
        "WHERE account.name = 'Mette Lund'"
    )
    jens.sends_form(member=str(named[0]))
    world.later(minutes=1)
    assert [name for name in asked(world) if name not in before] == ["Mette Lund"]
    mette.reads_privately("Jens Holm siger, at du måske ved det")


def test_a_role_is_enough_and_goes_to_whoever_asked(world: World, kari: Person) -> None:
    kari.asks(QUESTION)
    world.later(minutes=11)
    one = world.person(asked(world)[0])
    answers(one, ELSE)
    assert one.form is not None
    assert "Et navn eller en rolle" in one.form  # Of their colleagues nobody takes part.
    one.sends_form(text="Rådgiveren for læring")
    world.later(days=1)
    kari.reads_privately(one.name, "Q-1", "Rådgiveren for læring")
    assert len(set(asked(world))) == 3
    other = world.person(next(name for name in asked(world) if name != one.name))
    member = dict(
        world.rows(
            "SELECT account.name, membership.member FROM membership "
            "JOIN account ON account.id = membership.account"
        )
    )
    with world.village.mellom.writers.begin() as uow:
        merging.become_one(uow, members.profile(uow, member[other.name]), member[one.name])
    kari.edits("tavlemøtene", "@Mellom Hvordan får dere liv i tavlene?")
    kari.reads_privately(other.name, "Rådgiveren for læring")


def test_what_is_too_long_is_refused_and_the_choice_stays(world: World, kari: Person) -> None:
    world.person("Mette Lund").says("@Mellom innstillinger")
    jens = world.person("Jens Holm")
    can_help(world, "Jens Holm")
    kari.asks(QUESTION)
    is_about(world, 1)
    world.later(minutes=11)
    answers(jens, ELSE)
    mette = world.count(
        "SELECT membership.member FROM membership "
        "JOIN account ON account.id = membership.account WHERE account.name = 'Mette Lund'"
    )
    jens.sends_form(member=str(mette), text="Rådgiver " * 30)
    assert jens.form is not None
    assert jens.typed("member") == str(mette)
    assert world.rows("SELECT outcome FROM invitation WHERE outcome = 'named'") == []


def test_who_would_rather_just_read_is_replaced_and_asked_no_more(
    world: World, kari: Person
) -> None:
    kari.asks(QUESTION)
    world.later(minutes=11)
    first = asked(world)
    one = world.person(first[0])
    answers(one, {"nb": "Jeg vil bare lese", "da": "Jeg vil bare læse med"})
    world.later(minutes=1)
    assert len(asked(world)) == 3
    assert world.rows("SELECT outcome FROM invitation WHERE outcome = 'just reads'") != []
    assert world.count("SELECT count(*) FROM member WHERE just_reads") == 1


# ---- why


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [
        ("Ingrid Vik", "hvorfor fikk jeg denne?", "Du har skrevet at du kan hjelpe med"),
        ("Jens Holm", "Hvorfor fik jeg den?", "Du har skrevet, at du kan hjælpe med"),
        ("Jens Holm", "why did I get this?", "Du har skrevet, at du kan hjælpe med"),
    ],
)
def test_who_asks_why_is_told_in_private_and_nobody_else(
    world: World, kari: Person, name: str, words: str, why: str
) -> None:
    theme = can_help(world, "Jens Holm", "Ingrid Vik")
    world.later(hours=6)  # After hours: it is sent in the morning.
    kari.asks(QUESTION)
    is_about(world, theme)
    world.later(days=1)
    one = world.person(name)
    one.writes_privately(words)
    assert why in one.private[-1].words
    assert "20. januar" in one.private[-1].words
    one.says(f"@Mellom {words}")
    assert world.count("SELECT count(*) FROM thread WHERE number IS NOT NULL") == 1
    one.room.does_not_see(why)


def test_the_operator_is_told_which_rules_decide_and_about_nobody(
    world: World, kari: Person
) -> None:
    from bot.features import explaining

    kari.asks(QUESTION)
    with world.village.mellom.writers.begin() as uow:
        told = list(explaining.by_name(1, 1, uow))
        gone = list(explaining.by_name(1, 9, uow))
    assert told == ["fewer than 5 members come into question: too few to tell"]
    assert gone == ["there is no question Q-9 in this network"]
