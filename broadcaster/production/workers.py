"""Processes that each prepare one recording after the other, so that both cores of a machine have work.

A worker has one pipe to the program that started it: tasks come in, progress and answers go out, and when the pipe ends the
worker does too, whatever became of its parent. It writes into the staging folder it is told, and nowhere else.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path

from broadcaster import locale
from broadcaster.config import Station
from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.locale.shown import shown
from broadcaster.locale.system import clause
from broadcaster.production.mono import part
from broadcaster.production.preparation import Prepared, fetch, prepare
from broadcaster.production.staging import CannotStore
from broadcaster.sound.findings import refused

_TOLD_EVERY_S = 0.2
_PATIENCE_S = 5.0
MEEKNESS = 10
"""Its niceness at least (``nice(2)``), which the decoders it begins inherit."""
_WORKER_BYTES = 400_000_000
"""What a worker and its decoder may take, and some to spare."""


@dataclass(frozen=True)
class Task:
    """One recording to be prepared."""

    index: int
    source: Path
    stage: Path
    called: str = ""
    """What its producer calls it, where that is not the name of the file."""


@dataclass(frozen=True)
class Moved:
    """How far a task is, 0 … 1."""

    index: int
    share: float


@dataclass(frozen=True)
class Ready:
    """A recording lies prepared in its stage."""

    index: int
    prepared: Prepared


@dataclass(frozen=True)
class Failed:
    """A recording was refused, or its worker came to an end."""

    index: int
    sentence: str
    ours: bool = False
    """By a fault of the station's: there is nothing wrong with the recording."""


Told = Moved | Ready | Failed


def processors() -> int:
    """Workers that this machine has processors and free memory for, at least one."""
    return fitting(os.cpu_count() or 1, _available_bytes())


def fitting(usable: int, available_bytes: int | None) -> int:
    """Workers for so many processors and so much memory (pure); ``None``: nothing says how much there is."""
    return usable if available_bytes is None else max(min(usable, available_bytes // _WORKER_BYTES), 1)


def _available_bytes() -> int | None:
    """Memory that can be had without swapping, where the system says so (``proc(5)``)."""
    with suppress(OSError):
        said = Path("/proc/meminfo").read_text(encoding="ascii")
        lines = (line.split() for line in said.splitlines())
        return next((int(line[1]) << 10 for line in lines if line[0] == "MemAvailable:"), None)
    return None


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Ctrl+C waits. A process begun here keeps it waiting until it decides: one that is only starting would be torn up."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # begun by the first process otherwise, and it lets Ctrl+C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Workers:
    """Some workers and what each is at. :meth:`free` while there is room for a task, :meth:`listen` for what they say.

    ``begin`` starts a worker: one that came to an end is replaced, or nobody would be left for what still waits.
    """

    def __init__(self, begin: Callable[[], Connection], count: int) -> None:
        self._begin = begin
        self._idle = [begin() for _number in range(count)]
        self._busy: dict[Connection, Task] = {}

    @property
    def free(self) -> bool:
        return bool(self._idle)

    @property
    def busy(self) -> bool:
        return bool(self._busy)

    def give(self, task: Task) -> None:
        """Hand a task to a free worker."""
        pipe = self._idle.pop()
        self._busy[pipe] = task
        with suppress(BrokenPipeError):  # it ended; the end of its pipe says so
            pipe.send(task)

    def listen(self) -> Iterator[Told]:
        """What the busy workers say now; waits for the first word, where anybody is busy."""
        for pipe in wait(list(self._busy)) if self._busy else ():
            assert isinstance(pipe, Connection)  # noqa: S101  nothing else was given
            try:
                told: Told = pipe.recv()
            except (EOFError, ConnectionResetError):
                task = self._busy.pop(pipe)
                self._idle.append(self._begin())
                yield Failed(task.index, str(refused("decode_crashed", name=shown(task.called or task.source.name))))
                continue
            if not isinstance(told, Moved):
                del self._busy[pipe]
                self._idle.append(pipe)
            yield told


@contextmanager
def working(station: Station, count: int, *, meekly: bool = False) -> Iterator[Workers]:
    """``count`` workers; all gone afterwards. ``meekly``: behind everything else that wants the processor."""
    context = multiprocessing.get_context("spawn")
    pipes = {}

    def begin() -> Connection:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, station, locale.language(), meekly), daemon=True)
        with without_interrupts():
            process.start()
        theirs.close()
        pipes[ours] = process
        return ours

    try:
        yield Workers(begin, count)
    finally:
        for pipe, process in pipes.items():
            pipe.close()
            process.terminate()
            process.join(_PATIENCE_S)
            process.kill()
            process.join()


# In the worker


def _work(pipe: Connection, station: Station, language: str, meekly: bool) -> None:  # noqa: FBT001  as a process is begun
    """Prepare what is handed in until the pipe ends."""
    if meekly and hasattr(os, "nice"):
        os.nice(max(0, MEEKNESS - os.nice(0)))  # who began it may have stepped back before
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends us
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(
            signal.SIG_UNBLOCK, {signal.SIGINT}
        )  # nor does a decoder begun here inherit that it waits
    signal.signal(signal.SIGTERM, _leave)
    locale.use(language)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            task: Task = pipe.recv()
            pipe.send(_prepared(pipe, station, task))


def _leave(_signal: int, _frame: object) -> None:
    """On the way out, so that the decoder's child is ended too."""
    raise SystemExit(1)


def _prepared(pipe: Connection, station: Station, task: Task) -> Ready | Failed:
    progress = _Teller(pipe, task.index)
    try:
        copied = fetch(station, task.source, task.stage, part(progress, 0.0, 0.05), task.called)
        return Ready(task.index, prepare(station, copied, task.stage, part(progress, 0.05, 1.0)))
    except BroadcasterError as error:
        return Failed(task.index, str(error), ours=not isinstance(error, BadInput))
    except OSError as problem:
        return Failed(task.index, str(CannotStore(problem=clause(problem))), ours=True)


class _Teller:
    """Tells the parent how far a task is, a few times a second."""

    def __init__(self, pipe: Connection, index: int) -> None:
        self._pipe, self._index = pipe, index
        self._next = 0.0

    def __call__(self, share: float) -> None:
        if (now := time.monotonic()) >= self._next:
            self._next = now + _TOLD_EVERY_S
            self._pipe.send(Moved(self._index, share))
