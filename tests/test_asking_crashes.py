"""Killed at any moment of asking members something, Mellom asks each of them, and each once.

What lies between a question that waits and those who read it are a handful of commits, in the
evening, in the morning and at nine, and then a call for each message.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from tests.conversation import Person, World
from tests.lives import Lives
from tests.test_nudging import a_question_waits, id_of, oslo
from tests.thorough import THOROUGH

EVENING, END = oslo(2027, 2, 8, 18), oslo(2027, 2, 9, 9, 30)
LETTERS = {
    ("Ola Berg", "asked"), ("Mette Lund", "asked"),
    ("Nils Haug", "asked"), ("Lars Krogh", "asked"), ("Anne Dahl", "asked"),
    ("Ingrid Vik", "nudge"), ("Jens Holm", "nudge"),
    ("Kari Nilsen", "own-question"),
}  # fmt: skip
IN_METTES_PLACE = {("Kari Nilsen", "asked")}
"""If it cannot be known whether Mette was asked. (For Kari's own question nobody is left.)"""

DEATHS = (
    (
        r"commit .*\bstep$",  # In the evening two are asked by name.
        r"commit .*\boccurrence\b",  # In the morning it is decided who else is.
        r"commit .*\bstep, thread$",  # More are asked by name, and whoever asked is told.
        r"commit .*\bpost, private$",  # At nine all of it may be sent,
        r"commit of conversation, copy$",  # and it is told that it is being sent.
        r"call to post on slack$",
        r"call to post on slack is written down$",  # It was looked for in vain, and is sent again.
        r"commit .*\bprivate, step$",  # What may have arrived is given up; others are to be asked
        r"commit .*\bprivate, step$",  # in their place.
    ),
    (r"call to post on teams is written down$",),
)
"""Before what it dies, one after the other, and again where all begins anew."""

STEPS = {(1, "stuck"), (1, "choose"), (2, "ask-again")}
"""What is still to be done about each question after that."""


def evening(world: World) -> None:
    """Kari's question waits: in the morning more are to be asked by name, and two of whom
    nothing was heard for a while can help. Lars asks another one, with which two can help."""
    a_question_waits(world)
    world.change(
        "INSERT INTO step (thread, name, network, due_at, since) SELECT id, 'ask-again', network, "
        "'2027-02-09 07:30', '2027-02-03 10:00' FROM thread WHERE number = 1"
    )
    for name in ("Ola Berg", "Mette Lund", "Nils Haug", "Anne Dahl"):
        world.person(name).says("@Mellom innstillinger")
    for name in ("Ola Berg", "Mette Lund"):
        world.change(f"INSERT INTO member_theme (member, theme) VALUES ({id_of(world, name)}, 2)")  # noqa: S608
    world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")
    world.change("UPDATE private SET due_at = NULL, sent_at = '2026-10-01'")
    world.change("DELETE FROM invitation")
    world.goes_to(EVENING)
    world.person("Lars Krogh").asks("Hvordan får I tid til det, når alle har travlt?")
    second = "SELECT id FROM thread WHERE number = 2"
    world.change(f"DELETE FROM thread_theme WHERE thread = ({second})")  # noqa: S608
    world.change(
        "INSERT INTO thread_theme (thread, place, theme, confirmed) "  # noqa: S608
        f"VALUES (({second}), 1, 2, true)"
    )
    world.change("DELETE FROM job WHERE name <> 'nudge'")


def deaths(lives: Lives, moments: Counter[str]) -> Iterator[object]:
    """Die before what is named above, or before every single moment; of what it was, each time that
    all is at rest again."""
    each = [((f"^{re.escape(name)}$", n),) for name, many in moments.items() for n in range(many)]
    some = [tuple((like, 0) for like in together) for together in DEATHS]
    for together in (*some, *each) if THOROUGH else some:
        lives.begin()
        for like, after in together:
            lives.dies(like, after)
        lives.rest()
        yield together


class Letter(NamedTuple):
    """A private message as the database has it. The outcome is that of asking, if it asks."""

    name: str
    kind: str
    state: str
    sent: bool
    outcome: str | None
    copy: str | None

    def fits(self, person: Person) -> bool:
        """Whether all that is known of it goes together, and with what the person has before them.
        Where Slack was told of it, it can be looked for, so that no doubt is left."""
        seen, on_slack = len(person.private), person.room.inner.town.platform == "slack"
        match self.copy:
            case "shown":
                certain = self.state == "shown" and self.sent and self.outcome in (None, "open")
                return certain and seen == 1
            case "parked":
                in_doubt = self.state == "dropped" and self.sent and self.outcome == "unsure"
                return in_doubt and seen < 2 and not on_slack
        return self.copy is None and self.state == "waiting" and not self.sent


_LETTERS = """
SELECT (SELECT min(account.name) FROM account JOIN membership ON membership.account = account.id
        WHERE membership.member = private.member),
    private.kind, private.state, private.sent_at IS NOT NULL, invitation.outcome, copy.state
FROM private LEFT JOIN invitation ON invitation.private = private.id
    LEFT JOIN post ON post.kind = 'private' AND post.subject = private.id
    LEFT JOIN copy ON copy.post = post.id
WHERE private.created_at > '2027-02-08 17:00'
ORDER BY private.id
"""
_DUE = """
SELECT (SELECT count(*) FROM copy WHERE due_at IS NOT NULL)
    + (SELECT count(*) FROM private WHERE due_at < '2027-02-09 08:30')
    + (SELECT count(*) FROM job WHERE due_at < '2027-02-09 08:30')
"""


def problems(lives: Lives) -> Iterator[str]:
    letters = [Letter(*row) for row in lives.rows(_LETTERS)]
    replaced = any(one.name == "Mette Lund" and one.outcome == "unsure" for one in letters)
    wanted = LETTERS | IN_METTES_PLACE if replaced else LETTERS
    if sorted((one.name, one.kind) for one in letters) != sorted(wanted):
        yield f"others are written to: {letters}"
    for one in letters:
        if not one.fits(lives.world.person(one.name)):
            yield f"{one} cannot be"
    sent = Counter(one.name for one in letters if one.copy is not None)
    for room in lives.world.rooms.values():
        for name in room.inner.people:
            if len(room.person(name).private) > sent[name]:
                yield f"{name} was written to, and nobody knows of it"
    steps = lives.rows("SELECT number, name FROM step JOIN thread ON thread.id = step.thread")
    if {(number, name) for number, name in steps} != STEPS:
        yield f"steps: {steps}"
    done = lives.rows("SELECT slot FROM occurrence WHERE job = 'nudge' AND slot >= '2027-02-08'")
    if done != [("2027-02-09",)]:
        yield f"the morning's work: {done}"
    if lives.rows(_DUE) != [(0,)]:
        yield "something still waits to be done"


def test_each_member_is_asked_once_whenever_the_process_is_killed(
    world: World, lives: Lives
) -> None:
    evening(world)
    moments = lives.prepare(END)
    assert [*problems(lives)] == []
    for died in deaths(lives, moments):
        assert [*problems(lives)] == [], f"died before {died}"
