"""What must be true of every lived season: by the markets' own records, and by what really came out of the loudspeakers.

Many seasons, each whole, by hand::

    python tests/hub/judged_season.py --seeds 20
"""

import sys
import tempfile
from datetime import date
from itertools import count
from pathlib import Path

if __name__ == "__main__":  # as pytest does for the tests
    sys.path[:0] = [str(Path(__file__).parents[1])]

from lived_season import DAYS, FORGOTTEN, LEASE, SOUND_S, THREE, Lived
from stick_stations import LIMA, MARKETS, Place

from broadcaster.model import MarketId, Outcome, Reason
from broadcaster.reports.gathering import journals
from broadcaster.reports.summary import Period, Summary
from broadcaster.reports.summing import summarise
from broadcaster.schedule.load import load_plan
from broadcaster.store.engine import database_path


def reported(office: Place, last: date, *databases: Path) -> Summary:
    """The report of the season: of the office's record alone, or of the markets' own, read where they lie."""
    station, made = office.station, office.clock.utc.astimezone(LIMA)
    rows = journals(station, databases)[1 if databases else 0 :]
    return summarise(rows, load_plan(station).airings, station.markets, Period(DAYS[0], last), made)


def judge(lived: Lived) -> None:
    """What must be true of every such season, whatever became of its airings and its sticks."""
    office, boxes = lived.office, lived.boxes
    by_sticks = reported(office, lived.last)
    where_they_lie = [database_path(box.station.database) for box in boxes.values()]
    assert by_sticks == reported(office, lived.last, *where_they_lie)
    assert by_sticks.total.planned == 4 * sum(day <= lived.last for day in DAYS)
    assert by_sticks.total.awaited == by_sticks.total.contested == 0
    for market, box in boxes.items():
        assert office.rows(box.node) == box.rows(box.node)
        assert box.is_whole()
        _judge_sounds(lived, market, by_sticks)
    assert office.is_whole()
    late = [each for each in lived.ended() if each.market == FORGOTTEN and each.due.astimezone(LIMA).date() > LEASE]
    assert late
    assert {each.outcome for each in late} <= {Outcome.CANCELLED, Outcome.MISSED}
    assert any(each.reason is Reason.LEASE_EXPIRED for each in late)
    assert {lived.unconfirmed()[market] for market in MARKETS if market != FORGOTTEN} == {0}


def _judge_sounds(lived: Lived, market: MarketId, summary: Summary) -> None:
    """The report held against what really came out of the loudspeaker."""
    computer = lived.computers[market]
    sounds = computer.history.sounds
    silent_s = lived.silenced.get(market, float("inf"))
    withdrawn = [each for each in sounds if f"/{THREE:03}/" in each.master]
    assert all(each.first_word_s < silent_s for each in withdrawn)
    for line in summary.of_market(market):
        heard = line.redress if line.made_good and line.redress else line
        if not line.fulfilled or heard.started is None:
            continue
        began_s = computer.moment_s(heard.started)
        near = [each.spoken_s for each in sounds if abs(each.first_word_s - began_s) < 2.0]
        assert near
        assert max(near) >= 0.98 * SOUND_S


def season(folder: Path, seed: int, last: date = DAYS[-1]) -> Lived:
    """Lived and judged."""
    lived = Lived.begun(folder, seed, last)
    lived.live()
    lived.end()
    judge(lived)
    return lived


def main(arguments: list[str]) -> None:
    """As many whole seasons as asked for; each says what it was made of."""
    seeds = int(arguments[arguments.index("--seeds") + 1]) if "--seeds" in arguments else 0
    for seed in range(seeds) if seeds else count():
        with tempfile.TemporaryDirectory() as folder:
            lived = season(Path(folder), seed)
            total = reported(lived.office, lived.last).total
        told = f"{total.played} played, {total.partial} partial, {total.missed} missed, {total.cancelled} cancelled"
        print(
            f"{seed}: {told}, {total.made_good} made good; {lived.pulls} pulls, {lived.refusals} refusals", flush=True
        )


if __name__ == "__main__":
    main(sys.argv[1:])
