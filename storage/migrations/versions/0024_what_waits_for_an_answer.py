"""From when a step counts its working days, and questions for which other words were taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("step", sa.Column("since", sa.DateTime(), nullable=True))
    op.add_column("thread", sa.Column("rephrased_at", sa.DateTime(), nullable=True))
