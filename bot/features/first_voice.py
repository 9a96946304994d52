"""First voice: two working days before a question is asked of all, one member is asked in private
whether they would answer first. What is answered first makes it easier for the others.

The turn goes round the organisations, and within each of them its members. Nobody is told whose it
is, and who does not answer is left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot import calendars
from bot.calendar import is_open, network_working_day
from bot.cards import Answer, Button, Card, Tell
from bot.choosing import TRUSTING
from bot.coming import Coming
from bot.drawn import answer_button, when
from bot.features import gate, joining, private, prompting
from bot.features.presence import Presence, present_in_each
from bot.features.prompting import A_WEEK, AWAY, LATEST, PAUSED, USED_UP, monday, slot, words_of
from bot.incoming import Pressed
from bot.language import Speech, speak
from bot.text import Text
from bot.turns import in_turn
from bot.windows import PROACTIVE, PROMPT, day_of, moment, prompt_week
from storage import (
    UnitOfWork,
    first_voices,
    jobs,
    members,
    networks,
    posts,
    privates,
    prompts,
    rooms,
)
from storage.first_voices import ASKED, NO, STANDING, VOID, Candidate, Turn
from storage.first_voices import YES as AGREED
from storage.jobs import Job
from storage.privates import Private
from storage.prompts import Prompt

JOB = first_voices.JOB
YES, ANOTHER_TIME = "first-voice-yes", "first-voice-no"

AHEAD = -2
"""Network working days before the day of the prompt."""

SHORTLY = timedelta(minutes=30)
"""So long before the prompt nobody is asked any more."""

SOON = timedelta(minutes=1)

FURTHEST = timedelta(weeks=5)
"""Two working days before a prompt are no longer before it than this, Christmas between them."""

NOBODY = "nobody"
"""Why nobody was asked for a week: there was nobody who could be."""


def look(job: Job, uow: UnitOfWork) -> datetime:
    """Ask somebody for every week whose time has come; when something can be done next."""
    week = max(monday(day_of(job.due_at)), prompting.begins(job.network, uow))
    while True:
        waits = _look_at(job.network, week, uow)
        if waits is not None:
            return waits
        week += A_WEEK


def _look_at(network: int, week: date, uow: UnitOfWork) -> datetime | None:
    """When to look at this week again; None if there is nothing left to do for it."""
    day = day_for(network, week, uow)
    if day is None:
        return None
    opens, closes = _opens(network, day, uow), moment(day, PROMPT) - SHORTLY
    if uow.now < opens:
        return opens
    is_paused = networks.paused(uow, network) is not None
    if uow.now >= closes:
        jobs.settle(uow, JOB, network, slot(week), reason=PAUSED if is_paused else AWAY)
        return None
    if is_paused:
        return closes  # The end of the pause looks at it at once.
    again = _ask(network, week, day, uow)
    return None if again is None else min(max(again, uow.now + SOON), closes)


def day_for(network: int, week: date, uow: UnitOfWork) -> date | None:
    """The day on which the prompt of this week was asked, or will be; None if it is not."""
    settled = jobs.settled(uow, prompting.JOB, network, slot(week)).get(slot(week))
    if settled is not None:
        return settled.day
    days = prompt_week(week, calendars.of_network(uow, network).values()).days
    return next((day for day in days if uow.now < moment(day, LATEST)), None)


def _opens(network: int, day: date, uow: UnitOfWork) -> datetime:
    before = network_working_day(day, AHEAD, calendars.of_network(uow, network).values())
    return moment(before, PROACTIVE[before.isoweekday()][0])


def _ask(network: int, week: date, day: date, uow: UnitOfWork) -> datetime | None:
    """Somebody is asked, unless somebody is already; when to see what became of the message."""
    one = prompting.plan(network, week, uow)
    if one is None:
        jobs.settle(uow, JOB, network, slot(week), reason=USED_UP)
        return None
    tried = first_voices.of_week(uow, network, week)
    for turn in tried:
        if turn.state in STANDING and _holds(turn, uow):
            return None if turn.private is None else privates.decided_at(uow, turn.private)
    known = {turn.member for turn in tried}
    for candidate in _candidates(network, one, uow):
        if candidate.member not in known and _can(candidate, day, uow):
            again = _begin(network, week, day, candidate, uow)
            if again is not None:
                return again
    jobs.settle(uow, JOB, network, slot(week), reason=NOBODY)
    return None


def _holds(turn: Turn, uow: UnitOfWork) -> bool:
    """Whether the member was reached, or may yet be."""
    if turn.state == AGREED:
        return True
    kept = None if turn.private is None else privates.find(uow, turn.private)
    if kept is not None and kept.state != "dropped":
        return True
    first_voices.settle(uow, turn.member, turn.week, VOID)
    return False


def _candidates(network: int, one: Prompt, uow: UnitOfWork) -> list[Candidate]:
    """In turn. What did not work is easier to say once whoever runs the network has."""
    if one.key != TRUSTING:
        return in_turn(first_voices.candidates(uow, network))
    return [
        Candidate(leader.id, leader.organisation, None, None)
        for leader in private.in_charge(uow, network)
    ]


def _can(candidate: Candidate, day: date, uow: UnitOfWork) -> bool:
    """Whether the member is at work on that day, and can be asked before it."""
    member = members.profile(uow, candidate.member)
    calendar = calendars.of_organisation(uow, member.organisation)
    works = is_open(day, calendar) and day.isoweekday() in member.days
    if not works or gate.back_at(member, day) is not None:
        return False
    return private.would_pass(uow, gate.FIRST_VOICE, member.id, _until(day, uow))


def _until(day: date, uow: UnitOfWork) -> datetime:
    """Until when the message is worth sending: the evening before, or on the day itself, so that
    nobody is put off to the last hour."""
    evening = moment(day, time())
    return evening if uow.now < evening else moment(day, PROMPT) - SHORTLY


def _begin(
    network: int, week: date, day: date, candidate: Candidate, uow: UnitOfWork
) -> datetime | None:
    """Ask this member; None if no message can reach them."""
    facts = {"week": slot(week)}
    until = _until(day, uow)
    sent = private.tell(uow, gate.FIRST_VOICE, network, candidate.member, facts, until)
    again = privates.decided_at(uow, sent)
    first_voices.begin(
        uow,
        candidate.member,
        week,
        network=network,
        organisation=candidate.organisation,
        private=sent,
        state=VOID if again is None else ASKED,
    )
    if again is not None:
        jobs.settle(uow, JOB, network, slot(week), done=day_of(uow.now))
    return again


def coming(network: int, until: datetime, uow: UnitOfWork) -> Iterator[Coming]:
    """Whoever is to be asked until then: which member that will be is told nobody."""
    if networks.paused(uow, network) is not None:
        return
    week = max(monday(day_of(uow.now)), prompting.begins(network, uow))
    while moment(week, time()) <= until + FURTHEST:
        day = day_for(network, week, uow)
        if day is not None and _is_to_come(network, week, day, until, uow):
            yield _told(network, week, day, uow)
        week += A_WEEK


def _is_to_come(network: int, week: date, day: date, until: datetime, uow: UnitOfWork) -> bool:
    if uow.now >= moment(day, PROMPT) - SHORTLY or _opens(network, day, uow) > until:
        return False
    return slot(week) not in jobs.settled(uow, JOB, network, slot(week))


def _told(network: int, week: date, day: date, uow: UnitOfWork) -> Coming:
    one = prompts.planned(uow, network, week)
    leads = one is not None and one.key == TRUSTING
    return Coming(
        max(_opens(network, day, uow), uow.now),
        "somebody is asked to answer first",
        "whoever runs the network" if leads else "the member whose turn it is",
        f"two working days before {speak('en').date(day)}",
    )


# ---- what the member sees


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the prompt of a week: `day` is None if it is not asked, and `thread` None
    until it is."""

    day: date | None
    prompt: Prompt | None

    @property
    def thread(self) -> int | None:
        return None if self.prompt is None else self.prompt.thread

    @property
    def is_off(self) -> bool:
        return self.day is None or self.prompt is None or self.prompt.state == "withdrawn"


def _standing(network: int, week: date, uow: UnitOfWork) -> Standing:
    return Standing(day_for(network, week, uow), prompts.planned(uow, network, week))


@private.message(gate.FIRST_VOICE)
def _draw(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """As the prompt of that week stands now, which may be another one or none."""
    week = date.fromisoformat(kept.facts["week"])
    turn = first_voices.find(uow, kept.member, week)
    at = _standing(kept.network, week, uow)
    if turn is None:
        return None
    if at.is_off or at.thread is not None:
        return _over(at, say) if privates.stands(uow, kept.id) else None
    assert at.day is not None
    assert at.prompt is not None
    words = say(
        "On {weekday} I will ask everyone: {question} Would you answer first? That makes it easier "
        "for the others.",
        weekday=say.weekday(at.day.isoweekday()),
        question=say.quoted(words_of(at.prompt, say.language, say)),
    )
    note = _agreed(at.day, say, uow) if turn.state == AGREED else None
    return Card(text=Text.of(words), note=note, buttons=_buttons(turn, say))


def _buttons(turn: Turn, say: Speech) -> tuple[Button, ...]:
    value = f"{turn.network}:{slot(turn.week)}"
    yes = Button(YES, say("Yes", context="button"), value, style="primary")
    no = Button(ANOTHER_TIME, say("Another time"), value)
    return {ASKED: (yes, no), AGREED: (no,)}.get(turn.state, ())


def _over(at: Standing, say: Speech) -> Card:
    """It has been asked, or is not asked after all."""
    if at.is_off or at.thread is None:
        return Card(text=Text.of(say("The question is not asked after all. Thank you anyway.")))
    return Card(
        text=Text.of(say("It has been asked. Answer in its thread in your channel, or here.")),
        buttons=(answer_button(at.thread, say),),
    )


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """Whose turn it is, the request tells; the card, of which week."""
    network, _, named = incoming.value.partition(":")
    here = present_in_each(incoming.person, incoming.place, uow)
    who = next((one for one in here if str(one.network) == network), None)
    week = prompting.week_of(named)
    if who is None or week is None or first_voices.find(uow, who.member, week) is None:
        return joining.not_theirs(incoming, uow)
    rooms.lock_network(uow, who.network)
    if incoming.action == ANOTHER_TIME:
        jobs.look_at(uow, who.network, JOB, uow.now)
    at = _standing(who.network, week, uow)
    _redraw(who.member, week, uow)
    if at.is_off or at.thread is not None or at.day is None:
        return Tell(_over(at, who.say))
    if incoming.action == YES:
        return Tell.words(_agree(who, week, at.day, uow))
    first_voices.settle(uow, who.member, week, NO)
    return Tell.words(who.say("Thank you for saying so. Another time, then."))


def _agree(who: Presence, week: date, day: date, uow: UnitOfWork) -> str:
    others = first_voices.of_week(uow, who.network, week)
    if any(one.state in STANDING and one.member != who.member for one in others):
        return who.say(
            "Thank you. I have asked somebody else by now, but your answer is as welcome: the "
            "question comes on {when}.",
            when=when(moment(day, PROMPT), who.say, uow.now),
        )
    first_voices.settle(uow, who.member, week, AGREED)
    return _agreed(day, who.say, uow)


def _agreed(day: date, say: Speech, uow: UnitOfWork) -> str:
    return say(
        "Thank you. The question comes on {when}. Answer in its thread when it stands there.",
        when=when(moment(day, PROMPT), say, uow.now),
    )


def lay_out_again(network: int, week: date, uow: UnitOfWork) -> None:
    """Whoever was asked to answer the prompt of this week first reads what is asked instead."""
    turns = first_voices.of_week(uow, network, week)
    if any(turn.state in STANDING for turn in turns) and day_for(network, week, uow) is not None:
        prompting.plan(network, week, uow)


def _redraw(member: int, week: date, uow: UnitOfWork) -> None:
    turn = first_voices.find(uow, member, week)
    if turn is not None and turn.private is not None:
        posts.show_again(uow, privates.KIND, turn.private)
