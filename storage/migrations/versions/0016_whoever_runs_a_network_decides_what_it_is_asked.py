"""Whoever runs a network decides what it is asked, and gets a card about that on Mondays."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    op.add_column("network", sa.Column("steered_at", sa.DateTime(), nullable=True))
    network = sa.table("network", sa.column("id"), sa.column("steered_at", sa.DateTime()))
    op.execute(sa.update(network).values(steered_at=now))
    for name in ("chosen", "alone"):
        op.add_column(
            "prompt", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    job = sa.table("job", sa.column("network"), sa.column("name"), sa.column("due_at"))
    each = sa.select(
        network.c.id, sa.literal("monday", sa.String()), sa.literal(now, sa.DateTime())
    )
    op.execute(sa.insert(job).from_select(["network", "name", "due_at"], each))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE name = 'monday'")
    op.drop_column("prompt", "alone")
    op.drop_column("prompt", "chosen")
    op.drop_column("network", "steered_at")
