"""The log: one line for each event, and nothing personal in it, whatever is thrown at it."""

from __future__ import annotations

import ast
import io
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters import journal

ROOT = Path(__file__).parent.parent
SECRETS = (
    "Hvordan får dere liv i tavlemøtene?",
    "Kari Nilsen",
    "kari.nilsen@alta.example",
    "xoxb-1234-abcd",
    "16822548834",
    "010158-5018",
    "eyJhbGciOi.eyJpc3Mi.abc",
    "0123456789abcdef0123456789abcdef",
    "line\nforged.event copy=1",
    "x" * 81,
)

LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log"}

log = logging.getLogger("bot.something")


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    handlers, level, noisy = logging.root.handlers[:], logging.root.level, logging.raiseExceptions
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    logging.raiseExceptions = noisy
    logging.captureWarnings(False)
    for name in journal.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def written() -> Callable[[], list[str]]:
    """What has been written, without the time."""
    stream = io.StringIO()
    journal.start(stream=stream)

    def look() -> list[str]:
        lines = stream.getvalue().splitlines()
        assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line) for line in lines)
        return [line.split(" ", 1)[1] for line in lines]

    return look


Written = Callable[[], list[str]]


def test_an_event_is_one_line_with_its_values(written: Written) -> None:
    log.warning("copy.resent", extra={"copy": 12, "platform": "slack", "retry_after": 1.5})
    assert written() == ["warning copy.resent copy=12 platform=slack retry_after=1.5"]


def test_a_value_that_is_not_there_is_left_out(written: Written) -> None:
    log.info("copy.shown", extra={"copy": 12, "reason": None})
    assert written() == ["info copy.shown copy=12"]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_withheld_even_under_a_known_key(written: Written, secret: str) -> None:
    log.info("copy.refused", extra={"reason": secret, "copy": 12})
    assert written() == ["info copy.refused copy=12 reason=(withheld)"]


@pytest.mark.parametrize("value", [["Kari"], {"Kari": 1}, ("Kari",), object(), b"Kari"])
def test_a_value_of_another_kind_is_withheld(written: Written, value: object) -> None:
    log.info("copy.refused", extra={"reason": value})
    assert written() == ["info copy.refused reason=(withheld)"]


@pytest.mark.parametrize(
    "reason", ["channel_not_found", "ratelimited", "http_500", "TimeoutError", "v2/x:y-z+1"]
)
def test_a_plain_word_is_written(written: Written, reason: str) -> None:
    log.info("copy.refused", extra={"reason": reason})
    assert written() == [f"info copy.refused reason={reason}"]


def test_a_key_that_is_not_known_is_not_written(written: Written) -> None:
    log.info("question.asked", extra={"text": "Hei", "author": "Kari", "copy": 1})
    assert written() == ["info question.asked copy=1"]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_message_that_is_no_event_is_told_by_its_place(written: Written, secret: str) -> None:
    log.warning(secret)
    log.warning("Said: %s", secret)
    log.warning("question.asked", secret)  # noqa: PLE1205 - the mistake that is meant
    told = written()
    assert len(told) == 3
    assert all(
        re.fullmatch(r"warning unnamed logged=tests/test_journal\.py:\d+", line) for line in told
    )


@pytest.mark.parametrize(
    "name", ["slack_sdk", "slack_bolt.App", "aiohttp.access", "httpx", "msrest", "botbuilder", "x"]
)
def test_other_packages_are_silent_below_a_warning(written: Written, name: str) -> None:
    other = logging.getLogger(name)
    before = other.level
    other.setLevel(logging.DEBUG)
    other.debug("body: Kari Nilsen")
    other.info("GET /api?token=xoxb-1")
    other.setLevel(before)
    assert written() == []


def test_of_other_packages_only_the_place_is_told(written: Written) -> None:
    logging.getLogger("slack_sdk").warning("Kari Nilsen %s", "wrote", extra={"reason": "Kari"})
    (told,) = written()
    assert re.fullmatch(r"warning elsewhere logged=tests/test_journal\.py:\d+", told)


def test_of_an_exception_its_type_and_place_are_told_and_not_its_message(written: Written) -> None:
    try:
        journal._place(object())  # type: ignore[arg-type]
    except TypeError:
        log.exception("handler.broke", extra={"incoming": "Said"})
    (told,) = written()
    assert re.fullmatch(
        r"error handler\.broke incoming=Said raised=TypeError in=adapters/journal\.py:\d+ "
        r"from=[\w.]+/\w+\.py:\d+",
        told,
    )


def test_an_exception_that_quotes_people_is_not_quoted(written: Written) -> None:
    try:
        raise ValueError("Kari Nilsen wrote 16822548834")
    except ValueError:
        log.exception("handler.broke")
    (told,) = written()
    assert re.fullmatch(
        r"error handler\.broke raised=ValueError from=tests/test_journal\.py:\d+", told
    )


def test_an_error_without_an_exception_is_just_an_error(written: Written) -> None:
    log.error("delivery.broke", exc_info=None)
    log.error("delivery.broke", exc_info=True)
    assert written() == ["error delivery.broke", "error delivery.broke"]


def test_a_thread_that_breaks_is_an_event(written: Written) -> None:
    def breaks() -> None:
        raise ValueError("Kari Nilsen")

    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
    (told,) = written()
    assert told.startswith("error thread.broke raised=ValueError ")
    assert "Kari" not in told


def test_an_object_that_breaks_while_it_is_thrown_away_is_an_event(written: Written) -> None:
    class Broken:
        def __del__(self) -> None:
            raise ValueError("Kari Nilsen")

    Broken()
    (told,) = written()
    assert told.startswith("error object.broke raised=ValueError ")
    assert "Kari" not in told


def test_a_line_that_cannot_be_written_does_not_show_its_values(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        def __str__(self) -> str:
            raise ValueError("Kari Nilsen")

    log.warning(Broken())
    assert "Kari" not in capsys.readouterr().err


def test_a_process_that_breaks_says_so_without_the_message() -> None:
    ended = run("int('Kari Nilsen')")
    assert ended.returncode == 1
    assert "critical process.broke raised=ValueError" in ended.stderr
    assert "Kari" not in ended.stderr


def test_a_warning_is_told_without_its_words() -> None:
    ended = run("import warnings; warnings.warn('Kari Nilsen')")
    assert ended.returncode == 0
    assert " warning elsewhere logged=" in ended.stderr
    assert "Kari" not in ended.stderr


def run(program: str) -> subprocess.CompletedProcess[str]:
    begin = "from adapters import journal; journal.start(); "
    return subprocess.run(
        [sys.executable, "-c", begin + program],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_every_key_in_the_code_is_one_that_is_written() -> None:
    used = {key for folder in journal.OURS for key in _extra_keys(ROOT / folder)}
    assert used - set(journal.KEYS) == set()


def test_no_key_is_one_that_a_record_has_anyway() -> None:
    record = logging.LogRecord("", 0, "", 0, "", (), None).__dict__
    assert record.keys() & set(journal.KEYS) == set()


def _extra_keys(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                if node.func.attr in LOGGING and "extra" in given:
                    extra = given["extra"]
                    assert isinstance(extra, ast.Dict), f"{path}:{node.lineno}"
                    yield from (ast.literal_eval(key) for key in extra.keys if key)
