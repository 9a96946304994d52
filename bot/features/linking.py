"""Linking: a code of one account, typed with another, makes both one person's once both confirm.

Never by name or e-mail: two people may share a name, and an address can be taken over.
"""

from __future__ import annotations

from datetime import timedelta

from bot.cards import Answer, Button, Card, Form, Open, Tell
from bot.drawn import Reader, known_name, platform_name, shown_name
from bot.features import joining, notices, settings, uniting
from bot.features.presence import account_of, direct_message_to, present_in_each, speech_for
from bot.features.uniting import Plan, Refusal
from bot.incoming import Commanded, Pressed, Said, id_named
from bot.language import Speech, mark, speak
from bot.text import Block, Span, Text
from storage import UnitOfWork, links, members, networks, people, posts
from storage.links import HERE, THERE, Link
from storage.people import Account

CODE, CONFIRM, REFUSE = "link-code", "link-confirm", "link-refuse"

VALID_FOR = timedelta(minutes=10)
CONFIRMED_WITHIN = timedelta(hours=1)
"""How long both sides have for confirming: the other account may be on another device."""

TRIES = 5
"""Wrong codes that an account may type within `VALID_FOR`."""

_TOLD = {
    Refusal.APART: mark(
        "That code does not work here. A code is good for ten minutes and works once, and both "
        "accounts must be in the same network. Get a new one with your other account, and check "
        "it letter by letter."
    ),
    Refusal.TWO: mark(
        "These two accounts belong to different organisations, so I cannot link them: an answer "
        "carries the name of one. If one of them is wrong, ask your facilitator."
    ),
    Refusal.ALREADY: mark("These two accounts are linked already."),
    "link-wait": mark(
        "Five codes in a row did not work. Wait ten minutes, then get a new one with your other "
        "account."
    ),
    "link-own": mark("That is your own code. Type it with your other account."),
    "link-typed": mark("I have sent you a private message. Confirm there."),
}
"""What whoever types a code is told; a code that is good gets a card of its own in private."""


def code_button(say: Speech) -> Button:
    return Button(CODE, say("Get a code"), style="primary", opens=True)


def given(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """A code for whoever asks: only they see it, and only its digest is kept."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    words = joining.new_code()
    links.give(uow, here[0].account.id, joining.plain(words), uow.now + VALID_FOR)
    return Open(code_form(words, here[0].say))


def code_form(words: str, say: Speech) -> Form:
    line = f"{say('link', context='typed')} {words}"
    return Form(
        name=CODE,
        title=say("Link accounts"),
        submit="",
        cancel=say("Close"),
        intro=say("Write this to me with your other account, in private, within ten minutes:"),
        text=Text((Block("paragraph", (Span(line, bold=True),)),)),
        note=say("It works once. Give it to nobody else."),
    )


def typed(words: str, incoming: Said, conversation: int, uow: UnitOfWork) -> None:
    """Somebody typed a code in private."""
    account = account_of(incoming.person, incoming.place, uow)
    outcome = _type(words, account, conversation, uow)
    if outcome != "link-typed":
        notices.tell(uow, outcome, conversation, network=None, private=True)


def typed_by_command(words: str, incoming: Commanded, uow: UnitOfWork) -> str:
    """The same after a slash command, whose words nobody else sees; the answer's words."""
    account = account_of(incoming.person, incoming.place, uow)
    say = speech_for(account, incoming.place, uow)
    chat = direct_message_to(account, say.language, uow)
    return say(_TOLD[_type(words, account, chat, uow)])


def _type(words: str, account: Account, chat: int, uow: UnitOfWork) -> str:
    """Use a code; the name of what came of it."""
    if links.guesses_since(uow, account.id, uow.now - VALID_FOR) >= TRIES:
        return "link-wait"
    link = links.find_given(uow, joining.plain(words))
    if link is not None and link.giver == account.id:
        return "link-own"
    agreed = _plan(link, account, uow)
    if link is None or agreed is Refusal.APART:
        links.guessed(uow, account.id)
        return Refusal.APART
    if not links.take(uow, link.id, account.id, uow.now + CONFIRMED_WITHIN):
        return Refusal.APART  # Somebody else was quicker.
    if isinstance(agreed, Refusal):
        links.settle(uow, link.id, "void")
        return agreed
    posts.show(uow, HERE, link.id, [chat], network=None, doubt="park")
    return "link-typed"


def _plan(link: Link | None, taker: Account, uow: UnitOfWork) -> Plan | Refusal:
    if link is None:
        return Refusal.APART
    return uniting.plan(people.account_by_id(uow, link.giver), taker, uow)


def confirmed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The one who typed the code confirms first, and then the one who was given it."""
    account = account_of(incoming.person, incoming.place, uow)
    say = speech_for(account, incoming.place, uow)
    link = _asked(incoming, account, uow)
    if link is None:
        return Tell.words(_nothing_here(say))
    if link.state == "taken":
        links.settle(uow, link.id, "half")
        chat = direct_message_to(people.account_by_id(uow, link.giver), say.language, uow)
        posts.show(uow, THERE, link.id, [chat], network=None, doubt="park")
        posts.show_again(uow, HERE, link.id)
        return None
    giver, taker = (people.account_by_id(uow, id or 0) for id in (link.giver, link.taker))
    done = uniting.unite(giver, taker, uow)
    _end(link, "void" if isinstance(done, Refusal) else "done", uow)
    return Tell.words(say(_TOLD[done])) if isinstance(done, Refusal) else None


def refused(incoming: Pressed, uow: UnitOfWork) -> Answer:
    account = account_of(incoming.person, incoming.place, uow)
    link = _asked(incoming, account, uow)
    if link is None:
        return Tell.words(_nothing_here(speech_for(account, incoming.place, uow)))
    _end(link, "refused", uow)
    return None


def _asked(incoming: Pressed, account: Account, uow: UnitOfWork) -> Link | None:
    """The link that a client names, locked, if it is this account that is asked about it now."""
    link = links.lock(uow, id_named(incoming.value))
    if link is None or link.expires_at <= uow.now:
        return None
    asked = {"taken": link.taker, "half": link.giver}.get(link.state)
    return link if asked == account.id else None


def _end(link: Link, state: str, uow: UnitOfWork) -> None:
    links.settle(uow, link.id, state)
    for kind in (HERE, THERE):
        posts.show_again(uow, kind, link.id)


def here(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """What the one who typed the code is shown."""
    link, say = links.find(uow, subject), speak(reader.language)
    if link is None or link.taker is None:
        return None
    giver = people.account_by_id(uow, link.giver)
    if link.state == "half" and link.expires_at > uow.now:
        words = say(
            "Thank you. Now confirm on {platform}: I have written to you there.",
            platform=platform_name(giver),
        )
        return Card(text=Text.of(words))
    words = say("You have typed a code that was given to this account. Is it yours, too?")
    return _card(link, "taken", giver, words, say, uow)


def there(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """What the one who was given the code is shown."""
    link, say = links.find(uow, subject), speak(reader.language)
    if link is None or link.taker is None:
        return None
    taker = people.account_by_id(uow, link.taker)
    words = say("Your code was typed with this account. Is it yours, too?")
    return _card(link, "half", taker, words, say, uow)


def _card(
    link: Link, asked_while: str, other: Account, words: str, say: Speech, uow: UnitOfWork
) -> Card:
    if link.state == "done":
        return _done(link, say, uow)
    if link.state != asked_while or link.expires_at <= uow.now:
        return Card(text=Text.of(say("The two accounts are not linked, and nothing was changed.")))
    then = say(
        "If you confirm, both are one person here: what you ask and answer is yours in both, and "
        "your settings hold for both."
    )
    return Card(
        title=say("Link accounts"),
        byline=_who(other, link, say, uow),
        text=Text.of(f"{words}\n\n{then}"),
        note=say("Confirm only if both accounts are your own."),
        buttons=(
            Button(CONFIRM, say("Both are mine"), str(link.id), style="primary"),
            Button(REFUSE, say("Not mine"), str(link.id)),
        ),
    )


def _done(link: Link, say: Speech, uow: UnitOfWork) -> Card:
    mine = members.of_account(uow, link.giver)
    reached = [members.accounts_of(uow, one.id) for one in mine.values()]
    platform = next((platform_name(accounts[0]) for accounts in reached if accounts), "")
    words = say(
        "Your accounts are linked. Where your settings differed, the quieter ones hold. I write "
        "to you in private on {platform}; you can choose otherwise in My settings.",
        platform=platform,
    )
    network = str(next(iter(mine))) if len(mine) == 1 else ""
    return Card(text=Text.of(words), buttons=(settings.button(say, network),) if mine else ())


def _who(account: Account, link: Link, say: Speech, uow: UnitOfWork) -> str:
    """Whose account it is: "Kari Nilsen · Alta kommune · Slack". Organisations of networks that the
    other one is not in are left out; whoever is in none is to come into all of them."""
    name = known_name(account.id, account.name, account.profile_due_at, say, uow)
    mine, theirs = (
        members.of_account(uow, id or 0)
        for id in (account.id, link.taker if account.id == link.giver else link.giver)
    )
    shown = {mine[one].organisation for one in mine if one in theirs or not theirs}
    names = sorted(shown_name(networks.organisation_name(uow, one)) for one in shown)
    return " · ".join((name, *names[:2], platform_name(account)))


def _nothing_here(say: Speech) -> str:
    return say("There is nothing to confirm here any more. Get a new code and begin again.")


def _draws(words: str) -> notices.Draw:
    return lambda say, _facts: Card(text=Text.of(say(words)))


for _name, _words in _TOLD.items():
    notices.notice(_name)(_draws(_words))
