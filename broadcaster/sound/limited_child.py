"""The first breath of a limited child: take the limits, then become the program.

Run as ``python -I -S limited_child.py AS CPU NOFILE PROGRAM ARGUMENT…``. A process of its own because limits set between
fork and exec by the parent would run Python in a copy of a threaded process.
"""

import os
import sys


def main() -> None:
    """Limit memory (bytes), processor time (seconds) and open files; no file may be written, no core left behind."""
    memory, processor, files = (int(word) for word in sys.argv[1:4])
    _limit({"AS": memory, "CPU": processor, "NOFILE": files, "FSIZE": 0, "CORE": 0})
    os.nice(5)
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  no shell, and an absolute path


def _limit(limits: dict[str, int]) -> None:
    """Take every limit. Linux must grant each; another system grants what it knows, and the parent's deadline and
    its bound on what comes out remain.
    """
    try:
        import resource  # noqa: PLC0415  not every system has it
    except ImportError:
        return
    for name, most in limits.items():
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        except (AttributeError, ValueError, OSError):
            if sys.platform == "linux":
                raise


if __name__ == "__main__":
    main()
