"""What the stall's screen needs from the record, read when something has changed and for all phones together."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from broadcaster.care.doctor import Kept, last_look
from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import DoctorRan
from broadcaster.journal.fold import PlayRecord
from broadcaster.journal.playlog import PlayLog, Wanted
from broadcaster.model import AiringId, MarketId
from broadcaster.playout.control import Answer
from broadcaster.reports.ledger.log import LedgerLog
from broadcaster.store.engine import is_postgres
from broadcaster.web.desk import Desk
from broadcaster.web.stall.after import Afterwards
from broadcaster.web.stall.screen import Known, Screen, screen_of

if TYPE_CHECKING:
    from broadcaster.config import Station

BACK = timedelta(days=8)
"""So far back the last airing is looked for: seasons air every week."""
DOCTOR_S = 60.0
"""How often it is asked what the doctor found."""

Plays = Mapping[MarketId, Sequence[PlayRecord]]


class Stall:
    """Of one panel. Safe from any thread."""

    def __init__(self, desk: Desk) -> None:
        clock = desk.clock
        self.after = Afterwards(lambda: clock.now().monotonic_s)
        self._lock = threading.Lock()
        self._plays: tuple[object, Plays] = (None, {})
        self._doctor: tuple[float, Kept | None] | None = None
        self._names: dict[MarketId, str] = {}

    def screen(self, desk: Desk, status: Answer | None) -> Screen:
        """What is to be shown now; ``status``: what the daemon answers, ``None`` where none listens.

        :raises ConfigurationError, RecordUnavailable: as they say.
        """
        station, now = desk.station, desk.now()
        plays = self.plays(desk, now)
        served = station.serves or tuple(station.markets)
        answered = tuple(MarketId(each["market"]) for each in status["markets"]) if status else served
        known = [
            Known(
                station.markets[market],
                plays.get(market, ()),
                now.date() not in station.calendar.blackouts,
                self.after.told(market),
            )
            for market in answered
            if market in station.markets
        ]
        self._names.update((each.market.id, each.market.name) for each in known)
        lives = status is None and desk.messenger().daemon_lives
        return screen_of(status, known, now, lives=lives)

    def unlisted(self, status: Answer | None, screen: Screen | None) -> list[tuple[MarketId, str]]:
        """Id and last known name of the markets at which the program may sound and that ``screen`` does not show.

        The station's files are wrong, the record cannot be read, or a market was taken out of the files while it is served.
        """
        shown = {market.id for market in screen.markets} if screen else set()
        answered = [MarketId(each["market"]) for each in status["markets"]] if status else []
        return [(market, self._names.get(market, market)) for market in answered if market not in shown]

    def plays(self, desk: Desk, now: datetime) -> Plays:
        """Those of the last days, by market, in the order in which they were due; none of a rehearsal."""
        with self._lock:
            mark = (desk.version(), now.date())
            if self._plays[0] != mark:
                self._plays = (mark, _plays(desk.station, now))
            return self._plays[1]

    def health(self, desk: Desk) -> Kept | None:
        """What the doctor found last; ``None``: nobody has looked, or nobody can say."""
        now_s = desk.clock.now().monotonic_s
        with self._lock:
            if self._doctor is None or now_s - self._doctor[0] > DOCTOR_S:
                self._doctor = (now_s, None)
                with suppress(BroadcasterError):
                    self._doctor = (now_s, last_look(desk.rows([DoctorRan])))
            return self._doctor[1]

    def play(self, desk: Desk, airing: AiringId) -> PlayRecord | None:
        """An airing of the last days that has ended."""
        plays = self.plays(desk, desk.now()).values()
        return next((play for each in plays for play in each if play.airing == airing), None)


def _plays(station: "Station", now: datetime) -> Plays:
    """A ledger is caught up first, and this screen waits for nothing: it is asked only where the record is no file."""
    log = LedgerLog(station) if is_postgres(station.database) else PlayLog(station.database)
    found: dict[MarketId, list[PlayRecord]] = {}
    lately = Wanted(first=(now - BACK).date(), last=now.date(), named=tuple(station.markets))
    with closing(log):
        for play in log.plays(lately):
            if not play.rehearsal:
                found.setdefault(play.market, []).append(play)
    return found


_stalls: WeakKeyDictionary[Desk, Stall] = WeakKeyDictionary()
_making = threading.Lock()


def stall_of(desk: Desk) -> Stall:
    """The one of this desk."""
    with _making:
        if desk not in _stalls:
            _stalls[desk] = Stall(desk)
        return _stalls[desk]
