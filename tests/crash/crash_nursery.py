"""A process that has imported everything and forks one life of the daemon after the other: ``crash_nursery.py SOCKET_FD``.

A life of some simulated minutes takes a third of a second; the imports would take three times as long.
"""

import ctypes
import gc
import json
import os
import socket
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from crash_life import live
from crash_season import LIVES, Life

ANY_TRACER = (0x59616D61, ctypes.c_ulong(-1))
"""``PR_SET_PTRACER``, ``PR_SET_PTRACER_ANY``: where a process may otherwise be traced by its ancestors only."""
FAILED = 70


def warm_up() -> None:
    """Live once, so that what is imported, compiled and kept on the way is there in every fork."""
    with tempfile.TemporaryDirectory() as folder:
        nobody = os.open(os.devnull, os.O_WRONLY)
        live(LIVES[0], Path(folder), Path(folder), nobody)
        os.close(nobody)
    gc.collect()
    gc.freeze()


def serve(parent: socket.socket) -> None:
    """Each request is a life with the pipes to report to and to wait on, or the process whose end is waited for."""
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(parent, 65536, 2)
        if not message:
            return
        request = json.loads(message)
        if "wait" in request:
            _pid, status = os.waitpid(request["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = _bear(parent, request, *descriptors)
        parent.sendall(json.dumps(answer).encode())


def _bear(parent: socket.socket, request: dict[str, Any], report: int, gate: int) -> int:
    pid = os.fork()
    if pid == 0:
        parent.close()
        os._exit(_live(request, report, gate))
    os.close(report)
    os.close(gate)
    return pid


def _live(request: dict[str, Any], report: int, gate: int) -> int:
    ctypes.CDLL(None).prctl(*ANY_TRACER, 0, 0, 0)
    if not os.read(gate, 1):  # whoever asked for it is gone
        return FAILED
    try:
        live(Life.unpacked(request["life"]), Path(request["root"]), Path(request["migrations"]), report)
    except BaseException:
        traceback.print_exc()
        return FAILED
    return 0


if __name__ == "__main__":
    warm_up()
    serve(socket.socket(fileno=int(sys.argv[1])))
