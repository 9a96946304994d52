"""What a room confirmed and when it left."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("room") as batch:
        batch.add_column(sa.Column("confirmed_as", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("ended_at", sa.DateTime(), nullable=True))
        batch.add_column(
            sa.Column(
                "ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch.add_column(sa.Column("ended_as", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("answer_to", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("room") as batch:
        for column in ("answer_to", "ended_as", "ended_by", "ended_at", "confirmed_as"):
            batch.drop_column(column)
