"""A market's announcement, written into its station's file while the daemon runs, is made ready beside the airings."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from announced_station import announced_station, name
from real_station import MARKETS, TEN
from simulated_station import SilentTeller

from broadcaster.care.announcements import PROBES, make_announcements
from broadcaster.care.checks import State
from broadcaster.clock import ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.journal.events import EditionMade
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import edition_intact
from broadcaster.model import ClockTrust
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.speaker import PulseSpeakers
from broadcaster.playout.stage import Equipment
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.schedule.load import load_plan

pytestmark = pytest.mark.sound


def made(station: Station) -> list[EditionMade]:
    return [row.event for row in read(station.database) if isinstance(row.event, EditionMade)]


def looked_at(station: Station) -> list[tuple[State, str]]:
    (probe,) = PROBES
    return [(check.state, check.subject) for check in probe.look(load_station(station.root), TEN)]


def test_a_chime_named_while_the_daemon_runs_is_ready_for_the_next_airing_and_the_doctor_says_so(
    tmp_path: Path,
) -> None:
    station = announced_station(tmp_path / "station", {})
    assert looked_at(station) == []
    clock = ShiftedClock(TEN - timedelta(hours=1), ClockTrust.SYNCED)
    setting = Setting(
        station=station,
        plan=load_plan(station),
        markets=MARKETS,
        clock=clock,
        equipment=Equipment(VlcPlayers(), MonitorWitnesses(), PulseSpeakers()),
        teller=SilentTeller(),
        repertoire=lambda record: StationRepertoire(station, record.changes),
        database=station.database,
        companions=(make_announcements,),
        watched=True,
    )

    async def live() -> None:
        living = asyncio.create_task(Daemon(setting).run(200))
        await asyncio.sleep(1)
        name(station, MARKETS[0], chime="chime")
        name(station, MARKETS[1], ident="nobody-brought-it")
        async with asyncio.timeout(180):
            while not made(station) or not edition_intact(station, made(station)[0].edition_sha256):
                await asyncio.sleep(0.2)
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)

    asyncio.run(live())
    (only,) = made(station)
    assert (only.chime, only.ident) == ("chime", "")
    assert sorted(looked_at(station)) == sorted([(State.WARN, MARKETS[1]), (State.OK, "")])
