"""Whoever asked is told, and whoever helped is thanked."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ANSWERED = sa.text("answered_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "about",
        sa.Column("private", ID, nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.ForeignKeyConstraint(["private"], ["private.id"], name=op.f("fk_about_private")),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name=op.f("fk_about_thread")),
        sa.PrimaryKeyConstraint("private", "thread", name=op.f("pk_about")),
    )
    op.create_index("ix_about_thread", "about", ["thread"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("thread", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("private", ID, nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_attempt_member")),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name=op.f("fk_attempt_thread")),
        sa.PrimaryKeyConstraint("thread", "member", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_asked_at", "attempt", ["asked_at"], unique=False)
    op.create_index("ix_attempt_member", "attempt", ["member"], unique=False)
    op.add_column("thread", sa.Column("told", ID, nullable=True))
    op.create_index(
        "ix_thread_answered",
        "thread",
        ["network", "answered_at"],
        unique=False,
        sqlite_where=ANSWERED,
        postgresql_where=ANSWERED,
    )
    _nobody_is_told_of_old_answers()


def _nobody_is_told_of_old_answers() -> None:
    op.execute(
        "UPDATE thread SET told = (SELECT max(reply.id) FROM reply WHERE reply.thread = thread.id)"
        " WHERE EXISTS (SELECT 1 FROM reply WHERE reply.thread = thread.id)"
    )


def downgrade() -> None:
    op.drop_index("ix_thread_answered", "thread")
    op.drop_column("thread", "told")
    op.drop_table("attempt")
    op.drop_table("about")
