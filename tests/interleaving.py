"""Doing something in another process's place at every moment of a piece of work.

Between any two statements of a unit of work, another may do theirs. Trying each such moment in turn
finds what a race between threads would only hit by luck.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text


class Interruption:
    """Does `other` on a thread of its own before the statement of this number, or before the commit
    that comes there; or, of the statements that begin with `before`, before the one of this number.
    It ends first, or it waits for a lock that the interrupted work holds."""

    def __init__(
        self, engine: Engine, number: int, other: Callable[[], object], before: str = ""
    ) -> None:
        self.happened = False
        self._engine = engine
        self._number = number
        self._before = before
        self._other = other
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._do)
        self._looking = False

    @contextmanager
    def armed(self) -> Iterator[None]:
        def before(*given: Any) -> None:
            words = given[2] if len(given) > 2 else ""  # A commit has none.
            if words.startswith(self._before):
                self._count()

        names = ("before_cursor_execute", "commit")
        for name in names:
            event.listen(self._engine, name, before)
        try:
            yield
        finally:
            for name in names:
                event.remove(self._engine, name, before)
        if self.happened:
            self._thread.join()
        if self._failed is not None:
            raise self._failed

    def _count(self) -> None:
        if self._looking or threading.current_thread() is self._thread:
            return
        self._number -= 1
        if self._number >= 0 or self.happened:
            return
        self.happened = True
        self._thread.start()
        self._looking = True
        while self._thread.is_alive() and not self._waits():
            self._thread.join(0.002)
        self._looking = False

    def _do(self) -> None:
        try:
            self._other()
        except BaseException as error:
            self._failed = error

    def _waits(self) -> bool:
        """Whether somebody in this database waits for a lock. The interrupted work itself does not:
        it stands still here."""
        with self._engine.connect() as connection:
            return bool(connection.execute(_WAITING).scalar_one())


_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
