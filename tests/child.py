"""`mellom` for tests, by a process that has all loaded and forks for each that it is to start.

    python -m tests.child

Each line on its stdin starts one (JSON: `command`, `environment`, `hurried`, `life`), and is
answered with its process id. They listen on loopback only, and end when this process does, which
ends when its stdin does: so nothing outlives the tests. `hurried` shortens the waits that are there
for real platforms, and a `life` does without them (`dying`); one that `learns` is lived by this
process itself, and the others then know what it has learnt.
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
from tests import dying

_listen = running.listen

READY = "standing by"
STARTED = "started"


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Whoever ends is forgotten at once.
    lifeline, held = os.pipe()
    _tell(READY)
    for line in sys.stdin:
        wanted = json.loads(line)
        if wanted["life"] and wanted["life"]["learns"]:
            dying.learn(wanted["life"], functools.partial(_run, wanted))
            continue
        process = os.fork()
        if process == 0:
            os.close(held)
            _be(wanted, lifeline)
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
    if wanted["hurried"]:
        hurry()
    if wanted["life"]:
        dying.lead(wanted["life"])
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    status = 1
    try:
        status = _run(wanted)
    finally:
        sys.stderr.flush()
        os._exit(status)


def _run(wanted: dict[str, Any]) -> int:
    """Run the command; its status."""
    os.environ.update(wanted["environment"])
    running.listen = functools.partial(_listen, host="127.0.0.1")
    sys.argv[1:] = [wanted["command"]]
    try:
        cli.main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _end_with_parent(lifeline: int) -> None:
    os.read(lifeline, 1)  # Nobody writes: it ends when the other end is gone.
    os._exit(1)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
