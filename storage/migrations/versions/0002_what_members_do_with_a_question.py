"""What members do with a question."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

THEMES = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "3.1", "3.2")
"""What every network begins with; those that there are already have not."""


def upgrade() -> None:
    op.create_table(
        "theme",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("key", sa.String(length=8), nullable=True),
        sa.Column("name", sa.String(length=75), nullable=True),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_theme_network"),
        sa.PrimaryKeyConstraint("id", name="pk_theme"),
        sa.UniqueConstraint("network", "key", name="uq_theme_network_key"),
    )
    for key in THEMES:
        op.execute(f"INSERT INTO theme (network, key) SELECT id, '{key}' FROM network")  # noqa: S608
    op.create_table(
        "listing",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("reason", sa.String(length=8), nullable=False),
        sa.Column("threads", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("questions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("answers", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_listing_conversation"
        ),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_listing_network"),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
    )
    with op.batch_alter_table("listing") as batch:
        batch.create_index("ix_listing_conversation", ["conversation"], unique=False)

    op.create_table(
        "listed",
        sa.Column("listing", ID, nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.ForeignKeyConstraint(["listing"], ["listing.id"], name="fk_listed_listing"),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_listed_thread"),
        sa.PrimaryKeyConstraint("listing", "thread", name="pk_listed"),
    )
    with op.batch_alter_table("listed") as batch:
        batch.create_index("ix_listed_thread", ["thread"], unique=False)

    with op.batch_alter_table("copy") as batch:
        batch.add_column(sa.Column("wanted_at", sa.DateTime(), nullable=True))
        batch.create_index(
            "ix_copy_adrift",
            ["conversation"],
            unique=False,
            sqlite_where=sa.text("state IN ('behind', 'failed', 'dropped')"),
            postgresql_where=sa.text("state IN ('behind', 'failed', 'dropped')"),
        )

    with op.batch_alter_table("reply") as batch:
        batch.add_column(sa.Column("helped", sa.DateTime(), nullable=True))

    with op.batch_alter_table("room") as batch:
        batch.add_column(sa.Column("reads", sa.String(length=16), nullable=True))
    # In a Slack channel every message reaches the app; elsewhere that is found out.
    op.execute(
        "UPDATE room SET reads = 'all' WHERE conversation IN (SELECT conversation.id"
        " FROM conversation JOIN installation ON installation.id = conversation.installation"
        " WHERE installation.platform = 'slack')"
    )

    with op.batch_alter_table("thread") as batch:
        batch.add_column(sa.Column("answered_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("answered_by", ID, nullable=True))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("theme", ID, nullable=True))
        batch.create_index(
            "ix_thread_open",
            ["network", "number"],
            unique=False,
            sqlite_where=sa.text("state = 'open' AND answered_at IS NULL"),
            postgresql_where=sa.text("state = 'open' AND answered_at IS NULL"),
        )
        batch.create_foreign_key("fk_thread_theme", "theme", ["theme"], ["id"])
        batch.create_foreign_key("fk_thread_answered_by", "member", ["answered_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("thread") as batch:
        batch.drop_constraint("fk_thread_answered_by", type_="foreignkey")
        batch.drop_constraint("fk_thread_theme", type_="foreignkey")
        batch.drop_index(
            "ix_thread_open",
            sqlite_where=sa.text("state = 'open' AND answered_at IS NULL"),
            postgresql_where=sa.text("state = 'open' AND answered_at IS NULL"),
        )
        batch.drop_column("theme")
        batch.drop_column("withdrawn_at")
        batch.drop_column("answered_by")
        batch.drop_column("answered_at")

    with op.batch_alter_table("room") as batch:
        batch.drop_column("reads")

    with op.batch_alter_table("reply") as batch:
        batch.drop_column("helped")

    with op.batch_alter_table("copy") as batch:
        batch.drop_index(
            "ix_copy_adrift",
            sqlite_where=sa.text("state IN ('behind', 'failed', 'dropped')"),
            postgresql_where=sa.text("state IN ('behind', 'failed', 'dropped')"),
        )
        batch.drop_column("wanted_at")

    with op.batch_alter_table("listed") as batch:
        batch.drop_index("ix_listed_thread")

    op.drop_table("listed")
    with op.batch_alter_table("listing") as batch:
        batch.drop_index("ix_listing_conversation")

    op.drop_table("listing")
    op.drop_table("theme")
