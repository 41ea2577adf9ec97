"""The computer at the market: it is switched on and off, its clock is set, its plugs are pulled, and its daemon lives and dies.

::

    world's time ─┬─▶ boots: CLOCK_MONOTONIC begins anew with each
                  └─▶ the wall clock: as far off as it was set
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from broadcaster.clock import Instant
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event
from broadcaster.journal.reading import read, verify_at
from broadcaster.model import ClockTrust, EpisodeStatus, MarketId, Plan
from broadcaster.playout.companions import Companion
from broadcaster.playout.daemon import Setting
from broadcaster.playout.orders import Order
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.repertoire import Repertoire
from broadcaster.playout.simulated.disk import Disk
from broadcaster.playout.simulated.library import SimulatedRepertoire
from broadcaster.playout.simulated.life import CLOCK_S, STILL_S, Life
from broadcaster.playout.simulated.loop import Killed
from broadcaster.playout.simulated.sound import Hall, SimulatedPlayers, SimulatedSpeakers, SimulatedWitnesses, Sounded
from broadcaster.playout.simulated.teller import RememberingTeller
from broadcaster.playout.simulated.truth import EVERYWHERE, Decision, History, Sound, Trouble
from broadcaster.playout.simulated.truth import Life as Lived
from broadcaster.playout.simulated_time import SimulatedClock
from broadcaster.playout.stage import Equipment
from broadcaster.store.engine import database_path

WATCHED_STILL_S = 12.0
"""Changed files are looked at every few seconds and must have settled; companions look every few seconds too."""
ORPHAN_S = 0.2
"""How long a player may sound on after its daemon was killed: its standard input has closed."""
RESTART_S = 10.0
"""After how long a daemon that has ended by itself is started again, as the service does."""
RESTART_LATER_S = 60.0
"""One that could not begin because its files are wrong."""


@dataclass(frozen=True)
class World:
    """What a box stands in. ``plan`` and ``station`` are read at every start of the daemon: files may have changed."""

    station: Callable[[], Station]
    plan: Callable[[], Plan]
    repertoire: Callable[[RecordWriter], Repertoire]
    hall: Hall
    begins: datetime
    """Aware: the true time when the world's seconds begin."""
    markets: Collection[MarketId] | None = None
    """Those that are served; ``None``: all."""
    database: str | None = None
    """Of the record that is written; ``None``: the station's own."""
    lead_in_s: float = 3.0
    tail_s: float = 1.0
    trust: ClockTrust = ClockTrust.SHIFTED
    watched: bool = False
    companions: Sequence[Companion] = ()
    """What lives beside the airings."""
    rehearsal: bool = False
    locked: bool = False
    lag: Callable[[], float] | None = None


class Box:
    """One computer. Time passes only in :meth:`pass_until`; everything else happens at once."""

    def __init__(self, world: World, chance: Random) -> None:
        self.world = world
        self.hall = world.hall
        self.history = History()
        self.life: Life | None = None
        self.off_s = 0.0
        """The wall clock less the true time, seconds."""
        self.trust = world.trust
        self.boots = 0
        self._chance = chance
        self._away_s = 0.0
        """The world's time while nothing lives."""
        self._boot_s = 0.0
        """When this boot's ``CLOCK_MONOTONIC`` began."""
        self._born_s = 0.0
        self._again_s: float | None = None
        """When the service starts the daemon again, or the light comes back."""
        self.dark = False
        self.outage_s = 300.0
        """How long the light stays away."""
        self._station = world.station()
        self.url = world.database or self._station.database
        self.disk = Disk(database_path(self.url), lambda: self.now_s, chance)
        self.history.acknowledged = self.disk.acknowledged
        self._new_boot()

    # Time

    @property
    def now_s(self) -> float:
        """The world's time."""
        return self._away_s if self.life is None else self._boot_s + self.life.now_s

    @property
    def true(self) -> datetime:
        """What a right clock says now."""
        return self.world.begins.astimezone(UTC) + timedelta(seconds=self.now_s)

    def moment_s(self, true: datetime) -> float:
        """The world's time when a right clock says so."""
        return (true - self.world.begins).total_seconds()

    def now(self) -> Instant:
        """What the computer's clocks say: it is one, for whoever has no daemon's."""
        return Instant(self._wall, self._monotonic_s, f"boot-{self.boots}", self.trust)

    @property
    def _wall(self) -> datetime:
        return self.true + timedelta(seconds=self.off_s)

    @property
    def _monotonic_s(self) -> float:
        return self.now_s - self._boot_s

    def pass_until(self, until_s: float) -> None:
        """Let time pass."""
        while self.now_s < until_s - 1e-9:
            if self.life is None:
                self._rest(until_s)
            else:
                self._live(until_s)

    def _rest(self, until_s: float) -> None:
        again_s = self._again_s
        self._away_s = until_s if again_s is None else min(until_s, max(again_s, self._away_s))
        if again_s is not None and self._away_s >= again_s:
            if self.dark:
                self.switch_on()
            else:
                self.start()

    def _live(self, until_s: float) -> None:
        life = self._living
        try:
            life.run(until_s - self._boot_s)
        except Killed:
            self._doomed()
            return
        if life.over:
            self._ended(life)

    @property
    def _living(self) -> Life:
        if self.life is None:
            raise RuntimeError
        return self.life

    # Lives

    def switch_on(self, *, off_s: float | None = None) -> None:
        """A new boot, and the daemon with it; ``off_s``: how far off the clock is, as it was otherwise."""
        self._new_boot()
        self.off_s = self.off_s if off_s is None else off_s
        self.start()

    def _new_boot(self) -> None:
        self.boots += 1
        self._boot_s = self.now_s

    def start(self) -> None:
        """The daemon, in the boot that is; where its files are wrong it ends at once, and is tried again later."""
        now_s = self.now_s
        self.history.wall.append((now_s, self._wall))
        self._born_s, self._again_s, self.dark = now_s, None, False
        try:
            self._station = self.world.station()
            plan = self.world.plan()
        except BroadcasterError as problem:
            self.history.lives.append(Lived(now_s, now_s, f"boot-{self.boots}", type(problem).__name__))
            self._again_s = now_s + RESTART_LATER_S
            return
        self.life = Life(
            partial(self._setting, plan),
            begins_s=now_s - self._boot_s,
            wall=self._wall,
            boot=f"boot-{self.boots}",
            trust=self.trust,
            lag=self.world.lag,
            still_s=WATCHED_STILL_S if self.world.watched or self.world.companions else STILL_S,
        )
        if self.trust is ClockTrust.UNVERIFIED:
            self.life.stir(CLOCK_S)

    def _setting(self, plan: Plan, clock: SimulatedClock) -> Setting:
        world = self.world
        players = SimulatedPlayers(self.hall)
        return Setting(
            station=self._station,
            plan=plan,
            markets=tuple(self._station.markets) if world.markets is None else tuple(world.markets),
            clock=clock,
            equipment=Equipment(players, SimulatedWitnesses(self.hall, players), SimulatedSpeakers(self.hall)),
            teller=RememberingTeller(self.history.told, lambda: self.now_s),
            repertoire=world.repertoire,
            database=self.url,
            rehearsal=world.rehearsal,
            locked=world.locked,
            watched=world.watched,
            companions=world.companions,
            open_journal=self.disk.open_journal,
        )

    def stop(self) -> None:
        """Somebody ends the daemon in order; it stays off."""
        if self.life is not None:
            try:
                self.life.stop()
            except Killed:
                self._doomed()
                return
            self._ended(self.life, how="stopped")
            self._again_s = None

    def kill(self, *, power: bool = False) -> None:
        """Nothing more is done; with ``power``, what was not synced is lost too."""
        life = self.life
        if life is None:
            return
        self._write_down_sounds(life, orphaned_s=0.0 if power else self._chance.uniform(0.0, ORPHAN_S))
        self._over("power" if power else "killed")
        self.dark = power
        self._again_s = self.now_s + (self.outage_s if power else RESTART_S)
        self.disk.die(power=power)
        life.bury()

    def _doomed(self) -> None:
        """What was to end at a row has ended, or the light went out at it."""
        power = self.disk.doom is not None and self.disk.doom.power
        if self.life is None:
            self.disk.die(power=power)
        else:
            self.kill(power=power)

    def _ended(self, life: Life, how: str = "") -> None:
        """It ended by itself, or was asked to."""
        if life.error is not None:
            how = type(life.error).__name__
            if not isinstance(life.error, BroadcasterError):
                self.history.problems.append(f"{self.now_s:.1f}: the daemon ended with {life.error!r}")
        self._write_down_sounds(life)
        self._over(how or "ended")
        self._again_s = self.now_s + RESTART_S
        life.bury()

    def _over(self, how: str) -> None:
        life, now_s = self._living, self.now_s
        self.history.problems += [f"{now_s:.1f}: {problem}" for problem in life.problems]
        self.history.lives.append(Lived(self._born_s, now_s, f"boot-{self.boots}", how))
        self._away_s, self.life = now_s, None

    def _write_down_sounds(self, life: Life, *, orphaned_s: float = 0.0) -> None:
        """The truth, in the world's time; from now on nothing of this life sounds."""
        until_s = life.now_s + orphaned_s
        markets = {self._station.outputs[market.output].sink: market.id for market in self._station.markets.values()}
        self.history.sounds += [self._sound(one, one.until(until_s), markets[one.sink]) for one in self.hall.sounded]
        self.hall.sounded = []
        self.hall.volumes.clear()

    def _sound(self, one: Sounded, ends_s: float, market: MarketId) -> Sound:
        zero, world = self._boot_s, self.world
        return Sound(
            market=market,
            master=str(one.master),
            sha256=one.sha256,
            pid=one.pid.pid,
            begins_s=zero + one.begins_s,
            first_word_s=zero + one.begins_s + world.lead_in_s,
            last_word_s=zero + min(ends_s, one.begins_s + one.length_s - world.tail_s),
            ends_s=zero + ends_s,
        )

    # What people and the world do to it

    def stir(self) -> None:
        """Something happened: the daemon is given the time to notice."""
        if self.life is not None:
            self.life.stir()

    @property
    def listens(self) -> bool:
        """Whether somebody answers at the daemon's socket."""
        return self.life is not None and self.life.bill is not None

    def obey(self, order: Order, by: str = "uid:1000") -> None:
        """Somebody orders something of the running daemon."""
        if self.life is not None:
            self.life.obey(order, by)

    def start_rival(self) -> None:
        """Somebody starts a second daemon on the same station."""
        if self.life is not None:
            self.life.start_rival()

    def write(self, event: Event) -> bool:
        """A command writes a row of its own, whether the daemon runs or not; whether it could."""
        return self.at_the_record(lambda journal: journal.append(event))

    def at_the_record(self, do: Callable[[Journal], object]) -> bool:
        """A command opens the record and does that, whether the daemon runs or not; whether it could.

        What was to end the daemon at a row ends both at one of the command's.
        """
        try:
            journal = self.disk.open_journal(self.url, self, self._station.timezone)
        except BroadcasterError:
            return False
        try:
            do(journal)
            done = True
        except BroadcasterError:
            done = False
        except Killed:
            self._doomed()
            return False
        journal.close()
        self.stir()
        return done

    def decide(self, status: EpisodeStatus, repertoire: SimulatedRepertoire) -> None:
        """The library says something else of an episode from now on."""
        repertoire.put(status)
        self.history.decisions.append(Decision(self.now_s, status))
        self.stir()

    def believe(self, trust: ClockTrust) -> None:
        """How far the wall clock may be believed from now on."""
        self.trust = trust
        if self.life is not None:
            self.life.clock.trust = trust
            self.life.stir(CLOCK_S)

    def step_clock(self, seconds: float) -> None:
        """Somebody, or a time server, sets the wall clock."""
        self.off_s += seconds
        if self.life is not None:
            self.life.clock.step(seconds)
            self.life.stir(CLOCK_S)
        self.history.wall.append((self.now_s, self._wall))

    def unplug(self, market: MarketId) -> None:
        """The market's output goes."""
        self.hall.unplug(self._sink(market), self._monotonic_s)
        self.stir()

    def mute(self, market: MarketId) -> None:
        """The market's output falls silent."""
        self.hall.mute(self._sink(market), self._monotonic_s)
        self.stir()

    def mend(self, market: MarketId) -> None:
        """The output is there, and can be heard."""
        self.hall.mend(self._sink(market), self._monotonic_s, self.world.lead_in_s)
        self.stir()

    def _sink(self, market: MarketId) -> str:
        return self._station.outputs[self._station.markets[market].output].sink

    def trouble(self, kind: str, from_s: float, until_s: float, market: str = EVERYWHERE) -> None:
        """Remember that something stood in the way."""
        self.history.troubles.append(Trouble(kind, from_s, until_s, market))

    # The end

    def account(self) -> History:
        """What happened, the record included. Nothing may live any more."""
        self.history.rows = read(self.url)
        self.history.intact = verify_at(self.url).intact
        return self.history
