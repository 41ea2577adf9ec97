"""What a market lets sound before an episode, as it was recorded at the markets' outputs; a wrong one is silenced."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from announced_station import announced_station, write
from market_ear import Ear, look_for, pcm
from real_station import MARKETS, TEN, ends, sinks
from test_daemon_sound import daemon

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station
from broadcaster.journal.events import EditionMade, Intent, PartWrong
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import edition_path
from broadcaster.model import ClockTrust, Evidence, MarketId, Outcome, Reason
from broadcaster.playout.virtual import VirtualOutputs

pytestmark = pytest.mark.sound("box")

AHEAD_S = 11.0


def heard(
    station: Station, markets: tuple[MarketId, ...], for_s: float, act: Callable[[], None] | None = None
) -> "Heard":
    """The daemon on these markets from eleven seconds before ten; ``act`` happens 2.5 s after it."""
    with VirtualOutputs(sinks(station, markets)) as outputs:
        ears = {
            market: Ear(sink, outputs.environment)
            for market, sink in zip(markets, sinks(station, markets), strict=True)
        }
        clock = ShiftedClock(TEN - timedelta(seconds=AHEAD_S), ClockTrust.SYNCED)
        ten_s = clock.now().monotonic_s + AHEAD_S

        async def live() -> None:
            living = asyncio.create_task(daemon(station, outputs, clock, markets).run(AHEAD_S + for_s))
            if act is not None:
                await asyncio.sleep(ten_s + 2.5 - clock.now().monotonic_s)
                await asyncio.to_thread(act)
            await living

        asyncio.run(live())
        for ear in ears.values():
            ear.stop()
    return Heard(ten_s, ears)


class Heard:
    """What each market heard, and when it was ten."""

    def __init__(self, ten_s: float, ears: dict[MarketId, Ear]) -> None:
        self.ten_s, self.ears = ten_s, ears


def editions(station: Station) -> list[EditionMade]:
    return [row.event for row in read(station.database) if isinstance(row.event, EditionMade)]


def test_one_market_hears_its_announcement_on_the_minute_and_then_the_episode_another_the_episode(
    tmp_path: Path,
) -> None:
    """Every block of chime, ident and episode is found in order, once; the row speaks of both, by their hashes."""
    station = announced_station(tmp_path / "station", {MARKETS[0]: 2.0}, chime="chime")
    (made,) = editions(station)
    master = station.episodes / "001" / "master.flac"
    files = {MARKETS[0]: edition_path(station, made.edition_sha256), MARKETS[1]: master}
    found = heard(station, MARKETS[:2], 4.0 + made.announcement_s + 3.0)
    for market, file in files.items():
        place = look_for(pcm(file), found.ears[market].samples)
        ended = ends(station)[market]
        assert (ended.outcome, ended.reason, ended.evidence) == (Outcome.PLAYED, Reason.ON_TIME, Evidence.MONITOR)
        assert place.found == place.active
        assert place.elsewhere_s == 0
        assert abs(place.drift_s) <= 0.15
        assert abs(found.ears[market].begins_s + place.first_s + 3.0 - found.ten_s) <= 0.3
        assert ended.start_error_ms is not None
        assert abs(ended.start_error_ms) <= 300
        assert ended.notes == ()
    assert ends(station)[MARKETS[0]].expected_s == pytest.approx(4.0 + made.announcement_s)
    assert ends(station)[MARKETS[1]].expected_s == 4.0
    intents = {row.event.market: row.event for row in read(station.database) if isinstance(row.event, Intent)}
    assert intents[MARKETS[0]].edition_sha256 == made.edition_sha256
    assert intents[MARKETS[0]].announced == tuple(part.sha256 for part in made.parts)
    assert intents[MARKETS[1]].edition_sha256 is None
    assert {each.master_sha256 for each in intents.values()} == {made.master_sha256}


def test_an_announcement_found_wrong_while_it_sounds_is_cut_and_one_that_is_over_costs_no_episode(
    tmp_path: Path,
) -> None:
    station = announced_station(tmp_path / "station", {MARKETS[0]: 6.0, MARKETS[1]: 1.0})
    parts = [(made.ident, made.parts[0].sha256) for made in editions(station)]

    def mark() -> None:
        write(station, *(PartWrong(part, sha256) for part, sha256 in parts))

    found = heard(station, MARKETS[:2], 8.0, mark)
    cut, whole = (ends(station)[market] for market in MARKETS[:2])
    assert (cut.outcome, cut.reason) == (Outcome.PARTIAL, Reason.STOPPED_FOR_SAFETY)
    assert found.ears[MARKETS[0]].silent_from_s() <= found.ten_s + 2.5 + 5
    assert (whole.outcome, whole.reason) == (Outcome.PLAYED, Reason.ON_TIME)


def test_an_edition_changed_on_the_disk_never_sounds_and_the_episode_airs_without_it(tmp_path: Path) -> None:
    station = announced_station(tmp_path / "station", {MARKETS[0]: 1.0})
    (made,) = editions(station)
    file = edition_path(station, made.edition_sha256)
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 2] ^= 0xFF
    file.write_bytes(changed)
    found = heard(station, MARKETS[:1], 7.0)
    ended = ends(station)[MARKETS[0]]
    assert (ended.outcome, ended.reason, ended.expected_s) == (Outcome.PLAYED, Reason.ON_TIME, 4.0)
    assert ended.notes == ("unannounced",)
    place = look_for(pcm(station.episodes / "001" / "master.flac"), found.ears[MARKETS[0]].samples)
    assert (place.found, place.elsewhere_s) == (place.active, 0)
