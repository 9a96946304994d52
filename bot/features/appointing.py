"""Appointing: whoever runs a network changes what a member does in it: their role, whether they
stand in for the facilitator or are an organisation's contact. The member is told, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.drawn import member_name, shown_name
from bot.features import answering, charge, gate, leaving, private
from bot.features.charge import FACILITATOR
from bot.features.presence import Presence
from bot.features.settings import ROLES
from bot.graphemes import cut
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech, mark
from bot.text import Text
from storage import (
    UnitOfWork,
    facilitating,
    members,
    networks,
    overviews,
    people,
    privates,
    rooms,
)
from storage.facilitating import Who
from storage.privates import Private

PEOPLE, PERSON = "people", "person"
LISTED = 100
"""Names that one list holds; with more members in the network, one searches first."""

LONGEST = 75
"""Characters of a name in the list."""

NAMES = {**ROLES, FACILITATOR: mark("Facilitator")}
DEPUTIES = {
    "": mark("Not a deputy"),
    "1": mark("First deputy"),
    "2": mark("Second deputy"),
}
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a member is to be; `deputy` is in which order they stand in."""

    role: str
    deputy: int | None
    contact: bool
    left: bool = False

    @classmethod
    def of(cls, person: Who) -> Chosen:
        return cls(person.role, person.deputy, person.contact)


def button(say: Speech, network: int) -> Button:
    return Button(PEOPLE, say("Members"), str(network), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.in_charge(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    if facilitating.count_members(uow, who.network) > LISTED:
        return Open(searching(who.network, who.say))
    return Open(choosing(who.network, facilitating.people_of(uow, who.network), who.say))


def chosen(incoming: Submitted, uow: UnitOfWork) -> Answer:
    """Whom it is about: searched for, or chosen from the list."""
    who = charge.in_charge(incoming, incoming.subject, uow)
    if who is None:
        return charge.refused(incoming, uow)
    if "words" in incoming.values:
        return _found(incoming, who, uow)
    person = _person(who.network, incoming.values.get("person", ""), uow)
    if person is None:
        return Tell.words(who.say("This member is not here any more. Open the list again."))
    return Open(_filled(who, person, uow))


def _found(incoming: Submitted, who: Presence, uow: UnitOfWork) -> Answer:
    words = incoming.values["words"]
    if incoming.suspicions:
        return Open(searching(who.network, who.say, words, answering.number_in_form(who.say)))
    found = _search(words, facilitating.names_in(uow, who.network))
    if not found:
        problem = who.say("Nobody with this name is a member. Try a part of it.")
        return Open(searching(who.network, who.say, words, problem))
    if len(found) > LISTED:
        problem = who.say("This fits more than 100 members. Write more of the name.")
        return Open(searching(who.network, who.say, words, problem))
    return Open(choosing(who.network, facilitating.these(uow, who.network, found), who.say))


def _search(words: str, names: Mapping[int, str]) -> list[int]:
    """Those in whose name, or organisation, all of the words are."""
    wanted = words.casefold().split()
    said = ((one, name.casefold()) for one, name in names.items())
    return [one for one, name in said if wanted and all(word in name for word in wanted)]


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    network, _, value = incoming.subject.partition(":")
    who = charge.in_charge(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)  # Two who give up the role at once are one too many.
    person = _person(who.network, value, uow)
    if person is None:
        return Tell.words(who.say("This member is not here any more. Open the list again."))
    people.lock(uow, person.member)
    wanted = _wanted(incoming.values, person, may_appoint=charge.facilitates(who.member, uow))
    problem = _refusal(person, wanted, who, uow)
    if problem:
        return Open(_filled(who, person, uow, wanted, problem))
    _change(who, person, wanted, uow)
    return Tell.words(_done(person, wanted, who))


def _done(person: Who, wanted: Chosen, who: Presence) -> str:
    say = who.say
    name = shown_name(person.name or say("A member"))
    if wanted.left:
        return say("{name} has left the network. I write nothing more to them.", name=name)
    if wanted == Chosen.of(person):
        return say("Nothing is changed.")
    if person.member == who.member:
        return say("It is changed.")
    return say("It is changed. {name} is told in private, and by whom.", name=name)


def searching(network: int, say: Speech, words: str = "", problem: str = "") -> Form:
    """Where there are too many for one list."""
    field = Input(
        name="words",
        label=say("Name"),
        hint=say("A part of the name, or of the organisation."),
        value=words,
        problem=problem,
        max_length=100,
    )
    return _choice(network, say, field)


def choosing(network: int, listed: Sequence[Who], say: Speech) -> Form:
    """Whom it is about."""
    choices = tuple((str(one.member), cut(_label(one, say), LONGEST)) for one in listed)
    return _choice(network, say, Input(name="person", label=say("Member"), choices=choices))


def _choice(network: int, say: Speech, field: Input) -> Form:
    return Form(
        name=PEOPLE,
        title=say("Members"),
        submit=say("Next"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(network),
        inputs=(field,),
    )


def _label(one: Who, say: Speech) -> str:
    return f"{shown_name(one.name or say('A member'))} · {shown_name(one.organisation_name)}"


def _filled(
    who: Presence, person: Who, uow: UnitOfWork, wanted: Chosen | None = None, problem: str = ""
) -> Form:
    may_appoint = charge.facilitates(who.member, uow)
    shown = Chosen.of(person) if wanted is None else wanted
    made = form(who.network, person, shown, who.say, problem, may_appoint=may_appoint)
    return replace(made, note="") if person.member == who.member else made


def form(
    network: int,
    person: Who,
    shown: Chosen,
    say: Speech,
    problem: str = "",
    *,
    may_appoint: bool = True,
) -> Form:
    """What one member does; `may_appoint`: also who facilitates, and who stands in."""
    return Form(
        name=PERSON,
        title=say("Member"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=f"{network}:{person.member}",
        intro=_label(person, say),
        inputs=tuple(_inputs(person, shown, say, problem, may_appoint=may_appoint)),
        note=say("They are told in private what is changed, and that it was you."),
    )


def _inputs(
    person: Who, shown: Chosen, say: Speech, problem: str, *, may_appoint: bool
) -> Iterable[Input]:
    may_change = _may_change(person, may_appoint=may_appoint)
    if may_change:
        roles = NAMES if may_appoint else ROLES
        choices = tuple((role, say(label)) for role, label in roles.items())
        yield Input("role", say("Role"), value=shown.role, problem=problem, choices=choices)
    if may_appoint:
        hint = say("While the facilitator is away. Whoever stands there now changes places.")
        choices = tuple((order or NOBODY, say(label)) for order, label in DEPUTIES.items())
        value = str(shown.deputy or NOBODY)
        yield Input("deputy", say("Deputy"), hint, value=value, choices=choices)
    name = shown_name(person.organisation_name)
    contact = say("The contact of {organisation}", organisation=name)
    hint = say("Takes over what is open when somebody there leaves.")
    yield _tick("contact", say("Contact"), hint, cut(contact, LONGEST), ticked=shown.contact)
    if not may_change:
        return
    hint = say("Then I write nothing more to them. What they have written stays.")
    yield _tick("left", say("Left"), hint, say("Has left the network"), ticked=shown.left)


def _tick(name: str, label: str, hint: str, words: str, *, ticked: bool) -> Input:
    value, choices = "yes" if ticked else "", (("yes", words),)
    return Input(name, label, hint, value=value, choices=choices, many=True, required=False)


def _wanted(values: Mapping[str, str], person: Who, *, may_appoint: bool) -> Chosen:
    """What was chosen; of what was not offered, nothing."""
    may_change = _may_change(person, may_appoint=may_appoint)
    role, deputy = values.get("role", person.role), person.deputy
    if not may_change or role not in (NAMES if may_appoint else ROLES):
        role = person.role
    if may_appoint and "deputy" in values:
        deputy = int(values["deputy"]) if values["deputy"] in ("1", "2") else None
    if role == FACILITATOR:
        deputy = None
    left = may_change and values.get("left") == "yes"
    return Chosen(role, deputy, values.get("contact") == "yes", left)


def _may_change(person: Who, *, may_appoint: bool) -> bool:
    """Whether the member's role is the one's to change who acts."""
    return may_appoint or person.role != FACILITATOR


def _person(network: int, value: str, uow: UnitOfWork) -> Who | None:
    """The member that a client names, if they are in this network."""
    return facilitating.person(uow, network, id_named(value))


def _refusal(person: Who, wanted: Chosen, who: Presence, uow: UnitOfWork) -> str:
    if person.role != FACILITATOR or (wanted.role == FACILITATOR and not wanted.left):
        return ""
    if len(members.with_role(uow, who.network, FACILITATOR)) > 1:
        return ""
    return last_one(who.say)


def last_one(say: Speech) -> str:
    """What whoever is the only facilitator is told."""
    return say("The network has no other facilitator. First give somebody else the role.")


def _change(who: Presence, person: Who, wanted: Chosen, uow: UnitOfWork) -> None:
    if wanted.left:
        leaving.leave(person.member, uow)
    elif wanted != Chosen.of(person):
        _make_way(who, person, wanted, uow)
        _appoint(who, person, wanted, uow)
    overviews.redraw_all(uow, who.network, overviews.NETWORK)


def _make_way(who: Presence, person: Who, wanted: Chosen, uow: UnitOfWork) -> None:
    """One stands at each place: whoever stood there gets the place that is left."""
    for other in facilitating.people_beside(uow, who.network, person.member):
        is_there = wanted.deputy is not None and other.deputy == wanted.deputy
        was_contact = wanted.contact and other.contact
        keeps = replace(
            Chosen.of(other),
            deputy=person.deputy if is_there else other.deputy,
            contact=other.contact
            and not (was_contact and other.organisation == person.organisation),
        )
        if keeps != Chosen.of(other):
            _appoint(who, other, keeps, uow)


def _appoint(who: Presence, person: Who, wanted: Chosen, uow: UnitOfWork) -> None:
    before = Chosen.of(person)
    members.appoint(
        uow, person.member, role=wanted.role, deputy=wanted.deputy, contact=wanted.contact
    )
    if FACILITATOR in (before.role, wanted.role):
        overviews.outdate(uow, who.network, person.member, overviews.NETWORK)
    about = {
        name: "yes"
        for name in ("role", "deputy", "contact")
        if getattr(before, name) != getattr(wanted, name)
    }
    if about and person.member != who.member:
        _tell(who, person, about, uow)


def _tell(who: Presence, person: Who, about: Mapping[str, str], uow: UnitOfWork) -> None:
    """Once: what waits to be told already is told together with this."""
    facts = {"by": str(who.member), **about}
    waiting = privates.waiting(uow, person.member, gate.CHANGED.name)
    if waiting is not None and waiting.facts["by"] == facts["by"]:
        privates.say_also(uow, waiting, facts)
    else:
        private.tell(uow, gate.CHANGED, who.network, person.member, facts)


@private.message(gate.CHANGED)
def _changed(kept: Private, say: Speech, uow: UnitOfWork) -> Card:
    """What it is now, by today's rows; a change that was taken back reads as it is."""
    person = facilitating.person(uow, kept.network, kept.member)
    name = member_name(int(kept.facts["by"]), say, uow) or say("The facilitator")
    network = shown_name(networks.network_name(uow, kept.network))
    words = say(
        "{name} has changed what you do in the network {network}.", name=name, network=network
    )
    lines = _lines(person, kept.facts, say) if person else ()
    runs_it = person is not None and person.role == FACILITATOR
    return Card(
        text=Text.of("\n\n".join((words, *lines))),
        buttons=(charge.button(say, kept.network),) if runs_it else (),
    )


def _lines(person: Who, about: Mapping[str, str], say: Speech) -> Iterable[str]:
    if "role" in about and person.role == FACILITATOR:
        yield say("You now run the network. The button shows you how it stands.")
    elif "role" in about:
        yield say("Your role is now: {role}.", role=say(NAMES[person.role]))
    if "deputy" in about:
        yield _deputy(person, say)
    if "contact" in about:
        yield _contact(person, say)


def _deputy(person: Who, say: Speech) -> str:
    if person.deputy is None:
        return say("You are not a deputy any more.")
    if person.deputy == 1:
        return say(
            "You are the first deputy: while the facilitator is away, what needs somebody comes to "
            "you. Write network to me to see how the network stands."
        )
    return say(
        "You are the second deputy: what needs somebody comes to you while the facilitator and the "
        "first deputy are away."
    )


def _contact(person: Who, say: Speech) -> str:
    organisation = shown_name(person.organisation_name)
    if person.contact:
        return say(
            "You are the contact of {organisation}: what is open there passes to you when somebody "
            "leaves.",
            organisation=organisation,
        )
    return say("You are not the contact of {organisation} any more.", organisation=organisation)
