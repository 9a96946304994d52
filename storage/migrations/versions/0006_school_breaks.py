"""School breaks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "school_break",
        sa.Column("organisation", ID, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_school_break_organisation"
        ),
        sa.PrimaryKeyConstraint("organisation", "first_day", name="pk_school_break"),
    )


def downgrade() -> None:
    op.drop_table("school_break")
