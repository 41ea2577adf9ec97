"""A station to take pictures of: a copy of the shipped one, with recordings that may air and a log made up for the purpose."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from actor import LIMA
from screen import Screen, Typed

from broadcaster.clock import Clock, Instant
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Started
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    MarketId,
    Milliseconds,
    Outcome,
    Question,
    Reason,
    Seconds,
)

ROOT = Path(__file__).parents[2]
ACTOR = Path(__file__).with_name("actor.py")
DEFENDER, OFFICER = "d-07", "proteccion-1"
PIN = "246810"
EPISODE_S = 484
"""8:04, as long as an episode of the programme."""
LENGTH = Seconds(484.0)


@dataclass
class MadeStation:
    """One folder, and what is typed in it."""

    root: Path
    columns: int = 62
    home: dict[str, str] = field(default_factory=dict)

    @classmethod
    def copied(cls, folder: Path, columns: int = 62) -> "MadeStation":
        """The shipped station without its episodes."""
        root = folder / "estacion"
        root.mkdir()
        shutil.copy(ROOT / "config.toml", root)
        shutil.copytree(ROOT / "schedules", root / "schedules")
        home = {
            "HOME": str(folder),
            "XDG_CONFIG_HOME": "",
            "XDG_RUNTIME_DIR": str(folder),
            "LC_ALL": "C.UTF-8",
            "TZ": "America/Lima",
        }
        return cls(root, columns, home)

    def record(self, name: str, sample: int = 3, seconds: float = EPISODE_S) -> None:
        """A recording made of a sample's voice, as a telephone keeps it."""
        original = next((ROOT / "episodes" / f"{sample:03d}").glob("original.*"))
        form = ["-t", str(seconds), "-ar", "44100", "-b:a", "64k", str(self.root / name)]
        subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", str(original), *form], check=True)

    def environment(self) -> Mapping[str, str]:
        """Nothing of the person's who takes the picture."""
        kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        return {**kept, **self.home, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}

    def type(self, moment: str, *words: str, screen: Screen | None = None) -> Typed:
        """Start ``broadcaster WORDS`` at a local moment; what it shows is on the screen."""
        command = [sys.executable, str(ACTOR), moment, *words]
        shown = Screen(self.columns) if screen is None else screen
        return Typed(command, self.root, self.environment(), shown)

    def quietly(self, moment: str, *words: str) -> None:
        """What has to be done before a picture is taken."""
        command = [sys.executable, str(ACTOR), moment, *words]
        subprocess.run(command, check=True, cwd=self.root, env=dict(self.environment()), stdout=subprocess.DEVNULL)

    def admit(self, moment: str, number: int, title: str, approvers: Sequence[str]) -> None:
        """An episode on the shelf, its consent confirmed, approved by these."""
        name = f"{number}.m4a"
        self.record(name, 1 + number % 4)
        facts = ("--title", title, "--defender", DEFENDER, "--consent", "C-2021-014", "--helpline", "linea-100")
        self.quietly(moment, "episode", "add", name, "--number", str(number), *facts)
        self.confirm(moment, number)
        for code in approvers:
            words = ("--as", code, "--pin-file", "pin", "--answers", "checklist")
            self.quietly(moment, "episode", "approve", str(number), *words)

    def confirm(self, moment: str, number: int) -> None:
        """The producer's word that every voice has signed."""
        words = ("--as", DEFENDER, "--pin-file", "pin", "--answers", "confirmed")
        self.quietly(moment, "episode", "confirm-consent", str(number), *words)

    def with_people(self, moment: str, *approvers: str) -> "MadeStation":
        """Everybody with a PIN, a signed form, a helpline that answered."""
        (self.root / "pin").write_text(PIN + "\n", encoding="ascii")
        clean = "".join(f"{question.value} = false\n" for question in Question)
        (self.root / "checklist").write_text(clean, encoding="ascii")
        (self.root / "confirmed").write_text(
            "every_voice = true\nminors = false\ntestimony = false\n", encoding="ascii"
        )
        her, new = ("--as", OFFICER, "--pin-file", "pin"), ("--new-pin-file", "pin")
        self.quietly(moment, "person", "add", OFFICER, "--role", "protection_officer", *new)
        for code in approvers:
            if code != OFFICER:
                self.quietly(moment, "person", "add", code, "--role", "approver", "--role", "coordinator", *her, *new)
        self.quietly(moment, "defender", "add", DEFENDER, "--cohort", "2021-1", *her, *new)
        form = ("--voice", DEFENDER, "--season", "2021-junio-julio", "--form", "F-2021-014", "--expires", "2021-07-30")
        self.quietly(moment, "consent", "add", "C-2021-014", *form, *her)
        self.quietly(moment, "helpline", "verify", "linea-100", *her)
        return self


# A log that says a little of everything


class _Then(Clock):
    """The moment of the row that is written next."""

    def __init__(self) -> None:
        self.moment = datetime(2021, 6, 11, 9, tzinfo=LIMA)

    def now(self) -> Instant:
        return Instant(self.moment, 0.0, "made", ClockTrust.SYNCED)


HISTORY: Sequence[tuple[str, int, str, Outcome, Reason, float, float | None]] = (
    ("2021-06-16", 2, "unicachi", Outcome.PLAYED, Reason.ON_TIME, 484.0, 12.0),
    ("2021-06-18", 3, "unicachi", Outcome.PARTIAL, Reason.AUDIO_LOST, 171.5, 14.0),
    ("2021-06-23", 4, "unicachi", Outcome.MISSED, Reason.POWER_LOSS, 0.0, None),
    ("2021-06-25", 5, "unicachi", Outcome.CANCELLED, Reason.HELD_BY_OPERATOR, 0.0, None),
)
"""Day, episode, market, outcome, reason, seconds heard, how many milliseconds it began late."""


def write_history(root: Path) -> None:
    """Put the made log on the station's record."""
    station, then = load_station(root), _Then()
    with Journal.open(station.database, then, station.timezone) as journal:
        journal.append(Started("0.1.0", 1, tuple(station.markets)))
        for event in _ends():
            then.moment = event.due + timedelta(seconds=600)
            journal.append(event)


def _ends() -> Iterator[Ended]:
    for day, episode, market, outcome, reason, heard_s, late_ms in HISTORY:
        due = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=LIMA)
        sounded = late_ms is not None
        yield Ended(
            airing=AiringId(f"{day}T10:00/{market}"),
            market=MarketId(market),
            due=due,
            outcome=outcome,
            reason=reason,
            episode=EpisodeNumber(episode),
            started=due if sounded else None,
            ended=due + timedelta(seconds=heard_s) if sounded else None,
            played_s=Seconds(heard_s),
            expected_s=LENGTH if sounded else None,
            evidence=Evidence.MONITOR if sounded else Evidence.NONE,
            start_error_ms=None if late_ms is None else Milliseconds(late_ms),
        )
