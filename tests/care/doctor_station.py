"""A station of one market where all is well on the evening of 17 June 2021, to be made wrong one thing at a time."""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import people_at_hand

from broadcaster.care.checks import Check, State
from broadcaster.care.doctor import Report, look
from broadcaster.clock import Instant
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Event
from broadcaster.library.catalogue import master_path
from broadcaster.model import ClockTrust, EpisodeNumber, Seconds, Sha256

ROOT = Path(__file__).parents[2]
LIMA = ZoneInfo("America/Lima")
EVENING = datetime(2021, 6, 17, 19, tzinfo=LIMA)
SINK = "broadcaster-unicachi"
DEFENDER = "d-07"
EPISODES = (3, 4, 5)
"""On Friday 18, Wednesday 23 and Friday 25, the season's last day here."""
MINE = frozenset(
    {
        *("settings", "output", "volume", "disk_space", "disk_writable", "disk_health"),
        *("plan", "masters", "next", "approvals", "consents", "helplines", "withdrawals"),
    }
)
"""What these tests speak of: the rest depends on the machine that runs them."""


@dataclass
class Then:
    """A clock that stands where it was put."""

    moment: datetime = EVENING

    def now(self) -> Instant:
        return Instant(self.moment, 0.0, "boot", ClockTrust.SYNCED)


@dataclass
class Box:
    """The folder, and what is done to it."""

    root: Path
    clock: Then = field(default_factory=Then)

    @classmethod
    def well(cls, root: Path, episodes: Iterable[int] = EPISODES) -> "Box":
        """A station on which nothing is wrong."""
        shutil.copy(ROOT / "config.toml", root)
        shutil.copytree(ROOT / "schedules", root / "schedules")
        box = cls(root)
        box.edit("config.toml", "serves = []", 'serves = ["unicachi"]')
        box.edit("schedules/2021-junio-julio.toml", "until = 2021-07-30", "until = 2021-06-25")
        box.write(*people_at_hand.staff(DEFENDER))
        for number in episodes:
            box.write(*people_at_hand.all_said(box.admit(number)))
        return box

    @property
    def station(self) -> Station:
        return load_station(self.root)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change one line of a file."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        (self.root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def write(self, *events: Event) -> None:
        """Put on record what happened now."""
        with Journal.open(self.station.database, self.clock, LIMA) as journal:
            for event in events:
                journal.append(event)

    def admit(self, number: int, consent: str = "") -> Admitted:
        """A master on the disk and its row; nobody has said anything about it yet."""
        path = master_path(self.station, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"episode {number}".encode())
        admitted = Admitted(
            EpisodeNumber(number),
            1,
            Sha256("0" * 64),
            Sha256(hashlib.sha256(path.read_bytes()).hexdigest()),
            Seconds(480.0),
            (DEFENDER,),
            "",
            ("linea-100",),
            consents=(consent or f"C-{number}",),
            helpline_numbers=("100",),
        )
        self.write(admitted)
        return admitted

    def look(self) -> Report:
        """What the doctor finds now."""
        return look(self.station, self.clock.moment)


def wrong(report: Report) -> dict[str, State]:
    """Each of our checks that is not well, with the gravest it found."""
    found: dict[str, State] = {}
    for check in ours(report):
        if check.state is not State.OK and found.get(check.code) is not State.FAIL:
            found[check.code] = check.state
    return found


def ours(report: Report) -> list[Check]:
    """Without what depends on the machine."""
    return [check for check in report.checks if check.code in MINE]
