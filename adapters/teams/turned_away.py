"""Which tenants were turned away, so that an operator finds the one that is to be allowed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from adapters.taking import Unavailable

Note = Callable[[int, str, int], Awaitable[None]]
"""Keeps how many requests for an installation came from a tenant; may raise Unavailable."""

_OFTEN = 60.0
_MANY = 1000
_LONGEST = 64

_log = logging.getLogger(__name__)


class TurnedAway:
    """Counts requests, and has them noted once a minute for each tenant. `clock` in seconds."""

    def __init__(self, clock: Callable[[], float], note: Note | None) -> None:
        self._clock = clock
        self._note = note
        self._waiting: dict[tuple[int, str], tuple[float, int]] = {}

    async def count(self, installation: int, tenant: str) -> None:
        key, now = (installation, tenant[:_LONGEST]), self._clock()
        last, requests = self._waiting.get(key, (float("-inf"), 0))
        if now - last < _OFTEN:
            self._waiting[key] = last, requests + 1
            return
        if len(self._waiting) >= _MANY:
            self._waiting.clear()
        self._waiting[key] = now, 0
        _log.warning(
            "teams.tenant_not_allowed", extra={"installation": installation, "tenant": key[1]}
        )
        if self._note is not None and tenant:
            await self._noted(key, requests + 1)

    async def _noted(self, key: tuple[int, str], requests: int) -> None:
        if self._note is None:
            return
        try:
            await self._note(*key, requests)
        except Unavailable:
            _log.warning("teams.tenant_not_noted", extra={"installation": key[0]})
