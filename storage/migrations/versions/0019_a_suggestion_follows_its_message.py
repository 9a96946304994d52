"""A suggestion follows its message."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEX = "ix_nomination_conversation_message"


def upgrade() -> None:
    op.add_column("nomination", sa.Column("message", sa.String(length=200), nullable=True))
    op.create_index(INDEX, "nomination", ["conversation", "message"], unique=True)


def downgrade() -> None:
    op.drop_index(INDEX, "nomination")
    op.drop_column("nomination", "message")
