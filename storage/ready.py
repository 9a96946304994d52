"""Statements that come with every message, made ready once.

For one so small SQLAlchemy takes several times as long as SQLite does, and finds out anew what
never changes: its SQL, which value goes where, how a column is read. On SQLite that is kept, and
the driver is called directly. PostgreSQL, to which the way takes the time, is spoken to as ever.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from storage.unit_of_work import Insert, UnitOfWork

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Process = Callable[[Any], Any]


class Ready:
    """A statement with named values, always the same names."""

    def __init__(self, statement: Executable) -> None:
        self._statement = {"sqlite": statement, "postgresql": statement}
        self._on_sqlite: _OnSqlite | None = None

    @classmethod
    def upsert(cls, make: Callable[[Callable[[Table], Insert]], Executable]) -> Ready:
        """One with ON CONFLICT, which both databases spell the same and SQLAlchemy does not."""
        ready = cls(make(sqlite.insert))
        ready._statement["postgresql"] = make(postgresql.insert)
        return ready

    def all(self, uow: UnitOfWork, values: Values) -> Sequence[Row]:
        name = uow.connection.dialect.name
        if name != "sqlite":
            return uow.connection.execute(self._statement[name], values).all()
        return self._compiled(uow, values).all(uow, values)

    def first(self, uow: UnitOfWork, values: Values) -> Row | None:
        rows = self.all(uow, values)
        return rows[0] if rows else None

    def value(self, uow: UnitOfWork, values: Values) -> Any:
        """The one column of the first row; None if there is no row."""
        row = self.first(uow, values)
        return None if row is None else row[0]

    def many(self, uow: UnitOfWork, rows: Sequence[Values]) -> None:
        """Run it once for each; there is at least one."""
        name = uow.connection.dialect.name
        if name != "sqlite":
            uow.connection.execute(self._statement[name], rows)
        else:
            self._compiled(uow, rows[0]).many(uow, rows)

    def _compiled(self, uow: UnitOfWork, values: Values) -> _OnSqlite:
        if self._on_sqlite is None:
            self._on_sqlite = _OnSqlite(
                self._statement["sqlite"], uow.connection.dialect, list(values)
            )
        return self._on_sqlite


class _OnSqlite:
    """What SQLAlchemy found out about a statement."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self._sql = str(compiled)
        self._fixed = {k: v for k, v in compiled.params.items() if k not in names}
        self._given = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]
        columns = statement.exported_columns if hasattr(statement, "exported_columns") else ()
        self._read = [
            (place, process)
            for place, column in enumerate(columns)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]
        self._dialect = dialect

    def all(self, uow: UnitOfWork, values: Values) -> Sequence[Row]:
        try:
            rows = _driver(uow).execute(self._sql, self._row(values)).fetchall()
        except sqlite3.Error as error:
            raise self._wrapped(error) from error
        return [self._processed(row) for row in rows] if self._read else rows

    def many(self, uow: UnitOfWork, rows: Iterable[Values]) -> None:
        try:
            _driver(uow).executemany(self._sql, map(self._row, rows))
        except sqlite3.Error as error:
            raise self._wrapped(error) from error

    def _row(self, values: Values) -> list[Any]:
        every = {**self._fixed, **values} if self._fixed else values
        return [process(every[name]) if process else every[name] for name, process in self._given]

    def _processed(self, row: Row) -> Row:
        processed = list(row)
        for place, process in self._read:
            processed[place] = process(processed[place])
        return tuple(processed)

    def _wrapped(self, error: sqlite3.Error) -> Exception:
        """The error as SQLAlchemy names it. Not the values: they may be what somebody wrote."""
        made: Exception = DBAPIError.instance(
            self._sql, None, error, sqlite3.Error, hide_parameters=True, dialect=self._dialect
        )
        return made


def _driver(uow: UnitOfWork) -> Any:
    return uow.connection.connection.driver_connection
