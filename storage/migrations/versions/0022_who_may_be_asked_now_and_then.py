"""Who may be asked now and then."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("network", sa.Column("seed", sa.String(32), server_default="", nullable=False))
    op.add_column("network", sa.Column("asking_since", sa.DateTime(), nullable=True))
    op.add_column("network", sa.Column("asking_stopped_at", sa.DateTime(), nullable=True))
    op.add_column("organisation", sa.Column("informed_on", sa.Date(), nullable=True))
    # With the day it also tells when somebody answered last, and stands for the one without.
    op.create_index("ix_reply_member_created_at", "reply", ["member", "created_at"])
    op.drop_index("ix_reply_member", table_name="reply")
    connection = op.get_bind()
    network = sa.table("network", sa.column("id"), sa.column("seed"), sa.column("created_at"))
    job = sa.table("job", sa.column("network"), sa.column("name"), sa.column("due_at"))
    for [id] in connection.execute(sa.select(network.c.id)).all():
        drawn = sa.update(network).where(network.c.id == id).values(seed=secrets.token_hex(16))
        connection.execute(drawn)
    begun = sa.select(network.c.id, sa.literal("nudge"), network.c.created_at)
    connection.execute(sa.insert(job).from_select(["network", "name", "due_at"], begun))


def downgrade() -> None:
    connection = op.get_bind()
    job = sa.table("job", sa.column("name"))
    connection.execute(sa.delete(job).where(job.c.name == "nudge"))
    op.create_index("ix_reply_member", "reply", ["member"])
    op.drop_index("ix_reply_member_created_at", table_name="reply")
    op.drop_column("organisation", "informed_on")
    op.drop_column("network", "asking_stopped_at")
    op.drop_column("network", "asking_since")
    op.drop_column("network", "seed")
