"""An airing on a sound card without a sound server of its own: the card here is a private ALSA configuration's.

Where a machine has a card, this configuration has a virtual output, so that what came out can be recorded and judged.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from market_ear import Ear, look_for, pcm
from real_station import MARKETS, TEN, ends, make_station
from simulated_station import SilentTeller
from test_alsa import asound

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station
from broadcaster.model import ClockTrust, Evidence, Outcome, Output, Reason, alsa_pcm
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.stage import Equipment
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.schedule.load import load_plan

pytestmark = pytest.mark.sound

CARDS_ARE_SINKS = """\
pcm.plughw {
  @args [ CARD DEV ]
  @args.CARD { type string }
  @args.DEV { type integer default 0 }
  type plug
  slave.pcm {
    type pulse
    device $CARD
    fallback "none"
  }
}
"""
LOUD, SOFT, PULLED = MARKETS[:3]
CARDS = {LOUD: "Loud", SOFT: "Soft", PULLED: "Pulled"}
VOLUMES = {LOUD: 0.9, SOFT: 0.45, PULLED: 0.8}


def plugged(folder: Path, cards: Iterable[str]) -> Path:
    """``/proc/asound`` with these cards."""
    numbered = list(enumerate(cards))
    return asound(
        folder,
        "".join(f" {number} [{card:15}]: USB-Audio - {card}\n" for number, card in numbered),
        "".join(f"{number:02}-00: USB Audio : USB Audio : playback 1\n" for number, _card in numbered),
    )


def on_cards(station: Station) -> Station:
    """The same station, three of its markets on a card each."""
    markets = {market: replace(station.markets[market], volume=VOLUMES[market]) for market in CARDS}
    outputs = {
        markets[market].output: Output(markets[market].output, "alsa", alsa_pcm(card, 0), card=card)
        for market, card in CARDS.items()
    }
    return replace(station, outputs=outputs, markets=markets)


async def air(station: Station, equipment: Equipment, pull: Callable[[], object]) -> float:
    """The airing of ten o'clock; two seconds after its first word a card is pulled out. When ten o'clock was."""
    clock = ShiftedClock(TEN - timedelta(seconds=11), ClockTrust.SYNCED)
    ten_s = clock.now().monotonic_s + 11
    asyncio.get_running_loop().call_later(13, pull)
    setting = Setting(
        station=station,
        plan=load_plan(station),
        markets=tuple(CARDS),
        clock=clock,
        equipment=equipment,
        teller=SilentTeller(),
        repertoire=lambda record: StationRepertoire(station, record.changes),
        database=station.database,
    )
    await Daemon(setting).run(19)
    return ten_s


def loudness(ear: Ear) -> float:
    """All that was heard, however long the silence around it."""
    return float(np.sqrt(np.sum(ear.samples**2)))


def test_an_episode_aired_on_a_card_is_heard_whole_at_the_market_s_volume_and_proved_by_the_player_only(
    tmp_path: Path,
) -> None:
    station = on_cards(make_station(tmp_path / "station"))
    (tmp_path / "asound.conf").write_text(CARDS_ARE_SINKS, encoding="ascii")
    there = plugged(tmp_path / "asound", CARDS.values())
    with VirtualOutputs(CARDS.values()) as outputs:
        where = {**outputs.environment, "ALSA_CONFIG_PATH": str(tmp_path / "asound.conf")}
        speakers = MachineSpeakers({"PULSE_SERVER": "unix:/nowhere"}, asound=there)
        equipment = Equipment(VlcPlayers(where), MonitorWitnesses(), speakers)
        with Ear("Loud", where) as loud, Ear("Soft", where) as soft:
            ten_s = asyncio.run(air(station, equipment, lambda: plugged(there, ["Loud", "Soft"])))
    master, ended = pcm(station.episodes / "001" / "master.flac"), ends(station)
    for market, ear in ((LOUD, loud), (SOFT, soft)):
        end = ended[market]
        assert (end.outcome, end.reason, end.evidence) == (Outcome.PLAYED, Reason.ON_TIME, Evidence.PLAYER)
        assert end.notes == ("no_monitor",)
        found = look_for(master, ear.samples)
        assert found.found >= 0.9 * found.active, "a card that is none may stumble on a busy machine"
        assert found.elsewhere_s == 0
        assert abs(ear.begins_s + found.first_s + 3.0 - ten_s) <= 0.5
    assert loudness(soft) == pytest.approx(loudness(loud) * (0.45 / 0.9) ** 3, rel=0.1), "the scale of every volume"
    assert (ended[PULLED].outcome, ended[PULLED].reason) == (Outcome.PARTIAL, Reason.AUDIO_LOST)
    assert ended[PULLED].played_s < 4.0
