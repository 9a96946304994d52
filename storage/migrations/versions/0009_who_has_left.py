"""Who has left."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "departure",
        sa.Column("conversation", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_departure_account"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_departure_conversation"
        ),
        sa.PrimaryKeyConstraint("conversation", "account", name="pk_departure"),
    )
    op.add_column("conversation", sa.Column("closed_at", sa.DateTime(), nullable=True))
    op.add_column("member", sa.Column("home", sa.String(length=8), nullable=True))
    op.add_column("member", sa.Column("former_at", sa.DateTime(), nullable=True))
    op.add_column("member", sa.Column("redrawn", ID, nullable=True))
    # Not in a batch: SQLite must not make `thread` anew, or its triggers are gone.
    op.add_column("thread", sa.Column("keeper", ID, nullable=True))
    op.create_index("ix_thread_keeper", "thread", ["keeper"], unique=False)
    op.create_index("ix_reply_member", "reply", ["member"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_reply_member", "reply")
    op.drop_index("ix_thread_keeper", "thread")
    op.drop_column("thread", "keeper")
    for column in ("redrawn", "former_at", "home"):
        op.drop_column("member", column)
    op.drop_column("conversation", "closed_at")
    op.drop_table("departure")
