"""The manifest for Slack: what Slack is told is what the code does, and Slack takes it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters import settings
from adapters.running import Mellom
from adapters.slack import incoming as incoming_from_slack
from adapters.slack import manifest as slack
from adapters.slack.incoming import EVENTS, NotUnderstood, translate
from adapters.slack.oauth import SCOPES
from adapters.slack.workspace import Workspace
from bot.language import LANGUAGES

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "tests/adapters/slack/slack-manifest-2.json"
HERE = "https://mellom.example"
ALTA = Workspace(1, "A0MELLOM", "T0ALTA", "U0MELLOM", "B0MELLOM")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("installation", [None, 7])
def test_slack_takes_the_manifest(language: str, installation: int | None) -> None:
    """By Slack's published schema, which comes with its manifest tools (github.com/slackapi)."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    made = slack.manifest(HERE, language, installation=installation)
    jsonschema.Draft7Validator(schema).validate(made)
    shown = made["display_information"]
    assert len(shown["description"]) <= 140  # docs.slack.dev, "App manifest reference"
    assert 175 <= len(shown["long_description"]) <= 4000
    assert len(made["features"]["shortcuts"][0]["description"]) <= 150


def test_the_words_of_the_manifest_are_in_the_language_of_the_workspace() -> None:
    hints = {
        language: slack.manifest(HERE, language)["features"]["slash_commands"][0]["usage_hint"]
        for language in LANGUAGES
    }
    assert hints["nb"] == "spør spørsmålet ditt · delta KODE · hjelp"
    assert hints["da"] == "spørg dit spørgsmål · deltag KODE · hjælp"
    assert hints["en"] == "ask your question · join CODE · help"


def test_an_organisations_own_app_has_its_number_in_every_address_and_installs_nobody() -> None:
    made = slack.manifest(HERE, installation=7)
    assert set(_urls(made)) == {f"{HERE}/slack/events/7"}
    assert made["settings"]["token_rotation_enabled"] is False
    others = slack.manifest(HERE)
    assert made["oauth_config"]["scopes"] == others["oauth_config"]["scopes"]
    events = "event_subscriptions"
    assert made["settings"][events]["bot_events"] == others["settings"][events]["bot_events"]


def test_the_schema_would_refuse_a_manifest_with_a_mistake() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    wrong = slack.manifest(HERE)
    wrong["settings"]["event_subscription"] = wrong["settings"].pop("event_subscriptions")
    assert not jsonschema.Draft7Validator(schema).is_valid(wrong)


def test_slack_is_asked_for_exactly_the_events_that_are_understood() -> None:
    subscribed = slack.manifest(HERE)["settings"]["event_subscriptions"]["bot_events"]
    assert sorted(subscribed) == sorted(EVENTS)
    assert all(_is_understood(name.partition(".")[0]) for name in subscribed)
    assert not [name for name in NOT_OURS.split() if _is_understood(name)]


NOT_OURS = (
    "app_requested assistant_thread_started call_rejected channel_created "
    "channel_history_changed channel_shared channel_unshared dnd_updated email_domain_changed "
    "emoji_changed file_change file_deleted file_shared function_executed group_open im_close "
    "im_created im_open invite_requested link_shared message_metadata_deleted "
    "message_metadata_posted message_metadata_updated pin_added pin_removed reaction_added "
    "reaction_removed shared_channel_invite_accepted star_added subteam_created subteam_updated "
    "team_access_granted team_access_revoked team_domain_change team_join team_rename "
    "user_huddle_changed user_profile_changed user_status_changed workflow_step_execute"
)
"""Other events that Slack has (docs.slack.dev, "Events")."""


def _is_understood(kind: str) -> bool:
    """Whether the adapter has a reader for such an event, be the event itself ever so empty."""
    event = {"type": kind, "event_ts": "1700000000.000100"}
    body = {"type": "event_callback", "event_id": "Ev1", "api_app_id": ALTA.app, "event": event}
    try:
        translate(body, ALTA, datetime(2027, 1, 19, tzinfo=UTC))
    except NotUnderstood:
        return False
    except KeyError:
        return True
    return True


READING = {"channels:history", "groups:history", "im:history"}
METHODS: dict[str, set[str]] = {
    "auth.test": set(),
    "bots.info": {"users:read"},
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": READING | {"metadata.message:read"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": READING | {"metadata.message:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
"""The scopes that our calls need (docs.slack.dev, "Web API methods"). The two that read do so with
`include_all_metadata`, which has a scope of its own."""

_PUBLIC, _PRIVATE = {"channels:read"}, {"groups:read"}
EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_archive": _PUBLIC,
    "channel_deleted": _PUBLIC,
    "channel_id_changed": _PUBLIC,
    "channel_left": _PUBLIC,
    "channel_rename": _PUBLIC,
    "channel_unarchive": _PUBLIC,
    "group_archive": _PRIVATE,
    "group_deleted": _PRIVATE,
    "group_left": _PRIVATE,
    "group_rename": _PRIVATE,
    "group_unarchive": _PRIVATE,
    "member_joined_channel": _PUBLIC | _PRIVATE,
    "member_left_channel": _PUBLIC | _PRIVATE,
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}


def test_slack_is_asked_for_exactly_the_scopes_that_are_needed() -> None:
    assert set(_methods_called()) == METHODS.keys()
    assert set(EVENTS) == EVENT_SCOPES.keys()
    needed = {"commands"}.union(*METHODS.values(), *EVENT_SCOPES.values())
    assert slack.manifest(HERE)["oauth_config"]["scopes"] == {"bot": list(SCOPES)}
    assert set(SCOPES) == needed


def _methods_called() -> Iterator[str]:
    """Slack's methods, as the code names them where it calls."""
    commands = (ROOT / "adapters/commands").glob("slack*.py")
    for path in (*(ROOT / "adapters/slack").glob("*.py"), ROOT / "adapters/on_slack.py", *commands):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                called = node.func.attr in ("write", "_write", "read", "api_call", "_answer")
                yield from filter(_is_method, _strings(node.args[0])) if called else ()


def _strings(node: ast.expr) -> list[str]:
    found = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return [value for value in found if isinstance(value, str)]


def _is_method(words: str) -> bool:
    return bool(re.fullmatch(r"[a-z]+(\.[a-zA-Z0-9]+)+", words))


def test_slack_can_be_written_to_directly_and_gives_tokens_that_last() -> None:
    made = slack.manifest(HERE)
    assert made["features"]["app_home"]["messages_tab_enabled"]
    assert not made["features"]["app_home"]["messages_tab_read_only_enabled"]
    assert made["settings"]["token_rotation_enabled"] is False
    assert made["settings"]["socket_mode_enabled"] is False
    rotating = slack.manifest(HERE, token_rotation=True)
    assert rotating["settings"]["token_rotation_enabled"] is True


def test_slack_offers_to_ask_with_a_message() -> None:
    [made] = slack.manifest(HERE)["features"]["shortcuts"]
    names = [slack.manifest(HERE, one)["features"]["shortcuts"][0]["name"] for one in LANGUAGES]
    assert max(map(len, names)) <= 24  # docs.slack.dev, "Shortcuts"
    assert (made["type"], made["callback_id"]) == ("message", incoming_from_slack.ASK)
    assert "commands" in SCOPES


def test_slack_sends_to_addresses_that_are_served(database_url: str) -> None:
    mellom = Mellom(settings.read({"DATABASE_URL": database_url} | SLACK_SETTINGS))
    served = {resource.canonical for resource in mellom.application.router.resources()}
    mellom.writers.close()
    for url in _urls(slack.manifest(HERE)):
        assert url.removeprefix(HERE) in served
    for url in _urls(slack.manifest(HERE, installation=7)):
        assert url.removeprefix(HERE).replace("7", "{installation}") in served


SLACK_SETTINGS = {
    "SLACK_SIGNING_SECRET": "a playground keeps no secrets",
    "SLACK_CLIENT_ID": "1.1",
    "SLACK_CLIENT_SECRET": "a playground keeps no secrets",
    "MELLOM_BASE_URL": HERE,
    "MELLOM_SECRET_KEY": "a playground keeps no secrets",
}


def test_every_address_is_https() -> None:
    urls = list(_urls(slack.manifest(HERE)))
    assert len(urls) > 2
    assert all(url.startswith("https://") for url in urls)


def _urls(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _urls(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _urls(inner)
    elif isinstance(value, str) and "://" in value:
        yield value
