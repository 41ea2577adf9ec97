"""An office and the computers of markets, each in a folder of its own; a stick is a folder that is carried between them."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from people_at_hand import all_said, staff

from broadcaster.clock import Instant
from broadcaster.config import Station, load_station
from broadcaster.config.edit import set_values
from broadcaster.hub.exchange import NotTaken, take_stick
from broadcaster.hub.incoming import Taken
from broadcaster.hub.keys import keys_of
from broadcaster.hub.outgoing import Invited, Written, write_for_box, write_for_office
from broadcaster.hub.pairing import Met
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, BoxPaired, Ended, Event, OfficePaired, Promise
from broadcaster.journal.proofs import agreement
from broadcaster.journal.reading import read, verify_at
from broadcaster.library.catalogue import master_path, statuses
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    EpisodeStatus,
    Evidence,
    MarketId,
    Outcome,
    Reason,
    Seconds,
    Sha256,
)

LIMA = ZoneInfo("America/Lima")
MONDAY = datetime(2021, 6, 14, 15, tzinfo=UTC)
MARKETS = tuple(map(MarketId, ("mercado-central", "el-bosque", "unicachi", "huamantanga")))
SHIPPED = Path(__file__).parents[2]
SEASON = "2021-junio-julio.toml"


@dataclass
class SetClock:
    """Stands where it was put."""

    utc: datetime = MONDAY

    def now(self) -> Instant:
        return Instant(self.utc, 0.0, "boot", ClockTrust.SYNCED)


@dataclass
class Place:
    """One station, and what is done at it."""

    root: Path
    clock: SetClock = field(default_factory=SetClock)
    _read: tuple[int, Station] | None = None

    @classmethod
    def new(cls, root: Path, *, serves: str = "") -> "Place":
        """With the shipped settings and no season."""
        root.mkdir(parents=True)
        shutil.copy(SHIPPED / "config.toml", root)
        (root / "schedules").mkdir()
        if serves:
            set_values(root, {"station.serves": [serves]})
        return cls(root)

    @classmethod
    def office(cls, root: Path, episodes: tuple[int, ...] = (1, 2, 3)) -> "Place":
        """With the shipped season and approved episodes."""
        place = cls.new(root)
        shutil.copy(SHIPPED / "schedules" / SEASON, root / "schedules")
        place.write(*staff("d-07"))
        for number in episodes:
            place.admit(number)
        return place

    @property
    def station(self) -> Station:
        """Read again when its settings were changed."""
        stamp = (self.root / "config.toml").stat().st_mtime_ns
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, load_station(self.root)
        return self._read[1]

    @property
    def market(self) -> MarketId:
        """Of a box."""
        return self.station.serves[0]

    def journal(self) -> Journal:
        return Journal.open(self.station.database, self.clock, LIMA)

    def write(self, *events: Event) -> None:
        """Put on record what happened now."""
        with self.journal() as journal:
            for event in events:
                journal.append(event)

    def admit(self, number: int, revision: int = 1, size: int = 300_000) -> Admitted:
        """An approved master on the disk, with the original beside it."""
        content = (f"episode {number}, revision {revision} ".encode() * size)[:size]
        master = master_path(self.station, number)
        master.parent.mkdir(parents=True, exist_ok=True)
        master.write_bytes(content)
        (master.parent / "original.ogg").write_bytes(b"as it came")
        admitted = Admitted(
            EpisodeNumber(number), revision, Sha256(f"{number:064x}"), Sha256(hashlib.sha256(content).hexdigest()),
            Seconds(20.0), ("d-07",), "", ("linea-100",), consents=(f"C-{number}-{revision}",), helpline_numbers=("100",),
        )  # fmt: skip
        self.write(admitted, *all_said(admitted))
        return admitted

    def play(self, day: date, episode: int) -> None:
        """An airing that sounded, as its end is put on record."""
        due = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
        airing = AiringId(f"{day.isoformat()}T10:00/{self.market}")
        promise = Promise(airing, self.market, due, EpisodeNumber(episode), Seconds(600.0))
        self.write(
            Ended(
                airing, self.market, promise.due, Outcome.PLAYED, Reason.ON_TIME, promise.episode, 1,
                started=due, ended=due + timedelta(seconds=20), played_s=Seconds(20.0), expected_s=Seconds(20.0),
                evidence=Evidence.MONITOR,
            )
        )  # fmt: skip

    def export(self, stick: Path, market: str = "", **options: object) -> Written | Invited:
        """The stick is written: for a market, or without one for the office."""
        with self.journal() as journal:
            if market:
                return write_for_box(self.station, journal, stick, MarketId(market), **options)  # type: ignore[arg-type]
            return write_for_office(self.station, journal, stick, **options)  # type: ignore[arg-type]

    def take(
        self, stick: Path, code: str | Callable[[str], str] = "", *, again: bool = False
    ) -> list[Met | Taken | NotTaken]:
        """The stick is put in."""
        ask = code if callable(code) else (lambda _market: code)
        with self.journal() as journal:
            return take_stick(self.station, journal, stick, ask, again=again)

    @property
    def code(self) -> str:
        """What is read out."""
        with self.journal() as journal:
            return keys_of(self.station).card(journal.node).code

    @property
    def node(self) -> str:
        with self.journal() as journal:
            return str(journal.node)

    def rows(self, node: str = "") -> dict[str, str]:
        """Hashes of all rows on record here, of everybody or of one node, by key."""
        rows = read(self.station.database, everyone=True)
        return {row.play: row.hash for row in rows if not node or row.node == node}

    def status(self, number: int, day: date = date(2021, 6, 18)) -> EpisodeStatus | None:
        """What the planner is told of an episode."""
        found = statuses(self.station, read(self.station.database), day, samples_may_air=False)
        return found.get(EpisodeNumber(number))

    def reason(self, number: int, day: date = date(2021, 6, 18)) -> Reason | None:
        """What keeps it off the air."""
        found = self.status(number, day)
        return Reason.NO_EPISODE if found is None else found.reason

    def is_whole(self) -> bool:
        """Every chain holds, and the second copy says the same."""
        found = agreement(self.station.database)
        return verify_at(self.station.database).intact and found is not None and found.agrees and not found.lacking

    def files(self) -> dict[str, bytes]:
        """All that lies in the station but its data."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and "data" not in path.relative_to(self.root).parts and path.name != ".record"
        }


def pair(office: Place, box: Place) -> None:
    """They know each other, as after the first stick went both ways: codes cost some tenths of a second each."""
    with office.journal() as ours, box.journal() as theirs:
        card, other = keys_of(office.station).card(ours.node), keys_of(box.station).card(theirs.node)
        ours.append(BoxPaired(box.market, **asdict(other)))
        theirs.append(OfficePaired(**asdict(card)))


def round_trip(office: Place, box: Place, stick: Path) -> None:
    """To the market and back."""
    office.export(stick, box.market)
    box.take(stick)
    box.export(stick)
    office.take(stick)
