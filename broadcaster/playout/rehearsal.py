"""A rehearsal: the same daemon on a shifted clock, with its own record, and sound that nobody hears.

Each market gets a null sink of its own on a private sound server; what it would have heard is recorded from there. Library and
approvals are the station's, only read.
"""

import asyncio
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from broadcaster.clock import ShiftedClock, SystemClock
from broadcaster.config import Station
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.events import Held, Resumed
from broadcaster.journal.fold import holds
from broadcaster.journal.reading import read
from broadcaster.locale.system import clause
from broadcaster.model import MarketId, Output, Plan, Seconds
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.lock import StationLock
from broadcaster.playout.logbook import logbook
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.repertoire import StationRepertoire, file_version
from broadcaster.playout.speaker import PulseSpeakers
from broadcaster.playout.stage import Equipment, Teller
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.store.engine import url_of


@dataclass(frozen=True)
class Rehearsal:
    """What to rehearse."""

    station: Station
    plan: Plan
    markets: Collection[MarketId]
    at: datetime
    """Aware: what the clock says when it begins."""
    for_s: Seconds
    real_output: bool = False
    """On the markets' own outputs, aloud."""


@dataclass(frozen=True)
class Rehearsed:
    """Where its traces are."""

    folder: Path
    database: str
    """URL of its journal."""
    recordings: dict[MarketId, Path]
    """What each market heard, or would have heard."""


def rehearse(rehearsal: Rehearsal, teller: Teller) -> Rehearsed:
    """Take the station, rehearse, leave everything in a folder of its own under ``rehearsals/``.

    :raises StationLocked: the daemon runs.
    """
    station = rehearsal.station
    with ExitStack() as stack:
        stack.enter_context(StationLock(station.root))
        folder = _new_folder(station)
        stack.enter_context(logbook(folder / "broadcaster.log"))
        recordings = {market: folder / f"{market}.wav" for market in sorted(rehearsal.markets)}
        if rehearsal.real_output:
            equipment = _real(recordings)
        else:
            outputs = stack.enter_context(VirtualOutputs([_sink(market) for market in recordings]))
            equipment = _virtual(outputs)
            station = _on_virtual_outputs(station)
            for market, wav in recordings.items():
                stack.enter_context(outputs.record(_sink(market), wav))
        asyncio.run(_daemon(rehearsal, station, equipment, teller, folder).run(rehearsal.for_s))
    return Rehearsed(folder, _database(folder), {market: wav for market, wav in recordings.items() if wav.exists()})


def _new_folder(station: Station) -> Path:
    moment = SystemClock().now().utc
    folder = station.rehearsals / f"{moment:%Y%m%dT%H%M%S.%f}Z"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise RecordUnavailable(path=folder, problem=clause(error)) from error
    return folder


def _database(folder: Path) -> str:
    return url_of(folder / "journal.db")


def _daemon(rehearsal: Rehearsal, station: Station, equipment: Equipment, teller: Teller, folder: Path) -> Daemon:
    return Daemon(
        Setting(
            station=station,
            plan=rehearsal.plan,
            markets=rehearsal.markets,
            clock=ShiftedClock(rehearsal.at),
            equipment=equipment,
            teller=teller,
            repertoire=lambda _record: _repertoire(rehearsal, station),
            database=_database(folder),
            rehearsal=True,
            locked=True,
            held=holds(read(station.database, kinds=(Held, Resumed))) if rehearsal.real_output else (),
            control=station.control,
        )
    )


def _repertoire(rehearsal: Rehearsal, station: Station) -> StationRepertoire:
    """The station's. Aloud, no consent that has ended since and no urgent yes that has lapsed since counts again."""
    today = SystemClock().now().utc.astimezone(station.timezone).date()
    return StationRepertoire(
        station,
        file_version(station.database),
        samples_may_air=True,
        not_before=today if rehearsal.real_output else date.min,
    )


def _sink(market: MarketId) -> str:
    return f"rehearsal-{market}"


def _on_virtual_outputs(station: Station) -> Station:
    """The same station, every market on a null sink of its own."""
    outputs = {market.output: Output(market.output, "pulse", _sink(market.id)) for market in station.markets.values()}
    return replace(station, outputs=outputs)


def _virtual(outputs: VirtualOutputs) -> Equipment:
    where = outputs.environment
    return Equipment(VlcPlayers(where), MonitorWitnesses(where), PulseSpeakers(where))


def _real(recordings: dict[MarketId, Path]) -> Equipment:
    return Equipment(VlcPlayers(), MonitorWitnesses(), MachineSpeakers(), recordings.get)
