"""My settings: what a member chooses for themselves. Nobody else is shown it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot import heeding
from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.drawn import account_label
from bot.features import belonging, gate, joining, notices, returning, themes
from bot.features.presence import Presence, present_in_each
from bot.incoming import Pressed, Submitted
from bot.language import LANGUAGES, Speech, mark, speak
from bot.text import Text
from bot.windows import day_of
from storage import UnitOfWork, invitations, members, people
from storage import belonging as stored_belonging
from storage.members import Profile

SETTINGS, JUST_READ, ACCOUNTS = "settings", "just-read", "accounts"
FURTHEST = timedelta(days=366)
"""How far ahead a pause may end."""

NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "da": "Dansk", "en": "English"}
"""Each language in its own words."""

ROLES = {
    "member": mark("Member"),
    "coordinator": mark("Lean coach"),
    "manager": mark("Manager"),
    "reader": mark("Reader"),
}
"""Those that people give themselves; who facilitates is made so with a code."""

Problems = Mapping[str, str]
Choices = tuple[tuple[str, str], ...]
NONE: Problems = {}


def button(say: Speech, network: str = "") -> Button:
    """Opens the form; `network` is named where somebody may be in several."""
    return Button(SETTINGS, say("My settings"), network, opens=True)


def accounts_button(say: Speech) -> Button:
    return Button(ACCOUNTS, say("My accounts"), opens=True)


def just_read_button(say: Speech, network: int) -> Button:
    return Button(JUST_READ, say("I'd rather just read"), str(network))


@notices.notice("settings")
def card(say: Speech, facts: notices.Facts) -> Card:
    """What somebody is told who asks for their settings where a form cannot open by itself."""
    words = say(
        "In My settings you choose your language, your themes and your working days, take a pause, "
        "or switch off what I write to you in private. Only you see it."
    )
    buttons = (button(say, facts.get("network", "")), accounts_button(say))
    return Card(text=Text.of(words), buttons=buttons)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = _meant(incoming, incoming.value, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    return Open(_filled(members.profile(uow, who.member), who.say, uow))


def just_read(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The button that stops everything that asks for something."""
    who = _meant(incoming, incoming.value, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    return Tell.words(only_reads(who, uow))


def only_reads(who: Presence, uow: UnitOfWork) -> str:
    """From now on the member is asked for nothing."""
    members.just_read(uow, who.member)
    heeding.no_more(uow, who.network, who.member, invitations.JUST_READS, by_name=True)
    return who.say(
        "Fine. I ask you for nothing from now on, and tell nobody. You can still ask and answer "
        "whenever you like, and change this in My settings."
    )


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = _meant(incoming, incoming.subject, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    people.lock(uow, who.member)
    member = members.profile(uow, who.member)
    found = problems(incoming.values, who.say, day_of(uow.now))
    if found:
        return Open(_filled(member, who.say, uow, incoming.values, found))
    _keep(member, incoming.values, uow)
    say = speak(incoming.values["language"])
    told = _placed(replace(who, say=say), incoming.values.get("organisation", ""), uow)
    return Tell.words(" ".join(filter(None, (say("Your settings are saved."), told))))


def _placed(who: Presence, chosen: str, uow: UnitOfWork) -> str | None:
    """Whoever could not be asked in private for which organisation they write tells it here."""
    home = stored_belonging.home_of(uow, who.member)
    return belonging.choose(who, chosen, uow) if home not in (None, chosen) else None


def _filled(
    member: Profile,
    say: Speech,
    uow: UnitOfWork,
    typed: Mapping[str, str] | None = None,
    problems: Problems = NONE,
) -> Form:
    """The form, with what holds now in it or what was typed."""
    values = _now(member, say, uow) if typed is None else typed
    accounts = members.accounts_of(uow, member.id)
    labels = tuple((str(one.id), account_label(one, say)) for one in accounts)
    choices = themes.choices(uow, member.network, say)
    made = form(member, say, values, problems, choices, labels)
    home = stored_belonging.home_of(uow, member.id)
    if home is None:
        return made
    listed = belonging.choices(member.network, say, uow)
    chosen = values.get("organisation", home if home == stored_belonging.NOWHERE else "")
    asked = replace(belonging.field(listed, say), value=chosen, required=False)
    return replace(made, inputs=(asked, *made.inputs))


def form(
    member: Profile,
    say: Speech,
    values: Mapping[str, str],
    problems: Problems = NONE,
    choices: Choices = (),
    accounts: Choices = (),
) -> Form:
    """`choices` are the themes to choose from, and `accounts` those of the member."""
    return Form(
        name=SETTINGS,
        title=say("My settings"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(member.network),
        intro=say("Only you see this. Everything can be changed again."),
        inputs=tuple(_inputs(member, say, values, problems, choices, accounts)),
        note=_about_accounts(say),
    )


def _about_accounts(say: Speech) -> str:
    return say(
        "Do you use me with another account, too? Write to me in private: {word}",
        word=say.quoted(say("my accounts", context="typed")),
    )


def _now(member: Profile, say: Speech, uow: UnitOfWork) -> dict[str, str]:
    wanted = set(_switches(member)) - members.muted_by(uow, member.id)
    away = gate.back_at(member, day_of(uow.now)) or member.away_from
    return {
        "language": say.language,
        "account": next((str(one.id) for one in members.accounts_of(uow, member.id)), ""),
        "themes": ",".join(map(str, members.themes_of(uow, member.id))),
        "role": member.role,
        "days": ",".join(str(day) for day in sorted(member.days)),
        "just_reads": "yes" if member.just_reads else "",
        "away_from": str(member.away_from or "") if away else "",
        "away_until": str(member.away_until or "") if away else "",
        "kinds": ",".join(kind for kind in gate.KINDS if kind in wanted),
    }


def _inputs(
    member: Profile,
    say: Speech,
    values: Mapping[str, str],
    problems: Problems,
    themes: Choices,
    accounts: Choices,
) -> Iterable[Input]:
    def field(name: str, label: str, hint: str = "", **looks: object) -> Input:
        known = {"value": values.get(name, ""), "problem": problems.get(name, "")}
        return Input(name=name, label=label, hint=hint, **known, **looks)  # type: ignore[arg-type]

    yield field("language", say("Language"), choices=tuple(NAMES.items()))
    if themes:
        hint = say("You may be asked by name when somebody has a question about one of them.")
        yield field(
            "themes",
            say("Themes I can help with"),
            hint,
            choices=themes,
            many=True,
            required=False,
        )
    if member.role in ROLES:
        roles = tuple((role, say(label)) for role, label in ROLES.items())
        yield field("role", say("Role"), choices=roles)
    days = tuple((str(day), say.weekday(day)) for day in range(1, 6))
    hint = say("I write to you on these days only.")
    yield field("days", say("Working days"), hint, choices=days, many=True)
    reads = (("yes", say("I'd rather just read")),)
    hint = say("Then I ask you for nothing. You can still ask and answer.")
    yield field("just_reads", say("Reading"), hint, choices=reads, many=True, required=False)
    if member.role == "facilitator":
        hint = say("From this day on your deputy gets what you would get.")
        yield field("away_from", say("Away from"), hint, day=True, required=False)
    hint = say("The first day on which I may write to you again. The pause ends by itself.")
    yield field("away_until", say("Pause until"), hint, day=True, required=False)
    if len(accounts) > 1:
        yield field("account", say("Where I write to you in private"), choices=accounts)
    kinds = tuple((kind, say(gate.KINDS[kind].label)) for kind in _switches(member))
    if kinds:
        yield field(
            "kinds",
            say("What I may write to you about"),
            choices=kinds,
            many=True,
            required=False,
        )


def _switches(member: Profile) -> list[str]:
    """The kinds of messages that this member can get, and switch off."""
    runs_it = member.role == "facilitator" or member.deputy is not None
    return [
        kind.name
        for kind in gate.KINDS.values()
        if kind.label and (runs_it or not kind.facilitates)
    ]


def problems(values: Mapping[str, str], say: Speech, today: date) -> dict[str, str]:
    """What is to be mended, by the field's name."""
    found = {}
    if values.get("language") not in LANGUAGES:
        found["language"] = say("Choose a language.")
    if not _days(values):
        found["days"] = say("Choose at least one day.")
    begins, ends = (_day(values.get(name, "")) for name in ("away_from", "away_until"))
    if values.get("away_until") and (ends is None or ends <= today):
        found["away_until"] = say("Choose a day after today.")
    elif ends is not None and ends - today > FURTHEST:
        found["away_until"] = say("Choose a day within a year.")
    elif values.get("away_from") and begins is None:
        found["away_from"] = say("Choose a day.")
    elif begins is not None and (ends is None or ends <= begins):
        found["away_until"] = say("Choose the first day back, after the first day away.")
    return found


def _keep(member: Profile, values: Mapping[str, str], uow: UnitOfWork) -> None:
    if off := _wants_less(member, values, uow):
        by_name = gate.ASKED.name in off
        reads = values.get("just_reads") == "yes"
        outcome = invitations.JUST_READS if reads else invitations.NO_MORE
        heeding.no_more(uow, member.network, member.id, outcome, by_name=by_name)
    role = values.get("role", "")
    members.choose(
        uow,
        member.id,
        role=role if role in ROLES and member.role in ROLES else member.role,
        days=_days(values),
        just_reads=values.get("just_reads") == "yes",
        away_from=_day(values.get("away_from", "")),
        away_until=_day(values.get("away_until", "")),
    )
    returning.chosen(members.profile(uow, member.id), uow)
    chosen = (themes.chosen(uow, member.network, one) for one in _listed(values, "themes"))
    members.choose_themes(uow, member.id, (one for one in chosen if one is not None))
    wanted, switches = set(_listed(values, "kinds")), _switches(member)
    members.unmute(uow, member.id, switches)
    members.mute(uow, member.id, (kind for kind in switches if kind not in wanted))
    accounts = members.accounts_of(uow, member.id)
    members.speak(uow, accounts, values["language"])
    for one in accounts:
        if str(one.id) == values.get("account"):
            members.prefer(uow, member.id, one.id)


def _wants_less(member: Profile, values: Mapping[str, str], uow: UnitOfWork) -> set[str]:
    """The kinds that ask something and are switched off now: all, for who rather just reads."""
    asking = {kind for kind in _switches(member) if gate.KINDS[kind].invites}
    if values.get("just_reads") == "yes" and not member.just_reads:
        return asking
    return asking - set(_listed(values, "kinds")) - members.muted_by(uow, member.id)


def _meant(incoming: Pressed | Submitted, value: str, uow: UnitOfWork) -> Presence | None:
    """Who acts, in the network that the card names, or in their only one."""
    here = present_in_each(incoming.person, incoming.place, uow)
    named = [who for who in here if str(who.network) == value]
    return next(iter(named), here[0] if len(here) == 1 else None)


def _listed(values: Mapping[str, str], name: str) -> list[str]:
    return [one for one in values.get(name, "").split(",") if one]


def _days(values: Mapping[str, str]) -> list[int]:
    return [int(one) for one in _listed(values, "days") if one in {"1", "2", "3", "4", "5"}]


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
