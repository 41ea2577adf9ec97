"""A station whose schedule an office has amended, for the documents about it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadcaster.config import Station, load_station
from broadcaster.model import EpisodeNumber, EpisodeStatus, Plan, Reason, Seconds, Sha256
from broadcaster.schedule.load import plan_of
from broadcaster.schedule.season import Season, read_seasons

ROOT = Path(__file__).parents[2]
SEASON = "2021-junio-julio.toml"
AUTHORISATION = "RG 0123-2021-MML/GDE"
EXCEPTIONS = (ROOT / "tests" / "schedule" / "four_exceptions.toml").read_text(encoding="utf-8")
"""One of each kind."""


@dataclass(frozen=True)
class Office:
    """What a document is made from."""

    station: Station
    seasons: tuple[Season, ...]
    plan: Plan

    @property
    def noon(self) -> datetime:
        """A moment at which a document may be made."""
        return datetime(2021, 6, 10, 12, tzinfo=self.station.timezone)


def office(folder: Path, exceptions: str = EXCEPTIONS) -> Office:
    """The shipped station and season in ``folder``, with these exceptions and one market's permit."""
    config = (ROOT / "config.toml").read_text(encoding="utf-8")
    head, name, rest = config.partition('name = "Mercado Unicachi"')
    rest = rest.replace('authorisation = ""', f'authorisation = "{AUTHORISATION}"', 1)
    (folder / "config.toml").write_text(head + name + rest, encoding="utf-8")
    (folder / "schedules").mkdir()
    text = (ROOT / "schedules" / SEASON).read_text(encoding="utf-8")
    (folder / "schedules" / SEASON).write_text(text + exceptions, encoding="utf-8")
    return read(folder)


def read(folder: Path) -> Office:
    """The station as its files are now."""
    station = load_station(folder)
    seasons = read_seasons(station)
    return Office(station, seasons, plan_of(station, seasons))


def library(**lengths: float) -> dict[EpisodeNumber, EpisodeStatus]:
    """Episodes of these lengths in seconds, ``e1=480.4``; none is approved."""
    return {
        (number := EpisodeNumber(int(name[1:]))): EpisodeStatus(
            number, 1, Sha256("0" * 64), Seconds(length), Reason.NOT_APPROVED
        )
        for name, length in lengths.items()
    }
