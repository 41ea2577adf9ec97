"""Runs lives of the daemon, each in a process of its own, and cuts them short: by ``strace``, at a chosen sync."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from crash_report import Told, all_told
from crash_season import Life

from broadcaster.store import schema

SYNCS = ("fdatasync", "fsync")
TRACED = (
    "open,openat,creat,close,dup,dup2,dup3,lseek,write,pwrite64,writev,pwritev,ftruncate,truncate,fallocate,copy_file_range,"
    "sendfile,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir"
)
"""All that changes what is on a disk, or makes it last. The shared memory beside a database is rebuilt, not kept."""


class WentWrong(AssertionError):
    """A life failed otherwise than it was meant to."""


@dataclass(frozen=True)
class Lived:
    """What is known of one life from outside."""

    life: Life
    told: tuple[Told, ...]
    killed: bool
    """It was ended by a signal."""
    failed: bool = False
    """It ended by a fault of its own."""

    @property
    def rows(self) -> dict[str, str]:
        """The rows acknowledged in it: key → hash."""
        return {told.row: told.digest for told in self.told if told.row}


class Nursery:
    """The process that forks the lives; one life at a time."""

    def __init__(self, root: Path, workshop: Path) -> None:
        self.root = root
        self._migrations = workshop / "migrations"
        _next_release(self._migrations)
        ours, theirs = socket.socketpair()
        command = [sys.executable, str(Path(__file__).with_name("crash_nursery.py")), str(theirs.fileno())]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(  # whoever breaks off the sweep does not break off the life that it waits for
            command, pass_fds=[theirs.fileno()], env=environment, start_new_session=True
        )
        theirs.close()
        self._line = ours

    def lived(self, life: Life) -> Lived:
        """To its own end."""
        return self._lived(life)

    def killed_at(self, life: Life, call: str, number: int) -> Lived:
        """Killed as it enters the ``number``-th of these calls, unless it ends before."""
        return self._lived(
            life, "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}", "-o", os.devnull
        )

    def traced(self, life: Life, trace: Path) -> Lived:
        """To its own end; ``trace`` has all that it did to the disk, and what it told in between."""
        return self._lived(life, "-y", "-xx", "-s", "16777216", "-e", f"trace={TRACED}", "-o", str(trace))

    def _lived(self, life: Life, *watch: str) -> Lived:
        pid, report, gate = self._born(life)
        strace = _attached(pid, watch) if watch else None
        os.write(gate, b"!")
        os.close(gate)
        with os.fdopen(report, "rb") as lines:
            told = all_told(lines)
        ended = int(self._ask({"wait": pid}))
        if strace is not None:
            strace.communicate()
        return Lived(life, told, killed=ended == -signal.SIGKILL, failed=ended not in {0, -signal.SIGKILL})

    def _born(self, life: Life) -> tuple[int, int, int]:
        report, report_there = os.pipe()
        gate_there, gate = os.pipe()
        asked = {"life": life.packed(), "root": str(self.root), "migrations": str(self._migrations)}
        pid = int(self._ask(asked, report_there, gate_there))
        os.close(report_there)
        os.close(gate_there)
        return pid, report, gate

    def _ask(self, request: dict[str, Any], *descriptors: int) -> Any:
        socket.send_fds(self._line, [json.dumps(request).encode()], descriptors)
        return json.loads(self._line.recv(256))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()
        self._process.wait(10)


def _attached(pid: int, watch: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    command = ["strace", "-p", str(pid), "-e", "signal=none", *watch]
    strace = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    assert strace.stderr is not None
    _wait_for(b"attached", strace.stderr)
    return strace


def _wait_for(word: bytes, lines: IO[bytes]) -> None:
    said = []
    for line in lines:
        said.append(line)
        if word in line:
            return
    raise WentWrong(said)


def _next_release(folder: Path) -> None:
    """This release's migrations and one more."""
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = Path(__file__).with_name("next_migration.py").read_text(encoding="utf-8")
    (folder / "versions" / "next.py").write_text(text.replace('"LAST"', repr(schema.REVISIONS[-1])), encoding="utf-8")
