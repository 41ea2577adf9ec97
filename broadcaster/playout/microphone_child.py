"""The microphone's child: listens in a market while a play sounds. ``python -P -m broadcaster.playout.microphone_child``.

Lines of JSON on standard input, a line of JSON on standard output, and then the end::

    {"source": …}                           listen: some seconds before the first word, for the background
    {"play": {master, lead_in_s, …}}        what is to be found in it, and when it begins; a later one takes its place
    {"end": {"at_s": …}}                    the play has ended at this moment of CLOCK_MONOTONIC
    {"source": …, "measure_s": …}           only say how loud it is

    {"event": "Concluded", hearing, …}      an end that was looked for
    {"event": "Level", "rms_db", "peak_db"}
    {"event": "Deaf", "problem": …}         and why

What it hears stays in its memory for less than a minute and goes nowhere else: before it listens, it gives up the right to
write a byte into any file (``RLIMIT_FSIZE``; a sound server's shared memory is one too, so it does without) and to leave a
core (``RLIMIT_CORE`` of 1, which a handler of cores heeds as well, see core(5)), and so does all that it starts.

Four threads put words into one queue, as in the witness's child; the main thread judges them.
"""

import json
import os
import queue
import resource
import sys
import threading
from typing import Any

LITTLE = 5
"""Added to the niceness: a machine that is short of time plays first, and listens when it can."""


def keep_nothing() -> None:
    """From now on this process and its children write into no file and leave no core."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


def obey(words: "queue.SimpleQueue[tuple[str, Any]]") -> None:
    """Pass the owner's words on; end the process with the owner."""
    for line in sys.stdin:
        for word, value in json.loads(line).items():
            words.put((word, value))
    os._exit(0)


def main() -> None:
    """Obey one owner."""
    os.nice(LITTLE)
    from broadcaster.playout.microphone_listener import listen  # noqa: PLC0415  heavy: after giving way

    keep_nothing()
    order = json.loads(sys.stdin.readline())
    words: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=obey, args=(words,), daemon=True).start()
    listen(order, words)
    os._exit(0)


if __name__ == "__main__":
    main()
