"""My accounts: through which a person takes part, a code for one more, and a way out again."""

from __future__ import annotations

from bot.cards import Answer, Button, Card, Form, Item, Open, Tell
from bot.drawn import account_label, platform_name
from bot.features import joining, linking, notices, settings, uniting
from bot.features.presence import account_of, direct_message_to, present_in_each, speech_of
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, members
from storage.people import Account

UNLINK = "unlink"


@notices.notice("accounts")
def card(say: Speech, _facts: notices.Facts | None = None) -> Card:
    """What somebody is told who asks for it where nothing can open by itself."""
    buttons = (linking.code_button(say), settings.accounts_button(say))
    return Card(text=Text.of(_what_for(say)), buttons=buttons)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    accounts = {one.id: one for who in here for one in members.accounts_of(uow, who.member)}
    is_linked = any(members.is_shared(uow, who.member) for who in here)
    return Tell(listed(list(accounts.values()), here[0].say, is_linked=is_linked))


def listed(accounts: list[Account], say: Speech, *, is_linked: bool) -> Card:
    unlink = Button(UNLINK, say("Unlink this account"), opens=True)
    return Card(
        title=say("My accounts"),
        text=Text.of(_what_for(say)),
        items=tuple(Item(account_label(one, say)) for one in accounts),
        buttons=(linking.code_button(say), *((unlink,) if is_linked else ())),
    )


def unlinking(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The button that parts an account from the others: it says first what that means."""
    return Open(form(speech_of(incoming, uow)))


def form(say: Speech) -> Form:
    return Form(
        name=UNLINK,
        title=say("Unlink this account"),
        submit=say("Unlink"),
        cancel=say("Cancel"),
        done=say("Close"),
        intro=say(
            "This account begins afresh. What you have asked and answered, and your themes, stay "
            "with your other account. What you have switched off stays off in both."
        ),
    )


def unlinked(incoming: Submitted, uow: UnitOfWork) -> Answer:
    account, say = account_of(incoming.person, incoming.place, uow), speech_of(incoming, uow)
    left = uniting.part(account, uow)
    others = {one.id: one for member in left for one in members.accounts_of(uow, member.id)}
    for other in others.values():
        chat = direct_message_to(other, say.language, uow)
        facts = {"platform": platform_name(account)}
        notices.tell(uow, "unlinked", chat, network=None, facts=facts, private=True)
    if not left:
        return Tell.words(say("This account is not linked with any other."))
    return Tell.words(say("Done. This account is no longer linked with your other one."))


@notices.notice("unlinked")
def _told(say: Speech, facts: notices.Facts) -> Card:
    words = say(
        "Your account on {platform} is no longer linked with this one. What you have asked and "
        "answered stays here.",
        platform=facts["platform"],
    )
    return Card(text=Text.of(words), buttons=(settings.accounts_button(say),))


def _what_for(say: Speech) -> str:
    return say(
        "If you use me with two accounts, for example on Slack and on Teams, I can treat them as "
        "one person: what you ask and answer is yours in both, you choose your settings once, and "
        "I write to you in private in one place only."
    )
