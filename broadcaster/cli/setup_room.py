"""What the screens of ``broadcaster setup`` see and touch, and their heading."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_time

from broadcaster.care.boot import Boot
from broadcaster.cli import dialogue
from broadcaster.cli.setup_answers import Answers
from broadcaster.clock import Instant
from broadcaster.config import Station
from broadcaster.journal.events import Tested
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.model import Market, MarketId
from broadcaster.playout.speaker import Found

STEPS = 5


@dataclass(frozen=True)
class Room:
    """What the screens see and touch."""

    station: Station
    now: Callable[[], Instant]
    outputs: Callable[[], Sequence[Found]]
    """Every output there is now; raises :class:`~broadcaster.playout.speaker.SoundServerUnavailable`."""
    sound: Callable[[Station, Market, Callable[[float], None]], Tested]
    """Plays the test at a market of a station as it would be; the last argument is told the share done."""
    held: Collection[MarketId]
    """The markets that the operator paused: nothing sounds there, not even a test."""
    boot: Boot

    def local_time(self) -> datetime:
        """What the clock says now, in the station's zone."""
        return self.now().utc.astimezone(self.station.timezone)


Screen = Callable[[Room, Answers], Answers]
"""Shows, asks, and adds her answer to the others; raises what :func:`~broadcaster.cli.dialogue.ask` raises."""


def heading(step: int, title: str) -> None:
    """The screen of one step."""
    where = _("Preparing this computer · step {step} of {steps}")
    dialogue.screen(where.format(step=step, steps=STEPS), title)


def hour(moment: datetime) -> str:
    """«9:52 a. m.»."""
    return str(format_time(moment, "h:mm a", locale="es_PE" if language() == "es" else "en"))
