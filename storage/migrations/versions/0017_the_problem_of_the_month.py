"""The problem of the month."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "nomination",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("key", sa.String(length=8), nullable=True),
        sa.Column("organisation", ID, nullable=True),
        sa.Column("member", ID, nullable=True),
        sa.Column("account", ID, nullable=True),
        sa.Column("conversation", ID, nullable=True),
        sa.Column("title", sa.String(length=90), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("theme", ID, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("merged", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_nomination_account"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_nomination_conversation"
        ),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_nomination_member"),
        sa.ForeignKeyConstraint(["merged"], ["nomination.id"], name="fk_nomination_merged"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_nomination_network"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_nomination_organisation"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.id"], name="fk_nomination_theme"),
        sa.PrimaryKeyConstraint("id", name="pk_nomination"),
        sa.UniqueConstraint("network", "key", name="uq_nomination_network_key"),
    )
    op.create_index("ix_nomination_member", "nomination", ["member"], unique=False)
    op.create_index("ix_nomination_merged", "nomination", ["merged"], unique=False)
    op.create_index("ix_nomination_network_state", "nomination", ["network", "state"], unique=False)

    op.create_table(
        "backer",
        sa.Column("nomination", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_backer_member"),
        sa.ForeignKeyConstraint(["nomination"], ["nomination.id"], name="fk_backer_nomination"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_backer_organisation"
        ),
        sa.PrimaryKeyConstraint("nomination", "member", name="pk_backer"),
    )
    op.create_index("ix_backer_member", "backer", ["member"], unique=False)

    op.create_table(
        "poll",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.Column("extended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("thread", ID, nullable=True),
        sa.Column("winner", ID, nullable=True),
        sa.Column("how", sa.String(length=16), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("question", ID, nullable=True),
        sa.Column("workshop_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_poll_network"),
        sa.ForeignKeyConstraint(["question"], ["thread.id"], name="fk_poll_question"),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_poll_thread"),
        sa.ForeignKeyConstraint(["winner"], ["nomination.id"], name="fk_poll_winner"),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
        sa.UniqueConstraint("network", "month", name="uq_poll_network_month"),
    )
    op.create_index("ix_poll_question", "poll", ["question"], unique=False)
    op.create_index("ix_poll_thread", "poll", ["thread"], unique=False)

    op.create_table(
        "ballot",
        sa.Column("poll", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("choices", sa.Integer(), nullable=True),
        sa.Column("voted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_ballot_member"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_ballot_organisation"
        ),
        sa.ForeignKeyConstraint(["poll"], ["poll.id"], name="fk_ballot_poll"),
        sa.PrimaryKeyConstraint("poll", "member", name="pk_ballot"),
    )
    op.create_index("ix_ballot_member", "ballot", ["member"], unique=False)
    op.create_index("ix_ballot_poll_organisation", "ballot", ["poll", "organisation"], unique=False)

    op.create_table(
        "option",
        sa.Column("poll", ID, nullable=False),
        sa.Column("nomination", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["nomination"], ["nomination.id"], name="fk_option_nomination"),
        sa.ForeignKeyConstraint(["poll"], ["poll.id"], name="fk_option_poll"),
        sa.PrimaryKeyConstraint("poll", "nomination", name="pk_option"),
        sa.UniqueConstraint("poll", "place", name="uq_option_poll_place"),
    )
    op.create_index("ix_option_nomination", "option", ["nomination"], unique=False)

    _look_at_each_network()


def _look_at_each_network() -> None:
    job = sa.table("job", sa.column("network"), sa.column("name"), sa.column("due_at"))
    network = sa.table("network", sa.column("id"))
    now = sa.literal(datetime.now(UTC).replace(tzinfo=None), sa.DateTime())
    each = sa.select(network.c.id, sa.literal("poll", sa.String()), now)
    op.execute(sa.insert(job).from_select(["network", "name", "due_at"], each))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE name = 'poll'")
    for name in ("option", "ballot", "poll", "backer", "nomination"):
        op.drop_table(name)
    op.execute("DELETE FROM thread WHERE kind = 'poll'")
