"""Hearing: what is said to the bot, or in a thread of ours, goes to whom it concerns."""

from __future__ import annotations

from datetime import timedelta

from bot import ballots
from bot.cards import Answer, Card, Open, Tell
from bot.features import (
    about,
    answering,
    asking,
    bursts,
    casting,
    charge,
    closing,
    codes,
    comparing,
    confirming,
    facilitating,
    home,
    joining,
    linking,
    menu,
    nominating,
    notices,
    reach,
    reasoning,
    referring,
    searching,
    voting,
    warning,
)
from bot.features.asking import Draft
from bot.features.commands import (
    HELP,
    JOIN,
    LINK,
    SEARCHED,
    about_closing,
    about_network,
    asks,
    asks_why,
    card_meant,
    is_search,
    question_in,
    split,
    suggestion_in,
    word_for_a_code,
)
from bot.features.presence import (
    Presence,
    TryLater,
    account_of,
    conversation_of,
    in_room,
    present,
    present_in_each,
    speech_for,
)
from bot.incoming import Commanded, Said
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, links, posts, rooms, threads
from storage import searching as stored
from storage.rooms import Room
from storage.threads import Standing

FRESH = timedelta(minutes=2)
"""A thread that began within this time may still turn out to be ours: its own event may be late."""

PATIENCE = timedelta(seconds=60)
"""How long an answer waits for its thread to become known."""

SHORT_PATIENCE = timedelta(seconds=5)
"""The same where the bot is mentioned: if it is no answer it is a question, and must not wait."""


def said(incoming: Said, uow: UnitOfWork, *, is_heard: bool = False) -> None:
    """A message: an answer in a thread of ours, a question or command to the bot, or nothing."""
    place = incoming.place
    room = rooms.room_at(uow, place.installation, place.key, place.address)
    if room is not None and (place.reads_all or not incoming.addressed):
        reach.heard(room, uow)
    if room is None or not room.active:
        _outside(incoming, room, uow)
        return
    if incoming.suspicion is not None:
        warning.stopped(incoming, room, uow)
        return
    if incoming.root is None and not incoming.addressed:
        # That it is no question is noted, so that replies under it are known to be none of ours.
        threads.hear(uow, room.conversation, incoming.message, "")
        return
    if posts.is_copy(uow, room.conversation, incoming.message):
        return  # Our own message, or one that was taken in already.
    if incoming.addressed and (code := _code(incoming.whole(incoming.text), uow)):
        if is_heard or threads.hear(uow, room.conversation, incoming.message, ""):
            _coded(code, incoming, uow)
        return
    thread = _thread(incoming, room, uow)
    if thread is not None:
        if is_heard or threads.hear(uow, room.conversation, incoming.message, ""):
            _in_thread(incoming, room, thread, uow)
        return
    if incoming.root and _may_be_ours(incoming, incoming.root, room, uow):
        raise TryLater
    if incoming.addressed and (
        is_heard or threads.hear(uow, room.conversation, incoming.message, "")
    ):
        _addressed(incoming, room, uow)


def _in_thread(incoming: Said, room: Room, thread: Standing, uow: UnitOfWork) -> None:
    """An answer, if it is not for the bot alone."""
    who = in_room(incoming.person, room, incoming.place, uow)
    if casting.in_thread(incoming, who, thread, uow):
        return
    if incoming.addressed and is_for_the_bot(incoming, who, thread, uow):
        return
    text = incoming.whole(incoming.text)
    if code := codes.found_in(text, uow):
        codes.stop(uow, code, incoming, room, parent=thread.post)
        return
    if incoming.addressed:
        reach.mentioned(who, uow)
    if not text:
        bursts.wordless(who, thread, room, uow)
    elif (why := answering.answer(uow, who, thread, text, incoming.message)) is not None:
        bursts.stopped(why, incoming, who, thread, room, uow)


def is_for_the_bot(incoming: Said, who: Presence, thread: Standing, uow: UnitOfWork) -> bool:
    """Whether what was said to the bot in a thread is a word for it alone, and is done: such words
    are no answer, and do not cross."""
    word, rest = split(incoming.text)
    if about := about_closing(incoming.text):
        closing.said(about, who, thread, uow)
    elif is_search(incoming.text, in_thread=True):
        searching.tell(uow, who, rest, who.conversation, under=incoming.root)
    elif card := card_meant(incoming.text):
        _tell_of(card, who, uow, parent=thread.post)
    elif confirming.is_meant(incoming.text):
        confirming.tell(uow, who, under=incoming.root)
    elif about_network(incoming.text):
        _tell_of_network(who, uow, parent=thread.post)
    elif asks_why(incoming.text):
        _tell_of("why-in-private", who, uow, parent=thread.post)
    elif (words := suggestion_in(incoming.text, in_thread=True)) is not None:
        nominating.said(incoming, words, [who], uow, parent=thread.post)
    elif not incoming.files and (not incoming.text or (word in HELP and not rest)):
        facts = voting.open_now(who.network, uow)
        notices.tell(
            uow, "menu", who.conversation, network=who.network, parent=thread.post, facts=facts
        )
    else:
        return False
    return True


def commanded(incoming: Commanded, uow: UnitOfWork) -> Answer:
    """Words after a slash command; the answer is seen by that person only."""
    who = present(incoming.person, incoming.place, uow)
    account = account_of(incoming.person, incoming.place, uow)
    say = who.say if who else speech_for(account, incoming.place, uow)
    if incoming.suspicion is not None:
        problem = answering.number_in_form(say)
        if who is None or is_search(incoming.text):
            return Tell.words(problem)
        if (words := suggestion_in(incoming.text)) is not None:
            return nominating.commanded(incoming, words, who, uow)
        return _to_mend(incoming.text, problem, who, uow)
    word, rest = split(incoming.text)
    if code := _link_code(incoming.text, uow):
        return Tell.words(linking.typed_by_command(code, incoming, uow))
    if code := _code(incoming.text, uow) or word_for_a_code(incoming.text):
        return Tell.words(joining.join_by_command(code, incoming, uow))
    if who is None:
        return Tell(_where_one_is(incoming, say, uow))
    if not incoming.text or (word in HELP and not rest):
        return Tell(menu.card(who.say, waits=voting.needed(who.network, who.member, who.say, uow)))
    if voted := casting.commanded(incoming, who, uow):
        return voted
    if is_search(incoming.text):
        return Tell(searching.card_for(who, rest, uow))
    if card := card_meant(incoming.text):
        return Tell(notices.drawn(card, who.say, {"network": str(who.network)}))
    if confirming.is_meant(incoming.text):
        return Tell(confirming.card_for(who, uow))
    if asks_why(incoming.text):
        return Tell(reasoning.card_for(who, uow))
    if about_network(incoming.text):
        runs_it = charge.runs(who.member, uow)
        return Tell(
            facilitating.network_card(who.network, who.member, who.say, uow)
            if runs_it
            else menu.card(who.say)
        )
    if (words := suggestion_in(incoming.text)) is not None:
        return nominating.commanded(incoming, words, who, uow)
    text = question_in(incoming.text)
    if asking.refusal(text, who.say) is not None:
        return _to_mend(incoming.text, None, who, uow)
    if first := comparing.commanded(who, text, uow):
        return first
    return Tell(_asked(asking.ask_once(uow, who, text), who, uow))


def _asked(number: int, who: Presence, uow: UnitOfWork) -> Card:
    """What was typed after a command has no card under it: this is all that its author sees."""
    thread = stored.numbered(uow, who.network, number)
    more = about.parts(thread, (), who.say, uow)
    return Card(
        text=Text.of(asking.asked(number, who.say)),
        facts=more.facts,
        items=more.items,
        buttons=more.buttons,
    )


def _to_mend(text: Text, problem: str | None, who: Presence, uow: UnitOfWork) -> Open:
    """What was typed after a command stands nowhere else: it comes in the form, to be mended."""
    draft = Draft.parted(question_in(text))
    found = problem or asking.refusal(Text.of(draft.question), who.say)
    return Open(asking.filled(uow, who, draft, {"question": found} if found else {}))


def _where_one_is(incoming: Commanded, say: Speech, uow: UnitOfWork) -> Card:
    """What somebody is told who is in no network here, or in several."""
    room = rooms.room_at(uow, incoming.place.installation, incoming.place.key)
    if room is not None:
        return menu.not_confirmed(say, {})
    return home.overview(incoming.person, incoming.place, uow)


def _code(text: Text, uow: UnitOfWork) -> str | None:
    """The code in what was said to the bot, however it is typed: what lets its reader into the
    network must not cross to every room as a question or an answer."""
    word, rest = split(text)
    if word.rstrip(":") in JOIN | LINK and joining.is_like_a_code(rest.plain()):
        return rest.plain()
    return codes.found_in(text, uow)


def _coded(code: str, incoming: Said, uow: UnitOfWork) -> None:
    """A code was typed in a channel. One that links accounts is for nobody else to see."""
    word, _ = split(incoming.text)
    if word in LINK or links.is_given(uow, joining.plain(code)):
        codes.stop_linking(uow, code, incoming)
    else:
        joining.join(code, incoming, uow)


def _link_code(text: Text, uow: UnitOfWork) -> str | None:
    """What was typed to link accounts, right or wrong: after the word for it, or as we write it."""
    word, rest = split(text)
    words = rest.plain()
    if card_meant(text) or word.rstrip(":") in JOIN or len(words.split()) > SEARCHED:
        return None
    if word in LINK and (joining.is_one_word(words) or joining.is_like_a_code(words)):
        return words
    code = joining.code_as_written(text.plain())
    return None if code is None or joining.is_known(code, uow) else code


def _addressed(incoming: Said, room: Room, uow: UnitOfWork) -> None:
    """The bot was spoken to in an active room."""
    word, rest = split(incoming.text)
    root = incoming.root or incoming.message
    if code := word_for_a_code(incoming.text):
        joining.join(code, incoming, uow)
        return
    if is_search(incoming.text):
        who = in_room(incoming.person, room, incoming.place, uow)
        searching.tell(uow, who, rest, room.conversation, under=root)
        return
    if card := card_meant(incoming.text):
        who = in_room(incoming.person, room, incoming.place, uow)
        _tell_of(card, who, uow, under=root)
        return
    if confirming.is_meant(incoming.text):
        who = in_room(incoming.person, room, incoming.place, uow)
        confirming.tell(uow, who, under=root)
        return
    if about_network(incoming.text):
        who = in_room(incoming.person, room, incoming.place, uow)
        _tell_of_network(who, uow, under=root)
        return
    if asks_why(incoming.text):
        who = in_room(incoming.person, room, incoming.place, uow)
        _tell_of("why-in-private", who, uow, under=root)
        return
    if (words := suggestion_in(incoming.text)) is not None:
        who = in_room(incoming.person, room, incoming.place, uow)
        nominating.said(incoming, words, [who], uow, under=root)
        return
    if ballots.to_us(incoming.text.plain()) is not None and casting.in_channel(
        incoming, in_room(incoming.person, room, incoming.place, uow), uow
    ):
        return
    text = question_in(incoming.text)
    if (word in HELP and not rest) or len(text.plain()) < asking.SHORTEST:
        _tell(uow, "menu", room, root, **voting.open_now(room.network, uow))
        return
    who = in_room(incoming.person, room, incoming.place, uow)
    problem = asking.refusal(text, who.say)
    if problem is not None:
        length = str(len(text.plain()))
        _tell(uow, "question-refused", room, root, length=length)
        return
    reach.mentioned(who, uow)
    asking.ask(uow, who, incoming.whole(text), incoming.message, root)


def _tell_of(
    card: str, who: Presence, uow: UnitOfWork, parent: int | None = None, under: str | None = None
) -> None:
    facts, place = {"network": str(who.network)}, who.conversation
    notices.tell(uow, card, place, network=who.network, parent=parent, under=under, facts=facts)


def _tell_of_network(
    who: Presence, uow: UnitOfWork, parent: int | None = None, under: str | None = None
) -> None:
    """In a channel only the way to it is shown, and to others the menu."""
    name = "network-opens" if charge.runs(who.member, uow) else "menu"
    facts = {"network": str(who.network)}
    notices.tell(
        uow, name, who.conversation, network=who.network, parent=parent, under=under, facts=facts
    )


def _outside(incoming: Said, room: Room | None, uow: UnitOfWork) -> None:
    """Spoken to where no network is (yet): only a code, or a person's own direct message, helps."""
    if not incoming.addressed:
        return
    account = account_of(incoming.person, incoming.place, uow)
    say = speech_for(account, incoming.place, uow)
    conversation = conversation_of(incoming.place, account, say.language, uow)
    if not threads.hear(uow, conversation, incoming.message, ""):
        return
    if incoming.place.direct and (code := _link_code(incoming.text, uow)):
        linking.typed(code, incoming, conversation, uow)
        return
    if code := _code(incoming.text, uow) or word_for_a_code(incoming.text):
        _coded(code, incoming, uow)
        return
    under = None if incoming.place.direct else incoming.root or incoming.message
    if incoming.place.direct:
        _in_private(incoming, uow, conversation)
        return
    name = "not-confirmed" if room is not None else "not-joined"
    network = room.network if room else None
    notices.tell(uow, name, conversation, network=network, under=under)


def _in_private(incoming: Said, uow: UnitOfWork, conversation: int) -> None:
    """A direct message to the bot: a question of a member, or the menu."""
    who = present(incoming.person, incoming.place, uow)
    if incoming.suspicion is not None:
        menu.tell_of_number(conversation, uow)
        return
    word, rest = split(incoming.text)
    here = present_in_each(incoming.person, incoming.place, uow)
    if casting.in_private(incoming, here, conversation, uow):
        return
    if here and is_search(incoming.text):
        for member in here:
            searching.tell(uow, member, rest, conversation, private=True)
        return
    if here and (card := card_meant(incoming.text)):
        for member in here if card == "settings" else here[:1]:
            facts = {"network": str(member.network)}
            notices.tell(uow, card, conversation, network=member.network, facts=facts, private=True)
        return
    if here and asks_why(incoming.text):
        reasoning.tell(here, conversation, uow)
        return
    if who is not None and confirming.is_meant(incoming.text):
        confirming.tell(uow, who)
        return
    run = [member for member in here if charge.runs(member.member, uow)]
    if run and about_network(incoming.text):
        for member in run[: home.NETWORKS]:
            facilitating.tell(uow, member, conversation)
        return
    if referring.tell(here, incoming, conversation, uow):
        return
    if here and (words := suggestion_in(incoming.text)) is not None:
        nominating.said(incoming, words, here, uow)
        return
    if who is None or not asks(word):
        _show_home(incoming, uow, conversation)
        return
    text = question_in(incoming.text)
    if asking.refusal(text, who.say) is not None:
        length = str(len(text.plain()))
        facts = {"length": length}
        notices.tell(
            uow, "question-refused", conversation, network=who.network, facts=facts, private=True
        )
        return
    if comparing.said(who, text, incoming, conversation, uow):
        return
    number = asking.ask(uow, who, text)
    thread = stored.numbered(uow, who.network, number)
    # A private message shows nothing that others wrote, and it is not drawn anew.
    facts = {"number": str(number), "looks": str(thread) if about.looks(thread, uow) else ""}
    notices.tell(uow, "asked", conversation, network=who.network, facts=facts, private=True)


def _show_home(incoming: Said, uow: UnitOfWork, conversation: int) -> None:
    """What is open for this person, a card for each of their networks."""
    here = present_in_each(incoming.person, incoming.place, uow)
    for who in here[: home.NETWORKS]:
        home.tell(uow, who, conversation, alone=len(here) == 1)
    if not here:
        notices.tell(uow, "not-joined", conversation, network=None, private=True)


def _thread(incoming: Said, room: Room, uow: UnitOfWork) -> Standing | None:
    """The thread of this network that the message stands in."""
    if incoming.root is None:
        return None
    thread = threads.standing_under(uow, room.conversation, incoming.root)
    return thread if thread is not None and thread.network == room.network else None


def _may_be_ours(incoming: Said, root: str, room: Room, uow: UnitOfWork) -> bool:
    """Whether the thread may be known in a moment: a copy of ours is on its way there, or its first
    message is so young that its own event may come after this one."""
    if uow.real - incoming.at > (SHORT_PATIENCE if incoming.addressed else PATIENCE):
        return False
    if posts.anything_in_flight(uow, room.conversation):
        return True
    if threads.is_heard(uow, room.conversation, root):
        return False
    return incoming.root_at is not None and incoming.at - incoming.root_at < FRESH


def _tell(uow: UnitOfWork, name: str, room: Room, under: str, **facts: str) -> None:
    notices.tell(uow, name, room.conversation, network=room.network, under=under, facts=facts)
