"""Running a program on bytes from strangers: limits, a deadline, its own process group, two pipes and nothing else."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from broadcaster.model import Seconds

MEMORY_BYTES = 1 << 30
"""Address space of the child: libraries alone map some 300 MB, sound needs a few more."""
OPEN_FILES = 64
CHUNK_BYTES = 1 << 20
_CHILD = Path(__file__).with_name("limited_child.py")
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "AV_LOG_FORCE_NOCOLOR": "1"}


class TookTooLong(Exception):
    """The deadline passed; the child and its group are gone."""


@dataclass(frozen=True)
class Output:
    """What a finished child left."""

    code: int
    """Exit code; negative: the signal that ended it."""


def run_limited(
    arguments: Sequence[str],
    *,
    deadline_s: Seconds,
    descriptor: int,
    out: Callable[[bytes], None],
    err: Callable[[bytes], None],
) -> Output:
    """Run ``arguments`` (an absolute path first), handing its two outputs to ``out`` and ``err`` as they come.

    Its standard input is empty, its environment almost so; of our open files it gets ``descriptor`` alone. Whatever happens,
    the child's whole group is dead on return. Raises :class:`TookTooLong`, and what ``out`` and ``err`` raise.
    """
    until = time.monotonic() + deadline_s
    with _started(arguments, processor_s=int(deadline_s) + 5, descriptor=descriptor) as child:
        assert child.stdout is not None and child.stderr is not None  # noqa: S101, PT018  both are pipes
        _pump({child.stdout: out, child.stderr: err}, until)
        try:
            code = child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise TookTooLong from None
    return Output(code)


@contextmanager
def _started(arguments: Sequence[str], *, processor_s: int, descriptor: int) -> Iterator[subprocess.Popen[bytes]]:
    os.lseek(descriptor, 0, os.SEEK_SET)  # where /dev/fd shares our position, the child must find the beginning
    limits = [str(MEMORY_BYTES), str(processor_s), str(OPEN_FILES)]
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_CHILD), *limits, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd="/",
        env=_ENVIRONMENT,
        start_new_session=True,
        pass_fds=(descriptor,),
        pipesize=CHUNK_BYTES,
    )
    try:
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the whole group while its leader's number is still ours, then collect the leader."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _pump(sinks: dict[IO[bytes], Callable[[bytes], None]], until: float) -> None:
    """Hand every chunk to its sink until both pipes end."""
    with selectors.DefaultSelector() as selector:
        for pipe, sink in sinks.items():
            selector.register(pipe, selectors.EVENT_READ, sink)
        while selector.get_map():
            left = until - time.monotonic()
            if left <= 0:
                raise TookTooLong
            for key, _ in selector.select(left):
                chunk = os.read(key.fd, CHUNK_BYTES)
                if chunk:
                    key.data(chunk)
                else:
                    selector.unregister(key.fileobj)
