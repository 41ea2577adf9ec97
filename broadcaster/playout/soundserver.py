"""A connection to the sound server, soon or not at all, and who is who there."""

import os
from collections.abc import Sequence
from typing import Any

import pulsectl

PATIENCE_S = (0.1, 0.2, 0.4, 0.8, 1.5)
"""``pulsectl`` waits for the whole of a timeout, however soon the server answers: short ones first, three seconds in all."""


def connect(pulse: Any) -> None:
    """Connect an unconnected ``pulsectl.Pulse``; no server is started for it.

    Raises ``pulsectl.PulseError`` when there is none, or it is frozen.
    """
    for limit_s in PATIENCE_S[:-1]:
        try:
            pulse.connect(autospawn=False, wait=False, timeout=limit_s)
        except pulsectl.PulseError:
            continue
        return
    pulse.connect(autospawn=False, wait=False, timeout=PATIENCE_S[-1])


def own_streams(pulse: Any) -> Sequence[Any]:
    """What this very process plays there."""
    mine = str(os.getpid())
    return [one for one in pulse.sink_input_list() if one.proplist.get("application.process.id") == mine]
