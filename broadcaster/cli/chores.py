"""What a running station does beside playing, once a day: nothing is kept longer than it must be.

In a thread of its own, which nobody waits for: whatever it has not finished is finished on another day.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from broadcaster.clock import Clock
from broadcaster.clock.belief import Known, judge
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.timeline import SELDOM, learn
from broadcaster.production.tidying import tidy

AFTER_S = 30.0
"""After the start: the airings come first."""
EVERY_S = 600.0
"""How often it is looked whether another day has begun."""

log = logging.getLogger(__name__)


@contextmanager
def chores(station: Station, clock: Clock, *, after_s: float = AFTER_S) -> Iterator[None]:
    """Tidy the station soon and on every new day, while the block lasts."""
    ending = threading.Event()
    threading.Thread(target=_every_day, args=(station, clock, ending, after_s), name="chores", daemon=True).start()
    try:
        yield
    finally:
        ending.set()


def _every_day(station: Station, clock: Clock, ending: threading.Event, after_s: float) -> None:
    done: date | None = None
    wait_s = after_s
    while not ending.wait(wait_s):
        today = clock.now().utc.astimezone(station.timezone).date()
        if today != done and _tidy(station, clock):
            done = today
        wait_s = EVERY_S


def _tidy(station: Station, clock: Clock) -> bool:
    """Whether nothing is left to do; what the log is told names episodes by number only."""
    try:
        with Journal.open(station.database, clock, station.timezone) as journal:
            if judge(clock.now(), learn(Known(), journal.rows(kinds=SELDOM))).doubt is not None:
                return False  # what has had its time is not told by a clock that nobody vouches for
            gone = tidy(station, journal, clock.now().utc)
    except (BroadcasterError, OSError) as problem:
        log.warning("what should go cannot go yet: %s", problem)
        return False
    except Exception:  # a fault of this program's must not be told on an operator's screen, nor end what plays
        log.exception("tidying failed")
        return False
    if gone.originals or gone.purged:
        log.info("removed: %d originals, the audio of %d withdrawn episodes", len(gone.originals), len(gone.purged))
    return True
