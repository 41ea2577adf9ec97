"""A season lived at four markets by the real daemon, in simulated time and sound, held together by sticks alone."""

from datetime import UTC, date, datetime
from pathlib import Path

from judged_season import reported, season
from lived_season import DAYS, FORGOTTEN, LEASE, at, living, shortened
from stick_stations import MARKETS, Place, pair, round_trip

from broadcaster.journal.events import Withdrawn
from broadcaster.journal.fold import FOR_PLAYS, plays
from broadcaster.journal.reading import read
from broadcaster.model import EpisodeNumber, Outcome, Reason
from broadcaster.store.engine import database_path

LAST = date(2021, 6, 25)


def test_four_markets_by_sticks_alone(tmp_path: Path) -> None:
    """The office's report is that of all journals; what it withdraws is silent where the stick comes, all where none does."""
    office = Place.office(tmp_path / "office", (1, 2, 3, 4, 5))
    shortened(office, LAST)
    boxes = {market: Place.new(tmp_path / market, serves=market) for market in MARKETS}
    sticks = {market: tmp_path / f"stick-{market}" for market in MARKETS}
    for market, box in boxes.items():
        sticks[market].mkdir()
        pair(office, box)
        office.export(sticks[market], market, until=LEASE if market == FORGOTTEN else None)
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
    lie = [database_path(box.station.database) for box in boxes.values()]
    assert reported(office, LAST) == reported(office, LAST, *lie)
    assert all(office.rows(box.node) == box.rows(box.node) for box in boxes.values())
    assert office.is_whole()


def test_whatever_becomes_of_airings_and_sticks_the_office_s_report_is_that_of_the_markets(tmp_path: Path) -> None:
    """Sticks are pulled out at any byte, put in twice, in any order, old ones after new ones; daemons die, plugs are pulled.

    What sounded is known from the simulated loudspeakers; the report by sticks must agree with it and with the markets' own.
    """
    lived = season(tmp_path, seed=1, last=DAYS[4])
    outcomes = {each.outcome for each in lived.ended()}
    assert outcomes == set(Outcome)
    assert lived.pulls > 5
    assert lived.refusals > 5
