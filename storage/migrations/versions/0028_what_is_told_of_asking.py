"""What is told of asking."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("told_at", sa.DateTime(), nullable=True))
    op.add_column("network", sa.Column("asking_told", sa.Date(), nullable=True))
    op.add_column("network", sa.Column("asking_sent", sa.Integer(), nullable=True))
    op.add_column("network", sa.Column("asking_answered", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("network", "asking_answered")
    op.drop_column("network", "asking_sent")
    op.drop_column("network", "asking_told")
    op.drop_column("attempt", "told_at")
