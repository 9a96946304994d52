"""Five rooms on two platforms: what each of them shows in the end, whatever was done, and where."""

from __future__ import annotations

import re

import pytest

from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.slack.stand_in import SlackStandIn
from adapters.playground.teams.stand_in import TeamsStandIn
from adapters.playground.teams.world import Message as TeamsMessage
from tests.conversation import Person, Room, Seen, SlackPerson, TeamsPerson, World
from tests.lists import can_show, joins, shows_here
from tests.test_joining import SKIVE, VADSO

OUTCOMES = """
what was done         | the asker's           | its neighbour      | the answerer's    | its neighbour      | the fifth
ask, and answer       | said foot answer      | question answer    | question reply    | question answer    | question answer
edit both             | said* foot answer*    | question* answer*  | question* reply*  | question* answer*  | question* answer*
delete the answer     | said foot             | question           | question          | question           | question
delete the question   | withdrawn answer      | withdrawn answer   | withdrawn reply   | withdrawn answer   | withdrawn answer
a room comes later    | said foot answer      | question answer    | question reply    | question answer    | listed question answer
each event four times | said foot answer      | question answer    | question reply    | question answer    | question answer
the edit comes first  | said* foot            | question*          | question*         | question*          | question*
the deletion is first |                       |                    |                   |                    |
the answer is first   | said reply foot       | question answer    | question answer   | question answer    | question answer
mark as answered      | said foot+ answer+    | question+ answer+  | question+ reply   | question+ answer+  | question+ answer+
bring back the answer | said foot answer      | question answer    | question reply    | question answer    | question answer
bring back the ask    | said foot answer      | question answer    | question reply    | question answer    | question answer
"""  # noqa: E501 - it is a table
"""The asker's room and its neighbour are on one platform, the answerer's and its neighbour on the
other, the fifth on the asker's. An edited one has a star, a question that is
marked as answered and the answer that helped a plus. What is said and replied is a member's
own; everything else is Mellom's. "Withdrawn" is the question's card, or the foot, that says so.
"""

FOOT = re.compile("står i alle")
CLOSED = re.compile(r"Besvar(t|et)\b|Det(te)? hjalp")

IMPOSSIBLE = {"slack": "bring back the ask", "teams": "bring back the answer"}
"""Slack has no undeleting: only what was written on Teams is brought back."""

PEOPLE = {"slack": ("Kari Nilsen", "Jens Holm"), "teams": ("Jens Holm", "Kari Nilsen")}
FIFTH = {"slack": VADSO, "teams": SKIVE}
NAMES = {
    "slack": ("Alta kommune", "Bodø kommune", "Aarhus Kommune", "Randers Kommune"),
    "teams": ("Aarhus Kommune", "Randers Kommune", "Alta kommune", "Bodø kommune"),
}


class Story:
    """One line of the table: a question with words of its own, and what is done with it."""

    def __init__(self, world: World, origin: str, done: str) -> None:
        self.world = world
        self.asker, self.answerer = (world.person(name) for name in PEOPLE[origin])
        self.done = done
        self.number = 0

    def ask(self) -> None:
        self.asker.asks(self.question)
        self.number = self.world.count("SELECT max(number) FROM thread")

    def answer(self) -> None:
        self.answerer.replies(self.reply, under=f"Q-{self.number}\n")

    @property
    def question(self) -> str:
        return f"Hvordan er dette: {self.done}?"

    @property
    def reply(self) -> str:
        return f"Slik skjer det: {self.done}."

    def seen_in(self, room: Room) -> str:
        """What stands of it in this room, from top to bottom, in the words of the table."""
        marks = (self._mark(seen) for seen in room.everything)
        return " ".join(mark for mark in marks if mark)

    def _mark(self, seen: Seen) -> str:
        words = seen.words
        star = "*" if "(2)" in words else "+" if CLOSED.search(words) else ""
        if f"Q-{self.number} · " in words:
            return "listed"
        if re.search(rf"Q-{self.number}\b", words):
            gone = "rukket tilba" in words
            is_foot = FOOT.search(words) or f"Q-{self.number}\n" not in words
            card = "foot" if is_foot else "question"
            return "withdrawn" if gone else card + star
        if f"dette: {self.done}" in words:
            return "said" + star
        if f"det: {self.done}" in words:
            return ("answer" if seen.by_bot else "reply") + star
        return ""


def _asked(story: Story) -> None:
    story.ask()
    story.answer()


def _edited(story: Story) -> None:
    _asked(story)
    story.asker.edits(story.question, to=f"@Mellom {story.question} (2)")
    story.answerer.edits(story.reply, to=f"{story.reply} (2)")


def _answer_deleted(story: Story) -> None:
    _asked(story)
    story.answerer.deletes(story.reply)


def _question_deleted(story: Story) -> None:
    _asked(story)
    story.asker.deletes(story.question)


def _comes_later(story: Story) -> None:
    """The fifth room is not there yet."""
    _asked(story)
    room = joins(story.world, FIFTH[platform_of(story.asker)])
    listed = "pne spørsmål" if platform_of(story.asker) == "slack" else "bne spørgsmål"
    assert can_show(room, on=listed) == [str(story.number)]
    shows_here(room.person(room.inner.town.people[0]), story.number, on=listed)


def _four_times(story: Story) -> None:
    """Two of them at once, then two more one after the other; the question, then the answer."""
    for person, words, under in (
        (story.asker, f"@Mellom {story.question}", None),
        (story.answerer, story.reply, story.question),
    ):
        _written(person, words, under)
        stand_in = stand_in_of(person)
        waiting, stand_in.queue[:] = list(stand_in.queue), []
        for delivery in waiting:
            for together in (True, False):
                story.world.run(stand_in.send_times(delivery, 2, together=together))  # type: ignore[arg-type]
        story.world.settle()
    story.number = story.world.count("SELECT max(number) FROM thread")


def _edit_first(story: Story) -> None:
    message = _written(story.asker, f"@Mellom {story.question}")
    _change(story.asker, message, f"@Mellom {story.question} (2)")
    _the_other_way_round(story)


def _deletion_first(story: Story) -> None:
    message = _written(story.asker, f"@Mellom {story.question}")
    _change(story.asker, message, None)
    _the_other_way_round(story)
    story.number = 0


def _answer_first(story: Story) -> None:
    """Somebody in the asker's room answers, and Mellom hears of that first."""
    _written(story.asker, f"@Mellom {story.question}")
    _written(story.asker, story.reply, story.question)
    _the_other_way_round(story)
    story.world.later(minutes=2)


def _answer_back(story: Story) -> None:
    _asked(story)
    _bring_back(story.answerer, story.reply)


def _question_back(story: Story) -> None:
    _asked(story)
    _bring_back(story.asker, story.question)


def _bring_back(person: Person, words: str) -> None:
    assert isinstance(person, TeamsPerson)
    message = person.message(words).inner
    assert isinstance(message, TeamsMessage)
    person.deletes(words)
    person.undeletes(message)


def _closed(story: Story) -> None:
    _asked(story)
    label = {"slack": "Merk som besvart", "teams": "Markér som besvaret"}
    story.asker.opens_form(label[platform_of(story.asker)], on=f"Q-{story.number}")
    story.asker.sends_form(answers=str(story.world.count("SELECT max(id) FROM reply")))


ACTS = {
    "a room comes later": _comes_later,  # First, while the fifth is not there.
    "ask, and answer": _asked,
    "edit both": _edited,
    "delete the answer": _answer_deleted,
    "delete the question": _question_deleted,
    "each event four times": _four_times,
    "the edit comes first": _edit_first,
    "the deletion is first": _deletion_first,
    "the answer is first": _answer_first,
    "mark as answered": _closed,
    "bring back the answer": _answer_back,
    "bring back the ask": _question_back,
}


@pytest.mark.parametrize("origin", ["slack", "teams"])
def test_what_five_rooms_show_in_the_end(origin: str, world: World) -> None:
    expected = _table()
    assert expected.keys() == ACTS.keys()
    del expected[IMPOSSIBLE[origin]]
    stories = []
    for done in (one for one in ACTS if one in expected):
        story = Story(world, origin, done)
        ACTS[done](story)
        stories.append(story)
        world.later(minutes=2)
    five = [world.rooms[name] for name in (*NAMES[origin], FIFTH[origin].name)]
    ended = {story.done: [story.seen_in(room) for room in five] for story in stories}
    assert ended == {story.done: expected[story.done] for story in stories}


def _table() -> dict[str, list[str]]:
    lines = (line.split("|") for line in OUTCOMES.strip().splitlines()[1:])
    return {done.strip(): [cell.strip() for cell in cells] for done, *cells in lines}


# --- what happens on a platform before Mellom hears of it -----------------------------------------


def platform_of(person: Person) -> str:
    return "slack" if isinstance(person, SlackPerson) else "teams"


def stand_in_of(person: Person) -> SlackStandIn | TeamsStandIn:
    return person.world.slack if isinstance(person, SlackPerson) else person.world.teams


def _written(person: Person, words: str, under: str | None = None) -> SlackMessage | TeamsMessage:
    """A person writes; the request waits on the stand-in."""
    root = person.room.root(under) if under else None
    if isinstance(person, SlackPerson):
        slack = person.world.slack
        return person.world.run(slack.say(person.user, person.room.channel, words, thread_ts=root))
    assert isinstance(person, TeamsPerson)
    teams, mention = person.world.teams, "@Mellom" in words
    return person.world.run(
        teams.say(person.user, person.room.channel, words, root, mention_bot=mention)
    )


def _change(person: Person, message: SlackMessage | TeamsMessage, to: str | None) -> None:
    """Its author edits the message, or (None) deletes it; the request waits on the stand-in."""
    if isinstance(message, SlackMessage):
        slack = person.world.slack
        person.world.run(slack.edit(message, to) if to else slack.delete(message))
    else:
        teams = person.world.teams
        person.world.run(teams.edit(message, to) if to else teams.delete(message))


def _the_other_way_round(story: Story) -> None:
    stand_in_of(story.asker).queue.reverse()
    story.world.settle()
    story.number = story.world.count("SELECT max(number) FROM thread")
