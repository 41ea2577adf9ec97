"""A program that kills itself, as the kernel would, before the N-th of some calls: what it leaves is what a crash leaves."""

import subprocess
import sys

DYING = """
import os, signal

left = {step}

def dying(name):
    work = getattr(os, name)
    def do(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*given, **named)
    return do
"""


def killed_before(
    step: int, calls: tuple[str, ...], ready: str, work: str, *arguments: str
) -> "subprocess.CompletedProcess[str]":
    """Run a program that dies before its ``step``-th call of one of these functions of ``os``, once it is ``ready``.

    Its exit code is ``-SIGKILL`` then; else its ``work`` came to an end.
    """
    dying = DYING.format(step=step) + f"for name in {calls!r}:\n    setattr(os, name, dying(name))\n"
    command = [sys.executable, "-c", ready + dying + work, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)
