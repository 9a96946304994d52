"""Who the bot is towards Microsoft, and which hosts it answers to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

SERVICE_HOSTS = frozenset(
    {
        "smba.trafficmanager.net",
        "smba.infra.gcc.teams.microsoft.com",
        "smba.infra.gov.teams.microsoft.us",
    }
)
"""Where Teams answers, one for each cloud (learn.microsoft.com, "Send proactive messages")."""

# No user, no query, no braces: msrest puts the address through str.format.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?"
    r"(?:/[a-z0-9._~%/-]*)?",
    re.IGNORECASE | re.ASCII,
)


class NotConfigured(ValueError):
    """A setting is missing without which nobody could tell a genuine request from a forged one."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """One bot registration: its app id, its client secret and the tenant that it belongs to."""

    app_id: str
    password: str = field(repr=False)
    tenant: str

    def __post_init__(self) -> None:
        settings = {
            "TEAMS_APP_ID": self.app_id,
            "TEAMS_APP_PASSWORD": self.password,
            "TEAMS_TENANT_ID": self.tenant,
        }
        missing = [name for name, value in settings.items() if not (value and value.strip())]
        if missing:
            raise NotConfigured(f"Teams cannot be used without {', '.join(missing)}")


class Hosts:
    """The hosts that may send to the bot and that it sends its token to.

    `extra` are `host` (any port) or `host:port`, which an operator named; only they may do without
    https.
    """

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._extra = frozenset(entry.strip().lower() for entry in extra if entry.strip())

    def allow(self, service_url: str) -> bool:
        found = _ADDRESS.fullmatch(service_url)
        if found is None:
            return False
        host, port = found["host"].lower(), found["port"]
        if host in self._extra or (port and f"{host}:{port}" in self._extra):
            return True
        return (
            found["scheme"].lower() == "https" and port in (None, "443") and host in SERVICE_HOSTS
        )
