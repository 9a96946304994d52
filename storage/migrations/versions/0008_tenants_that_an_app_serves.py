"""Tenants that an app serves."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "allowed",
        sa.Column("id", ID, nullable=False),
        sa.Column("installation", ID, nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("organisation", ID, nullable=True),
        sa.Column("allowed_at", sa.DateTime(), nullable=False),
        sa.Column("denied_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["installation"], ["installation.id"], name="fk_allowed_installation"
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_allowed_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_allowed"),
        sa.UniqueConstraint(
            "installation",
            "tenant",
            "organisation",
            name="uq_allowed_installation_tenant_organisation",
        ),
    )
    op.create_table(
        "turned_away",
        sa.Column("installation", ID, nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("requests", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation"], ["installation.id"], name="fk_turned_away_installation"
        ),
        sa.PrimaryKeyConstraint("installation", "tenant", name="pk_turned_away"),
    )
    with op.batch_alter_table("turned_away") as batch:
        batch.create_index("ix_turned_away_last_at", ["last_at"], unique=False)
    _allow_those_that_take_part()


def _allow_those_that_take_part() -> None:
    """Where a room or a member of a network is already, nobody is to be shut out."""
    connection = op.get_bind()
    rooms = connection.execute(
        sa.text(
            "SELECT c.installation, c.address, r.organisation FROM room r "
            "JOIN conversation c ON c.id = r.conversation "
            "JOIN installation i ON i.id = c.installation "
            "WHERE i.platform = 'teams' AND r.state != 'ended'"
        )
    ).all()
    members = connection.execute(
        sa.text(
            "SELECT DISTINCT a.installation, a.tenant, m.organisation FROM account a "
            "JOIN membership ms ON ms.account = a.id JOIN member m ON m.id = ms.member "
            "WHERE a.platform = 'teams'"
        )
    ).all()
    found = {(row[0], _tenant(row[1]), row[2]) for row in rooms} | {tuple(row) for row in members}
    for installation, tenant, organisation in sorted(found):
        if tenant:
            connection.execute(
                sa.text(
                    "INSERT INTO allowed (installation, tenant, organisation, allowed_at) "
                    "VALUES (:installation, :tenant, :organisation, CURRENT_TIMESTAMP)"
                ),
                {"installation": installation, "tenant": tenant, "organisation": organisation},
            )


def _tenant(address: object) -> str:
    """An address is JSON, which one database gives as it is and the other as its text."""
    read = json.loads(address) if isinstance(address, str) else address
    return str(read.get("tenant") or "") if isinstance(read, dict) else ""


def downgrade() -> None:
    with op.batch_alter_table("turned_away") as batch:
        batch.drop_index("ix_turned_away_last_at")
    op.drop_table("turned_away")
    op.drop_table("allowed")
