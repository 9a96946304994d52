"""What is typed at a terminal, and what is said there."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Any

import typer

from adapters.operating import Refusal

LONGEST_SECRET = 512


def secret(what: str, file: str, option: str) -> str:
    """A secret, which is never an argument: others on the machine would see it there. From a file,
    from a line of what is piped in (`-`), or typed where nobody can read along."""
    if file:
        return _whole(_line() if file == "-" else _read(file, option), what)
    if not sys.stdin.isatty():
        raise Refusal(
            f"There is no terminal to ask for the {what} at: give it with {option} FILE "
            "(- reads a line of what is piped in)."
        )
    return _whole(getpass.getpass(f"{what[0].upper()}{what[1:]} (not shown): "), what)


def show(document: dict[str, Any]) -> None:
    """Print a document for another program to read."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _line() -> str:
    return sys.stdin.readline()


def _read(file: str, option: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"{option}: there is no file that can be read at {file!r}.") from None


def _whole(given: str, what: str) -> str:
    found = given.strip()
    if not found:
        raise Refusal(f"The {what} is empty: nothing was kept.")
    if (
        len(found) > LONGEST_SECRET
        or not found.isascii()
        or not found.isprintable()
        or " " in found
    ):
        raise Refusal(f"That is not a {what}: it is one word on one line. Nothing was kept.")
    return found
