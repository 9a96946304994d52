"""Runs migrations on the connection that `storage.migrating` opened."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.models import Instant, is_ours, metadata


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration stands on its own: it does not import what may change after it."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew.
    render_item=_render,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
