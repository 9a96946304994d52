"""Who answers first."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "first_voice",
        sa.Column("member", ID, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("private", ID, nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_first_voice_member"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_first_voice_network"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_first_voice_organisation"
        ),
        sa.PrimaryKeyConstraint("member", "week", name="pk_first_voice"),
    )
    op.create_index("ix_first_voice_asked_at", "first_voice", ["asked_at"], unique=False)
    op.create_index("ix_first_voice_network_week", "first_voice", ["network", "week"], unique=False)
    _look_at_each_network()


def _look_at_each_network() -> None:
    job = sa.table("job", sa.column("network"), sa.column("name"), sa.column("due_at"))
    network = sa.table("network", sa.column("id"))
    now = sa.literal(datetime.now(UTC).replace(tzinfo=None), sa.DateTime())
    each = sa.select(network.c.id, sa.literal("first-voice", sa.String()), now)
    op.execute(sa.insert(job).from_select(["network", "name", "due_at"], each))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE name = 'first-voice'")
    op.execute("DELETE FROM occurrence WHERE job = 'first-voice'")
    op.drop_table("first_voice")
