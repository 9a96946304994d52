"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("app", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("bot_user", sa.String(length=64), server_default="", nullable=False),
        sa.Column("bot", sa.String(length=64), server_default="", nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
        sa.UniqueConstraint(
            "platform", "app", "tenant", name="uq_installation_platform_app_tenant"
        ),
    )
    op.create_table(
        "network",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("last_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_network"),
        sa.UniqueConstraint("name", name="uq_network_name"),
    )
    op.create_table(
        "receipt",
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("incoming", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_receipt"),
    )
    op.create_index(
        "ix_receipt_due_at",
        "receipt",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_receipt_received_at", "receipt", ["received_at"], unique=False)
    op.create_table(
        "worker",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ticked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_worker"),
    )
    op.create_table(
        "account",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("installation", ID, nullable=False),
        sa.Column("met", ID, nullable=True),
        sa.Column("address", sa.String(length=256), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("profile_due_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["installation"], ["installation.id"], name="fk_account_installation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("platform", "tenant", "user", name="uq_account_platform_tenant_user"),
    )
    op.create_table(
        "notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_notice_network"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_created_at", "notice", ["created_at"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_organisation_network"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("network", "name", name="uq_organisation_network_name"),
    )
    op.create_table(
        "post",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", ID, nullable=False),
        sa.Column("parent", ID, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("not_after", sa.DateTime(), nullable=True),
        sa.Column("doubt", sa.String(length=8), server_default="resend", nullable=False),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_post_network"),
        sa.ForeignKeyConstraint(["parent"], ["post.id"], name="fk_post_parent"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("kind", "subject", name="uq_post_kind_subject"),
    )
    op.create_index("ix_post_parent", "post", ["parent"], unique=False)
    op.create_table(
        "code",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_code_network"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_code_organisation"),
        sa.PrimaryKeyConstraint("id", name="pk_code"),
        sa.UniqueConstraint("digest", name="uq_code_digest"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", ID, nullable=False),
        sa.Column("installation", ID, nullable=False),
        sa.Column("key", sa.String(length=256), nullable=True),
        sa.Column("account", ID, nullable=True),
        sa.Column("address", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("lane_until", sa.DateTime(), nullable=True),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_conversation_account"),
        sa.ForeignKeyConstraint(
            ["installation"], ["installation.id"], name="fk_conversation_installation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("installation", "account", name="uq_conversation_installation_account"),
        sa.UniqueConstraint("installation", "key", name="uq_conversation_installation_key"),
    )
    op.create_table(
        "member",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("role", sa.String(length=16), server_default="member", nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_member_network"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_member_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
    )
    op.create_index("ix_member_network", "member", ["network"], unique=False)
    op.create_table(
        "copy",
        sa.Column("id", ID, nullable=False),
        sa.Column("post", ID, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("part", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("native", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shown", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sending", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(length=200), nullable=True),
        sa.Column("root", sa.String(length=200), nullable=True),
        sa.Column("under", sa.String(length=200), nullable=True),
        sa.Column("token", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="behind", nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("since", sa.DateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("resent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], name="fk_copy_conversation"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_copy_post"),
        sa.PrimaryKeyConstraint("id", name="pk_copy"),
        sa.UniqueConstraint("conversation", "message", name="uq_copy_conversation_message"),
        sa.UniqueConstraint("post", "conversation", "part", name="uq_copy_post_conversation_part"),
        sa.UniqueConstraint("token", name="uq_copy_token"),
    )
    op.create_index("ix_copy_conversation_root", "copy", ["conversation", "root"], unique=False)
    op.create_index(
        "ix_copy_due_at",
        "copy",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "heard",
        sa.Column("conversation", ID, nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_heard_conversation"
        ),
        sa.PrimaryKeyConstraint("conversation", "message", name="pk_heard"),
    )
    op.create_index("ix_heard_at", "heard", ["at"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("message", sa.String(length=200), nullable=True),
        sa.Column("root", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_incident_account"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_incident_conversation"
        ),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_incident_network"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_incident_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index(
        "uq_incident_open",
        "incident",
        ["conversation", "message"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "membership",
        sa.Column("network", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_membership_account"),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_membership_member"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_membership_network"),
        sa.PrimaryKeyConstraint("network", "account", name="pk_membership"),
    )
    op.create_index("ix_membership_member", "membership", ["member"], unique=False)
    op.create_table(
        "room",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.Column("consent", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_by", ID, nullable=True),
        sa.Column("trouble", sa.String(length=64), nullable=True),
        sa.Column("trouble_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name="fk_room_confirmed_by"),
        sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], name="fk_room_conversation"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_room_network"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_room_organisation"),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
    )
    op.create_index("ix_room_network", "room", ["network"], unique=False)
    op.create_index(
        "uq_room_conversation",
        "room",
        ["conversation"],
        unique=True,
        sqlite_where=sa.text("state != 'ended'"),
        postgresql_where=sa.text("state != 'ended'"),
    )
    op.create_table(
        "thread",
        sa.Column("id", ID, nullable=False),
        sa.Column("network", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("message", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_thread_account"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_thread_conversation"
        ),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_thread_member"),
        sa.ForeignKeyConstraint(["network"], ["network.id"], name="fk_thread_network"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_thread_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_thread"),
        sa.UniqueConstraint("conversation", "message", name="uq_thread_conversation_message"),
        sa.UniqueConstraint("network", "number", name="uq_thread_network_number"),
    )
    op.create_index("ix_thread_member_created_at", "thread", ["member", "created_at"], unique=False)
    op.create_table(
        "reply",
        sa.Column("id", ID, nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.Column("organisation", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("message", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_reply_account"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_reply_conversation"
        ),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_reply_member"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_reply_organisation"
        ),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="fk_reply_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_reply"),
        sa.UniqueConstraint("conversation", "message", name="uq_reply_conversation_message"),
    )
    op.create_index("ix_reply_thread_created_at", "reply", ["thread", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_reply_thread_created_at", table_name="reply")
    op.drop_table("reply")
    op.drop_index("ix_thread_member_created_at", table_name="thread")
    op.drop_table("thread")
    op.drop_index(
        "uq_room_conversation",
        table_name="room",
        sqlite_where=sa.text("state != 'ended'"),
        postgresql_where=sa.text("state != 'ended'"),
    )
    op.drop_index("ix_room_network", table_name="room")
    op.drop_table("room")
    op.drop_index("ix_membership_member", table_name="membership")
    op.drop_table("membership")
    op.drop_index(
        "uq_incident_open",
        table_name="incident",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("incident")
    op.drop_index("ix_heard_at", table_name="heard")
    op.drop_table("heard")
    op.drop_index(
        "ix_copy_due_at",
        table_name="copy",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_index("ix_copy_conversation_root", table_name="copy")
    op.drop_table("copy")
    op.drop_index("ix_member_network", table_name="member")
    op.drop_table("member")
    op.drop_table("conversation")
    op.drop_table("code")
    op.drop_index("ix_post_parent", table_name="post")
    op.drop_table("post")
    op.drop_table("organisation")
    op.drop_index("ix_notice_created_at", table_name="notice")
    op.drop_table("notice")
    op.drop_table("account")
    op.drop_table("worker")
    op.drop_index("ix_receipt_received_at", table_name="receipt")
    op.drop_index(
        "ix_receipt_due_at",
        table_name="receipt",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_table("receipt")
    op.drop_table("network")
    op.drop_table("installation")
