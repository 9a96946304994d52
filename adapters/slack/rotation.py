"""Exchanging a token that ends for the next one.

Facts: docs.slack.dev, "Using token rotation": a token is good for twelve hours; what it is renewed
with is good once, and comes anew with each token.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.slack.calls import Calls
from bot.outgoing import InDoubt


@dataclass(frozen=True, slots=True)
class Renewed:
    """The next token, for so many `seconds`, and what the one after it is had for."""

    token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    seconds: int


async def renew(calls: Calls, client_id: str, client_secret: str, refresh_token: str) -> Renewed:
    """Ends in the next token, or in NotSent, InDoubt or Refused."""
    answer = await calls.exchange(
        client_id=client_id,
        client_secret=client_secret,
        grant_type="refresh_token",
        refresh_token=refresh_token,
    )
    match answer:
        case {"access_token": str(token), "refresh_token": str(following), "expires_in": int(left)}:
            return Renewed(token, following, left)
    raise InDoubt("no_token")
