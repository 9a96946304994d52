"""What is to be drawn anew."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("redraw_at", sa.DateTime(), nullable=True))
    waiting = sa.text("redraw_at IS NOT NULL")
    op.create_index(
        "ix_member_redraw_at",
        "member",
        ["redraw_at"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_member_organisation", "member", ["organisation"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_member_organisation", "member")
    op.drop_index("ix_member_redraw_at", "member")
    op.drop_column("member", "redraw_at")
