"""The command line, as an operator uses it."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from adapters import settings
from bot.features import joining
from storage import installations, networks
from storage.models import is_ours, metadata
from storage.unit_of_work import connect
from tests.operators import Operator
from tests.processes import PROGRAM, ROOT

CODE = re.compile(r"[A-Z0-9]{5}-[A-Z0-9]{5}")
ORGANISATION = ("--network", "Nord", "--country", "no", "--language", "nb")


def count(database_url: str, table: str) -> int:
    with closing(connect(database_url)) as database, database.begin(datetime.now(UTC)) as uow:
        return int(uow.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


# --- the first network ----------------------------------------------------------------------------


def test_a_network_with_its_organisations_is_made_and_listed(operator: Operator) -> None:
    operator.succeeds("network", "create", "Nord")
    operator.succeeds("network", "create", "Øresund", "--language", "da")
    operator.succeeds("organisation", "add", "Alta kommune", *ORGANISATION)
    aarhus = ("--network", "Nord", "--country", "dk", "--language", "da")
    operator.succeeds("organisation", "add", "Aarhus Kommune", *aarhus, "--contact", "DPO")
    assert operator.succeeds("network", "list").splitlines() == [
        "Nord (nb)",
        "  Aarhus Kommune (dk, da)",
        "  Alta kommune (no, nb)",
        "Øresund (da)",
    ]


def test_what_is_going_to_happen_is_told(operator: Operator) -> None:
    operator.succeeds("network", "create", "Nord")
    told = operator.succeeds("schedule", "--days", "30").splitlines()
    assert told[0] == "Nord"
    assert "      why: no-channel" in told
    assert "mellom network list" in operator.is_refused("schedule", "--network", "Sør")


def test_where_there_is_no_network_the_list_says_how_to_make_one(operator: Operator) -> None:
    assert "mellom network create" in operator.succeeds("network", "list")


@pytest.mark.parametrize(
    ("network", "organisation"),
    [
        ("Nettverk  Øst ", " Våler   kommune"),
        ("nettverk øst", "VÅLER KOMMUNE"),
        ("Nettverk Øst", "Va\N{COMBINING RING ABOVE}ler kommune"),
    ],
)
def test_a_name_is_found_however_it_is_typed(
    operator: Operator, database_url: str, network: str, organisation: str
) -> None:
    operator.succeeds("network", "create", "Nettverk Øst")
    named = ("--network", network)
    operator.succeeds("organisation", "add", organisation, *named, *ORGANISATION[2:])
    assert "already" in operator.is_refused("network", "create", network)
    again = ("organisation", "add", "Våler kommune", *named, *ORGANISATION[2:])
    assert "already" in operator.is_refused(*again)
    assert CODE.search(operator.succeeds("code", *named, "--organisation", "Våler kommune"))
    assert (count(database_url, "network"), count(database_url, "organisation")) == (1, 1)


def test_every_step_says_what_comes_next(operator: Operator) -> None:
    assert "mellom organisation add --network 'Nord'" in operator.succeeds(
        "network", "create", "Nord"
    )
    assert "mellom code --network 'Nord' --organisation 'Alta kommune'" in operator.succeeds(
        "organisation", "add", "Alta kommune", *ORGANISATION
    )


@pytest.mark.parametrize(
    ("role", "where"), [("", "in the channel"), ("facilitator", "in a direct message")]
)
def test_a_code_is_shown_once_and_only_its_digest_is_kept(
    operator: Operator, database_url: str, role: str, where: str
) -> None:
    found(operator)
    named = ("--network", "Nord", "--organisation", "Alta kommune")
    shown = operator.succeeds("code", *named, *(["--role", role] if role else []))
    made = CODE.findall(shown)
    assert len(set(made)) == 1
    assert where in shown
    assert f"@Mellom join {made[0]}" in shown
    assert f"within {joining.VALID_FOR.days} days" in shown

    with closing(connect(database_url)) as database, database.begin(datetime.now(UTC)) as uow:
        kept = networks.find_code(uow, made[0].replace("-", ""))
        assert kept is not None
        assert kept.role == (role or None)
        assert kept.expires_at - datetime.now(UTC) > joining.VALID_FOR - timedelta(hours=1)
        stored = uow.connection.execute(text("SELECT * FROM code")).all()
    assert made[0] not in str(stored)
    assert made[0].replace("-", "") not in str(stored)


def test_two_codes_are_two(operator: Operator) -> None:
    found(operator)
    named = ("--network", "Nord", "--organisation", "Alta kommune")
    shown = [operator.succeeds("code", *named) for _ in range(2)]
    assert len({CODE.findall(words)[0] for words in shown}) == 2


def found(operator: Operator) -> None:
    operator.succeeds("network", "create", "Nord")
    operator.succeeds("organisation", "add", "Alta kommune", *ORGANISATION)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "Nord\N{RIGHT-TO-LEFT OVERRIDE}", "a\x07b"])
@pytest.mark.parametrize("kind", ["network", "organisation"])
def test_a_name_that_cannot_be_shown_is_refused(
    operator: Operator, database_url: str, kind: str, name: str
) -> None:
    operator.succeeds("network", "create", "Nord")
    command = ["network", "create", name] if kind == "network" else ["organisation", "add", name]
    told = operator.is_refused(*command, *(ORGANISATION if kind == "organisation" else ()))
    assert "1 to 100" in told
    assert (count(database_url, "network"), count(database_url, "organisation")) == (1, 0)


@pytest.mark.parametrize("contact", ["x" * 201, "DPO\x07", "\udcff"])
def test_a_contact_that_cannot_be_kept_or_shown_is_refused(
    operator: Operator, database_url: str, contact: str
) -> None:
    operator.succeeds("network", "create", "Nord")
    told = operator.is_refused("organisation", "add", "Alta", *ORGANISATION, "--contact", contact)
    assert told.startswith("--contact")
    assert count(database_url, "organisation") == 0


def test_a_name_that_is_taken_is_refused(operator: Operator, database_url: str) -> None:
    found(operator)
    assert "'Nord'" in operator.is_refused("network", "create", "Nord")
    again = operator.is_refused("organisation", "add", "Alta  kommune", *ORGANISATION)
    assert "already" in again
    assert (count(database_url, "network"), count(database_url, "organisation")) == (1, 1)


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (["network", "create", "Sør", "--language", "sv"], "--language is one of nb, nn, da, en"),
        (
            ["organisation", "add", "Bodø", *ORGANISATION[:2], "--country=no", "--language="],
            "--language is one of",
        ),
        (
            ["organisation", "add", "Bodø", *ORGANISATION[:2], "--country=se", "--language=nb"],
            "--country is one of no, dk",
        ),
        (
            ["organisation", "add", "Bodø", "--network", "Syd", *ORGANISATION[2:]],
            "no network with the name 'Syd'. See: mellom network list",
        ),
        (
            ["code", "--network", "Syd", "--organisation", "Alta kommune"],
            "no network with the name 'Syd'",
        ),
        (
            ["code", "--network", "Nord", "--organisation", "Bodø kommune"],
            "no organisation with the name 'Bodø kommune'",
        ),
        (
            ["code", "--network", "Nord", "--organisation", "Alta kommune", "--role", "king"],
            "--role is one of facilitator, coordinator, manager, reader",
        ),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_and_nothing_is_half_done(
    operator: Operator, database_url: str, command: list[str], named: str
) -> None:
    found(operator)
    assert named in operator.is_refused(*command)
    kept = {table: count(database_url, table) for table in ("network", "organisation", "code")}
    assert kept == {"network": 1, "organisation": 1, "code": 0}


@pytest.mark.parametrize(
    "command",
    [
        ["network", "create"],
        ["network", "create", "Nord", "Sør"],
        ["organisation", "add", "Alta kommune"],
        ["organisation", "add", "Alta kommune", "--network", "Nord", "--country", "no"],
        ["code", "--network", "Nord"],
        ["netwrok", "list"],
        ["manifest", "discord"],
        ["run", "--fast"],
    ],
)
def test_what_is_left_out_or_unknown_is_told_before_anything_is_done(
    anybody: Operator, tmp_path: Path, command: list[str]
) -> None:
    path = tmp_path / "mellom.db"
    anybody.sets(DATABASE_URL=f"sqlite:///{path}")
    assert anybody.is_refused(*command)
    assert not path.exists()


@pytest.mark.parametrize(
    "command", [["web"], ["worker"], ["run"], ["migrate"], ["network", "list"]]
)
def test_settings_that_are_wrong_are_told_all_at_once(
    anybody: Operator, command: list[str]
) -> None:
    anybody.sets(PORT="eighty", SLACK_SIGNING_SECRET="shh", TEAMS_APP_ID="x", DATABASE_URL="x")
    told = anybody.is_refused(*command).splitlines()
    names = [line.split()[0] for line in told]
    assert names == [
        "DATABASE_URL", "PORT", "SLACK_BOT_TOKEN", "TEAMS_TENANT_ID", "TEAMS_APP_PASSWORD",
    ]  # fmt: skip
    assert "shh" not in "".join(told)


@pytest.mark.parametrize("command", ["web", "worker"])
def test_web_and_worker_apart_refuse_sqlite(
    anybody: Operator, tmp_path: Path, command: str
) -> None:
    path = tmp_path / "mellom.db"
    anybody.sets(DATABASE_URL=f"sqlite:///{path}")
    told = anybody.is_refused(command)
    assert "mellom run" in told
    assert "PostgreSQL" in told
    assert not path.exists()


@pytest.mark.only_postgresql("web and worker refuse SQLite whatever is in it")
@pytest.mark.parametrize("command", ["web", "worker"])
def test_web_and_worker_refuse_a_database_that_is_behind(database_url: str, command: str) -> None:
    empty(database_url)
    ended = in_a_process(command, DATABASE_URL=database_url)
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "The database is behind this version: run mellom migrate first."
    ]


def in_a_process(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """For what may go on for ever, or is written by the interpreter when nobody catches it."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": "0", **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )


def empty(database_url: str) -> None:
    """The database as it is before anything was made in it."""
    with closing(connect(database_url)) as database, database.begin(datetime.now(UTC)) as uow:
        uow.connection.execute(text("DROP SCHEMA public CASCADE"))
        uow.connection.execute(text("CREATE SCHEMA public"))


@pytest.mark.parametrize(
    "setting",
    [
        "DATABASE_URL",
        "SLACK_SIGNING_SECRET",
        "SLACK_BOT_TOKEN",
        "TEAMS_APP_ID",
        "TEAMS_APP_PASSWORD",
    ],
)
def test_the_playground_will_not_start_beside_real_settings(
    anybody: Operator, setting: str
) -> None:
    anybody.sets(**{setting: "shh"})
    told = anybody.is_refused("try")
    assert "throw-away" in told
    assert "shh" not in told


# --- the database ---------------------------------------------------------------------------------


def test_migrate_makes_the_tables_and_may_be_repeated(anybody: Operator, tmp_path: Path) -> None:
    path = tmp_path / "mellom.db"
    anybody.sets(DATABASE_URL=f"sqlite:///{path}")
    for _ in range(2):
        assert anybody.succeeds("migrate") == "The database is up to date.\n"
    assert count(f"sqlite:///{path}", "network") == 0


@pytest.mark.only_postgresql("an empty file on SQLite is tested above")
def test_migrate_makes_the_tables_on_postgresql(operator: Operator, database_url: str) -> None:
    empty(database_url)
    assert operator.succeeds("migrate") == "The database is up to date.\n"
    assert count(database_url, "network") == 0


def test_the_migrations_make_the_tables_that_the_code_knows(database_url: str) -> None:
    with closing(connect(database_url)) as database, database.engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"include_name": is_ours}), metadata
        )
    assert differences == []


def test_a_network_can_be_the_first_thing_that_is_made(anybody: Operator, tmp_path: Path) -> None:
    anybody.sets(DATABASE_URL=f"sqlite:///{tmp_path}/mellom.db")
    anybody.succeeds("network", "create", "Nord")
    assert anybody.succeeds("network", "list") == "Nord (nb)\n"


def test_the_doctor_tells_what_is_on_and_how_the_database_is(operator: Operator) -> None:
    assert operator.succeeds("doctor").splitlines() == [
        "Slack: off, no settings", "Teams: off, no settings", "Database: up to date",
    ]  # fmt: skip
    operator.sets(SLACK_SIGNING_SECRET="shh", SLACK_BOT_TOKEN="shh", SLACK_API_URL=NOWHERE)
    told = operator.succeeds("doctor")
    assert told.startswith("Slack: set\nTeams: off")
    assert "Slack, SLACK_BOT_TOKEN: Slack could not be asked" in told


def test_the_doctor_tells_that_a_database_is_behind(anybody: Operator, tmp_path: Path) -> None:
    anybody.sets(DATABASE_URL=f"sqlite:///{tmp_path}/mellom.db")
    assert "Database: behind, run mellom migrate" in anybody.succeeds("doctor")


def test_the_doctor_tells_that_a_database_does_not_answer(
    anybody: Operator, tmp_path: Path
) -> None:
    anybody.sets(DATABASE_URL=f"postgresql://kari:shh@/mellom?host={tmp_path}")
    said = anybody.types("doctor")
    assert said.status == 2
    assert "check DATABASE_URL" in said.err
    assert "shh" not in said.out + said.err


# --- manifests ------------------------------------------------------------------------------------

APP = "11111111-2222-3333-4444-555555555555"


def test_the_slack_manifest_is_printed_before_there_are_slack_settings(anybody: Operator) -> None:
    anybody.sets(MELLOM_BASE_URL="https://mellom.example/")
    made = json.loads(anybody.succeeds("manifest", "slack"))
    events = made["settings"]["event_subscriptions"]["request_url"]
    assert events == "https://mellom.example/slack/events"
    assert made["settings"]["interactivity"]["request_url"] == events
    assert made["features"]["slash_commands"][0]["url"] == events


def packed(file: Path) -> dict[str, Any]:
    """The manifest in a package that was written."""
    with zipfile.ZipFile(file) as package:
        made: dict[str, Any] = json.loads(package.read("manifest.json"))
    return made


def test_the_teams_package_is_written_with_who_runs_it(
    anybody: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    anybody.sets(MELLOM_BASE_URL="https://mellom.example", TEAMS_APP_ID=APP)
    told = anybody.succeeds("manifest", "teams")
    assert "Wrote mellom.zip" in told
    assert "admin centre" in told
    made = packed(tmp_path / "mellom.zip")
    assert made["bots"][0]["botId"] == APP
    assert set(made["developer"].values()) == {"Mellom", "https://mellom.example"}
    pages = ("--privacy", "https://nord.example/privacy", "--terms", "https://nord.example/terms")
    who = ("--developer", "Nettverk Nord", "--output", "nord.zip")
    anybody.succeeds("manifest", "teams", *who, *pages)
    assert packed(tmp_path / "nord.zip")["developer"] == {
        "name": "Nettverk Nord",
        "websiteUrl": "https://mellom.example",
        "privacyUrl": "https://nord.example/privacy",
        "termsOfUseUrl": "https://nord.example/terms",
    }


def test_the_package_of_an_organisations_own_bot_names_that_bot(
    anybody: Operator, tmp_path: Path
) -> None:
    anybody.sets(MELLOM_BASE_URL="https://mellom.example", TEAMS_APP_ID=APP)
    own = APP.replace("1", "9")
    file = tmp_path / "own.zip"
    anybody.succeeds("manifest", "teams", "--app", own, "--output", str(file))
    assert packed(file)["id"] == packed(file)["bots"][0]["botId"] == own
    assert anybody.is_refused("manifest", "teams", "--app", "mellom").startswith("--app ")


def test_a_package_that_cannot_be_written_is_refused_in_words(
    anybody: Operator, tmp_path: Path
) -> None:
    anybody.sets(MELLOM_BASE_URL="https://mellom.example", TEAMS_APP_ID=APP)
    nowhere = str(tmp_path / "no" / "mellom.zip")
    assert "--output" in anybody.is_refused("manifest", "teams", "--output", nowhere)


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:8000", "http://mellom.example", "mellom"])
@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_no_manifest_is_made_without_an_https_address(
    anybody: Operator, platform: str, url: str
) -> None:
    anybody.sets(MELLOM_BASE_URL=url, TEAMS_APP_ID=APP)
    assert anybody.is_refused("manifest", platform).startswith("MELLOM_BASE_URL ")


@pytest.mark.parametrize("app", ["", "mellom-app", APP[:-1]])
def test_the_teams_manifest_needs_the_bots_id(anybody: Operator, app: str) -> None:
    anybody.sets(MELLOM_BASE_URL="https://mellom.example", TEAMS_APP_ID=app)
    assert anybody.is_refused("manifest", "teams").startswith("TEAMS_APP_ID ")


@pytest.mark.parametrize(
    "option",
    [
        ("--developer", ""),
        ("--developer", "x" * 33),
        ("--developer", "a\nb"),
        ("--privacy", "http://nord.example"),
        ("--privacy", "https://"),
        ("--privacy", "https://[nord"),
        ("--terms", "nord.example"),
        ("--terms", "https://nord.example/" + "x" * 2048),
    ],
)
def test_teams_would_not_take_such_a_manifest(anybody: Operator, option: tuple[str, str]) -> None:
    anybody.sets(MELLOM_BASE_URL="https://mellom.example", TEAMS_APP_ID=APP)
    assert anybody.is_refused("manifest", "teams", *option).startswith(option[0])


# --- what the README says -------------------------------------------------------------------------

README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTING = r"((?:SLACK|TEAMS|MELLOM|WEBHOOK)_[A-Z_]+|DATABASE_URL|PORT)"


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_readme_tells_of_every_setting_and_of_no_other() -> None:
    code = (ROOT / "adapters/settings.py").read_text(encoding="utf-8")
    rows = [line for line in section("Settings").splitlines() if line.startswith("| `")]
    told = [name for row in rows for name in re.findall(f"`{SETTING}`", row.split("|")[1])]
    assert sorted(told) == sorted(set(re.findall(f'"{SETTING}"', code)))


def test_the_first_network_of_the_readme_can_be_made(operator: Operator) -> None:
    (script,) = re.findall(r"```sh\n(.*?)```", section("The first network"), re.DOTALL)
    commands = [shlex.split(line) for line in script.replace("\\\n", "").splitlines()]
    answers = [operator.succeeds(*words) for program, *words in commands if "mellom" in program]
    assert len(answers) == len(commands) == 5
    assert answers[3].splitlines() == [
        "Nord (nb)", "  Aarhus Kommune (dk, da)", "  Alta kommune (no, nb)",
    ]  # fmt: skip
    assert CODE.search(answers[4])


def test_the_app_package_of_the_readme_can_be_made(
    anybody: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    script = re.findall(r"```sh\n(.*?)```", section("Connect Teams"), re.DOTALL)[0]
    settings, command = script.replace("\\\n", "").strip().splitlines()
    anybody.sets(**dict(one.split("=") for one in shlex.split(settings)[1:]))
    anybody.succeeds(*shlex.split(command)[1:])
    assert packed(tmp_path / "mellom.zip")["developer"]["name"] == "Nettverk Nord"


# --- nothing secret -------------------------------------------------------------------------------

NOWHERE = "http://127.0.0.1:9/"
"""Nobody answers there."""

SECRETS = {
    "SLACK_API_URL": NOWHERE,
    "MELLOM_SECRET_KEY": "shh-secret-key-of-length",
    "MELLOM_BASE_URL": "https://mellom.example",
    "SLACK_SIGNING_SECRET": "shh-signing",
    "SLACK_BOT_TOKEN": "shh-token",
    "SLACK_CLIENT_ID": "1.1",
    "SLACK_CLIENT_SECRET": "shh-client",
    "TEAMS_APP_ID": APP,
    "TEAMS_APP_PASSWORD": "shh-password",
    "TEAMS_TENANT_ID": "22222222-bbbb",
    "TEAMS_TOKEN_URL": NOWHERE,
    "TEAMS_OPENID_METADATA_URL": NOWHERE,
}


def test_no_command_prints_a_secret(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    operator.sets(**SECRETS)
    told = []
    for command in (
        "doctor", "migrate", "network create Nord", "network list", "manifest slack",
        "manifest teams", "try", "--help", "code --network Nord --organisation Alta",
    ):  # fmt: skip
        said = operator.types(*command.split())
        assert said.out + said.err
        told.append(said.out + said.err)
    assert "shh" not in "".join(told)


@pytest.mark.parametrize("command", ["run", "migrate", "network list"])
def test_a_database_that_does_not_answer_does_not_give_its_password_away(
    tmp_path: Path, command: str
) -> None:
    database = f"postgresql://kari:shh-database@/mellom?host={tmp_path}"
    ended = in_a_process(*command.split(), **SECRETS, DATABASE_URL=database)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "The database does not answer (OperationalError): check DATABASE_URL."
    ]
    assert "shh" not in ended.stdout + ended.stderr


def test_a_port_that_is_taken_is_told_in_words(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/mellom.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = in_a_process("run", DATABASE_URL=database, PORT=port)
    assert ended.returncode == 2
    assert "PORT" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


def test_the_playground_names_a_port_that_is_none(anybody: Operator) -> None:
    anybody.sets(PORT="eighty")
    assert anybody.is_refused("try").startswith("PORT is not a port")


@pytest.mark.parametrize("key", [{}, {"MELLOM_SECRET_KEY": "shh, quite another key"}])
@pytest.mark.parametrize("command", ["run", "doctor"])
def test_a_key_that_does_not_fit_the_stored_tokens_is_told_with_what_to_do(
    database_url: str, command: str, key: dict[str, str]
) -> None:
    vault = settings.read({"MELLOM_SECRET_KEY": SECRETS["MELLOM_SECRET_KEY"]}).vault
    now = datetime.now(UTC)
    with closing(connect(database_url, vault)) as database, database.begin(now) as uow:
        installations.keep(uow, platform="slack", app="A1", tenant="T1", secret="shh-xoxb")
    slack = {"SLACK_SIGNING_SECRET": "shh-signing", "SLACK_BOT_TOKEN": "shh-token"}
    ended = in_a_process(command, **slack, **key, DATABASE_URL=database_url)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("MELLOM_SECRET_KEY is ")
    assert "set it to the one that was used before" in ended.stderr.lower()
    assert "shh" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
