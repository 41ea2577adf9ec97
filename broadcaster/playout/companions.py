"""What may live beside the airings without being one: care of the box, alerts, whatever a command brings along.

The daemon knows none of them: whoever starts it hands them over (``Setting.companions``). The airings never wait for one.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar

from broadcaster.errors import BroadcasterError
from broadcaster.locale import mark as N_
from broadcaster.playout.alarms import Alarms
from broadcaster.playout.playbill import Playbill

AGAIN_S = 60.0
"""One that fails is begun again after so long."""

log = logging.getLogger(__name__)


class Unfit(BroadcasterError):
    """Raised by a companion: the daemon cannot keep its promises any longer and ends, so that it is started anew."""

    sentence: ClassVar[str] = N_(
        "A part of the program no longer answered ({parts}), so it ended to be started anew. "
        "If this comes back, call the coordinator."
    )


@dataclass(frozen=True)
class Beside:
    """What a companion sees of the daemon it lives beside."""

    bill: Playbill
    """What is promised and what is being performed; its ``stage`` has the station, the clock, the record and the teller."""
    alarms: Alarms
    """What wakes the airings; an alarm of a companion's own has a name that no airing can have."""


Companion = Callable[[Beside], Coroutine[Any, Any, None]]


async def accompany(companion: Companion, beside: Beside) -> None:
    """Let a companion live; whatever becomes of it, the airings go on, and it is begun again.

    :raises Unfit: it found that the airings cannot go on.
    """
    while True:
        try:
            await companion(beside)
        except Unfit:
            raise
        except Exception:
            log.exception("a companion failed and is begun again")
        else:
            return
        await asyncio.sleep(AGAIN_S)
