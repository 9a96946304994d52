"""Tables, constraints, named queries and the unit of work."""

from storage.unit_of_work import Database, NoSecretKey, UnitOfWork, Unreachable

__all__ = ["Database", "NoSecretKey", "UnitOfWork", "Unreachable"]
