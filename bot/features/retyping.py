"""Retyping: a suggestion that was typed follows its message, as far as its author may change it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Card
from bot.drawn import with_names
from bot.features import codes, commands, nominated, nominating, notices, wording
from bot.features.presence import direct_message_to
from bot.features.wording import Draft
from bot.incoming import Edited
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, networks, nominations, people
from storage.nominations import CHOSEN, MERGED, WITHDRAWN, Nomination

AS_BEFORE, STAYS = "suggestion-as-before", "suggestion-stays"
"""What its author is told in private: it is not what the message says now, or not gone with it."""

VOTED_ON, CODE, LIKE_A_VOTE = "voted", "code", "vote"
INCOMPLETE, OTHER = "incomplete", "other"
"""Why, beside the state that it is in."""


def edited(one: Nomination, incoming: Edited, uow: UnitOfWork) -> None:
    """What cannot be suggested changes nothing, and its author mends the message."""
    one = _locked(one, uow)
    draft = _draft(one, incoming, uow)
    if draft is not None and (draft.head, draft.text) == (one.title, one.text):
        return
    if _is_bound(AS_BEFORE, one, uow):
        return
    say = speak(_language(one, uow))
    why = MERGED if one.state == MERGED else OTHER if draft is None else _wrong(draft, say, uow)
    if draft is None or why:
        _tell(AS_BEFORE, one, why, uow)
        return
    nominated.change(one, draft, uow)


def deleted(one: Nomination, uow: UnitOfWork) -> None:
    one = _locked(one, uow)
    if one.state == WITHDRAWN or _is_bound(STAYS, one, uow):
        return
    nominated.withdraw(one, uow)
    nominations.let_go(uow, one.id)


def _locked(one: Nomination, uow: UnitOfWork) -> Nomination:
    """As it is when nobody else can change it, nor bring it to the vote."""
    assert one.member is not None
    nominating.lock(one.network, one.member, uow)
    now = nominations.find(uow, one.network, one.id)
    assert now is not None
    return now


def _words(incoming: Edited) -> Text | None:
    """What is suggested now; None if that is something else. Where the bot is mentioned, words
    without the command would ask the network, and this is no place to guess."""
    text = incoming.text
    words = commands.suggestion_in(text)
    if words is not None:
        return words
    asks = incoming.addressed and not incoming.place.direct
    return None if asks or commands.is_command(text) else text


def _draft(one: Nomination, incoming: Edited, uow: UnitOfWork) -> Draft | None:
    """The same, and what a message cannot say as it was."""
    words, person = _words(incoming), incoming.person
    if words is None:
        return None
    typed = with_names(words, person.platform, person.tenant, uow).plain()
    return replace(Draft.typed(typed), theme=str(one.theme or ""))


def _is_bound(name: str, one: Nomination, uow: UnitOfWork) -> bool:
    """Whether it must stay as it is, which its author is told."""
    if one.state in (WITHDRAWN, CHOSEN):
        _tell(name, one, one.state, uow)
        return True
    poll = nominated.voted_on(one, uow)
    if poll is not None:
        _tell(name, one, VOTED_ON, uow, until=nominated.until(poll))
    return poll is not None


def _language(one: Nomination, uow: UnitOfWork) -> str:
    assert one.account is not None
    assert one.organisation is not None
    own = people.account_by_id(uow, one.account).language
    return own or networks.organisation_language(uow, one.organisation)


def _wrong(draft: Draft, say: Speech, uow: UnitOfWork) -> str:
    if draft.code_problem(say, uow):
        return CODE
    if draft.is_like_a_vote:
        return LIKE_A_VOTE
    return INCOMPLETE if draft.problems((), say) else ""


# ---- what is said of it


def _tell(name: str, one: Nomination, why: str, uow: UnitOfWork, **facts: str) -> None:
    """Nobody else sees it, and there are no words of the suggestion in it."""
    assert one.account is not None
    account = people.account_by_id(uow, one.account)
    chat = direct_message_to(account, _language(one, uow), uow)
    facts |= {"id": str(one.id), "why": why}
    notices.tell(uow, name, chat, network=one.network, facts=facts, private=True)


@notices.notice(AS_BEFORE)
def _as_before(say: Speech, facts: notices.Facts) -> Card:
    told = say("Your suggestion reads as it did before you edited your message.")
    return _card(told, say, facts)


@notices.notice(STAYS)
def _stays(say: Speech, facts: notices.Facts) -> Card:
    told = say("Your suggestion stands, though you deleted its message.")
    return _card(told, say, facts)


def _card(told: str, say: Speech, facts: notices.Facts) -> Card:
    is_over = facts["why"] in (WITHDRAWN, CHOSEN)
    buttons = () if is_over else (nominating.own_button(say, int(facts["id"])),)
    return Card(text=Text.of(f"{told} {_why(say, facts)}"), buttons=buttons)


def _why(say: Speech, facts: notices.Facts) -> str:
    match facts["why"]:
        case nominations.WITHDRAWN:
            return say("You have withdrawn it. To suggest something, write a new message.")
        case nominations.CHOSEN:
            return say("It was chosen. The question about it has a button that changes it.")
        case nominations.MERGED:
            return say("It is one with another now. You can withdraw it, and not change it.")
        case "voted":
            return nominated.stays(facts["until"], say)
        case "code":
            return codes.in_form(say)
        case "vote":
            return f"{wording.like_a_vote(say)} {_once_more(say)}"
        case "incomplete":
            return f"{nominating.incomplete(say)} {_once_more(say)}"
    return " ".join((say("What your message says now is no suggestion."), _once_more(say)))


def _once_more(say: Speech) -> str:
    return say("Edit it once more, or use the button.")
