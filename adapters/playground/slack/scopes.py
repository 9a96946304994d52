"""Which scope each method of the Web API needs, as the page of each method says.

Source: docs.slack.dev/reference/methods, and "Using the Slack Web API" (missing_scope).
"""

from __future__ import annotations

from adapters.playground.slack.calls import Call, Refusal

_NEEDED = {
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "users.info": "users:read",
}
_BY_KIND = {
    "conversations.history": "history",
    "conversations.info": "read",
    "conversations.replies": "history",
}
_KINDS = {"channel": "channels", "group": "groups", "im": "im"}


def check(method: str, call: Call) -> None:
    """Refuse a call whose token was not given the scope for it."""
    needed = _NEEDED.get(method)
    if what := _BY_KIND.get(method):
        channel = call.workspace.channels.get(str(call.args.get("channel")))
        needed = f"{_KINDS[channel.kind]}:{what}" if channel else None
    if needed and needed not in call.workspace.scopes:
        provided = ",".join(call.workspace.scopes)
        raise Refusal("missing_scope", about={"needed": needed, "provided": provided})
