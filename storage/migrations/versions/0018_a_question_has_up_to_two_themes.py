"""A question has up to two themes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "thread_theme",
        sa.Column("thread", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("theme", ID, nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["theme.id"], name="fk_thread_theme_theme"),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_thread_theme_thread"),
        sa.PrimaryKeyConstraint("thread", "place", name="pk_thread_theme"),
        sa.UniqueConstraint("thread", "theme", name="uq_thread_theme_thread_theme"),
    )
    op.create_index("ix_thread_theme_theme", "thread_theme", ["theme"], unique=False)
    # Whoever asked chose it. The column stays for a version, as the one before still writes it.
    op.execute(
        "INSERT INTO thread_theme (thread, place, theme, confirmed)"
        " SELECT id, 1, theme, true FROM thread WHERE theme IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("thread_theme")
