"""Whether a request comes from Microsoft's Bot Framework service, for one of our bots, from Teams.

The SDK's own validation of tokens, made fit: the keys come from `KeyRing`, whatever it raises is
one refusal, and what it passes over (a token without an expiry, a key without endorsements, an
activity without a serviceUrl) is refused too. It never runs without an app id, in which case the
SDK would let everybody in, and nobody is let in for a bot that is not ours. Rules:
learn.microsoft.com, "Authentication with the Bot Connector API".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import jwt
from botframework.connector.auth import (
    AuthenticationConstants,
    ChannelValidation,
    JwtTokenExtractor,
    SimpleCredentialProvider,
    VerifyOptions,
)

from adapters.taking import Unavailable
from adapters.teams.bots import Bot, Bots
from adapters.teams.credentials import Hosts
from adapters.teams.keys import METADATA_URL, KeyRing, NoKeys
from adapters.teams.wire import Json, part, word

CHANNEL = "msteams"
SKEW = 5 * 60
_ISSUER = AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER
_KEPT = 5 * 60.0
_MANY = 1000


class NotGenuine(Exception):
    """The request does not come from Teams through the Bot Framework service: answer 401."""


@dataclass(frozen=True, slots=True)
class _Token:
    """What a token says whose signature was checked, and until when that need not be done again."""

    app_id: str
    service_url: str
    until: float


class Identity:
    """Verifies requests to our bots: the token's audience says which of them is spoken to.

    `clock` is the real time in Unix seconds: expiries are compared with it.
    """

    def __init__(
        self,
        bots: Bots,
        *,
        clock: Callable[[], float],
        hosts: Hosts | None = None,
        metadata_url: str = METADATA_URL,
    ) -> None:
        self._bots = bots
        self._clock = clock
        self._hosts = hosts or Hosts()
        self._keys = KeyRing(metadata_url, clock)
        self._verified: dict[bytes, _Token] = {}
        self._extractor = JwtTokenExtractor(
            VerifyOptions([_ISSUER], None, SKEW, False),
            metadata_url,
            AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS,
        )
        # Only this object asks our keys: the SDK's cache is the whole process's, and is left alone.
        self._extractor.open_id_metadata = self._keys

    async def verify(self, authorization: str | None, activity: Json) -> Bot:
        """The bot that a genuine request is for.

        Raises NotGenuine, or Unavailable while the service's keys have never been fetched, or our
        bots cannot be read.
        """
        token = await self._token(authorization or "")
        service_url = word(activity, "serviceUrl")
        if word(activity, "channelId") != CHANNEL:
            raise NotGenuine("not from Teams")
        if not service_url or service_url != token.service_url:
            raise NotGenuine("the activity's serviceUrl is not the token's")
        if not self._hosts.allow(service_url):
            raise NotGenuine("a host that Teams does not answer at")
        bot = await self._bots.of_app(token.app_id)
        if bot is None:
            raise NotGenuine("for a bot that is no longer ours")
        if not _is_told(bot, word(part(activity, "recipient"), "id")):
            raise NotGenuine("told to another bot than the token is for")
        return bot

    async def _token(self, authorization: str) -> _Token:
        digest = hashlib.sha256(authorization.encode("utf-8", "surrogateescape")).digest()
        now = self._clock()
        token = self._verified.get(digest)
        if token is None or token.until <= now:
            token = await self._checked(authorization, now)
            self._keep(digest, token, now)
        return token

    async def _checked(self, authorization: str, now: float) -> _Token:
        if not await self._bots.any():
            raise NotGenuine("there is no bot of ours")
        try:
            return await self._validated(authorization, now)
        except (NotGenuine, Unavailable):
            raise
        except NoKeys as error:
            raise Unavailable("the keys of the Bot Framework service are not there") from error
        except Exception as error:
            # The SDK raises whatever happens to go wrong inside it; all of it means no.
            raise NotGenuine(type(error).__name__) from error

    async def _validated(self, authorization: str, now: float) -> _Token:
        identity = await self._extractor.get_identity_from_auth_header(authorization, CHANNEL)
        if identity is None:
            raise NotGenuine("no bearer token of the Bot Framework service")
        claims = identity.claims
        app_id = await self._ours(claims.get(AuthenticationConstants.AUDIENCE_CLAIM))
        await ChannelValidation.validate_identity(identity, SimpleCredentialProvider(app_id, ""))
        service_url = claims.get(ChannelValidation.SERVICE_URL_CLAIM)
        if not isinstance(service_url, str) or not service_url:
            raise NotGenuine("a token for no serviceUrl")
        kid = jwt.get_unverified_header(authorization.split(" ")[1])["kid"]
        if not self._keys.endorses(kid, CHANNEL):
            raise NotGenuine("signed with a key that may not speak for Teams")
        return _Token(app_id, service_url, min(float(claims["exp"]), now + _KEPT))

    async def _ours(self, audience: object) -> str:
        bot = await self._bots.of_app(audience) if isinstance(audience, str) else None
        if bot is None:
            raise NotGenuine("for another bot")
        return bot.credentials.app_id

    def _keep(self, digest: bytes, token: _Token, now: float) -> None:
        if len(self._verified) >= _MANY:
            self._verified = {d: t for d, t in self._verified.items() if t.until > now}
        if len(self._verified) < _MANY:
            self._verified[digest] = token


def _is_told(bot: Bot, recipient: str) -> bool:
    """In Teams, a bot goes by its application id after a number that says that it is one."""
    return not recipient or recipient.casefold() == f"28:{bot.credentials.app_id}".casefold()
