"""Whatever goes wrong and whenever it is killed: what the record claims, and what sounded."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_station import LENGTH_S, TEN, World, before

from broadcaster.journal.events import Ended, Intent
from broadcaster.journal.reading import verify_at
from broadcaster.model import REASONS, Outcome, Seconds
from broadcaster.playout.simulated import Fault, Planned

HEARTBEAT_S = 10.0
PREPARED_S = 40.0
"""How long before ten each story begins."""


def tenths(first: int, last: int) -> st.SearchStrategy[float]:
    """Moments spread evenly: numbers of their own liking would crowd at the ends."""
    return st.integers(10 * first, 10 * last).map(lambda tenth: tenth / 10)


faults = st.lists(st.builds(Planned, st.sampled_from(list(Fault)), tenths(0, 24).map(Seconds)), max_size=3)


@settings(max_examples=40)
@given(
    killed_s=tenths(1, 80) | tenths(30, 48),  # the seconds in which most is decided
    away_s=tenths(0, 900),
    planned=faults,
    boot=st.sampled_from(["one", "two"]),
    absent=st.booleans(),
)
def test_one_end_each_one_voice_and_no_claim_above_what_sounded(
    killed_s: float, away_s: float, planned: list[Planned], boot: str, absent: bool
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="broadcaster-test-"))
    try:
        world = World(folder)
        world.hall.faults["sink-norte"] = list(planned)
        if absent:
            world.hall.absent.add("sink-norte")
        world.live_until_killed(before(PREPARED_S), killed_s, "one")
        world.hall.absent.clear()
        first = [_voices(world, name) for name in ("norte", "sur")]
        world.hall.sounded = []
        again_s = killed_s - PREPARED_S + away_s
        world.live(TEN + timedelta(seconds=again_s), 800, boot=boot)
        for name, before_kill in zip(("norte", "sur"), first, strict=True):
            _judge(world, name, before_kill, _voices(world, name))
    finally:
        shutil.rmtree(folder)


def _voices(world: World, name: str) -> list[float]:
    """How long each sound at a market lasted."""
    return [end - begin for begin, end in world.voices(name)]


def _judge(world: World, name: str, first: list[float], second: list[float]) -> None:
    rows = [row for row in world.rows() if getattr(row.event, "market", None) == name]
    [ended] = [row.event for row in rows if isinstance(row.event, Ended)]
    assert ended.reason in REASONS[ended.outcome]
    intents = [row for row in rows if isinstance(row.event, Intent)]
    assert len(first) + len(second) <= len(intents), "no sound without a record"
    whole = [length for length in (*first, *second) if length >= LENGTH_S - 0.1]
    assert len(whole) <= 1
    assert sum(first) < 0.5 or not second, "what has sounded is not begun again"
    sounded = sum((*first, *second))
    assert ended.played_s <= sounded + HEARTBEAT_S
    if ended.outcome is Outcome.PLAYED:
        assert ended.played_s >= 0.98 * LENGTH_S - 0.5
    if ended.outcome is Outcome.PARTIAL:
        assert ended.played_s >= sounded - HEARTBEAT_S
    if ended.outcome is Outcome.MISSED:
        assert sounded <= 0.5
    assert verify_at(world.station.database).intact
