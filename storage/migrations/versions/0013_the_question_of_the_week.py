"""The question of the week, and what a network does by itself."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BY_NOBODY = ("number", "organisation", "member", "account", "conversation")
CHANGES = {"insert": ("INSERT", "NEW"), "update": ("UPDATE OF body, state", "NEW")}
CHANGES["delete"] = ("DELETE", "OLD")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("network", ID, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_job_network"),
        sa.PrimaryKeyConstraint("network", "name", name="pk_job"),
    )
    op.create_index("ix_job_due_at", "job", ["due_at"], unique=False)
    op.create_table(
        "occurrence",
        sa.Column("id", ID, nullable=False),
        sa.Column("job", sa.String(length=16), nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_occurrence_network"),
        sa.PrimaryKeyConstraint("id", name="pk_occurrence"),
        sa.UniqueConstraint("job", "network", "slot", name="uq_occurrence_job_network_slot"),
    )
    _anew(nullable=True)
    op.create_table(
        "prompt",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("key", sa.String(length=8), nullable=True),
        sa.Column("theme", sa.String(length=16), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("thread", ID, nullable=True),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_prompt_network"),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_prompt_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_prompt"),
        sa.UniqueConstraint("network", "week", name="uq_prompt_network_week"),
    )
    op.create_index("ix_prompt_network", "prompt", ["network"], unique=False)
    op.create_index("ix_prompt_thread", "prompt", ["thread"], unique=False)
    _look_at_each_network()


def _look_at_each_network() -> None:
    job = sa.table("job", sa.column("network"), sa.column("name"), sa.column("due_at"))
    network = sa.table("network", sa.column("id"))
    now = sa.literal(datetime.now(UTC).replace(tzinfo=None), sa.DateTime())
    each = sa.select(network.c.id, sa.literal("prompt", sa.String()), now)
    op.execute(sa.insert(job).from_select(["network", "name", "due_at"], each))


def _anew(*, nullable: bool) -> None:
    """SQLite makes the table anew for this, which takes the triggers on it away."""
    with op.batch_alter_table("thread") as batch:
        for column in BY_NOBODY:
            kind = sa.Integer() if column == "number" else ID
            batch.alter_column(column, existing_type=kind, nullable=nullable)
    if op.get_bind().dialect.name != "sqlite":
        return
    for name, (change, row) in CHANGES.items():
        op.execute(
            f"CREATE TRIGGER thread_{name}_unsearched AFTER {change} ON thread"  # noqa: S608
            f" BEGIN INSERT INTO unsearched (thread) VALUES ({row}.id); END"
        )


def downgrade() -> None:
    op.drop_table("prompt")
    op.execute("DELETE FROM thread WHERE member IS NULL")
    _anew(nullable=False)
    op.drop_table("occurrence")
    op.drop_table("job")
