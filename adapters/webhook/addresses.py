"""The addresses of incoming webhooks: whose they are, and which of them are called at all.

Whoever knows such an address can post in its channel, so it is treated like a password and is in no
message of ours. Addresses after docs.slack.dev, "Sending messages using incoming webhooks", and
learn.microsoft.com, "Changes to HTTP or Teams Webhook trigger flows": since 2025 those of Teams'
Workflows are at an environment of the Power Platform, those of Logic Apps still at Azure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import parse_qs, urlsplit

Kind = Literal["slack", "teams"]

SLACK_HOST = "hooks.slack.com"
WORKFLOW_HOSTS = (".environment.api.powerplatform.com", ".logic.azure.com")
"""With the dot in front, so that no other site's name can end like one of these."""

LONGEST = 2048

# No user, no fragment, and nothing in the host that another reader could take for its end.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(?P<port>\d{1,5}))?"
    r"/[a-z0-9._~%/?&=+:,;@!$'()*-]*",
    re.IGNORECASE | re.ASCII,
)


class NotAWebhook(ValueError):
    """It is none of the addresses that we call; the words say what to do, and never repeat it."""


class Hosts:
    """Where webhooks may be. `extra` are `host` (any port) or `host:port`, which an operator named;
    only they may do without https."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._extra = frozenset(entry.strip().lower() for entry in extra if entry.strip())

    def kind(self, url: str) -> Kind:
        """What is at this address. Raises NotAWebhook where that is nothing that we call."""
        found = _ADDRESS.fullmatch(url) if len(url) <= LONGEST else None
        if found is None:
            raise NotAWebhook("That is not a webhook's address: copy it again, all of it.")
        host, port = found["host"].lower(), found["port"]
        if not self._is_extra(host, port):
            if found["scheme"].lower() != "https":
                raise NotAWebhook("A webhook's address begins with https:// here.")
            if port not in (None, "443"):
                raise NotAWebhook("A webhook's address has no port but 443.")
            if host != SLACK_HOST and not host.endswith(WORKFLOW_HOSTS):
                raise NotAWebhook(
                    "That address is at a host that Mellom does not send to: only incoming "
                    f"webhooks of Slack ({SLACK_HOST}) and Workflows webhooks of Teams "
                    f"(…{WORKFLOW_HOSTS[0]} or …{WORKFLOW_HOSTS[1]}) can be used."
                )
        return _of_slack(url) if urlsplit(url).path.startswith("/services/") else _of_teams(url)

    def _is_extra(self, host: str, port: str | None) -> bool:
        return host in self._extra or bool(port and f"{host}:{port}" in self._extra)


def _of_slack(url: str) -> Kind:
    if len([part for part in urlsplit(url).path.split("/") if part]) != 4:
        raise NotAWebhook("A webhook of Slack has three parts after /services/: copy all of it.")
    return "slack"


def _of_teams(url: str) -> Kind:
    parts = urlsplit(url)
    if "/workflows/" not in parts.path:
        raise NotAWebhook(
            "That is not an incoming webhook. On Slack it is what the app's page Incoming Webhooks "
            "shows, on Teams what the workflow says when it has been made."
        )
    if not parse_qs(parts.query).get("sig"):
        raise NotAWebhook(
            "That workflow can be started by some people only. Let anyone start it (its first "
            "step, Who can trigger the flow), save it and copy the address again."
        )
    return "teams"
