"""`mellom webhook`: an operator lets a channel take part one way, and stops that again."""

from __future__ import annotations

import io
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters import settings
from storage import installations
from storage.unit_of_work import connect
from tests.adapters.webhook.test_addresses import SLACK, TEAMS
from tests.operators import Operator
from tests.test_cli import count

KEY = "shh-secret-key-of-length"
HAMAR = ("--network", "Nord", "--organisation", "Hamar kommune")
WORDS = ("--answer-to", "Bjarne Falk, bjarne@falk.example", "--confirmed-by", "IT-sjefen")


@pytest.fixture
def operator(operator: Operator) -> Operator:
    """With a network, and an organisation whose IT has not said yes."""
    operator.sets(MELLOM_SECRET_KEY=KEY)
    operator.succeeds("network", "create", "Nord")
    for name in ("Hamar kommune", "Alta kommune"):
        operator.succeeds(
            "organisation", "add", name, "--network", "Nord", "--country", "no", "--language", "nb"
        )
    return operator


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Where the webhook's address is."""
    (tmp_path / "address").write_text(SLACK + "\n")
    return str(tmp_path / "address")


def test_a_channel_is_added_listed_and_removed_and_its_address_is_shown_nowhere(
    operator: Operator, file: str, database_url: str
) -> None:
    added = operator.succeeds("webhook", "add", *HAMAR, *WORDS, "--url-file", file, "--yes")
    assert "Denne kanalen får en kort melding" in added
    listed = operator.succeeds("webhook", "list", "--network", "Nord")
    assert "Hamar kommune (slack): answers go to Bjarne Falk" in listed
    assert "Confirmed by IT-sjefen" in listed
    removed = operator.succeeds("webhook", "remove", *HAMAR, "--by", "IT-sjefen")
    assert "mellom webhook add" in operator.succeeds("webhook", "list", "--network", "Nord")
    assert SLACK.rpartition("/")[2] not in added + listed + removed


def test_the_address_is_sealed_and_wiped_with_the_removal(
    operator: Operator, file: str, database_url: str
) -> None:
    operator.succeeds("webhook", "add", *HAMAR, *WORDS, "--url-file", file, "--yes")
    vault = settings.read({"MELLOM_SECRET_KEY": KEY}).vault
    with (
        closing(connect(database_url, vault)) as database,
        database.begin(datetime.now(UTC)) as uow,
    ):
        [row] = uow.connection.execute(text("SELECT * FROM installation")).all()
        assert SLACK not in str(row)
        assert installations.every(uow, "webhook")[0].secret == SLACK
    operator.succeeds("webhook", "remove", *HAMAR, "--by", "IT-sjefen")
    with closing(connect(database_url)) as database, database.begin(datetime.now(UTC)) as uow:
        [secret] = uow.connection.execute(text("SELECT secret FROM installation")).scalars()
        [ended] = uow.connection.execute(text("SELECT ended_as, ended_at FROM room")).all()
    assert secret is None
    assert ended[0] == "IT-sjefen"
    assert ended[1] is not None


def test_one_that_was_removed_can_be_added_again(operator: Operator, file: str) -> None:
    for _ in range(2):
        operator.succeeds("webhook", "add", *HAMAR, *WORDS, "--url-file", file, "--yes")
        operator.succeeds("webhook", "remove", *HAMAR, "--by", "IT-sjefen")


@pytest.mark.parametrize("address", [TEAMS.replace("https", "http"), "https://evil.example/x", ""])
def test_what_is_no_webhook_is_refused_and_not_repeated(
    address: str, operator: Operator, tmp_path: Path, database_url: str
) -> None:
    (tmp_path / "address").write_text(address)
    given = ("--url-file", str(tmp_path / "address"), "--yes")
    refused = operator.is_refused("webhook", "add", *HAMAR, *WORDS, *given)
    assert "Nothing was kept." in refused or "nothing was kept." in refused
    assert "evil" not in refused
    assert "sig=" not in refused
    assert count(database_url, "room") == 0


def test_each_organisation_has_one_and_each_webhook_serves_one_channel(
    operator: Operator, file: str
) -> None:
    operator.succeeds("webhook", "add", *HAMAR, *WORDS, "--url-file", file, "--yes")
    again = operator.is_refused("webhook", "add", *HAMAR, *WORDS, "--url-file", file, "--yes")
    assert "mellom webhook remove" in again
    alta = ("--network", "Nord", "--organisation", "Alta kommune")
    used = operator.types("webhook", "add", *alta, *WORDS, "--url-file", file, "--yes")
    assert used.status == 2
    assert "used already" in used.err


@pytest.mark.parametrize("option", ["--answer-to", "--confirmed-by"])
@pytest.mark.parametrize("words", ["", "x" * 201, "a\x07b"])
def test_words_that_cannot_be_shown_are_refused(
    words: str, option: str, operator: Operator, file: str
) -> None:
    given = list(WORDS)
    given[given.index(option) + 1] = words
    assert option in operator.is_refused("webhook", "add", *HAMAR, *given, "--url-file", file)


def test_without_a_key_nothing_is_asked_for(operator: Operator, file: str) -> None:
    operator.sets(MELLOM_SECRET_KEY="")
    refused = operator.is_refused("webhook", "add", *HAMAR, *WORDS, "--url-file", file)
    assert refused.startswith("MELLOM_SECRET_KEY is missing")


def test_nothing_is_kept_before_the_text_has_been_confirmed(
    operator: Operator, file: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    said = operator.types("webhook", "add", *HAMAR, *WORDS, "--url-file", file)
    assert (said.status, said.err) == (
        2,
        "Nothing was kept: the text must be confirmed for the organisation first.\n",
    )
    assert count(database_url, "room") == 0


def test_what_has_no_webhook_cannot_lose_it(operator: Operator) -> None:
    assert "mellom webhook list" in operator.is_refused("webhook", "remove", *HAMAR, "--by", "IT")


def test_the_doctor_tells_whether_its_notes_arrive(
    operator: Operator, file: str, database_url: str
) -> None:
    operator.succeeds("webhook", "add", *HAMAR, *WORDS, "--url-file", file, "--yes")
    told = operator.succeeds("doctor")
    assert "Webhook (Hamar kommune): is told what there is" in told
    assert SLACK.rpartition("/")[2] not in told
    with closing(connect(database_url)) as database, database.begin(datetime.now(UTC)) as uow:
        uow.connection.execute(text("UPDATE room SET trouble = 'http_404'"))
    said = operator.types("doctor")
    assert said.status == 1
    assert "its notes do not arrive (http_404)" in said.out
    assert "mellom webhook add" in said.out
