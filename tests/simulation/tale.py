"""A simulated market's station by seed: its files, its episodes, and the box that stands in it."""

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.model import ClockTrust, EpisodeNumber, EpisodeStatus, MarketId, Plan, Reason, Seconds, Sha256
from broadcaster.playout import soundcheck
from broadcaster.playout.makegoods import make_good_by_rule
from broadcaster.playout.simulated import Hall, SimulatedRepertoire
from broadcaster.playout.simulated.box import Box, World
from broadcaster.playout.simulated.truth import Decision
from broadcaster.playout.soundcheck import SOUND
from broadcaster.schedule.load import load_plan

FAST_DISK = Path("/dev/shm")  # noqa: S108  what is lost is decided by the simulation, not by the machine
LEAD_IN_S, TAIL_S = 3.0, 1.0
NAMES = ("norte", "sur", "este", "oeste")
SLOTS = 17
EPISODES = 17
UNREAD_S = 20.0
"""The program looks for changed files every fifteen seconds."""
CANARY = "Canario"
"""Stands where titles and people's words stand: it must be in no log."""

PLACES: tuple[tuple[str, date, str], ...] = (
    ("America/Lima", date(2021, 6, 11), "10:00"),
    ("America/Lima", date(2021, 6, 11), "10:00"),
    ("America/Lima", date(2021, 6, 11), "10:00"),
    ("America/Santiago", date(2021, 8, 10), "00:30"),  # the hour that goes missing on 5 September
    ("Europe/Madrid", date(2021, 9, 28), "02:30"),  # the hour that comes twice on 31 October
    ("America/Havana", date(2021, 10, 12), "00:30"),  # the same on 7 November
)


@dataclass(frozen=True)
class Make:
    """What a seed makes of a station."""

    seed: int
    zone: str
    first: date
    at: str
    markets: tuple[str, ...]
    lengths: tuple[float, ...]
    """Of the episodes, in turn."""
    second: str
    """Local time of a second slot a minute or two after the first; empty for none."""
    quiet: str
    """Quiet hours that may cut a long episode; empty for none."""
    watched: bool
    remade: bool
    """Whether the season makes good the same day what was missed."""
    slots: int = SLOTS


def make(seed: int, slots: int = SLOTS) -> Make:
    """The same for the same seed."""
    chance = Random(f"station {seed}")
    zone, first, at = chance.choice(PLACES)
    hour, minute = map(int, at.split(":"))
    crowded, hushed = chance.random() < 0.15, chance.random() < 0.2
    return Make(
        seed=seed,
        zone=zone,
        first=first,
        at=at,
        markets=NAMES[: chance.choice((2, 3, 4, 4))],
        lengths=tuple(chance.choice((8.0, 11.0, 11.0, 14.0, 70.0 if hushed or crowded else 16.0)) for _ in range(3)),
        second=f"{hour:02}:{minute + chance.choice((1, 2)):02}" if crowded else "",
        quiet=f"{hour:02}:{minute + 1:02}-{hour:02}:{minute + 20:02}" if hushed and not crowded else "",
        watched=chance.random() < 0.3,
        remade=chance.random() < 0.4,
        slots=slots,
    )


def config(of: Make, quiet: str = "") -> str:
    """``config.toml``."""
    hours = "00:00-24:00" if of.at < "06" else "06:00-20:00"
    lines = ["[station]", 'name = "Prueba"', f'timezone = "{of.zone}"', "grace_s = 600"]
    for name in of.markets:
        lines += [f"[outputs.{name}]", f'sink = "sink-{name}"', f"[markets.{name}]", f'name = "{CANARY} {name}"']
        lines += ['district = "Lima"', 'ubigeo_inei = "150101"', f'output = "{name}"', f'hours = "{hours}"']
        lines += [f"quiet = {_list((quiet or of.quiet,))}", "volume = 0.8", "volume_cap = 0.9", 'authorisation = ""']
    return "\n".join(lines) + "\n"


def season(of: Make, exceptions: str = "") -> str:
    """The season's file: two slots a week."""
    weekdays = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    days = [weekdays[of.first.weekday()], weekdays[(of.first.weekday() + 5) % 7]]
    last = of.first + timedelta(days=7 * ((of.slots - 1) // 2) + (5 if of.slots % 2 == 0 else 0))
    rule = ["[[rules]]", f"weekdays = {_list(days)}", f"markets = {_list(of.markets)}"]
    rule += [f"times = {_list([at for at in (of.at, of.second) if at])}"]
    head = [f'name = "{CANARY} de junio"', f"from = {of.first}", f"until = {last}", "first_episode = 1"]
    head += ['make_good = "same_day"'] if of.remade else []
    return "\n".join([*head, *rule, exceptions]) + "\n"


def _list(words: object) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words if word) + "]"  # type: ignore[attr-defined]


def write(root: Path, of: Make, *, exceptions: str = "", quiet: str = "") -> None:
    """The station's files, as they are from now on."""
    (root / "schedules").mkdir(exist_ok=True)
    (root / "config.toml").write_text(config(of, quiet), encoding="utf-8")
    (root / "schedules" / "temporada.toml").write_text(season(of, exceptions), encoding="utf-8")


@cache
def _template() -> bytes:
    """A database that was just made: making one takes as long as a whole season's plays."""
    clock = ShiftedClock(datetime(2020, 1, 1, tzinfo=UTC))
    with tempfile.TemporaryDirectory(prefix="broadcaster-template-", dir=_disk()) as folder:
        Journal.open(f"sqlite:///{folder}/made.db", clock, ZoneInfo("UTC")).close()
        return Path(folder, "made.db").read_bytes()


def _disk() -> str | None:
    return str(FAST_DISK) if FAST_DISK.is_dir() else None


def sha(number: int, revision: int) -> Sha256:
    """Of an episode's master."""
    return Sha256(f"{number:04d}{revision:04d}".ljust(64, "a"))


def status(number: int, length_s: float, reason: Reason | None = None, revision: int = 1) -> EpisodeStatus:
    """What the library says of an episode."""
    return EpisodeStatus(
        EpisodeNumber(number),
        revision,
        sha(number, revision),
        Seconds(length_s),
        reason,
        lead_in_s=Seconds(LEAD_IN_S),
        tail_s=Seconds(TAIL_S),
    )


@dataclass
class Tale:
    """A box in its station, and what is known of both."""

    root: Path
    of: Make
    box: Box
    library: SimulatedRepertoire
    statuses: dict[int, EpisodeStatus]
    plan: Plan
    chance: Random
    dues: list[float] = field(default_factory=list)
    """When slots are due by a right clock, in the world's time."""

    @property
    def hall(self) -> Hall:
        return self.box.hall

    def master(self, number: int) -> Path:
        return self.library.master(EpisodeNumber(number))

    def length_s(self, number: int) -> float:
        """How long an episode speaks."""
        return self.of.lengths[number % len(self.of.lengths)]

    def decide(self, status: EpisodeStatus) -> None:
        """The library's word from now on; of a withdrawn revision it has no other, whatever else is decided."""
        if status.revision <= status.withdrawn_through:
            status = replace(status, reason=Reason.WITHDRAWN)
        self.statuses[status.number] = status
        self.box.decide(status, self.library)

    def ask(
        self,
        *_files_rows_and_day: object,
        only: Collection[EpisodeNumber] | None = None,
        **_rules: object,
    ) -> dict[EpisodeNumber, EpisodeStatus]:
        """The library as a command asks it."""
        return self.library.known(only)

    def edit(self, *, exceptions: str = "", quiet: str = "") -> None:
        """Somebody saves the station's files."""
        write(self.root, self.of, exceptions=exceptions, quiet=quiet)
        self.box.history.settings.append((self.box.now_s, load_station(self.root).markets))
        self.box.stir()

    def spoil(self, file: str) -> None:
        """Somebody saves one that is none: what was read last stays in force, and the newest may not have been read yet."""
        (self.root / file).write_text('name = "\nbroken', encoding="utf-8")
        settings, now_s = self.box.history.settings, self.box.now_s
        if len(settings) > 1 and now_s - settings[-1][0] < UNREAD_S:
            settings += [(now_s, markets) for _moment, markets in settings[-2:]]
        self.box.stir()

    def market(self) -> MarketId:
        """Any of them."""
        return MarketId(self.chance.choice(self.of.markets))


@contextmanager
def told(
    seed: int, *, slots: int = SLOTS, of: Make | None = None, trust: ClockTrust = ClockTrust.SYNCED
) -> Iterator[Tale]:
    """The station of a seed, a day before its first slot; nothing lives yet."""
    root = Path(tempfile.mkdtemp(prefix="broadcaster-market-", dir=_disk()))
    try:
        yield _begin(root, of or make(seed, slots), Random(f"tale {seed}"), trust)
    finally:
        shutil.rmtree(root)


def _begin(root: Path, of: Make, chance: Random, trust: ClockTrust) -> Tale:
    write(root, of)
    station = load_station(root)
    plan = load_plan(station)
    (root / "data").mkdir()
    (root / "data" / "broadcaster.db").write_bytes(_template())
    begins = datetime.combine(of.first - timedelta(days=1), time(12), tzinfo=station.timezone)
    files: dict[Path, Sha256] = {}
    statuses = {number: status(number, of.lengths[number % len(of.lengths)]) for number in range(1, EPISODES + 40)}
    library = SimulatedRepertoire(statuses.values(), files)

    def lasts(master: Path) -> Seconds:
        if master == SOUND:
            return Seconds(soundcheck.LEAD_IN_S + soundcheck.LENGTH_S + soundcheck.TAIL_S)
        return Seconds(LEAD_IN_S + of.lengths[int(master.parent.name) % len(of.lengths)] + TAIL_S)

    hall = Hall(lasts)
    hall.files, hall.beat_s = files, 1.0
    hall.takes_s = lambda: chance.choice((0.0, 0.0, 0.05, 0.4, 1.5))
    world = World(
        station=(lambda: load_station(root)) if of.watched else lambda: station,
        plan=(lambda: load_plan(load_station(root))) if of.watched else lambda: plan,
        repertoire=lambda _record: library,
        hall=hall,
        begins=begins,
        lead_in_s=LEAD_IN_S,
        tail_s=TAIL_S,
        trust=trust,
        watched=of.watched,
        companions=(make_good_by_rule,) if of.remade else (),
        lag=lambda: chance.choice((0.0, 0.0, 0.001, 0.004, 0.05)),
    )
    box = Box(world, chance)
    tale = Tale(root, of, box, library, statuses, plan, chance)
    for number in statuses:
        files[tale.master(number)] = sha(number, 1)
    box.history.decisions += [Decision(0.0, one) for one in statuses.values()]
    box.history.settings.append((0.0, station.markets))
    tale.dues = sorted({box.moment_s(airing.due.astimezone(UTC)) for airing in plan.airings})
    return tale
