"""`mellom` for tests: everything is loaded before it is set off, and it listens on loopback only.

    python -m tests.child [hurried] COMMAND

It says `standing by`, and runs the command when a line comes on stdin; it ends when stdin does, so
that it never outlives the tests. `hurried` shortens the waits that are there for real platforms.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from datetime import timedelta

from adapters import cli, running
from adapters.worker import Worker
from bot import delivery

READY = "standing by"


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[0] == "hurried":
        arguments = arguments[1:]
        hurry()
    running.listen = functools.partial(running.listen, host="127.0.0.1")
    sys.argv[1:] = arguments
    print(READY, file=sys.stderr, flush=True)
    if not sys.stdin.readline():
        return
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cli.main()


def hurry() -> None:
    """Waits of seconds instead of a minute and more; their order stays."""
    delivery.FIRST_LOOK = timedelta(seconds=1)
    delivery.SECOND_LOOK = timedelta(seconds=2)
    delivery.BLIND_WAIT = timedelta(seconds=3)
    running.Worker = functools.partial(  # type: ignore[misc, assignment]
        Worker, lease=timedelta(seconds=2)
    )


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
