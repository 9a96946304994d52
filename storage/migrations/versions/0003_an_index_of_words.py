"""An index of words, and what is to be indexed anew.

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: None = None
depends_on: None = None

CHANGES = {"insert": ("INSERT", "NEW"), "update": ("UPDATE OF body, state", "NEW")}
CHANGES["delete"] = ("DELETE", "OLD")
THREAD_IN = {"thread": "id", "reply": "thread"}


def upgrade() -> None:
    op.create_table(
        "unsearched",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsearched")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _on_sqlite() if on_sqlite else _on_postgresql():
        op.execute(statement)
    op.execute("INSERT INTO unsearched (thread) SELECT id FROM thread ORDER BY id")


def _on_sqlite() -> Iterator[str]:
    # The words are folded before they come here: the tokenizer only parts them.
    yield (
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "words, detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')"
    )
    for table, column in THREAD_IN.items():
        for name, (change, row) in CHANGES.items():
            yield (
                f"CREATE TRIGGER {table}_{name}_unsearched AFTER {change} ON {table}"  # noqa: S608
                f" BEGIN INSERT INTO unsearched (thread) VALUES ({row}.{column}); END"
            )


def _on_postgresql() -> Iterator[str]:
    yield (
        "CREATE TABLE search_index"
        " (thread BIGINT PRIMARY KEY, network BIGINT NOT NULL, words TSVECTOR NOT NULL)"
    )
    yield "CREATE INDEX ix_search_index_network ON search_index (network, thread)"
    # What waits to be put into the index is looked through by every search: little may wait.
    yield (
        "CREATE INDEX ix_search_index_words ON search_index USING gin (words)"
        " WITH (gin_pending_list_limit = 256)"
    )
    for table, column in THREAD_IN.items():
        yield (
            f"CREATE FUNCTION {table}_unsearched() RETURNS trigger LANGUAGE plpgsql AS $$"  # noqa: S608
            f" BEGIN INSERT INTO unsearched (thread) VALUES (coalesce(NEW.{column}, OLD.{column}));"
            " RETURN NULL; END $$"
        )
        for name, (change, _) in CHANGES.items():
            yield (
                f"CREATE TRIGGER {table}_{name}_unsearched AFTER {change} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {table}_unsearched()"
            )


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in THREAD_IN:
        for name in CHANGES:
            on = "" if on_sqlite else f" ON {table}"
            op.execute(f"DROP TRIGGER {table}_{name}_unsearched{on}")
        if not on_sqlite:
            op.execute(f"DROP FUNCTION {table}_unsearched()")
    op.execute("DROP TABLE search_index")
    op.drop_table("unsearched")
