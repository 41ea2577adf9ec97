"""A station's season in seconds: the real daemon on its own files and its library as it is, silent, on record nowhere.

Whoever asks may ask what would happen if the light went out or an output were missing.
"""

import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from broadcaster.config import Station
from broadcaster.journal.fold import FOR_PLAYS, PlayRecord, plays
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import Outlook, edition_path, master_path, outlook
from broadcaster.library.decisions import DECISIONS
from broadcaster.model import EpisodeNumber, EpisodeStatus, MarketId, Plan, Seconds
from broadcaster.playout.makegoods import make_good_by_rule
from broadcaster.playout.simulated.box import Box, World
from broadcaster.playout.simulated.sound import Hall
from broadcaster.schedule.room import midnight_after
from broadcaster.store.engine import url_of

BEFORE = timedelta(minutes=10)
AFTER_S = 3600.0
"""How long past the last grace a season is followed."""


@dataclass(frozen=True)
class Asked:
    """What to simulate."""

    station: Station
    plan: Plan
    """With at least one airing."""
    markets: Collection[MarketId]
    power_cuts: tuple[datetime, ...] = ()
    """Aware: when the light goes out."""
    outage_s: Seconds = Seconds(1800.0)
    """How long it stays away each time."""
    absent: tuple[MarketId, ...] = ()
    """Markets whose output is missing."""


class LibraryAsItIs:
    """The station's episodes and decisions as they stand now, asked about other days; nothing is decided meanwhile."""

    def __init__(self, station: Station, on: Outlook) -> None:
        self._station = station
        self._on = on

    async def statuses(
        self,
        today: date,
        only: Collection[EpisodeNumber] | None = None,  # noqa: ARG002  each was looked at already
    ) -> Mapping[EpisodeNumber, EpisodeStatus]:
        return self._on(today)

    def master(self, number: EpisodeNumber) -> Path:
        return master_path(self._station, number)

    async def version(self) -> object:
        return None


def simulate(asked: Asked, progress: Callable[[float], None] = lambda _share: None) -> list[PlayRecord]:
    """What becomes of every airing of the plan, by due time and market; ``progress`` is told the share done, 0 … 1.

    :raises RecordUnavailable: the station's record is there and cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="broadcaster-") as folder:
        url = url_of(Path(folder) / "journal.db")
        box = Box(_world(asked, url), Random(0))  # noqa: S311  no secret: the same question has the same answer
        box.outage_s = asked.outage_s
        for market in asked.absent:
            box.unplug(market)
        box.start()
        _live(box, asked, progress)
        return plays(read(url, kinds=FOR_PLAYS))


def _live(box: Box, asked: Asked, progress: Callable[[float], None]) -> None:
    airings = asked.plan.airings
    last = max(airing.due.astimezone(UTC) + timedelta(seconds=airing.grace_s) for airing in airings)
    end_s = box.moment_s(last) + AFTER_S
    if asked.plan.same_day:  # what the rule makes good may come until the last day is over
        end_s = max(end_s, box.moment_s(midnight_after(airings[-1].due)))
    cuts = sorted(box.moment_s(cut) for cut in asked.power_cuts)
    moments = sorted({*(box.moment_s(airing.due) for airing in airings), *cuts, end_s})
    for moment_s in moments:
        box.pass_until(moment_s)
        if moment_s in cuts:
            box.kill(power=True)
        progress(moment_s / end_s)
    box.stop()


def _world(asked: Asked, url: str) -> World:
    station = asked.station
    wanted = {airing.episode for airing in asked.plan.airings if airing.episode is not None}
    on = outlook(station, read(station.database, kinds=DECISIONS), samples_may_air=False, only=wanted)
    library = LibraryAsItIs(station, on)
    begins = asked.plan.airings[0].due - BEFORE
    return World(
        station=lambda: station,
        plan=lambda: asked.plan,
        repertoire=lambda _record: library,
        hall=Hall(_lengths(station, on(begins.date()).values()).__getitem__),
        begins=begins,
        markets=tuple(asked.markets),
        database=url,
        rehearsal=True,
        locked=True,
        companions=(make_good_by_rule,) if asked.plan.same_day else (),
    )


def _lengths(station: Station, statuses: Collection[EpisodeStatus]) -> dict[Path, Seconds]:
    """How long each file lasts that may be played, lead-in and tail included."""
    lengths: dict[Path, Seconds] = {}
    for status in statuses:
        around_s = status.lead_in_s + status.tail_s
        lengths[master_path(station, status.number)] = Seconds(around_s + (status.duration_s or 0.0))
        for edition in status.editions:
            lengths[edition_path(station, edition.sha256)] = Seconds(around_s + edition.duration_s)
    return lengths
