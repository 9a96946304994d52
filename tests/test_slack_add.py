"""`mellom slack add`, `list` and `remove`, in the order in which people type them."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import shlex
import sys

import pytest

from adapters import workspaces
from adapters.playground import faults
from tests.administering import Administrator
from tests.conversation import Person, SlackRoom, World
from tests.operators import Operator
from tests.processes import PROGRAM, ROOT
from tests.test_joining import VADSO

QUESTION = "Hvordan får dere liv i tavlemøtene?"


def test_the_secrets_are_sealed_and_never_printed(
    admin: Administrator, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    number = admin.adds()
    token, signing = str(admin.workspace.token), admin.app.signing_secret
    with world.village.mellom.writers.begin() as uow:
        kept = uow.connection.exec_driver_sql(
            "SELECT secret, signing_secret FROM installation WHERE own"
        ).one()
        assert [uow.unseal(one) for one in kept] == [token, signing]
    told = admin.succeeds("slack", "list") + admin.succeeds("doctor") + caplog.text
    assert not [one for one in (*kept, token, signing) if one in told]
    assert f"{number}  Vadsø kommune" in told


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("xoxb-forged", "Slack refuses the bot token (invalid_auth)"),
        ("xoxp-1-2", "not a bot token"),
        ("xapp-1-A1-2", "not a bot token"),
        ("xoxe.xoxb-1-abc", "token rotation is on"),
        ("", "is empty"),
        ("xoxb 1", "one word on one line"),
    ],
)
def test_a_token_that_is_of_no_use_is_told_and_nothing_is_kept(
    token: str, problem: str, admin: Administrator, world: World
) -> None:
    number = admin.reserves()
    secrets = admin.secrets(admin.makes_app(number), token)
    assert problem in admin.is_refused("slack", "add", "--installation", number, *secrets)
    assert world.count("SELECT count(*) FROM installation WHERE own AND secret IS NULL") == 1


def test_an_app_that_may_do_too_little_is_told_what_it_lacks(admin: Administrator) -> None:
    number = admin.reserves()
    app = admin.makes_app(number)
    token = admin.workspace.install([one for one in app.scopes if one != "im:write"])
    told = admin.is_refused("slack", "add", "--installation", number, *admin.secrets(app, token))
    assert "The app lacks im:write" in told
    assert admin.verifies() == 401


def test_a_token_is_no_signing_secret(admin: Administrator) -> None:
    number = admin.reserves()
    app = admin.makes_app(number)
    token = admin.file("token", app.install())
    swapped = ("--signing-secret-file", token, "--token-file", token)
    told = admin.is_refused("slack", "add", "--installation", number, *swapped)
    assert "not a signing secret" in told


@pytest.mark.parametrize(
    "fault", [faults.error("internal_error"), faults.status(502), faults.drop_after()]
)
def test_where_slack_does_not_answer_nothing_is_kept(
    fault: faults.Fault, admin: Administrator, world: World
) -> None:
    number = admin.reserves()
    app = admin.makes_app(number)
    secrets = admin.secrets(app, app.install())
    world.slack.faults.add(fault, method="auth.test")
    told = admin.is_refused("slack", "add", "--installation", number, *secrets)
    assert "Slack does not answer" in told
    assert "Added" in admin.succeeds("slack", "add", "--installation", number, *secrets)


def test_one_app_has_one_number_and_one_number_one_app(admin: Administrator, world: World) -> None:
    number = admin.adds()
    secrets = admin.secrets(admin.app, str(admin.workspace.token))
    other = admin.reserves()
    told = admin.is_refused("slack", "add", "--installation", other, *secrets)
    assert f"is installation {number} already" in told

    app = admin.makes_app(other)
    secrets = admin.secrets(app, app.install())
    told = admin.is_refused("slack", "add", "--installation", number, *secrets)
    assert "another app or workspace" in told
    assert "Added" in admin.succeeds("slack", "add", "--installation", other, *secrets)


def test_the_shared_app_is_nobodys_own(admin: Administrator, alta: SlackRoom) -> None:
    token = alta.channel.workspace.token
    number = admin.reserves()
    secrets = admin.secrets(admin.makes_app(number), str(token))
    told = admin.is_refused("slack", "add", "--installation", number, *secrets)
    assert "already" in told
    shared = admin.succeeds("slack", "list").split()[0]
    told = admin.is_refused("slack", "add", "--installation", shared, *secrets)
    assert "the settings name" in told
    told = admin.is_refused("manifest", "slack", "--installation", shared)
    assert "the settings name" in told


def test_a_new_token_takes_the_place_of_the_old_one(
    admin: Administrator, world: World, kari: Person
) -> None:
    number = admin.adds()
    vadso = admin.opens_room()
    admin.workspace.revoke()
    secrets = admin.secrets(admin.app, admin.app.install())
    admin.succeeds("slack", "add", "--installation", number, *secrets)
    kari.asks(QUESTION)
    vadso.sees(QUESTION)


def test_an_app_that_is_removed_is_sent_nothing_and_heard_no_more(
    admin: Administrator, world: World, kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = admin.adds()
    vadso = admin.opens_room()
    told = admin.succeeds("slack", "remove", number)
    assert "30 days" in told
    posts = len(world.slack.calls("chat.postMessage"))
    monkeypatch.setattr(workspaces, "RENEW", 0.0)
    while admin.verifies() != 401:
        pass  # Until the process has looked into the database again.
    kari.asks(QUESTION)
    vadso.does_not_see(QUESTION)
    there = [one for one in world.slack.calls("chat.postMessage")[posts:]
             if one.workspace in ("", admin.workspace.team_id)]  # fmt: skip
    assert there == []
    assert "stopped" in admin.succeeds("slack", "list")
    assert world.count("SELECT count(*) FROM installation WHERE signing_secret IS NOT NULL") == 0


def test_a_number_that_was_only_reserved_is_gone_when_it_is_removed(admin: Administrator) -> None:
    number = admin.reserves()
    assert "waits for its secrets" in admin.succeeds("slack", "list")
    assert admin.succeeds("slack", "remove", number) == f"Removed {number}.\n"
    assert VADSO.name not in admin.succeeds("slack", "list")
    assert "mellom slack list" in admin.is_refused("slack", "remove", number)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("slack", "add"), "--network and --organisation"),
        (("slack", "add", "--network", "Nord"), "--network and --organisation"),
        (("slack", "add", "--installation", "77"), "no installation 77"),
        (("slack", "add", "--network", "Nord", "--organisation", "X"), "no organisation"),
        (("slack", "remove", "77"), "no installation 77"),
        (("manifest", "slack", "--installation", "77"), "no installation 77"),
        (("manifest", "slack", "--installation", "77", "--language", "nb"), "no installation 77"),
        (("manifest", "slack", "--installation", "1", "--token-rotation"), "has to last"),
        (("manifest", "slack", "--language", "sv"), "--language is one of"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    words: tuple[str, ...], problem: str, admin: Administrator
) -> None:
    assert problem in admin.is_refused(*words)


def test_without_a_terminal_the_secrets_come_from_files(admin: Administrator) -> None:
    number = admin.reserves()
    told = admin.is_refused("slack", "add", "--installation", number)
    assert "--signing-secret-file" in told
    told = admin.is_refused(
        "slack", "add", "--installation", number, "--signing-secret-file", "/nowhere"
    )
    assert "'/nowhere'" in told


def test_without_a_key_to_seal_them_with_no_number_is_reserved(
    admin: Administrator, operator: Operator, world: World
) -> None:
    operator.sets(MELLOM_SECRET_KEY="", SLACK_CLIENT_ID="", SLACK_CLIENT_SECRET="",
                  SLACK_SIGNING_SECRET="")  # fmt: skip
    told = admin.is_refused("slack", "add", "--network", "Nord", "--organisation", VADSO.name)
    assert "MELLOM_SECRET_KEY is missing" in told


def test_the_manifest_speaks_the_language_of_the_organisation(admin: Administrator) -> None:
    made = json.loads(admin.succeeds("manifest", "slack", "--installation", admin.reserves()))
    assert made["features"]["shortcuts"][0]["name"] == "Spør nettverket"
    assert "redirect_urls" not in made["oauth_config"]


def test_the_way_that_the_readme_describes_can_be_gone(admin: Administrator) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").split("## Connect Slack\n")[1]
    section = readme.split("### An organisation's own app\n")[1].split("\n### ")[0]
    scripts = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    reserve, manifest, add = (shlex.split(script)[-7:] for script in scripts)
    number = admin.succeeds(*reserve[1:]).split("installation ")[1].split(".")[0]
    words = [number if word == "7" else word for word in manifest[2:]]
    app = admin.makes_app_from(admin.succeeds(*words))
    words = [number if word == "7" else word for word in add[1:]]
    assert "Added" in admin.succeeds(*words, *admin.secrets(app, app.install()))


def test_secrets_are_typed_where_nobody_can_read_along(admin: Administrator, world: World) -> None:
    """In a process of its own, with a terminal of its own."""
    number = admin.reserves()
    app = admin.makes_app(number)
    token = app.install()
    environment = {**world.village.environment(), "PATH": os.environ["PATH"], "TERM": "dumb"}
    command = [sys.executable, "-c", PROGRAM, "slack", "add", "--installation", number]
    shown = world.run(asyncio.to_thread(typed, command, environment, app.signing_secret, token))
    assert "Signing secret (not shown)" in shown
    assert "Added" in shown
    assert app.signing_secret not in shown
    assert token not in shown


def typed(command: list[str], environment: dict[str, str], *lines: str) -> str:
    """What a terminal shows while these lines are typed, each when it is asked for."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execvpe(command[0], command, environment)
    shown, left = "", list(lines)
    while True:
        try:
            read = os.read(terminal, 4096).decode()
        except OSError:
            break
        shown += read
        if shown.rstrip().endswith("(not shown):") and left and read.strip():
            os.write(terminal, f"{left.pop(0)}\n".encode())
        if not read:
            break
    os.close(terminal)
    os.waitpid(child, 0)
    return shown
