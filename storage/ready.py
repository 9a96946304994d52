"""Statements that come often, made ready once.

For one so small SQLAlchemy takes several times as long as the database does, and finds out anew
what never changes: its SQL, which value goes where, how a column is read. That is kept, and the
driver is called directly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, methodcaller
from typing import Any

from sqlalchemy import Dialect, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, NoResultFound

from storage.unit_of_work import Insert, UnitOfWork

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Process = Callable[[Any], Any]

_ROWS, _COUNT = methodcaller("fetchall"), attrgetter("rowcount")


class Ready:
    """A statement with named values. An insert or an update sets the columns that are among the
    names; for other names, it is made ready once more."""

    def __init__(self, statement: Executable) -> None:
        self._statement = {"sqlite": statement, "postgresql": statement}
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    @classmethod
    def upsert(cls, make: Callable[[Callable[[Table], Insert]], Executable]) -> Ready:
        """One with ON CONFLICT, which both databases spell the same and SQLAlchemy does not."""
        ready = cls(make(sqlite.insert))
        ready._statement["postgresql"] = make(postgresql.insert)
        return ready

    def all(self, uow: UnitOfWork, values: Values) -> Sequence[Row]:
        return self._for(uow, values).all(uow, values)

    def first(self, uow: UnitOfWork, values: Values) -> Row | None:
        rows = self.all(uow, values)
        return rows[0] if rows else None

    def one(self, uow: UnitOfWork, values: Values) -> Row:
        """The row that there is, if nobody has taken it away."""
        row = self.first(uow, values)
        if row is None:
            raise NoResultFound
        return row

    def value(self, uow: UnitOfWork, values: Values) -> Any:
        """The one column of the first row; None if there is no row."""
        row = self.first(uow, values)
        return None if row is None else row[0]

    def column(self, uow: UnitOfWork, values: Values) -> list[Any]:
        """The one column of all rows."""
        return [row[0] for row in self.all(uow, values)]

    def run(self, uow: UnitOfWork, values: Values) -> int:
        """For one that gives no rows: how many it changed."""
        return self._for(uow, values).run(uow, values)

    def many(self, uow: UnitOfWork, rows: Sequence[Values]) -> None:
        """Run it once for each; there is at least one."""
        self._for(uow, rows[0]).many(uow, rows)

    def _for(self, uow: UnitOfWork, values: Values) -> _Compiled:
        dialect = uow.connection.dialect
        which = (dialect.name, *values)
        found = self._compiled.get(which)
        if found is None:
            found = _Compiled(self._statement[dialect.name], dialect, values)
            self._compiled[which] = found
        return found


class _Compiled:
    """What SQLAlchemy found out about a statement."""

    def __init__(self, statement: Any, dialect: Dialect, values: Values) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(values))
        # A list that never changes is written out here: SQLAlchemy does so anew each time.
        written = compiled.construct_expanded_state(values)
        self._sql = written.statement
        self._dialect = dialect
        self._error = dialect.loaded_dbapi.Error
        self._by_place = compiled.positional
        self._fixed = {name: one for name, one in written.parameters.items() if name not in values}
        names = written.positiontup if self._by_place else written.parameters
        self._given = [
            (name, written.processors.get(name) or _binding(compiled, name, dialect))
            for name in names
        ]
        columns = statement.exported_columns if hasattr(statement, "exported_columns") else ()
        self._read = [
            (place, process)
            for place, column in enumerate(columns)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def all(self, uow: UnitOfWork, values: Values) -> Sequence[Row]:
        rows: Sequence[Row] = self._done(uow, values, _ROWS)
        return [self._processed(row) for row in rows] if self._read else rows

    def run(self, uow: UnitOfWork, values: Values) -> int:
        changed: int = self._done(uow, values, _COUNT)
        return changed

    def many(self, uow: UnitOfWork, rows: Sequence[Values]) -> None:
        cursor = _driver(uow).cursor()
        filled = [self._row(values) for values in rows]
        self._announce(uow, filled, many=True)
        try:
            cursor.executemany(self._sql, filled)
        except self._error as error:
            raise self._wrapped(error) from error

    def _done(self, uow: UnitOfWork, values: Values, told: Process) -> Any:
        row = self._row(values)
        self._announce(uow, row)
        try:
            return told(_driver(uow).execute(self._sql, row))
        except self._error as error:
            raise self._wrapped(error) from error

    def _announce(self, uow: UnitOfWork, row: Any, *, many: bool = False) -> None:
        """Whoever listens to the engine is told of it, as of any other statement."""
        connection = uow.connection
        if connection._has_events or connection.engine._has_events:
            for tell in connection.dispatch.before_cursor_execute:
                tell(connection, None, self._sql, row, None, many)

    def _row(self, values: Values) -> Row | dict[str, Any]:
        every = {**self._fixed, **values} if self._fixed else values
        if self._by_place:
            return tuple(
                process(every[name]) if process else every[name] for name, process in self._given
            )
        return {
            name: process(every[name]) if process else every[name] for name, process in self._given
        }

    def _processed(self, row: Row) -> Row:
        processed = list(row)
        for place, process in self._read:
            processed[place] = process(processed[place])
        return tuple(processed)

    def _wrapped(self, error: Exception) -> Exception:
        """The error as SQLAlchemy names it. Not the values: they may be what somebody wrote."""
        made: Exception = DBAPIError.instance(
            self._sql, None, error, self._error, hide_parameters=True, dialect=self._dialect
        )
        return made


def _binding(compiled: Any, name: str, dialect: Dialect) -> Process | None:
    """What makes a value into one that the driver knows, where that is more than itself."""
    known = compiled.binds.get(name)
    return None if known is None else known.type.dialect_impl(dialect).bind_processor(dialect)


def _driver(uow: UnitOfWork) -> Any:
    return uow.connection.connection.driver_connection
