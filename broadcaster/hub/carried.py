"""What an office's stick carries: approved audio, never an original; seasons; helplines. And what a box has."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.library import approvals
from broadcaster.library.announcements import recordings
from broadcaster.library.catalogue import intact, master_path, rules_of, sha256_of
from broadcaster.library.decisions import Decisions, decisions_of
from broadcaster.library.parts import file_of
from broadcaster.library.shelf import FILE, folder_of
from broadcaster.model import MarketId, Sha256


@dataclass(frozen=True)
class Carried:
    """One file."""

    name: str
    """In a station."""
    path: Path
    """Here."""
    sha256: Sha256
    size: int


def carried(station: Station, journal: Journal, market: MarketId) -> tuple[Carried, ...]:
    """The files for a market, seasons first. Reads each."""
    decisions = decisions_of(journal)
    today = journal.clock.now().utc.astimezone(station.timezone).date()
    rules = rules_of(station, today, samples_may_air=False)
    paths = [*sorted(station.schedules.glob("[!.]*.toml")), *_parts(station, decisions, market)]
    for number in sorted(decisions.numbers()):
        admitted = decisions.newest(number)
        if admitted is None or admitted.sample or decisions.is_withdrawn(number):
            continue
        if approvals.approved(admitted, decisions, rules) and intact(station, admitted):
            described = folder_of(station, number) / FILE
            paths += [master_path(station, number), *([described] if described.is_file() else [])]
    return tuple(_carried(station, path) for path in paths)


def _parts(station: Station, decisions: Decisions, market: MarketId) -> Iterator[Path]:
    """What sounds at the market before every episode."""
    announcement = station.markets[market].announcement
    for each in recordings(announcement, decisions.parts) or () if announcement else ():
        if each.part and (path := file_of(station, each.part, each.sha256)) is not None:
            yield path


def _carried(station: Station, path: Path) -> Carried:
    name = path.relative_to(station.root).as_posix()
    return Carried(name, path, sha256_of(path), path.stat().st_size)


def masters_here(station: Station, journal: Journal) -> tuple[Sha256, ...]:
    """The masters that lie here, whole."""
    decisions = decisions_of(journal)
    newest = (decisions.newest(number) for number in sorted(decisions.numbers()))
    return tuple(each.master_sha256 for each in newest if each is not None and intact(station, each))


def helplines_of(station: Station) -> dict[str, dict[str, object]]:
    """The station's helplines as its settings say them; days in words."""
    return {
        each.id: {
            "name": each.name,
            "number": each.number,
            "hours": each.hours,
            "languages": list(each.languages),
            "cost": each.cost,
            "valid_from": each.valid_from.isoformat() if each.valid_from else None,
            "valid_to": each.valid_to.isoformat() if each.valid_to else None,
            "verified_on": each.verified_on.isoformat() if each.verified_on else None,
            "wrong": each.wrong,
        }
        for each in station.helplines.values()
    }
