"""Accounts that are linked."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", ID, nullable=False),
        sa.Column("giver", ID, nullable=False),
        sa.Column("taker", ID, nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["giver"], ["account.id"], name="fk_link_giver"),
        sa.ForeignKeyConstraint(["taker"], ["account.id"], name="fk_link_taker"),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("digest", name="uq_link_digest"),
    )
    op.create_index("ix_link_giver", "link", ["giver"], unique=False)
    op.create_table(
        "guess",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_guess_account"),
        sa.PrimaryKeyConstraint("id", name="pk_guess"),
    )
    op.create_index("ix_guess_account", "guess", ["account"], unique=False)
    op.add_column("member", sa.Column("prefers", ID, nullable=True))


def downgrade() -> None:
    op.drop_column("member", "prefers")
    op.drop_table("guess")
    op.drop_table("link")
