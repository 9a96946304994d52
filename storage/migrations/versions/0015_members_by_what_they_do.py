"""Members by what they do, and by their account."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DEPUTY = sa.text("deputy IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_member_network_role_left_at", "member", ["network", "role", "left_at"])
    op.create_index(
        "ix_member_deputy", "member", ["network"], sqlite_where=DEPUTY, postgresql_where=DEPUTY
    )
    op.create_index(
        "ix_member_contact",
        "member",
        ["network"],
        sqlite_where=sa.text("contact = 1"),
        postgresql_where=sa.text("contact"),
    )
    op.create_index("ix_membership_account", "membership", ["account"])


def downgrade() -> None:
    op.drop_index("ix_membership_account", "membership")
    op.drop_index("ix_member_contact", "member")
    op.drop_index("ix_member_deputy", "member")
    op.drop_index("ix_member_network_role_left_at", "member")
