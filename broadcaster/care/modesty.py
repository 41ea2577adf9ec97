"""What a process does that must never cost an airing anything: it steps back, here and now, and so does all that it starts."""

import os
import resource
from contextlib import suppress
from pathlib import Path

BACK = 10
"""Added to the niceness."""
FIRST_TO_GO = 600
"""Of a thousand: where memory runs out the kernel ends this process before the one that plays (proc(5), ``oom_score_adj``)."""


def step_back(memory_bytes: int) -> None:
    """Less of the processor, a limit on memory of its own, and no core left behind."""
    os.nice(BACK)
    for place, value in (("autogroup", BACK), ("oom_score_adj", FIRST_TO_GO)):
        # where sessions are scheduled as groups (sched(7)) the niceness within one's own counts for nothing
        with suppress(OSError):
            Path("/proc/self", place).write_text(str(value), encoding="ascii")
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
