"""The words of the clock, the faults, the look inside, and of who somebody is."""

from __future__ import annotations

from adapters.playground.page.story import first_in
from adapters.playground.village import TOWNS
from bot.language import Speech, speak

SPOKEN = tuple(dict.fromkeys(town.language for town in TOWNS))
"""The languages of the channels, in which their buttons read whatever the page is read in."""


def words(say: Speech) -> dict[str, str]:
    """Everything that these say, by the names that the page's script asks for."""
    return {
        **_of_guide(say),
        **_of_clock(say),
        **_of_faults(say),
        **_of_copies(say),
        **_of_wire(say),
    }


def lists(say: Speech) -> dict[str, dict[str, str]]:
    """What there are several of, by the names that the data have for them and in the order in which
    they are shown. The page's script knows none of them: what is new is named here alone."""
    return {
        "role": _roles(say),
        "spoken": _spoken(say),
        "close": {one: say.quoted(speak(one)("Mark as answered")) for one in SPOKEN},
        "answer": {one: say.quoted(speak(one)("Answer", context="button")) for one in SPOKEN},
        "step": _steps(say),
        "trouble": _troubles(say),
        "told": _told(say),
        "kind": _kinds(say),
        "state": _states(say),
        "platform": {"slack": "Slack", "teams": "Teams", "webhook": "Webhook"},
    }


def _of_guide(say: Speech) -> dict[str, str]:
    first = first_in(say.language)
    answer = say.quoted(speak(first.language)("Answer", context="button"))
    newest = {
        "name": "{name}",
        "channel": "{channel}",
        "question": "{question}",
        "button": "{button}",
    }
    return {
        "first": say(
            "Begin here, as {name}: press {answer} under the question, write, and see it arrive in "
            "the other three channels.",
            name=first.people[0],
            answer=answer,
        ),
        "stayed": say(
            "What you wrote there stays in its own channel. Press {answer} under a question, or "
            "write @Mellom first to ask all four.",
            answer=answer,
        ),
        "then_ask": say("Now ask all four: write @Mellom and a question in any of the channels."),
        "then_answer": say(
            "{question} stands everywhere. Now answer it, as {name} in {channel}: press {button} "
            "under {question}.",
            **newest,
        ),
        "then_close": say(
            "{question} has an answer. Now mark it, as {name} in {channel}: press {button} under "
            "{question}.",
            **newest,
        ),
        "then_inside": say(
            "Now choose “Look inside” on a message, and see where it is shown and what was sent."
        ),
        "then_more": say(
            "There is more to try: move the clock up here, or press Slack or Teams on a channel "
            "and make something go wrong."
        ),
    }


def _spoken(say: Speech) -> dict[str, str]:
    """Why something is not in the language that the page is read in."""
    name = "{name}"
    return {
        "nb": say("Mellom writes bokmål to {name}.", name=name),
        "nn": say("Mellom writes nynorsk to {name}.", name=name),
        "da": say("Mellom writes Danish to {name}.", name=name),
        "en": say("Mellom writes English to {name}.", name=name),
    }


def _of_clock(say: Speech) -> dict[str, str]:
    return {
        "clock": say("Mellom's clock:"),
        "clock_about": say(
            "Move Mellom's time, and see what it does later. Messages keep the time at which "
            "they were written. Tuesdays and working days leave holidays out."
        ),
        "clock_now": say("Back to now"),
    }


def _steps(say: Speech) -> dict[str, str]:
    """Those of the clock."""
    return {
        "next": say("To what happens next: {when}", when="{when}"),
        "quarter": say("15 minutes on"),
        "hour": say("One hour on"),
        "tomorrow": say("Tomorrow at 09.15"),
        "tuesday": say("Next Tuesday at 09.15"),
        "workdays": say("Three working days on"),
    }


def _roles(say: Speech) -> dict[str, str]:
    return {
        "member": say("Member"),
        "facilitator": say("Facilitator"),
        "coordinator": say("Coordinator"),
        "manager": say("Manager"),
        "reader": say("Reader"),
    }


def _of_faults(say: Speech) -> dict[str, str]:
    platform = "{platform}"
    return {
        "trouble_menu": say("make something go wrong"),
        "trouble_between": say("The connection to {platform}", platform=platform),
        "trouble_everywhere": say("In every channel on {platform}", platform=platform),
        "trouble_heal": say("Repair"),
        "arrived_one": say("1 message has arrived."),
        "arrived_many": say("{count} messages have arrived.", count="{count}"),
        "arrived_show": say("Show", context="button"),
        "waiting_one": say("1 message is on its way."),
        "waiting_many": say("{count} messages are on their way.", count="{count}"),
    }


def _troubles(say: Speech) -> dict[str, str]:
    return {
        "none": say("Everything works"),
        "down": say("Down: every call fails"),
        "slow": say("Slow: every call takes three seconds"),
        "dropping": say("Dropped connections: it is posted, but the answer is lost"),
        "limited": say("Too many calls: Mellom is told to wait"),
    }


def _told(say: Speech) -> dict[str, str]:
    """What is said of each trouble while it lasts."""
    platform = "{platform}"
    return {
        "down": say("{platform} is down.", platform=platform),
        "slow": say("{platform} is slow.", platform=platform),
        "dropping": say("{platform} drops its answers.", platform=platform),
        "limited": say("{platform} asks Mellom to wait.", platform=platform),
    }


def _of_copies(say: Speech) -> dict[str, str]:
    return {
        "inside": say("Look inside"),
        "version": say("Version {version}", version="{version}"),
        "taken_away": say("taken away everywhere"),
        "copies": say("Where it is shown"),
        "copy_where": say("Channel"),
        "copy_state": say("State"),
        "copy_version": say("Version there"),
        "copy_private": say("{name}, in private", name="{name}"),
        "copy_tries": say("tried in vain: {count}", count="{count}"),
        "copy_resent": say("sent a second time"),
        "copy_part": say("part {part}", part="{part}"),
        "copy_reason": say("the platform's reason: {reason}", reason="{reason}"),
    }


def _kinds(say: Speech) -> dict[str, str]:
    """The kinds of posts."""
    return {
        "question": say("Question"),
        "foot": say("Card under the question"),
        "answer": say("Answer to"),
        "prompt": say("Question of the week"),
        "poll": say("Problem of the month"),
        "result": say("Result of a poll"),
        "welcome": say("First card of a channel"),
        "hello": say("Introduction in a channel"),
        "consent": say("What the channel has confirmed"),
        "listing": say("List of what the channel missed"),
        "home": say("Overview in private"),
        "network": say("How the network stands, in private"),
        "paused": say("That the network takes a pause"),
        "found": say("What a search found"),
        "private": say("Private message"),
        "link-taker": say("Whether an account is one's own"),
        "link-giver": say("Whether an account is one's own"),
        "notice": say("Notice"),
    }


def _states(say: Speech) -> dict[str, str]:
    """How it goes with a copy."""
    return {
        "native": say("the author's own message"),
        "behind": say("waits to be sent"),
        "sending": say("is being sent"),
        "shown": say("is shown"),
        "sent": say("is told, and cannot be changed there"),
        "older": say("an older version is shown"),
        "doubt": say("may have arrived; Mellom will look"),
        "failed": say("refused by the platform"),
        "dropped": say("not sent, and no longer needed"),
        "removed": say("removed by somebody there"),
        "gone": say("taken away"),
        "parked": say("may have arrived; not tried any more"),
    }


def _of_wire(say: Speech) -> dict[str, str]:
    return {
        "wire": say("Traffic: {count}", count="{count}"),
        "wire_about": say(
            "Requests from the platforms, and Mellom's calls to them, for this message in every "
            "channel. Tokens and signatures are blanked out."
        ),
        "wire_request": say("Request"),
        "wire_body": say("What was sent"),
        "wire_answer": say("What was answered"),
        "no_status": say("none"),
    }
