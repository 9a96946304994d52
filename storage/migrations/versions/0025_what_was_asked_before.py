"""What was asked before."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "resemblance",
        sa.Column("thread", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("earlier", ID, nullable=False),
        sa.ForeignKeyConstraint(["earlier"], ["thread.id"], name="fk_resemblance_earlier"),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_resemblance_thread"),
        sa.PrimaryKeyConstraint("thread", "place", name="pk_resemblance"),
    )
    op.create_index("ix_resemblance_earlier", "resemblance", ["earlier"], unique=False)


def downgrade() -> None:
    op.drop_table("resemblance")
