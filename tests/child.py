"""`mellom` for tests, by a process that has all loaded and forks for each that it is to start.

    python -m tests.child

Each line on its stdin starts one (JSON: `command`, `environment`, `hurried`), and is answered with
its process id. They listen on loopback only, and end when this process does, which ends when its
stdin does: so nothing outlives the tests. `hurried` shortens the waits that are there for real
platforms.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import threading
from datetime import timedelta
from typing import Any

from adapters import cli, running
from adapters.worker import Worker
from bot import settling

READY = "standing by"
STARTED = "started"


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Whoever ends is forgotten at once.
    lifeline, held = os.pipe()
    _tell(READY)
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            os.close(held)
            _be(json.loads(line), lifeline)
        _tell(f"{STARTED} {process}")


def hurry() -> None:
    """Waits of seconds instead of a minute and more; their order stays."""
    settling.FIRST_LOOK = timedelta(seconds=1)
    settling.SECOND_LOOK = timedelta(seconds=2)
    settling.BLIND_WAIT = timedelta(seconds=3)
    running.Worker = functools.partial(  # type: ignore[assignment, attr-defined]
        Worker, lease=timedelta(seconds=2)
    )


def _be(wanted: dict[str, Any], lifeline: int) -> None:
    """Be what was wanted, and nothing after that."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(wanted["environment"])
    if wanted["hurried"]:
        hurry()
    running.listen = functools.partial(running.listen, host="127.0.0.1")
    sys.argv[1:] = [wanted["command"]]
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    status = 1
    try:
        cli.main()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stderr.flush()
        os._exit(status)


def _end_with_parent(lifeline: int) -> None:
    os.read(lifeline, 1)  # Nobody writes: it ends when the other end is gone.
    os._exit(1)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
