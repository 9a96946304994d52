"""What is configured, read from the environment; everything that is wrong is said at once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from storage.unit_of_work import Vault

SLACK = ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
TEAMS = ("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID")

SLACK_API = "https://slack.com/api/"
TEAMS_OPENID_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TEAMS_TOKEN = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105 - an address

# As SQLAlchemy reads it, whose complaint about a port would quote the end of a password with an @.
_PLACE = re.compile(
    r"(?:[^:/]*(?::[^@]*)?@)?(?:\[[^\]/?]+\]|[^\[/:?@]*)(?::[0-9]{0,5})?(?:[/?].*)?", re.S
)
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


class SettingsError(ValueError):
    """The settings cannot be used; `problems` says why, and what to do, one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Slack:
    """One app: in the one workspace of `bot_token`, in many through `client_id`, or both."""

    signing_secret: str = field(repr=False)
    bot_token: str | None = field(repr=False)
    client_id: str | None
    client_secret: str | None = field(repr=False)

    @property
    def installable(self) -> bool:
        """Whether workspaces can install the app themselves."""
        return self.client_id is not None


@dataclass(frozen=True, slots=True)
class Teams:
    """One bot registration."""

    app_id: str
    app_password: str = field(repr=False)
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Microsoft:
    """Where Microsoft is, for every bot; `{tenant}` in the address of the tokens is the bot's."""

    openid_metadata_url: str
    token_url: str
    service_hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the processes need to know. A platform that is None is off."""

    database_url: str = field(repr=False)
    port: int
    base_url: str | None
    vault: Vault | None = field(repr=False)
    slack: Slack | None
    slack_api_url: str
    teams: Teams | None
    microsoft: Microsoft
    webhook_hosts: tuple[str, ...] = ()


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings, or raise SettingsError with all that is wrong."""
    reader = _Reader(environ)
    settings = Settings(
        database_url=reader.database(),
        port=reader.port(),
        base_url=reader.url("MELLOM_BASE_URL").rstrip("/") or None,
        vault=reader.vault(),
        slack=reader.slack(),
        slack_api_url=reader.url("SLACK_API_URL", SLACK_API).rstrip("/") + "/",
        teams=reader.teams(),
        webhook_hosts=reader.hosts("WEBHOOK_HOSTS"),
        microsoft=reader.microsoft(),
    )
    if reader.problems:
        raise SettingsError(tuple(reader.problems))
    return settings


def database_url(given: str) -> str:
    """The URL with the driver we use; ValueError for a database we do not know."""
    scheme, _, rest = given.partition("://")
    if (
        scheme in {"postgres", "postgresql", "postgresql+psycopg"}
        and rest
        and _PLACE.fullmatch(rest)
    ):
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") not in {"", ":memory:"}:
        return given
    raise ValueError("use sqlite:///file.db or postgresql://user:password@host/database")


class _Reader:
    """Reads one variable after the other and collects what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def get(self, name: str) -> str | None:
        return self.environ.get(name, "").strip() or None

    def any_of(self, *names: str) -> bool:
        return any(map(self.get, names))

    def required(self, name: str, remedy: str) -> str:
        value = self.get(name)
        if value is None:
            self.problems.append(f"{name} is missing: {remedy}.")
        return value or ""

    def database(self) -> str:
        try:
            return database_url(self.get("DATABASE_URL") or "sqlite:///mellom.db")
        except ValueError as problem:
            self.problems.append(f"DATABASE_URL is not a database Mellom can use: {problem}.")
            return ""

    def port(self) -> int:
        port = self.get("PORT") or "8000"
        if port.isascii() and port.isdecimal() and int(port) < 65536:
            return int(port)
        self.problems.append("PORT is not a port: set it to a number from 0 to 65535.")
        return 0

    def url(self, name: str, default: str = "") -> str:
        value = self.get(name)
        problem = None if value is None else _wrong_with(value)
        if problem is not None:
            self.problems.append(f"{name} {problem}.")
        return value or default

    def vault(self) -> Vault | None:
        secret = self.get("MELLOM_SECRET_KEY")
        if secret is not None and len(secret) < 16:
            self.problems.append(
                "MELLOM_SECRET_KEY is too short: use at least 16 characters that nobody can guess."
            )
        return Vault(_key(secret)) if secret else None

    def slack(self) -> Slack | None:
        if not self.any_of(*SLACK):
            return None
        oauth = self.any_of("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
        if oauth:
            self._check_oauth()
        elif self.get("SLACK_BOT_TOKEN") is None:
            self.problems.append(
                "SLACK_BOT_TOKEN is missing: set it to the app's bot token for one workspace, or "
                "set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET so that many can install the app."
            )
        return Slack(
            signing_secret=self.required(
                "SLACK_SIGNING_SECRET", "it is on the app's page Basic Information"
            ),
            bot_token=self.get("SLACK_BOT_TOKEN"),
            client_id=self.get("SLACK_CLIENT_ID"),
            client_secret=self.get("SLACK_CLIENT_SECRET"),
        )

    def _check_oauth(self) -> None:
        for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
            self.required(name, "it is on the app's page Basic Information")
        self.required("MELLOM_BASE_URL", "it is where Slack sends people back when they install")
        self.required("MELLOM_SECRET_KEY", "it encrypts the tokens of those who install")

    def teams(self) -> Teams | None:
        if not self.any_of(*TEAMS):
            return None
        return Teams(
            tenant_id=self.tenant(),
            app_id=self.required("TEAMS_APP_ID", "it is the application id of the registration"),
            app_password=self.required(
                "TEAMS_APP_PASSWORD", "it is a client secret of the registration"
            ),
        )

    def tenant(self) -> str:
        tenant = self.required("TEAMS_TENANT_ID", "it is the tenant the app is registered in")
        if "." in tenant:
            self.problems.append(
                "TEAMS_TENANT_ID is a tenant's name: set it to its id, which the registration "
                "shows as Directory (tenant) ID."
            )
        return tenant

    def microsoft(self) -> Microsoft:
        return Microsoft(
            openid_metadata_url=self.url("TEAMS_OPENID_METADATA_URL", TEAMS_OPENID_METADATA),
            token_url=self.url("TEAMS_TOKEN_URL", TEAMS_TOKEN),
            service_hosts=self.hosts("TEAMS_SERVICE_HOSTS"),
        )

    def hosts(self, name: str) -> tuple[str, ...]:
        given = (self.get(name) or "").split(",")
        hosts = tuple(host.strip() for host in given if host.strip())
        if not all(_HOST.fullmatch(host) for host in hosts):
            self.problems.append(
                f"{name} is not a list of hosts: write host or host:port, with commas between."
            )
        return hosts


def _wrong_with(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or not url.isprintable() or " " in url:
        return "is not an address: write it as https://host/path"
    if parts.query or parts.fragment or "@" in parts.netloc:
        return "must be an address and nothing more: leave out user, query and fragment"
    if parts.scheme == "http" and not _is_loopback(host):
        return "would be read by others on the way: use https (http is for this machine only)"
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@cache
def _key(secret: str) -> bytes:
    if _is_fernet_key(secret):
        return secret.encode()
    # The salt is the same everywhere, since there is nowhere to keep one before the database is
    # open; the work factor is what makes guessing a passphrase dear.
    derived = hashlib.scrypt(secret.encode(), salt=b"mellom", n=2**14, r=8, p=1, dklen=32)
    return base64.urlsafe_b64encode(derived)


def _is_fernet_key(secret: str) -> bool:
    try:
        return len(secret) == 44 and len(base64.urlsafe_b64decode(secret)) == 32
    except (binascii.Error, ValueError):
        return False
