"""What the processes write to stderr: one line for each event, with nothing personal in it.

    log = logging.getLogger(__name__)
    log.warning("copy.resent", extra={"copy": due.copy, "platform": due.platform})

becomes `2027-01-19T08:15:00.123Z warning copy.resent copy=12 platform=slack`. Only the keys named
here are let through, and only numbers and short plain words. Of an exception its type and place are
told, and of other packages' lines only where they come from: their messages may hold what people
wrote, who they are, or a token.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

OURS = ("adapters", "bot", "storage")

KEYS = (
    "action",
    "behind",
    "conversation",
    "copy",
    "count",
    "error",
    "form",
    "incoming",
    "installation",
    "job",
    "kind",
    "method",
    "network",
    "on",
    "organisation",
    "platform",
    "port",
    "post",
    "reason",
    "retry_after",
    "room",
    "seconds",
    "slot",
    "state",
    "status",
    "team",
    "tenant",
    "tries",
    "type",
    "version",
    "whose",
)
"""The keys of `extra` that are written. None of them may ever hold words, names or addresses."""

_ROOT = Path(__file__).parent.parent
_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_PLAIN = re.compile(r"[A-Za-z0-9_.:/+-]{1,80}")
# Keys and tokens, and numbers long enough to be somebody's.
_SECRET = re.compile(r"xox|xapp|eyJ|\d{6}|(?=\w*\d)(?=\w*[A-Za-z])\w{20}")
# A tenant's id is public, and an operator has to know which one is to be allowed.
_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WITHHELD = "(withheld)"

_log = logging.getLogger(__name__)


def start(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Write events to stderr from now on, and errors that nobody caught as events, too."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(_is_wanted)
    handler.setFormatter(Lines())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    # Otherwise a line that cannot be written is printed with all its values.
    logging.raiseExceptions = False
    sys.excepthook = _process_broke
    sys.unraisablehook = _object_broke
    threading.excepthook = _thread_broke


class Lines(logging.Formatter):
    """One record as one line: time, level, event, and what is known of it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        begin = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z {record.levelname.lower()}"
        return " ".join((begin, _event(record), *_values(record), *_failure(record)))


def _is_wanted(record: logging.LogRecord) -> bool:
    return _is_ours(record) or record.levelno >= logging.WARNING


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] in OURS


def _event(record: logging.LogRecord) -> str:
    if _is_ours(record) and not record.args and _EVENT.fullmatch(str(record.msg)):
        return str(record.msg)
    kind = "unnamed" if _is_ours(record) else "elsewhere"
    return f"{kind} logged={_place(record.pathname)}:{record.lineno}"


def _values(record: logging.LogRecord) -> list[str]:
    if not _is_ours(record):
        return []
    given = record.__dict__
    return [f"{key}={_told(key, given[key])}" for key in KEYS if given.get(key) is not None]


def _told(key: str, value: object) -> str:
    is_tenant = key == "tenant" and isinstance(value, str) and _TENANT.fullmatch(value)
    return str(value) if is_tenant else _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _SECRET.search(value):
        return value
    return _WITHHELD


def _failure(record: logging.LogRecord) -> list[str]:
    if not record.exc_info or record.exc_info[0] is None:
        return []
    kind, _, traceback = record.exc_info
    places = list(_places(traceback))
    ours = [place for place in places if place.split("/")[0] in OURS]
    told = [f"raised={kind.__name__}"]
    told += [f"in={ours[-1]}"] if ours else []
    told += [f"from={places[-1]}"] if places and places[-1:] != ours[-1:] else []
    return told


def _places(traceback: TracebackType | None) -> list[str]:
    places = []
    while traceback is not None:
        places.append(f"{_place(traceback.tb_frame.f_code.co_filename)}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return places


def _place(path: str) -> str:
    """A file as we name it, others by their last two parts: no folder of this machine."""
    file = Path(path)
    if file.is_relative_to(_ROOT) and file.relative_to(_ROOT).parts[0] in OURS:
        return file.relative_to(_ROOT).as_posix()
    return "/".join(file.parts[-2:])


def _process_broke(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("process.broke", exc_info=(kind, error, traceback))


def _thread_broke(broken: threading.ExceptHookArgs) -> None:
    if broken.exc_value is not None and not issubclass(broken.exc_type, SystemExit):
        _log.error(
            "thread.broke", exc_info=(broken.exc_type, broken.exc_value, broken.exc_traceback)
        )


def _object_broke(broken: sys.UnraisableHookArgs) -> None:
    if broken.exc_value is not None:
        _log.error(
            "object.broke", exc_info=(broken.exc_type, broken.exc_value, broken.exc_traceback)
        )
