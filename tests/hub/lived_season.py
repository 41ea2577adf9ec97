"""A season lived at four markets by the real daemon, in simulated time and sound, and the sticks between them and their office.

What becomes of airings and sticks is drawn from a seed.
"""

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from pulled_stick import pulled
from stick_stations import LIMA, MARKETS, SEASON, Place, pair

from broadcaster.errors import BadInput
from broadcaster.hub.refusals import StickNotRead, StickNotWritten
from broadcaster.hub.standing import standing
from broadcaster.journal.events import Withdrawn
from broadcaster.journal.fold import FOR_PLAYS, PlayRecord, plays
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.library.catalogue import master_path, statuses
from broadcaster.library.decisions import DECISIONS
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    EpisodeStatus,
    MarketId,
    Reason,
    Seconds,
)
from broadcaster.playout.orders import MakeGood, Pause, Resume, Stop
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.simulated.box import Box, World
from broadcaster.playout.simulated.sound import Hall
from broadcaster.schedule.load import load_plan

BEGINS = datetime(2021, 6, 11, 13, tzinfo=UTC)
SOUND_S = 20.0
"""Of each episode, without the silence around it."""
DAYS = tuple(
    date(2021, month, day)
    for month, days in ((6, (11, 16, 18, 23, 25, 30)), (7, (2, 7, 9, 14, 16, 21, 23, 28, 30)))
    for day in days
)
"""Of the shipped season, a holiday among them."""
FORGOTTEN = MARKETS[-1]
"""No stick gets there any more after the first."""
LEASE = date(2021, 6, 17)
"""Until when it may play what that one brought."""
THREE = EpisodeNumber(3)


class Library:
    """What is on record and on the disk at the moment it is asked, as the daemon at a loudspeaker sees it."""

    def __init__(self, place: Place, record: RecordWriter) -> None:
        self._place = place
        self._record = record
        self._known: tuple[object, list[Row]] | None = None
        """The decisions, and as of which state of the record: reading it is most of what such a season costs."""

    async def statuses(
        self, today: date, only: Collection[EpisodeNumber] | None = None
    ) -> dict[EpisodeNumber, EpisodeStatus]:
        version = await self.version()
        if self._known is None or self._known[0] != version:
            self._known = version, read(self._place.station.database, kinds=DECISIONS)
        return statuses(self._place.station, self._known[1], today, samples_may_air=False, only=only)

    def master(self, number: EpisodeNumber) -> Path:
        return master_path(self._place.station, number)

    async def version(self) -> object:
        return await self._record.changes()


def living(place: Place, seed: int = 0) -> Box:
    """The market's computer, its daemon started."""
    world = World(
        station=lambda: place.station,
        plan=lambda: load_plan(place.station),
        repertoire=lambda record: Library(place, record),
        hall=Hall(lambda _master: Seconds(SOUND_S + 4.0)),
        begins=BEGINS,
        markets=(place.market,),
        trust=ClockTrust.SYNCED,
    )
    box = Box(world, Random(seed))
    box.start()
    return box


def shortened(office: Place, last: date) -> None:
    """The office's season ends on that day."""
    season = office.root / "schedules" / SEASON
    season.write_text(season.read_text().replace("until = 2021-07-30", f"until = {last.isoformat()}"))


def at(moment: datetime, office: Place, computers: dict[MarketId, Box], boxes: dict[MarketId, Place]) -> None:
    """It is this moment everywhere."""
    for computer in computers.values():
        computer.pass_until(computer.moment_s(moment))
    for place in (office, *boxes.values()):
        place.clock.utc = moment


@dataclass
class Lived:
    """A season, and what came of it."""

    office: Place
    boxes: dict[MarketId, Place]
    computers: dict[MarketId, Box]
    chance: Random
    last: date
    sticks: dict[MarketId, Path] = field(default_factory=dict)
    old: list[Path] = field(default_factory=list)
    """Copies of sticks as they once were."""
    silenced: dict[MarketId, float] = field(default_factory=dict)
    """When a market's computer took in that episode 3 is withdrawn: its own seconds."""
    pulls: int = 0
    refusals: int = 0

    @classmethod
    def begun(cls, folder: Path, seed: int, last: date) -> "Lived":
        """Four markets that have had a stick each, their daemons running."""
        numbers = range(1, 1 + sum(day <= last for day in DAYS))
        office = Place.office(folder / "office", tuple(numbers))
        shortened(office, last)
        boxes = {market: Place.new(folder / market, serves=market) for market in MARKETS}
        lived = cls(office, boxes, {}, Random(seed), last)
        for market, box in boxes.items():
            lived.sticks[market] = folder / f"stick-{market}"
            lived.sticks[market].mkdir()
            pair(office, box)
            office.export(lived.sticks[market], market, until=LEASE if market == FORGOTTEN else None)
            box.take(lived.sticks[market])
        lived.computers = {market: living(box, seed) for market, box in boxes.items()}
        return lived

    def live(self) -> None:
        """All days, and after each what becomes of the sticks; the withdrawal on the day before episode 3 is due."""
        for day in (each for each in DAYS if each <= self.last):
            self._air(datetime(day.year, day.month, day.day, 15, tzinfo=UTC))
            if day == DAYS[1]:
                self._at(datetime(2021, 6, 17, 15, tzinfo=UTC))
                self.office.write(Withdrawn(THREE, 1, "proteccion-1"))
            for market in self.chance.sample(MARKETS[:-1], k=3):
                self._carry(market)

    def end(self) -> None:
        """The daemons are ended; the last sticks go, whole; from the forgotten market one comes at last."""
        self._at(datetime(self.last.year, self.last.month, self.last.day, 23, tzinfo=UTC))
        for market, box in self.boxes.items():
            self.computers[market].stop()
            stick = self.sticks[market]
            if market != FORGOTTEN:
                self.office.export(stick, market)
                box.take(stick)
                self._note(market)
            box.export(stick)
            self.office.take(stick)

    def ended(self) -> list[PlayRecord]:
        """What the office knows of every airing."""
        return plays(read(self.office.station.database, kinds=FOR_PLAYS, everyone=True))

    def unconfirmed(self) -> dict[MarketId, int]:
        """At the office: what it forbade and a market has not acknowledged."""
        with self.office.journal() as journal:
            return {each.market: each.unconfirmed for each in standing(self.office.station, journal).boxes}

    # What happens at the markets

    def _air(self, due: datetime) -> None:
        """An airing at every market, each with its own luck: before it, while it sounds, after it."""
        names = ("none", "none", "killed", "unplugged", "muted", "paused", "stopped", "off", "plug again")
        luck = {market: self.chance.choice(names) for market in MARKETS}
        self._at(due - timedelta(minutes=3))
        self._all(luck, self._before)
        self._at(due + timedelta(seconds=8))
        self._all(luck, self._during)
        self._at(due + timedelta(minutes=3))
        self._all(luck, self._shortly_after)
        self._at(due + timedelta(minutes=30))
        self._all(luck, self._after)
        for market in luck:
            if self.chance.random() < 0.3:
                airing = AiringId(f"{due.astimezone(LIMA):%Y-%m-%dT%H:%M}/{market}")
                self.computers[market].obey(MakeGood(airing))
        self._at(due + timedelta(hours=1))

    def _all(self, luck: dict[MarketId, str], do: Callable[[str, MarketId, Box], None]) -> None:
        for market, name in luck.items():
            do(name, market, self.computers[market])

    def _before(self, luck: str, market: MarketId, computer: Box) -> None:
        match luck:
            case "unplugged" | "plug again":
                computer.unplug(market)
            case "paused":
                computer.obey(Pause(market))
            case "off":
                computer.stop()

    def _during(self, luck: str, market: MarketId, computer: Box) -> None:
        match luck:
            case "killed":
                computer.kill()
            case "muted":
                computer.mute(market)
            case "stopped":
                computer.obey(Stop(market))

    def _shortly_after(self, luck: str, market: MarketId, computer: Box) -> None:
        if luck == "plug again":
            computer.mend(market)

    def _after(self, luck: str, market: MarketId, computer: Box) -> None:
        computer.mend(market)
        if luck == "paused":
            computer.obey(Resume(market))
        if luck == "off":
            computer.switch_on()

    def _at(self, moment: datetime) -> None:
        at(moment, self.office, self.computers, self.boxes)

    # What happens to the sticks

    def _carry(self, market: MarketId) -> None:
        """To the market and back, if somebody goes at all."""
        if self._luck(0.25):
            return
        stick, box = self.sticks[market], self.boxes[market]
        self._write(stick, lambda: self.office.export(stick, market))
        self._keep(stick)
        for _time in range(1 + self._luck(0.3)):
            self._take(box, self._any(stick))
        self._note(market)
        self._write(stick, lambda: box.export(stick))
        self._keep(stick)
        for _time in range(1 + self._luck(0.3)):
            self._take(self.office, self._any(stick))

    def _luck(self, share: float) -> bool:
        return self.chance.random() < share

    def _bytes(self) -> int:
        """Few or many."""
        return int(10 ** self.chance.uniform(0, 6.5))

    def _any(self, stick: Path) -> Path:
        """That one; sometimes one from a drawer, of whichever market and day."""
        return self.chance.choice(self.old) if self.old and self._luck(0.25) else stick

    def _keep(self, stick: Path) -> None:
        if self._luck(0.5):
            self.old.append(Path(shutil.copytree(stick, stick.with_name(f"old-{len(self.old)}"))))

    def _write(self, stick: Path, export: Callable[[], object]) -> None:
        """Pulled out while it is written, or not; then perhaps written once more."""
        if self._luck(0.4):
            with suppress(StickNotWritten), pulled(stick, self._bytes(), writing=True):
                export()
            self.pulls += 1
            if self._luck(0.5):
                return
        export()

    def _take(self, place: Place, stick: Path) -> None:
        """Put in, perhaps pulled out again before it is read to its end; what is refused has changed nothing."""
        before = place.rows(), place.files()
        try:
            if self._luck(0.3):
                self.pulls += 1
                with pulled(stick, self._bytes(), writing=False):
                    place.take(stick)
            else:
                place.take(stick)
        except (BadInput, StickNotRead):
            self.refusals += 1
            assert (place.rows(), place.files()) == before

    def _note(self, market: MarketId) -> None:
        """When the withdrawal has come, remember since when at the latest."""
        if market not in self.silenced and self.boxes[market].reason(3) is Reason.WITHDRAWN:
            self.silenced[market] = self.computers[market].now_s
