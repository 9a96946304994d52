"""Teams' side of one Mellom, put together: the bots, the edge and the platform."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterator
from typing import TypeVar

from adapters.settings import Settings
from adapters.settings import Teams as TeamsSettings
from adapters.taking import Unavailable
from adapters.teams import connector
from adapters.teams.bots import Bot, Bots
from adapters.teams.client import TeamsPlatform
from adapters.teams.credentials import Credentials, Hosts
from adapters.teams.edge import TeamsEdge
from adapters.teams.identity import Identity
from adapters.web import Handler
from adapters.writing import Writers
from storage import UnitOfWork, Unreachable, installations, tenants
from storage.installations import Installation

T = TypeVar("T")


class OnTeams:
    """The bot of the settings, if there is one, and the bots that organisations have of their own,
    whose passwords stand in the database."""

    def __init__(self, settings: Settings, writers: Writers) -> None:
        self._settings = settings
        self._writers = writers
        self._keep_the_one_of_the_settings()
        places, hosts = settings.microsoft, Hosts(settings.microsoft.service_hosts)
        bots = Bots(self._read, clock=self._seconds)
        identity = Identity(
            bots, clock=time.time, hosts=hosts, metadata_url=places.openid_metadata_url
        )
        self._http = connector.client()
        self.platform = TeamsPlatform(
            bots, self._http, clock=time.time, hosts=hosts, token_url=places.token_url
        )
        self.edge = TeamsEdge(
            identity, bots, writers.take, clock=self._seconds, note=self._note_turned_away
        )
        self.handlers: dict[str, Handler] = {"teams_messages": self.edge.messages}

    @property
    def is_on(self) -> bool:
        """Whether there is any bot."""
        if self._settings.teams is not None:
            return True
        with self._writers.begin() as uow:
            return any(True for _ in known_bots(uow, None))

    async def close(self) -> None:
        await self._http.aclose()

    def _seconds(self) -> float:
        return self._writers.clock.real().timestamp()

    def _keep_the_one_of_the_settings(self) -> None:
        teams = self._settings.teams
        if teams is not None:
            with self._writers.begin() as uow:
                installations.keep(uow, platform="teams", app=teams.app_id, tenant=teams.tenant_id)

    async def _read(self) -> list[Bot]:
        teams = self._settings.teams
        return await _or_unavailable(self._writers(lambda uow: list(known_bots(uow, teams))))

    async def _note_turned_away(self, installation: int, tenant: str, requests: int) -> None:
        await _or_unavailable(
            self._writers(lambda uow: tenants.turn_away(uow, installation, tenant, requests))
        )


def known_bots(uow: UnitOfWork, teams: TeamsSettings | None) -> Iterator[Bot]:
    """Every bot whose password we have."""
    allowed = tenants.every_allowed(uow)
    for row in installations.every(uow, "teams"):
        password = _password(row, teams)
        if password and not row.stopped:
            there = allowed.get(row.id, frozenset())
            yield Bot(row.id, Credentials(row.app, password, row.tenant), there)


def _password(row: Installation, teams: TeamsSettings | None) -> str | None:
    is_set = teams is not None and (row.app, row.tenant) == (teams.app_id, teams.tenant_id)
    return teams.app_password if teams is not None and is_set else row.secret


async def _or_unavailable(work: Awaitable[T]) -> T:
    try:
        return await work
    except Unreachable as problem:
        raise Unavailable from problem
