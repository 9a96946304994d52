"""Who is asked by name, and what is done next about a question."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Questions that are open by now have no step: nobody is to be flooded."""
    op.create_table(
        "step",
        sa.Column("thread", ID, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_step_network"),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_step_thread"),
        sa.PrimaryKeyConstraint("thread", "name", name="pk_step"),
    )
    is_due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_step_due_at", "step", ["due_at"], sqlite_where=is_due, postgresql_where=is_due
    )
    op.create_index("ix_step_network", "step", ["network"])

    op.create_table(
        "invitation",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("thread", ID, nullable=True),
        sa.Column("private", ID, nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_invitation_member"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_invitation_network"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_invitation_organisation"
        ),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_invitation_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("thread", "member", name="uq_invitation_thread_member"),
    )
    op.create_index("ix_invitation_member_at", "invitation", ["member", "at"])
    op.create_index("ix_invitation_network_kind_at", "invitation", ["network", "kind", "at"])
    op.create_index("ix_invitation_private", "invitation", ["private"])

    for name in ("sought_at", "saved_at", "outside_at"):
        op.add_column("thread", sa.Column(name, sa.DateTime(), nullable=True))
