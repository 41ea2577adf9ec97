"""A season lived at four markets by the real daemon, in simulated time and sound, held together by sticks alone."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from stick_stations import LIMA, MARKETS, SEASON, Place, pair, round_trip

from broadcaster.journal.append import read
from broadcaster.journal.events import Withdrawn
from broadcaster.journal.fold import FOR_PLAYS, plays
from broadcaster.library.catalogue import master_path, statuses
from broadcaster.library.decisions import DECISIONS
from broadcaster.model import ClockTrust, EpisodeNumber, EpisodeStatus, MarketId, Outcome, Reason, Seconds
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.simulated.box import Box, World
from broadcaster.playout.simulated.sound import Hall
from broadcaster.reports.gathering import journals
from broadcaster.reports.summary import Period, Summary
from broadcaster.reports.summing import summarise
from broadcaster.schedule.load import load_plan
from broadcaster.store.engine import database_path

BEGINS = datetime(2021, 6, 11, 13, tzinfo=UTC)
DUE = [date(2021, 6, day) for day in (11, 16, 18, 23, 25)]
EPISODES = (1, 2, 3, 4, 5)
FORGOTTEN = MARKETS[-1]
"""No stick gets there any more."""


class Library:
    """What is on record and on the disk at the moment it is asked, as the daemon at a loudspeaker sees it."""

    def __init__(self, place: Place, record: RecordWriter) -> None:
        self._place = place
        self._record = record

    async def statuses(
        self, today: date, only: Collection[EpisodeNumber] | None = None
    ) -> dict[EpisodeNumber, EpisodeStatus]:
        rows = read(self._place.station.database, kinds=DECISIONS)
        return statuses(self._place.station, rows, today, samples_may_air=False, only=only)

    def master(self, number: EpisodeNumber) -> Path:
        return master_path(self._place.station, number)

    async def version(self) -> object:
        return await self._record.changes()


def living(place: Place) -> Box:
    """The market's computer, its daemon started."""
    length = {master_path(place.station, number): Seconds(24.0) for number in EPISODES}
    world = World(
        station=lambda: place.station,
        plan=lambda: load_plan(place.station),
        repertoire=lambda record: Library(place, record),
        hall=Hall(length.__getitem__),
        begins=BEGINS,
        markets=(place.market,),
        trust=ClockTrust.SYNCED,
    )
    box = Box(world, Random(0))
    box.start()
    return box


def at(moment: datetime, office: Place, computers: dict[MarketId, Box], boxes: dict[MarketId, Place]) -> None:
    """It is this moment everywhere."""
    for computer in computers.values():
        computer.pass_until(computer.moment_s(moment))
    for place in (office, *boxes.values()):
        place.clock.utc = moment


def test_four_markets_by_sticks_alone(tmp_path: Path) -> None:
    """The office's report is that of all journals; what it withdraws is silent where the stick comes, all where none does."""
    office = Place.office(tmp_path / "office", EPISODES)
    season = office.root / "schedules" / SEASON
    season.write_text(season.read_text().replace("until = 2021-07-30", "until = 2021-06-25"))
    boxes = {market: Place.new(tmp_path / market, serves=market) for market in MARKETS}
    sticks = {market: tmp_path / f"stick-{market}" for market in MARKETS}
    for market, box in boxes.items():
        sticks[market].mkdir()
        pair(office, box)
        office.export(sticks[market], market, until=date(2021, 6, 17) if market == FORGOTTEN else None)
        box.take(sticks[market])
    computers = {market: living(box) for market, box in boxes.items()}

    at(datetime(2021, 6, 17, 15, tzinfo=UTC), office, computers, boxes)
    office.write(Withdrawn(EpisodeNumber(3), 1, "proteccion-1"))
    for market in MARKETS:
        if market != FORGOTTEN:
            round_trip(office, boxes[market], sticks[market])
    at(datetime(2021, 6, 26, 15, tzinfo=UTC), office, computers, boxes)
    for market, box in boxes.items():
        computers[market].stop()
        box.export(sticks[market])
        office.take(sticks[market])

    ended = plays(read(office.station.database, kinds=FOR_PLAYS, everyone=True))
    on_time = (Outcome.PLAYED, Reason.ON_TIME)
    withdrawn, expired = (Outcome.CANCELLED, Reason.WITHDRAWN), (Outcome.CANCELLED, Reason.LEASE_EXPIRED)
    for market in MARKETS:
        found = [(each.outcome, each.reason) for each in ended if each.market == market]
        elsewhere = [on_time, on_time, withdrawn, on_time, on_time]
        assert found == ([on_time, on_time, expired, expired, expired] if market == FORGOTTEN else elsewhere)
    assert reported(office) == reported(office, *(database_path(box.station.database) for box in boxes.values()))
    assert all(office.rows(box.node) == box.rows(box.node) for box in boxes.values())
    assert office.is_whole()


def reported(office: Place, *databases: Path) -> Summary:
    """The report of the season: of the office's record alone, or of the markets' own, read where they lie."""
    station, made = office.station, office.clock.utc.astimezone(LIMA)
    rows = journals(station, databases)[1 if databases else 0 :]
    return summarise(rows, load_plan(station).airings, station.markets, Period(DUE[0], DUE[-1]), made)
