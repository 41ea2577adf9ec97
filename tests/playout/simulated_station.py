"""A station of two markets in simulated time: what the daemon's tests stand on. Its journal is a real one."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster.clock import Clock
from broadcaster.clock.belief import ALWAYS
from broadcaster.config import CalendarSettings, IntakeSettings, MasteringSettings, Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Event, Promise
from broadcaster.journal.fold import terminal
from broadcaster.journal.mend import open_or_mend
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.model import (
    Airing,
    AiringId,
    Dbtp,
    EpisodeNumber,
    EpisodeStatus,
    Hours,
    Lufs,
    Market,
    MarketId,
    Output,
    Plan,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.simulated import (
    Hall,
    SimulatedPlayers,
    SimulatedRepertoire,
    SimulatedSpeakers,
    SimulatedWitnesses,
    Sounded,
)
from broadcaster.playout.simulated_time import LoopAlarms, SimulatedClock, SimulatedLoop
from broadcaster.playout.stage import Equipment, Teller

LIMA = ZoneInfo("America/Lima")
LEAD_IN_S, TAIL_S = Seconds(3.0), Seconds(1.0)
LENGTH_S = Seconds(20.0)
TEN = datetime(2021, 6, 18, 10, 0, tzinfo=LIMA)
"""The minute of the airings in these tests."""
EPISODE = EpisodeNumber(3)


def market(name: str, quiet: tuple[Hours, ...] = (), hours: Hours | None = None) -> Market:
    return Market(
        id=MarketId(name),
        name=name.title(),
        aliases=(),
        district="Lima",
        ubigeo_inei="150101",
        output=f"out-{name}",
        hours=hours or Hours(time(6), time(20)),
        quiet=quiet,
        volume=0.8,
        volume_cap=1.0,
        authorisation="",
    )


def station(root: Path, *markets: Market) -> Station:
    return Station(
        root=root,
        name="Prueba",
        language="es",
        timezone=LIMA,
        grace_s=Seconds(600),
        database=f"sqlite:///{root}/data/broadcaster.db",
        organisations=(),
        outputs={one.output: Output(one.output, "pulse", f"sink-{one.id}") for one in markets},
        markets={one.id: one for one in markets},
        helplines={},
        calendar=CalendarSettings("PE", {}, {}),
        mastering=MasteringSettings(Lufs(-19), Dbtp(-1.5), 8.0, LEAD_IN_S, TAIL_S),
        intake=IntakeSettings(Seconds(14400), 1 << 30),
    )


def status(reason: Reason | None = None, number: int = EPISODE, length_s: float = LENGTH_S) -> EpisodeStatus:
    return EpisodeStatus(EpisodeNumber(number), 1, Sha256("a" * 64), Seconds(length_s), reason)


def airing(name: str, due: datetime = TEN, episode: int | None = EPISODE, cancelled: Reason | None = None) -> Airing:
    return Airing(
        id=AiringId(f"{due:%Y-%m-%dT%H:%M}/{name}"),
        market=MarketId(name),
        due=due,
        episode=None if episode is None else EpisodeNumber(episode),
        grace_s=Seconds(600),
        season="prueba",
        cancelled=cancelled,
    )


def promise(name: str = "norte", due: datetime = TEN, cancelled: Reason | None = None) -> Promise:
    one = airing(name, due)
    return Promise(one.id, one.market, one.due, one.episode, one.grace_s, cancelled)


class SilentTeller:
    """Tells nobody."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_, **__: None


class MortalJournal(Journal):
    """A real journal whose writer can die: what it writes after that never was."""

    dead = False

    def append(self, event: Event) -> Row:
        return self.rows()[-1] if self.dead else super().append(event)

    def append_aside(self, event: Event) -> Row:
        return self.rows()[-1] if self.dead else super().append_aside(event)


@dataclass
class World:
    """One station, its outputs and its library, through any number of the daemon's lives."""

    root: Path
    airings: tuple[Airing, ...] = (airing("norte"), airing("sur"))
    markets: tuple[Market, ...] = (market("norte"), market("sur"))
    served: tuple[str, ...] | None = None
    """The markets the daemon is started for; ``None``: all."""
    repertoire: SimulatedRepertoire = field(default_factory=lambda: SimulatedRepertoire([status()]))
    speakers: type[SimulatedSpeakers] = SimulatedSpeakers
    teller: Teller = field(default_factory=SilentTeller)
    built: datetime = ALWAYS
    hall: Hall = field(default_factory=lambda: Hall(lambda _master: Seconds(LEAD_IN_S + LENGTH_S + TAIL_S)))

    @property
    def station(self) -> Station:
        return station(self.root, *self.markets)

    def live(
        self,
        start: datetime,
        for_s: float,
        *,
        meanwhile: Callable[[Daemon, SimulatedClock], Coroutine[Any, Any, None]] | None = None,
        boot: str = "one",
    ) -> None:
        """One life of the daemon, ended in order."""
        with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
            runner.run(self._live(start, for_s, meanwhile, boot))

    async def _live(self, start: datetime, for_s: float, meanwhile: Any, boot: str) -> None:
        clock = SimulatedClock(asyncio.get_running_loop(), start, boot)
        daemon = self.daemon(clock)
        beside = asyncio.ensure_future(meanwhile(daemon, clock)) if meanwhile else None
        await daemon.run(for_s, signals=False)
        if beside is not None:
            await beside

    def live_until_killed(
        self,
        start: datetime,
        for_s: float,
        boot: str,
        *,
        meanwhile: Callable[[Daemon, SimulatedClock], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        """One life ended as by ``kill -9``: from that moment on nothing is written and nothing sounds."""
        journals: list[MortalJournal] = []
        heard: list[Sounded] = []

        def open_journal(url: str, clock: Clock, zone: ZoneInfo) -> Journal:
            journals.append(MortalJournal.open(url, clock, zone))
            return journals[-1]

        async def live() -> None:
            loop = asyncio.get_running_loop()
            clock = SimulatedClock(loop, start, boot)
            daemon = self.daemon(clock, open_journal)
            living = asyncio.ensure_future(daemon.run(signals=False))
            beside = asyncio.ensure_future(meanwhile(daemon, clock)) if meanwhile else None
            await asyncio.sleep(for_s)
            for journal in journals:
                journal.dead = True
            heard.extend(replace(one, ends_s=one.until(loop.time())) for one in self.hall.sounded)
            daemon.stop("killed")
            await living
            if beside is not None:
                await beside

        with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
            runner.run(live())
        self.hall.sounded = heard

    def daemon(
        self, clock: SimulatedClock, open_journal: Callable[[str, Clock, ZoneInfo], Journal] = open_or_mend
    ) -> Daemon:
        players = SimulatedPlayers(self.hall)
        equipment = Equipment(players, SimulatedWitnesses(self.hall, players), self.speakers(self.hall))
        return Daemon(
            Setting(
                station=self.station,
                plan=Plan(self.airings),
                markets=tuple(one.id for one in self.markets if self.served is None or one.id in self.served),
                clock=clock,
                equipment=equipment,
                teller=self.teller,
                repertoire=lambda _record: self.repertoire,
                database=self.station.database,
                built=self.built,
                alarms=LoopAlarms,
                open_journal=open_journal,
            )
        )

    def rows(self) -> list[Row]:
        return read(self.station.database)

    def end(self, name: str = "norte", due: datetime = TEN) -> Ended | None:
        """The terminal row of a market's airing."""
        return terminal(self.rows()).get(AiringId(f"{due.astimezone(LIMA):%Y-%m-%dT%H:%M}/{name}"))

    def ended(self, name: str = "norte", due: datetime = TEN) -> Ended:
        found = self.end(name, due)
        assert found is not None
        return found

    def voices(self, name: str = "norte") -> list[tuple[float, float]]:
        """When something sounded at a market, lead-in and tail left out: the truth."""
        mine = [one for one in self.hall.sounded if one.sink == f"sink-{name}"]
        heard = [(one.begins_s + LEAD_IN_S, min(one.until(1e9), one.begins_s + one.length_s - TAIL_S)) for one in mine]
        return [(begin, end) for begin, end in heard if end > begin]


def before(seconds: float) -> datetime:
    """So long before ten."""
    return (TEN - timedelta(seconds=seconds)).astimezone(UTC)


def kinds(rows: Iterable[Row]) -> list[str]:
    return [row.event.kind for row in rows]
