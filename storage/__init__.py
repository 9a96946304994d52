"""Tables, constraints, named queries and the unit of work."""

from storage.unit_of_work import Database, NoSecretKey, Overtaken, UnitOfWork, Unreachable

__all__ = ["Database", "NoSecretKey", "Overtaken", "UnitOfWork", "Unreachable"]
