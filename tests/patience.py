"""Waiting for what another process or thread does, as long as a busy machine may take."""

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def until(true: Callable[[], object], patience_s: float = PATIENCE_S, every_s: float = 0.03) -> None:
    """Return as soon as something is true, looked at ``every_s``; ``AssertionError`` where it is not so in ``patience_s``."""
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end, f"not so within {patience_s:g} s"
        time.sleep(every_s)
