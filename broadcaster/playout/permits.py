"""What must hold before a sound is made by hand: the market free and not paused, the hour permitted, the episode fit to air."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from broadcaster.model import EpisodeNumber, EpisodeStatus, Market, MarketId, Reason
from broadcaster.playout.cueing import gate
from broadcaster.playout.orders import AiringSoon, EpisodeStays, MarketBusy, MarketHeld, OutOfHours, TimeUnsure
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.soundcheck import WHOLE_S

NEAR_S = 60.0
"""Nothing is started by hand when the next airing of the market is nearer than this."""


def check_held(market: Market, held: Collection[MarketId]) -> None:
    """:raises MarketHeld: the market is paused."""
    if market.id in held:
        raise MarketHeld(market=market.id)


def check_hour(market: Market, override: str | None, local: datetime, blackouts: Collection[date]) -> None:
    """:raises OutOfHours: the market must be silent at this local time or all that day, and nobody overrides it."""
    if override is None and (local.date() in blackouts or not market.may_sound(local.time())):
        raise OutOfHours(market=market.id)


class Permits:
    """The daemon's. ``testing``: the markets whose speaker is being tested."""

    def __init__(self, bill: Playbill, testing: Collection[MarketId]) -> None:
        self._bill = bill
        self._testing = testing
        self._starting: set[MarketId] = set()

    @contextmanager
    def alone_at(self, market: Market) -> Iterator[None]:
        """From the check that a market is free until something occupies it, nobody else may begin there.

        :raises MarketHeld, MarketBusy, AiringSoon: as they say.
        """
        self._check_free(market)
        self._starting.add(market.id)
        try:
            yield
        finally:
            self._starting.discard(market.id)

    def _check_free(self, market: Market) -> None:
        """Whether nothing sounds there now or is about to."""
        stage = self._bill.stage
        check_held(market, stage.held)
        if market.output in stage.in_use or market.id in {*self._starting, *self._testing} or self._bill.at(market.id):
            raise MarketBusy(market=market.id)
        coming = self._bill.coming(market.id)
        if coming is not None and coming.due < stage.clock.now().utc + timedelta(seconds=max(NEAR_S, WHOLE_S)):
            raise AiringSoon(market=market.id, time=f"{self._local(coming.due):%H:%M}")

    def check_hour(self, market: Market, override: str | None, *, lasting_s: float = 0.0) -> None:
        """:raises OutOfHours: the market must be silent now, or within ``lasting_s``, and nobody overrides it."""
        now = self._bill.stage.clock.now().utc
        for moment in (now, now + timedelta(seconds=lasting_s)):
            check_hour(market, override, self._local(moment), self._bill.stage.station.calendar.blackouts)

    def check_clock(self, override: str | None = None) -> None:
        """:raises TimeUnsure: nothing vouches for the hour, and nobody overrides it."""
        if override is None and not self._bill.stage.clock.now().believed:
            raise TimeUnsure

    async def check_episode(self, number: EpisodeNumber) -> EpisodeStatus:
        """The episode, if it passes the same gates as for an airing.

        :raises EpisodeStays: and why.
        """
        stage = self._bill.stage
        today = self._local(stage.clock.now().utc).date()
        known = (await stage.repertoire.statuses(today, only=(number,))).get(number)
        refusal = gate(known) if known is not None else None
        if known is None or refusal is not None:
            raise EpisodeStays(episode=number, reason=(refusal.reason if refusal else Reason.NO_EPISODE).value)
        return known

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._bill.stage.station.timezone)
