"""Who is in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "member_theme",
        sa.Column("member", ID, nullable=False),
        sa.Column("theme", ID, nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_member_theme_member"),
        sa.ForeignKeyConstraint(["theme"], ["theme.id"], name="fk_member_theme_theme"),
        sa.PrimaryKeyConstraint("member", "theme", name="pk_member_theme"),
    )
    with op.batch_alter_table("member_theme") as batch:
        batch.create_index("ix_member_theme_theme", ["theme"], unique=False)

    op.create_table(
        "muted",
        sa.Column("member", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_muted_member"),
        sa.PrimaryKeyConstraint("member", "kind", name="pk_muted"),
    )
    op.create_table(
        "private",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_private_member"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_private_network"),
        sa.PrimaryKeyConstraint("id", name="pk_private"),
    )
    with op.batch_alter_table("private") as batch:
        batch.create_index(
            "ix_private_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch.create_index("ix_private_member_sent_at", ["member", "sent_at"], unique=False)

    op.create_table(
        "greeting",
        sa.Column("member", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.Column("host", ID, nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["host"], ["member.id"], name="fk_greeting_host"),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_greeting_member"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_greeting_network"),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_greeting_thread"),
        sa.PrimaryKeyConstraint("member", name="pk_greeting"),
    )
    with op.batch_alter_table("greeting") as batch:
        batch.create_index(
            "ix_greeting_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch.create_index("ix_greeting_host", ["host"], unique=False)

    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("speaks", sa.String(length=8), nullable=True))
        batch.add_column(sa.Column("gone_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("welcomed_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("spoke_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("left_at", sa.DateTime(), nullable=True))
        batch.add_column(
            sa.Column("days", sa.String(length=7), server_default="12345", nullable=False)
        )
        batch.add_column(
            sa.Column("just_reads", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("deputy", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("contact", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("network") as batch:
        batch.add_column(sa.Column("paused_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("paused_by", ID, nullable=True))

    # Who is a member already has spoken or pressed something: nobody is asked to greet them.
    op.execute("UPDATE member SET spoke_at = joined_at")


def downgrade() -> None:
    with op.batch_alter_table("network") as batch:
        batch.drop_column("paused_by")
        batch.drop_column("paused_at")
    with op.batch_alter_table("member") as batch:
        for column in (
            "contact",
            "deputy",
            "away_until",
            "away_from",
            "just_reads",
            "days",
            "left_at",
            "spoke_at",
            "welcomed_at",
        ):
            batch.drop_column(column)
    with op.batch_alter_table("account") as batch:
        batch.drop_column("gone_at")
        batch.drop_column("speaks")
    for table in ("greeting", "private", "muted", "member_theme"):
        op.drop_table(table)
