"""What is configured: read from the environment, and everything that is wrong said at once."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet, InvalidToken

from adapters.settings import SettingsError, read

ONE_WORKSPACE = {"SLACK_SIGNING_SECRET": "shh-signing", "SLACK_BOT_TOKEN": "shh-token"}
MANY_WORKSPACES = {
    "SLACK_SIGNING_SECRET": "shh-signing",
    "SLACK_CLIENT_ID": "123.456",
    "SLACK_CLIENT_SECRET": "shh-client",
    "MELLOM_BASE_URL": "https://mellom.example",
    "MELLOM_SECRET_KEY": "a passphrase that is long enough",
}
ONE_BOT = {
    "TEAMS_APP_ID": "11111111-aaaa",
    "TEAMS_APP_PASSWORD": "shh-password",
    "TEAMS_TENANT_ID": "22222222-bbbb",
}


def problems_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        read(environ)
    assert str(raised.value) == "\n".join(raised.value.problems)
    return raised.value.problems


def named_in(environ: dict[str, str]) -> list[str]:
    return [problem.split()[0] for problem in problems_of(environ)]


def test_nothing_set_means_a_file_here_and_both_platforms_off() -> None:
    settings = read({})
    assert settings.database_url == "sqlite:///mellom.db"
    assert settings.port == 8000
    assert settings.base_url is None
    assert settings.vault is None
    assert settings.slack is None
    assert settings.teams is None


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://kari:x@db/mellom", "postgresql+psycopg://kari:x@db/mellom"),
        ("postgresql://kari:x@db/mellom?sslmode=require", None),
        ("postgresql+psycopg://db/mellom", "postgresql+psycopg://db/mellom"),
        ("postgresql:///mellom?host=/run", "postgresql+psycopg:///mellom?host=/run"),
        ("sqlite:///mellom.db", "sqlite:///mellom.db"),
        ("sqlite:////var/lib/mellom.db", "sqlite:////var/lib/mellom.db"),
        ("  ", "sqlite:///mellom.db"),
    ],
)
def test_the_database_url_gets_the_driver_we_use(given: str, used: str | None) -> None:
    used = used or given.replace("postgresql://", "postgresql+psycopg://")
    assert read({"DATABASE_URL": given}).database_url == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db/mellom"),
        ("DATABASE_URL", "mellom.db"),
        ("DATABASE_URL", "postgres://"),
        ("DATABASE_URL", "postgresql://kari:shh@db:port/mellom"),
        ("DATABASE_URL", "postgresql://kari:shh@even:shh@db/mellom"),
        ("DATABASE_URL", "postgresql://kari:shh@[::1/mellom"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "²"),
        ("PORT", "٨٠"),
        ("MELLOM_BASE_URL", "mellom.example"),
        ("MELLOM_BASE_URL", "ftp://mellom.example"),
        ("MELLOM_BASE_URL", "https://"),
        ("MELLOM_BASE_URL", "https://mellom.example:port"),
        ("MELLOM_BASE_URL", "https://[mellom"),
        ("MELLOM_BASE_URL", "https://mellom.example/a b"),
        ("MELLOM_BASE_URL", "https://mellom.example/?a=1"),
        ("MELLOM_BASE_URL", "https://kari@mellom.example/"),
        ("MELLOM_BASE_URL", "http://mellom.example"),
        ("MELLOM_BASE_URL", "http://127.0.0.1.mellom.example"),
        ("MELLOM_SECRET_KEY", "fifteen letters"),
    ],
)
def test_a_bad_value_is_named_and_never_repeated(name: str, value: str) -> None:
    (problem,) = problems_of({name: value})
    assert problem.startswith(f"{name} ")
    remedies = ("https://host/path", "sqlite:///file.db")
    assert value not in problem.replace(remedies[0], "").replace(remedies[1], "")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://mellom.example/", "https://mellom.example"),
        ("https://example.org/mellom/", "https://example.org/mellom"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_base_url_is_https_or_on_this_machine(given: str, used: str) -> None:
    assert read({"MELLOM_BASE_URL": given}).base_url == used


@pytest.mark.parametrize("port", ["0", "80", "65535", " 8080 "])
def test_a_port_is_a_number(port: str) -> None:
    assert read({"PORT": port}).port == int(port)


def test_one_workspace_needs_a_signing_secret_and_a_token() -> None:
    slack = read(ONE_WORKSPACE).slack
    assert slack is not None
    assert (slack.signing_secret, slack.bot_token) == ("shh-signing", "shh-token")
    assert read(ONE_WORKSPACE).slack_api_url == "https://slack.com/api/"
    assert not slack.installable


def test_many_workspaces_install_the_app_themselves() -> None:
    slack = read(MANY_WORKSPACES).slack
    assert slack is not None
    assert (slack.client_id, slack.client_secret) == ("123.456", "shh-client")
    assert slack.installable


def test_a_bot_on_teams_finds_microsoft_by_itself() -> None:
    places = read(ONE_BOT).microsoft
    assert places.token_url == "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    assert places.openid_metadata_url.startswith("https://login.botframework.com/v1/")
    assert places.service_hosts == ()


def test_where_microsoft_is_can_be_set_for_bots_that_are_not_in_the_settings() -> None:
    settings = read({"TEAMS_SERVICE_HOSTS": "localhost"})
    assert settings.teams is None
    assert settings.microsoft.service_hosts == ("localhost",)


def test_a_tenant_goes_by_its_id_and_not_by_its_name() -> None:
    assert named_in(ONE_BOT | {"TEAMS_TENANT_ID": "alta.onmicrosoft.com"}) == ["TEAMS_TENANT_ID"]


def test_stand_ins_on_this_machine_are_named_in_the_settings() -> None:
    settings = read(
        ONE_WORKSPACE
        | ONE_BOT
        | {
            "SLACK_API_URL": "http://127.0.0.1:9001/api",
            "TEAMS_OPENID_METADATA_URL": "http://127.0.0.1:9002/openid",
            "TEAMS_TOKEN_URL": "http://127.0.0.1:9002/token",
            "TEAMS_SERVICE_HOSTS": "127.0.0.1:9002, localhost ,",
        }
    )
    assert settings.slack is not None
    assert settings.slack_api_url == "http://127.0.0.1:9001/api/"
    assert settings.microsoft.openid_metadata_url == "http://127.0.0.1:9002/openid"
    assert settings.microsoft.token_url == "http://127.0.0.1:9002/token"
    assert settings.microsoft.service_hosts == ("127.0.0.1:9002", "localhost")


def test_where_slack_is_may_be_told_for_apps_of_an_organisations_own_alone() -> None:
    settings = read({"SLACK_API_URL": "http://127.0.0.1:9001/api"})
    assert settings.slack is None
    assert settings.slack_api_url == "http://127.0.0.1:9001/api/"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (["SLACK_SIGNING_SECRET"], ["SLACK_BOT_TOKEN"]),
        (["SLACK_BOT_TOKEN"], ["SLACK_SIGNING_SECRET"]),
        (
            ["SLACK_CLIENT_ID"],
            [
                "SLACK_CLIENT_SECRET",
                "MELLOM_BASE_URL",
                "MELLOM_SECRET_KEY",
                "SLACK_SIGNING_SECRET",
            ],
        ),
        (
            ["SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_CLIENT_SECRET"],
            ["SLACK_CLIENT_ID", "MELLOM_BASE_URL", "MELLOM_SECRET_KEY"],
        ),
        (["TEAMS_APP_ID"], ["TEAMS_TENANT_ID", "TEAMS_APP_PASSWORD"]),
        (["TEAMS_APP_ID", "TEAMS_APP_PASSWORD"], ["TEAMS_TENANT_ID"]),
        (
            ["SLACK_BOT_TOKEN", "TEAMS_APP_ID", "TEAMS_TENANT_ID"],
            ["SLACK_SIGNING_SECRET", "TEAMS_APP_PASSWORD"],
        ),
    ],
)
def test_half_a_setting_is_told_with_everything_that_is_missing(
    given: list[str], missing: list[str]
) -> None:
    values = {"SLACK_API_URL": "http://localhost/"}
    assert named_in({name: values.get(name, "shh") for name in given}) == missing


def test_every_problem_is_told_at_once() -> None:
    environ = {"PORT": "x", "DATABASE_URL": "x", "TEAMS_APP_ID": "x", "SLACK_API_URL": "x"}
    assert sorted(named_in(environ)) == [
        "DATABASE_URL",
        "PORT",
        "SLACK_API_URL",
        "TEAMS_APP_PASSWORD",
        "TEAMS_TENANT_ID",
    ]


@pytest.mark.parametrize("hosts", ["http://127.0.0.1", "a b", "host:port", "host/path", "host;b"])
def test_a_host_is_not_an_address(hosts: str) -> None:
    assert named_in(ONE_BOT | {"TEAMS_SERVICE_HOSTS": hosts}) == ["TEAMS_SERVICE_HOSTS"]


@pytest.mark.parametrize("name", ["SLACK_API_URL", "TEAMS_TOKEN_URL", "TEAMS_OPENID_METADATA_URL"])
def test_secrets_do_not_travel_in_the_clear(name: str) -> None:
    environ = ONE_WORKSPACE | ONE_BOT | {name: "http://api.example/"}
    assert named_in(environ) == [name]


def test_a_passphrase_and_a_key_both_open_what_they_closed() -> None:
    for secret in ("a passphrase that is long enough", "æøå-æøå-æøå-æøå-", "x" * 44):
        closed = vault(secret).encrypt(b"token")
        assert vault(secret).decrypt(closed) == b"token"


def test_a_key_is_used_as_it_is() -> None:
    key = Fernet.generate_key()
    assert Fernet(key).decrypt(vault(key.decode()).encrypt(b"token")) == b"token"


def test_two_passphrases_are_two_keys() -> None:
    closed = vault("a passphrase that is long enough").encrypt(b"token")
    with pytest.raises(InvalidToken):
        vault("a passphrase that is long enougH").decrypt(closed)


def vault(secret: str) -> Fernet:
    found = read({"MELLOM_SECRET_KEY": secret}).vault
    assert found is not None
    return found


def test_secrets_are_not_shown() -> None:
    database = {"DATABASE_URL": "postgres://kari:shh-database@db/mellom"}
    secret = {"MELLOM_SECRET_KEY": "shh-and-sixteen-letters"}
    settings = read(MANY_WORKSPACES | ONE_WORKSPACE | ONE_BOT | database | secret)
    assert "shh" not in repr(settings)
    assert "shh" not in str(settings)
    assert "22222222-bbbb" in repr(settings)
