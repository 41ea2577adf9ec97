"""The first breath of a limited child: take the limits, then become the program.

Run as ``python -I -S limited_child.py AS CPU NOFILE PROGRAM ARGUMENT…``. A process of its own because limits set between
fork and exec by the parent would run Python in a copy of a threaded process.
"""

import os
import resource
import sys


def main() -> None:
    """Limit memory (bytes), processor time (seconds) and open files; no file may be written, no core left behind."""
    memory, processor, files = (int(word) for word in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  no shell, and an absolute path


if __name__ == "__main__":
    main()
