"""Which Slack workspaces have an app of ours: kept in memory, since Slack waits meanwhile."""

from __future__ import annotations

import asyncio
import logging

from adapters.slack.own import OwnApp
from adapters.slack.workspace import Workspace
from adapters.taking import Unavailable
from adapters.writing import Writers
from storage import Unreachable, installations
from storage.installations import Installation

log = logging.getLogger(__name__)

LOOK_AGAIN = 5.0
"""Seconds between looks into the database for a workspace that this process does not know."""

MOST_MISSED = 1000
"""Workspaces that this process remembers not to have known."""

RENEW = 60.0
"""Seconds after which the workspaces are read anew: a token may have been exchanged elsewhere."""


class Workspaces:
    """Finds who is meant. What this process does not know may have been added by another."""

    def __init__(self, writers: Writers, *, only_one: bool) -> None:
        self._writers = writers
        self._only_one = only_one
        self._shared: dict[str, Workspace] = {}
        self._own: dict[int, OwnApp] = {}
        self._looking: asyncio.Task[None] | None = None
        self._looked = self._loaded = 0.0
        self._missed: dict[str, float] = {}

    def __call__(self, enterprise: str | None, team: str | None) -> Workspace | None:
        """The workspace with the shared app that a request is of. One that is not known: look, and
        have Slack send again meanwhile. None if such a look did not find it."""
        found = self._shared.get(team or "") or self._shared.get(enterprise or "")
        if found is None and self._only_one and self._shared:
            found = next(iter(self._shared.values()))
        self._look_again(LOOK_AGAIN if found is None else RENEW)
        if found is None and not self._is_none_of_ours(team or enterprise or ""):
            raise Unavailable
        return found

    async def own(self, id: int) -> OwnApp | None:
        """The app of a workspace's own with this number. One that is not known is looked for first,
        since an administrator who has just added it wants Slack to verify its address."""
        found = self._own.get(id)
        if found is None and self._look_again(LOOK_AGAIN):
            await asyncio.gather(*filter(None, [self._looking]))
            found = self._own.get(id)
            if found is None and self._loaded < self._looked:
                raise Unavailable
        self._look_again(RENEW)
        return found

    @property
    def any_own(self) -> bool:
        return bool(self._own)

    async def load(self) -> None:
        began = asyncio.get_running_loop().time()
        rows = await self._writers(lambda uow: installations.every(uow, "slack"))
        self._shared = {row.tenant: _workspace(row) for row in rows if not row.own}
        self._own = {
            row.id: OwnApp(_workspace(row), row.signing_secret)
            for row in rows
            if row.own and row.signing_secret is not None
        }
        self._loaded = began

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _is_none_of_ours(self, name: str) -> bool:
        missed = self._missed.pop(name, None)
        if missed is not None and self._loaded > missed and not self._only_one:
            return True
        if len(self._missed) < MOST_MISSED:
            self._missed[name] = missed or asyncio.get_running_loop().time()
        return False

    def _look_again(self, after: float) -> bool:
        """Read the workspaces anew if that was last done so many seconds ago."""
        loop = asyncio.get_running_loop()
        busy = self._looking is not None and not self._looking.done()
        if busy or loop.time() - self._looked <= after:
            return False
        self._looked = loop.time()
        self._looking = loop.create_task(self._reload())
        return True

    async def _reload(self) -> None:
        try:
            await self.load()
        except Unreachable:
            log.error("database.unreachable")


def _workspace(row: Installation) -> Workspace:
    """The settings' token is for the one that is shared, goes on, and has none of its own."""
    token = "" if row.secret is None and (row.own or row.stopped) else row.secret
    return Workspace(row.id, row.app, row.tenant, row.bot_user, row.bot, token)
