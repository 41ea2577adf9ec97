"""The same player, witness and daemon where PipeWire stands in PulseAudio's place."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from market_ear import Ear, look_for, pcm
from pipewire_outputs import PipewireOutputs
from real_station import MARKETS, TEN, ends, make_station, sinks
from simulated_station import SilentTeller

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station
from broadcaster.journal.events import Ended
from broadcaster.model import ClockTrust, Evidence, Outcome, Output, Reason
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.speaker import PulseSpeakers
from broadcaster.playout.stage import Equipment
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.schedule.load import load_plan

pytestmark = pytest.mark.sound

HEARD, MUTED = MARKETS[:2]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return make_station(tmp_path / "station")


@pytest.fixture
def outputs(station: Station) -> Iterator[PipewireOutputs]:
    with PipewireOutputs(sinks(station, [HEARD, MUTED])) as outputs:
        yield outputs


def air(station: Station, outputs: PipewireOutputs) -> dict[str, Ended]:
    """The airing of ten o'clock, from eleven seconds before; what is on record of it."""
    where = outputs.environment
    setting = Setting(
        station=station,
        plan=load_plan(station),
        markets=(HEARD, MUTED),
        clock=ShiftedClock(TEN - timedelta(seconds=11), ClockTrust.SYNCED),
        equipment=Equipment(VlcPlayers(where), MonitorWitnesses(where), PulseSpeakers(where)),
        teller=SilentTeller(),
        repertoire=lambda record: StationRepertoire(station, record.changes),
        database=station.database,
    )
    asyncio.run(Daemon(setting).run(18))
    return ends(station)


def test_an_episode_aired_on_pipewire_is_heard_whole_and_a_muted_output_is_no_play(
    station: Station, outputs: PipewireOutputs
) -> None:
    heard_sink, muted_sink = outputs.outputs
    outputs.ask("set-sink-mute", muted_sink, "1")
    speakers = PulseSpeakers(outputs.environment)
    found = asyncio.run(speakers.find(outputs.outputs[heard_sink]))
    assert found is not None
    assert (found.sink, found.muted) == (heard_sink, False)
    assert asyncio.run(speakers.find(Output("x", "pulse", "nowhere"))) is None

    with Ear(heard_sink, outputs.environment) as ear:
        ended = air(station, outputs)
    played, silent = ended[HEARD], ended[MUTED]

    assert (played.outcome, played.reason, played.evidence) == (Outcome.PLAYED, Reason.ON_TIME, Evidence.MONITOR)
    assert played.start_error_ms is not None
    assert abs(played.start_error_ms) <= 300
    assert (silent.outcome, silent.reason) == (Outcome.PARTIAL, Reason.SILENT_OUTPUT)
    assert silent.played_s == 0.0
    sound = look_for(pcm(station.episodes / "001" / "master.flac"), ear.samples)
    assert sound.found == sound.active
    assert sound.elsewhere_s == 0
