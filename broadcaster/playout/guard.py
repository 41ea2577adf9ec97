"""A child that keeps another program only as long as its own owner lives.

``python -P -m broadcaster.playout.guard FOLDER COMMAND …`` runs the command and waits. When its standard input closes (the
owner ended, however it ended) or the command ends, the command is ended and the folder removed. If the guard itself is
killed, the kernel ends the command.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys

PATIENCE_S = 1.0
"""How long the command may take to end in order before it is killed."""


def tied(command: list[str], last_signal: str = "KILL") -> list[str]:
    """``command`` as one that the kernel ends when the thread that started it ends.

    Start it from a main thread only: the kernel watches the thread, not the process.
    """
    return ["setpriv", "--pdeathsig", last_signal, "--", *command]


def _wait(command: "subprocess.Popen[bytes]") -> None:
    """Until standard input closes or the command ends."""
    watch = select.poll()
    watch.register(0, select.POLLIN | select.POLLHUP)
    ended = os.pidfd_open(command.pid)
    watch.register(ended, select.POLLIN)
    while True:
        ready = {fd for fd, _event in watch.poll()}
        if ended in ready or (0 in ready and not os.read(0, 4096)):
            return


def _end(command: "subprocess.Popen[bytes]") -> None:
    command.terminate()
    try:
        command.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        command.kill()
        command.wait()


def main(arguments: list[str]) -> None:
    """Run ``arguments[1:]`` and remove the folder ``arguments[0]`` afterwards."""
    folder, *command = arguments
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # heard and passed over: what is ignored, the command would ignore too
    child = subprocess.Popen(tied(command), stdin=subprocess.DEVNULL)
    try:
        _wait(child)
    finally:
        _end(child)
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
