"""A station where one market lets the program's chime and a spoken ident of its own sound before every episode."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from intake_station import IntakeStation
from numpy.typing import NDArray
from people_at_hand import ANSWERS
from rundowns import PROMPTS

from broadcaster.clock import SystemClock
from broadcaster.config import Station, load_station
from broadcaster.journal.events import EditionMade
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import edition_path, statuses
from broadcaster.model import EpisodeNumber, EpisodeStatus, MarketId
from broadcaster.sound.ffmpeg import program

MARKET, OTHER = MarketId("mercado-central"), MarketId("el-bosque")
PART = "careta-central"


@dataclass(frozen=True)
class AnnouncingStation:
    """The station and what is asked of it."""

    at_work: IntakeStation

    @classmethod
    def made_of(cls, source: Path, root: Path) -> "AnnouncingStation":
        """A copy of the station ``source`` with the ident brought and, in ``config.toml``, named."""
        shutil.copytree(source, root)
        announce(root, chime="chime", ident=PART)
        made = cls(IntakeStation(load_station(root)))
        assert made.bring(30) == 0
        return made

    @property
    def station(self) -> Station:
        return self.at_work.station

    def bring(self, second: int, *, again: bool = False) -> int:
        """Two seconds of speech, far softer than a master, as the shared part; its exit code."""
        spoken = self.station.root / f"careta-{second}.flac"
        command = [program("ffmpeg"), "-v", "error", "-y", "-ss", str(second), "-t", "2", "-i", "demo-instruct.wav"]
        subprocess.run([*command, "-af", "volume=-20dB", str(spoken)], check=True, cwd=PROMPTS)
        words = ("replace", PART, spoken) if again else ("add", spoken, "--id", PART, "--role", "ident")
        code = self.at_work.by("d-07", "part", *words)
        spoken.unlink()
        return code

    def approve(self) -> int:
        """One person's yes to the ident; its exit code."""
        answers = self.station.root / "answers"
        answers.write_text(ANSWERS, encoding="ascii")
        return self.at_work.by("coordinadora-1", "part", "approve", PART, "--answers", answers)

    def made(self) -> list[EditionMade]:
        """Every edition on record."""
        return [row.event for row in read(self.station.database) if isinstance(row.event, EditionMade)]

    def status(self, number: int, market: MarketId = MARKET) -> EpisodeStatus:
        """What that market would hear of an episode today."""
        today = SystemClock().now().utc.astimezone(self.station.timezone).date()
        known = statuses(self.station, read(self.station.database), today, samples_may_air=False)
        return known[EpisodeNumber(number)].at(self.station.markets[market])

    def samples(self, made: EditionMade) -> NDArray[np.int16]:
        """An edition's samples as they are in its file."""
        return read_samples(edition_path(self.station, made.edition_sha256))


def read_samples(file: Path) -> NDArray[np.int16]:
    """The samples of a file of 16 bits, one channel."""
    samples, rate = soundfile.read(file, dtype="int16")
    assert rate == 48_000
    return np.asarray(samples, dtype=np.int16)


def announce(root: Path, *, chime: str = "", ident: str = "") -> None:
    """Name, in ``config.toml``, what sounds at :data:`MARKET` before every episode."""
    file = root / "config.toml"
    head, section, rest = file.read_text(encoding="utf-8").partition(f"[markets.{MARKET}]")
    for key, value in (("chime", chime), ("ident", ident)):
        rest = re.sub(rf'^{key} = "[^"]*"', f'{key} = "{value}"', rest, count=1, flags=re.MULTILINE)
    file.write_text(head + section + rest, encoding="utf-8")
