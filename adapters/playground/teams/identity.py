"""The signatures of the Bot Framework service and of Entra ID, as the Teams stand-in makes them.

After learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication:
what comes to the bot is signed with keys that the service publishes, and what the bot sends carries
a token that it got for its client secret.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"

FORGERIES = (
    "garbage",
    "forged",
    "expired",
    "not yet valid",
    "alg none",
    "alg HS256",
    "wrong audience",
    "wrong issuer",
    "no issuer",
    "unendorsed key",
    "unknown key",
    "another service url",
)
"""The names that `Identity.forgery` knows."""

_STRANGER = 0  # Its key is never published.
_UNENDORSED = 1  # Published, but not good for the channel "msteams".
_FIRST = 2


@functools.cache
def _material(number: int) -> RSAPrivateKey:
    """RSA keys take long to make, so the stand-ins of one process share them; `kid` they do not."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class Key:
    """A signing key, with the channels that it is good for."""

    kid: str
    private: RSAPrivateKey
    endorsements: tuple[str, ...] = ("msteams",)

    def published(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        modulus = numbers.n.to_bytes(256, "big")
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": _base64(hashlib.sha1(modulus, usedforsecurity=False).digest()),
            "n": _base64(modulus),
            "e": _base64(numbers.e.to_bytes(3, "big")),
            "endorsements": list(self.endorsements),
        }

    def pem(self) -> bytes:
        public = self.private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _new_key(number: int, endorsements: tuple[str, ...] = ("msteams",)) -> Key:
    return Key(secrets.token_urlsafe(20), _material(number), endorsements)


class Identity:
    """Signs what goes to a bot, and gives and checks the tokens that bots send with.

    `app_id` is the first of the apps that are registered; `passwords` has them all.
    """

    def __init__(
        self, app_id: str, app_password: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.app_id = app_id
        self.app_password = app_password
        self.passwords = {app_id: app_password}
        self.clock = clock
        self.expires_in = 3599
        self.stranger = _new_key(_STRANGER)
        self.unendorsed = _new_key(_UNENDORSED, ("webchat",))
        self.key = _new_key(_FIRST)
        self.published = [self.key, self.unendorsed]
        self._made = _FIRST
        self._given: dict[str, tuple[str, float]] = {}

    def rotate_keys(self, keep_old: bool = False) -> None:
        """From now on a new key signs; the old one is published no longer, unless it is kept."""
        old = [self.key] if keep_old else []
        self._made += 1
        self.key = _new_key(self._made)
        self.published = [self.key, *old, self.unendorsed]

    def key_set(self) -> dict[str, Any]:
        return {"keys": [key.published() for key in self.published]}

    def metadata(self, url: str) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{url}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def token(
        self,
        *,
        serviceurl: str | None,
        aud: str | None = None,
        iss: str | None = ISSUER,
        exp: float = 3600,
        nbf: float = -60,
        kid: str | None = None,
        alg: str = "RS256",
        key: Key | None = None,
    ) -> str:
        """A bearer token to the bot. `exp` and `nbf` are seconds from now, an `iss` of None is left
        out.

        A token of the algorithm HS256 is signed with the published key, as in the old attack.
        """
        now = self.clock()
        claims = {
            "serviceurl": serviceurl,
            "nbf": int(now + nbf),
            "exp": int(now + exp),
            "iss": iss,
            "aud": aud if aud is not None else self.app_id,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = key or self.key
        headers = {"kid": kid or key.kid, "x5t": kid or key.kid}
        if alg == "HS256":
            return _signed_with_public_key(headers, claims, key)
        secret: RSAPrivateKey | str = "" if alg == "none" else key.private
        return jwt.encode(claims, secret, algorithm=alg, headers=headers)

    def forgery(self, name: str, serviceurl: str) -> str:
        """One of `FORGERIES`: a token that is wrong in exactly this way."""
        if name == "garbage":
            return "not.a.token"
        wrong: dict[str, dict[str, Any]] = {
            "forged": {"key": self.stranger, "kid": self.key.kid},
            "expired": {"exp": -3600, "nbf": -7200},
            "not yet valid": {"nbf": 3600, "exp": 7200},
            "alg none": {"alg": "none"},
            "alg HS256": {"alg": "HS256"},
            "wrong audience": {"aud": "00000000-0000-0000-0000-000000000000"},
            "wrong issuer": {"iss": "https://example.org"},
            "no issuer": {"iss": None},
            "unendorsed key": {"key": self.unendorsed},
            "unknown key": {"key": self.stranger},
            "another service url": {"serviceurl": "https://example.org/emea/"},
        }
        return self.token(**{"serviceurl": serviceurl, **wrong[name]})

    def give(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What Entra ID answers to a request for a token with the client's credentials."""
        if form.get("grant_type") != "client_credentials":
            return 400, _oauth_error("unsupported_grant_type", "AADSTS70003")
        app = form.get("client_id", "")
        if app not in self.passwords:
            return 400, _oauth_error("unauthorized_client", "AADSTS700016")
        if form.get("client_secret") != self.passwords[app]:
            return 401, _oauth_error("invalid_client", "AADSTS7000215")
        if form.get("scope") != SCOPE:
            return 400, _oauth_error("invalid_scope", "AADSTS70011")
        token = secrets.token_urlsafe(32)
        self._given[token] = app, self.clock() + self.expires_in
        return 200, {
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "ext_expires_in": self.expires_in,
            "access_token": token,
        }

    def app_of(self, authorization: str) -> str | None:
        """The app that a request with this header is from, None if it is not let in."""
        scheme, _, token = authorization.partition(" ")
        app, until = self._given.get(token, ("", 0.0))
        return app if scheme == "Bearer" and until > self.clock() else None

    def accepts(self, authorization: str) -> bool:
        """Whether the connector lets a request with this header in."""
        return self.app_of(authorization) is not None

    def revoke(self) -> None:
        """Tokens that the bot already holds are good no longer."""
        self._given.clear()


def _oauth_error(error: str, code: str) -> dict[str, Any]:
    number = int(code.removeprefix("AADSTS"))
    return {"error": error, "error_description": f"{code}: refused", "error_codes": [number]}


def _signed_with_public_key(headers: dict[str, Any], claims: dict[str, Any], key: Key) -> str:
    parts = [{"alg": "HS256", "typ": "JWT", **headers}, claims]
    signed = ".".join(_base64(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{_base64(hmac.digest(key.pem(), signed.encode(), 'sha256'))}"
