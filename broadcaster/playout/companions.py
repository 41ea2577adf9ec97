"""What may live beside the airings without being one: care of the box, alerts, whatever a command brings along.

The daemon knows none of them: whoever starts it hands them over (``Setting.companions``). The airings never wait for one.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from broadcaster.playout.playbill import Playbill

AGAIN_S = 60.0
"""One that fails is begun again after so long."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Beside:
    """What a companion sees of the daemon it lives beside."""

    bill: Playbill
    """What is promised and what is being performed; its ``stage`` has the station, the clock, the record and the teller."""


Companion = Callable[[Beside], Coroutine[Any, Any, None]]


async def accompany(companion: Companion, beside: Beside) -> None:
    """Let a companion live; whatever becomes of it, the airings go on, and it is begun again."""
    while True:
        try:
            await companion(beside)
        except Exception:
            log.exception("a companion failed and is begun again")
        else:
            return
        await asyncio.sleep(AGAIN_S)
