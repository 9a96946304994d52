"""An organisation's own app, tokens that expire, and when an installation is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("installation") as batch:
        batch.add_column(sa.Column("own", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("organisation", ID, nullable=True))
        batch.add_column(sa.Column("signing_secret", sa.Text(), nullable=True))
        batch.add_column(sa.Column("refresh_token", sa.Text(), nullable=True))
        batch.add_column(sa.Column("expires_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("renewing_until", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("reserved_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("installed_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("forgotten_at", sa.DateTime(), nullable=True))
        batch.create_foreign_key(
            "fk_installation_organisation", "organisation", ["organisation"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("installation") as batch:
        batch.drop_constraint("fk_installation_organisation", type_="foreignkey")
        batch.drop_column("forgotten_at")
        batch.drop_column("installed_at")
        batch.drop_column("reserved_at")
        batch.drop_column("renewing_until")
        batch.drop_column("expires_at")
        batch.drop_column("refresh_token")
        batch.drop_column("signing_secret")
        batch.drop_column("organisation")
        batch.drop_column("own")
