"""What was given up, and notices by their name."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GIVEN_UP = sa.text("state IN ('failed', 'parked')")


def upgrade() -> None:
    op.create_index(
        "ix_copy_given_up",
        "copy",
        ["conversation"],
        sqlite_where=GIVEN_UP,
        postgresql_where=GIVEN_UP,
    )
    op.create_index("ix_notice_network_name", "notice", ["network", "name"])


def downgrade() -> None:
    op.drop_index("ix_notice_network_name", "notice")
    op.drop_index("ix_copy_given_up", "copy")
