"""A real speaker's voice, spoiled as phones spoil it, from the recording to the play log."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from market_ear import look_for, pcm
from phones import PHONES, dealt, sent
from voiced_station import found_station

from broadcaster.model import MarketId

MARKETS = (MarketId("el-bosque"), MarketId("huamantanga"))
SPOILED = (PHONES[3], PHONES[-1])
"""A narrow voice note, and a recording with everything wrong at once."""

pytestmark = pytest.mark.sound


def test_spoiled_recordings_of_a_real_voice_are_added_aired_and_known_again_at_two_markets_at_once(
    tmp_path: Path,
) -> None:
    station = found_station(tmp_path / "station")
    masters = {}
    for number, (phone, lot) in enumerate(zip(SPOILED, dealt(len(SPOILED)), strict=True), start=1):
        episode = station.admit(number, sent(phone, lot, 4.0, tmp_path / f"phone{number}"))
        masters[number] = pcm(Path(episode["master"]["path"]))
    station.schedule({market: [number] for number, market in enumerate(MARKETS, start=1)}, ["10:00"])
    recordings = station.rehearse("09:59:49", 18, MARKETS)
    told = [(play["episode"], play["market"], play["outcome"], play["evidence"]) for play in station.plays()]
    assert sorted(told) == [(1, MARKETS[0], "played", "monitor"), (2, MARKETS[1], "played", "monitor")]
    for number, market in enumerate(MARKETS, start=1):
        found = look_for(masters[number], pcm(recordings[market]))
        assert found.active > 20
        assert (found.found, found.elsewhere_s) == (found.active, 0)
