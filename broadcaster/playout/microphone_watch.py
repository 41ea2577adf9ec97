"""Whether a recorder still records what it was told to: a server moves it to another microphone when its own is unplugged.

One thread with a connection of its own; a frozen server may hang it for ever, and nobody waits for it.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from broadcaster.playout.pulse_library import pulsectl
from broadcaster.playout.soundserver import connect

LOOK_S = 1.0
FIRST_LOOK_S = 0.2
"""The pause while the recorder's stream is not there yet."""
NOWHERE = 0xFFFFFFFF
"""The source of a stream that has none yet."""


@dataclass(frozen=True)
class Place:
    """Where a recorder records."""

    source: str
    silent: bool
    """Muted, or at volume 0."""


def look(pulse: Any, recorder_pid: int) -> Place | None:
    """Where that process records now; ``None`` while it does not."""
    streams = (each for each in pulse.source_output_list() if each.source != NOWHERE)
    mine = next((each for each in streams if _pid(each.proplist) == str(recorder_pid)), None)
    if mine is None:
        return None
    source = next((each for each in pulse.source_list() if each.index == mine.source), None)
    if source is None:
        return None
    silent = bool(source.mute or mine.mute) or 0 in {source.volume.value_flat, mine.volume.value_flat}
    return Place(source.name, silent)


def _pid(proplist: Any) -> str:
    return str(proplist.get("application.process.id", ""))


def _watch(recorder_pid: int, seen: Callable[[Place], None]) -> None:
    with contextlib.closing(pulsectl.Pulse("broadcaster-microphone", connect=False)) as pulse:
        connect(pulse)
        while True:
            place = None
            with contextlib.suppress(pulsectl.PulseOperationFailed, pulsectl.PulseIndexError):
                place = look(pulse, recorder_pid)
            if place is not None:
                seen(place)
            time.sleep(FIRST_LOOK_S if place is None else LOOK_S)


def watch(recorder_pid: int, seen: Callable[[Place], None]) -> None:
    """Tell where it records, once a second, from a thread of its own."""

    def run() -> None:
        with contextlib.suppress(pulsectl.PulseError, pulsectl.PulseDisconnected):
            _watch(recorder_pid, seen)

    threading.Thread(target=run, daemon=True).start()
