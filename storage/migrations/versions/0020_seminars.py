"""Seminars."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "seminar",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("host", ID, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["host"], ["organisation.id"], name="fk_seminar_host"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_seminar_network"),
        sa.PrimaryKeyConstraint("id", name="pk_seminar"),
    )
    op.create_index("ix_seminar_network_last_day", "seminar", ["network", "last_day"])


def downgrade() -> None:
    op.drop_table("seminar")
