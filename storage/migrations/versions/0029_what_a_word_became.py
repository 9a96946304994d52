"""What a word became."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reply", sa.Column("counts_at", sa.DateTime(), nullable=True))
    op.add_column("thread", sa.Column("told_at", sa.DateTime(), nullable=True))
    op.execute(
        "UPDATE thread SET told_at = (SELECT created_at FROM reply WHERE reply.id = thread.told) "
        "WHERE told IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("thread", "told_at")
    op.drop_column("reply", "counts_at")
