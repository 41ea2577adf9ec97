"""Tells the program at the loudspeaker, where one runs on this computer, to look at once at what was just decided.

It would find it by itself within a second or two: whoever cannot be told is not waited for.
"""

from importlib import import_module
from pathlib import Path


def nudge(station: Path) -> None:
    """Returns within a second, and never fails.

    The loudspeaker's room is found by name: who produces or coordinates elsewhere has none, and needs none.
    """
    try:
        messenger = import_module("broadcaster.playout.messenger")
    except ImportError:
        return
    messenger.nudge(station)


def hush(station: Path) -> bool:
    """Let it fade out whatever sounds, everywhere, where the record cannot be told anything; whether somebody obeyed."""
    try:
        messenger = import_module("broadcaster.playout.messenger")
    except ImportError:
        return False
    return bool(messenger.hush(station))
