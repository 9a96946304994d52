"""Private messages that nobody asked for: each goes through the gate, says why it came, and carries
its own switch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot import calendars, heeding
from bot.cards import Answer, Button, Card, Tell
from bot.coming import Coming
from bot.drawn import Reader, shown_name
from bot.features import gate
from bot.features.gate import Kind, Rule, Situation, Verdict
from bot.features.presence import account_of, direct_message_to, speech_of
from bot.incoming import Pressed, id_named
from bot.language import Speech, mark, speak
from bot.windows import day_of
from storage import UnitOfWork, members, networks, people, posts, privates, quiet, rooms
from storage.members import Profile
from storage.privates import Private

KIND = privates.KIND
MUTE = "mute"
LOOK_AGAIN = timedelta(minutes=10)
"""When it is looked whether what was sent came through."""

_STOP = mark("No more of these")
Draw = Callable[[Private, Speech, UnitOfWork], Card | None]
_DRAWN: dict[str, Draw] = {}
GivenUp = Callable[[Private, UnitOfWork], None]
_GIVEN_UP: dict[str, GivenUp] = {}


def message(kind: Kind) -> Callable[[Draw], Draw]:
    """Register how messages of this kind are drawn; nothing where there is nothing to say now."""

    def register(draw: Draw) -> Draw:
        _DRAWN[kind.name] = draw
        return draw

    return register


def given_up(kind: Kind) -> Callable[[GivenUp], GivenUp]:
    """Register what follows where a message of this kind is given up: the gate is against it for
    good, it has nothing to say any more, or it did not come through."""

    def register(follow: GivenUp) -> GivenUp:
        _GIVEN_UP[kind.name] = follow
        return follow

    return register


def tell(
    uow: UnitOfWork,
    kind: Kind,
    network: int,
    member: int,
    facts: Mapping[str, str],
    until: datetime | None = None,
    *,
    at: datetime | None = None,
    of: Iterable[int] = (),
) -> int:
    """Write to a member, now or as soon as the gate lets it pass, but not before `at`; the id of
    the message. `of` are the threads whose words it shows, beside the one that its facts name: it
    is drawn anew as they are."""
    kept = privates.keep(
        uow, network=network, member=member, kind=kind.name, facts=facts, until=until, at=at
    )
    named = [int(facts["thread"])] if "thread" in facts else []
    privates.tells_of(uow, kept.id, [*of, *named])
    if at is None:
        _go_on(kept, uow)
    return kept.id


def would_pass(uow: UnitOfWork, kind: Kind, member: int, until: datetime) -> bool:
    """Whether the gate would let a message pass, now or before it is too late."""
    verdict = _decide(kind, member, until, uow)
    return verdict.go or verdict.until is not None


def tell_facilitators(uow: UnitOfWork, kind: Kind, network: int, facts: Mapping[str, str]) -> bool:
    """Write to whoever runs the network now; False if that is nobody."""
    told = in_charge(uow, network)
    for one in told:
        tell(uow, kind, network, one.id, facts)
    return bool(told)


def in_charge(uow: UnitOfWork, network: int) -> list[Profile]:
    """Whoever runs the network today: its facilitators, else the first deputy who is here."""
    today = day_of(uow.now)
    facilitators = members.with_role(uow, network, "facilitator")
    here = [one for one in facilitators if gate.back_at(one, today) is None]
    if here:
        return here
    deputies = [one for one in members.deputies(uow, network) if gate.back_at(one, today) is None]
    return deputies[:1] or facilitators


def due(uow: UnitOfWork) -> None:
    """Called by the clock: decide again about what waited, and see what became of what was sent."""
    for kept in privates.due(uow):
        if kept.state == "sending":
            _look(kept, uow)
        elif not _is_gathered(kept, uow):
            _go_on(kept, uow)


def _is_gathered(kept: Private, uow: UnitOfWork) -> bool:
    """Whether by now it is told in another one."""
    if not gate.KINDS[kept.kind].joins:
        return False
    now = privates.find(uow, kept.id)
    return now is None or now.state != kept.state


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """As it is sent; nothing if by now the gate is against it. What stands may be drawn anew at any
    time, which disturbs nobody."""
    kept = privates.find(uow, subject)
    if kept is None or not (privates.stands(uow, subject) or _verdict(kept, uow).go):
        return None
    kind, say = gate.KINDS[kept.kind], speak(reader.language)
    drawn = _DRAWN[kept.kind](kept, say, uow)
    if drawn is None:
        return None
    note = "\n".join(filter(None, (drawn.note, say(kind.why))))
    switch = (Button(MUTE, say(_STOP), f"{kept.kind}:{kept.network}"),) if kind.label else ()
    return replace(drawn, note=note, buttons=(*drawn.buttons, *switch))


def muted(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The switch on a message. Whose it is, the request tells; the card, of which kind it is."""
    say = speech_of(incoming, uow)
    name, _, network = incoming.value.partition(":")
    kind = gate.KINDS.get(name)
    account = account_of(incoming.person, incoming.place, uow)
    member = people.member_of(uow, id_named(network), account.id)
    if kind is None or not kind.label or member is None:
        return Tell.words(say("There is nothing to switch off here any more."))
    members.mute(uow, member.id, [kind.name])
    if kind.invites:
        heeding.no_more(uow, member.network, member.id, by_name=kind is gate.ASKED)
    return Tell.words(
        say(
            "I will not write to you about this any more: {kind}. You can change it in My "
            "settings.",
            kind=say(kind.label),
        )
    )


def coming(network: int, until: datetime, uow: UnitOfWork) -> Iterator[Coming]:
    """Messages that wait, and by which rule."""
    for kept, organisation, rule in privates.coming(uow, network, until):
        kind = gate.KINDS[kept.kind]
        if kind.is_untold:
            continue
        yield Coming(
            max(kept.due_at or uow.now, uow.now),
            f"a private message: {kind.label or kind.name}",
            f"a member at {shown_name(organisation)}",
            f"it waits by the rule {rule!r}, and is decided anew then" if rule else "it is due",
        )


def _go_on(kept: Private, uow: UnitOfWork) -> None:
    verdict = _verdict(kept, uow)
    if verdict.until is not None and verdict.rule is not None:
        privates.wait(uow, kept.id, verdict.until, verdict.rule)
    elif not verdict.go:
        _give_up(kept, verdict.rule or Rule.LEFT, uow)
    else:
        _send(kept, uow)


def _send(kept: Private, uow: UnitOfWork) -> None:
    """To the account through which the member was met last. Where it cannot be known whether it
    arrived, it is not sent again."""
    accounts = rooms.open_to_us(uow, members.accounts_of(uow, kept.member))
    if not accounts:
        _give_up(kept, "no account", uow)
        return
    kind = gate.KINDS[kept.kind]
    if kind.joins and not privates.gather(uow, kept, _joined(kind, kept.member, uow)):
        return
    language = networks.organisation_language(uow, members.profile(uow, kept.member).organisation)
    place = direct_message_to(accounts[0], language, uow)
    privates.send(uow, kept.id, uow.now + LOOK_AGAIN)
    if kept.kind == gate.WELCOME.name:
        members.welcomed(uow, kept.member)
    known = posts.find(uow, KIND, kept.id)
    if known is not None:
        posts.show_also(uow, known, place)
        return
    posts.show(
        uow, KIND, kept.id, [place], network=kept.network, doubt="park", not_after=kept.until
    )


def _joined(kind: Kind, member: int, uow: UnitOfWork) -> set[str]:
    """The kinds that go out with it, without those that the member has switched off."""
    same = {one.name for one in gate.KINDS.values() if one.joins == kind.joins}
    return same - members.muted_by(uow, member)


def _look(kept: Private, uow: UnitOfWork) -> None:
    state = privates.state_of_copy(uow, kept.id)
    if state == "shown":
        privates.shown(uow, kept.id)
    elif state in ("dropped", None):
        _again(kept, uow)
    elif state in ("failed", "removed", "gone", "parked"):
        _give_up(kept, privates.UNDELIVERED, uow)
        if state in ("failed", "gone"):  # Blocked, say; and soon after they were asked something?
            heeding.no_more(uow, kept.network, kept.member)
    else:
        privates.look_again(uow, kept.id, uow.now + LOOK_AGAIN)


def _again(kept: Private, uow: UnitOfWork) -> None:
    """The gate, or the message itself, was against it at the moment of sending."""
    verdict = _verdict(kept, uow)
    if verdict.go:
        _give_up(kept, "nothing to say", uow)
    else:
        _go_on(kept, uow)


def _give_up(kept: Private, reason: str, uow: UnitOfWork) -> None:
    privates.drop(uow, kept.id, reason)
    if follow := _GIVEN_UP.get(kept.kind):
        follow(kept, uow)


def _verdict(kept: Private, uow: UnitOfWork) -> Verdict:
    return _decide(gate.KINDS[kept.kind], kept.member, kept.until, uow, but=kept.id)


def _decide(kind: Kind, id: int, until: datetime | None, uow: UnitOfWork, but: int = 0) -> Verdict:
    """`but` is the message itself, where there is one already."""
    member = members.profile(uow, id)
    situation = Situation(
        now=uow.now,
        member=member,
        muted=members.muted_by(uow, id),
        calendar=calendars.of_organisation(uow, member.organisation),
        last_sent=privates.last_sent(uow, id, but=but, beside=gate.BESIDE),
        last_of_any=privates.last_sent(uow, id, but=but) if kind.alone else None,
        until=until,
        takes_part=member.role == "facilitator" or rooms.takes_part(uow, member.organisation),
        out_of_reach=kind.invites and is_out_of_reach(id, uow),
    )
    return gate.decide(kind, situation)


def is_out_of_reach(id: int, uow: UnitOfWork) -> bool:
    """Two in a row did not arrive: then the member is asked for nothing until they act."""
    since = privates.unreached_since(uow, id)
    if since is None:
        return False
    contributed = quiet.contributed_at(uow, id)
    return contributed is None or contributed < since
