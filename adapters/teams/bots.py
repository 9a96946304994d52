"""Which bots of ours there are, and in which tenants each may be used: in memory, for Teams waits
meanwhile. An operator adds bots and allows tenants while we run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from adapters.taking import Unavailable
from adapters.teams.credentials import Credentials

LOOK_AGAIN = 5.0
"""Seconds between looks for the same bot or tenant that this process does not know."""

RENEW = 60.0
"""Seconds after which all of it is read anew: what is gone may have been taken out elsewhere."""

_MANY = 1000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot: its registration, and the tenants beside its own in which it may be used."""

    installation: int
    credentials: Credentials
    tenants: frozenset[str] = frozenset()

    def serves(self, tenant: str) -> bool:
        home = self.credentials.tenant
        return bool(tenant) and tenant.casefold() in {home.casefold(), *self.tenants}


Load = Callable[[], Awaitable[Iterable[Bot]]]
"""Reads all bots; may raise Unavailable."""


class Bots:
    """The bots by installation and by application id; Unavailable while one that is not known may
    be there, since they cannot be read. `clock` is the real time in seconds."""

    def __init__(self, load: Load, *, clock: Callable[[], float]) -> None:
        self._load = load
        self._clock = clock
        self._known: dict[int, Bot] = {}
        self._looked = float("-inf")
        self._missed: dict[str, float] = {}
        self._looking = asyncio.Lock()
        self._could_look = True

    async def load(self) -> None:
        self._looked = self._clock()
        self._known = {bot.installation: bot for bot in await self._load()}

    async def of(self, installation: int) -> Bot | None:
        """The bot of this installation."""
        return await self._found(str(installation), lambda bot: bot.installation == installation)

    async def of_app(self, app_id: str) -> Bot | None:
        """The bot with this application id."""
        return await self._found(app_id, lambda bot: bot.credentials.app_id == app_id)

    async def any(self) -> bool:
        return await self._found("", lambda bot: True) is not None

    async def admits(self, bot: Bot, tenant: str) -> bool:
        """Whether what this bot is told from there is let in."""
        allowed = await self._found(
            f"{bot.installation} {tenant}",
            lambda known: known.installation == bot.installation and known.serves(tenant),
        )
        return allowed is not None

    async def _found(self, name: str, is_meant: Callable[[Bot], bool]) -> Bot | None:
        if not any(map(is_meant, self._known.values())):
            await self._look_for(name)
        elif self._clock() - self._looked > RENEW and not self._looking.locked():
            await self._look_again()
        found = next(filter(is_meant, self._known.values()), None)
        if found is None and not self._could_look:
            raise Unavailable("the bots cannot be read")
        return found

    async def _look_for(self, name: str) -> None:
        """Look whether it is there by now, unless somebody just did; who does so is waited for."""
        now = self._clock()
        if now - self._missed.get(name, float("-inf")) <= LOOK_AGAIN:
            async with self._looking:
                return
        if len(self._missed) >= _MANY:
            self._missed.clear()
        self._missed[name] = now
        await self._look_again()

    async def _look_again(self) -> None:
        async with self._looking:
            try:
                await self.load()
                self._could_look = True
            except Unavailable:
                self._could_look = False
                _log.warning("teams.bots_not_read")
