"""A station with three episodes on the shelf that may air, and what a backup's test asks of it."""

import hashlib
import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from people_at_hand import all_said, staff

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Event
from broadcaster.journal.proofs import agreement
from broadcaster.journal.reading import read, verify_at
from broadcaster.library.catalogue import master_path, statuses
from broadcaster.model import EpisodeNumber, Reason, Seconds, Sha256

LIMA = ZoneInfo("America/Lima")
FRIDAY = datetime(2021, 6, 18, 15, tzinfo=LIMA)
SHIPPED = Path(__file__).parents[2] / "config.toml"
SEASON = 'name = "Prueba"\n'


def clock(moment: datetime = FRIDAY) -> ShiftedClock:
    return ShiftedClock(moment)


def new_station(root: Path) -> Station:
    """A computer that was only just made ready."""
    root.mkdir()
    shutil.copy(SHIPPED, root)
    return load_station(root)


def made(root: Path) -> Station:
    """Episodes 1 to 3, approved; each has captions and an original beside its master."""
    station = new_station(root)
    station.schedules.mkdir()
    (station.schedules / "prueba.toml").write_text(SEASON)
    parts = station.episodes / "_parts" / "careta"
    parts.mkdir(parents=True)
    (parts / "abc.flac").write_bytes(b"a shared part")
    with Journal.open(station.database, clock(), LIMA) as journal:
        for event in staff("D-001"):
            journal.append(event)
        for number in (1, 2, 3):
            admit(station, journal, number)
        with journal.store.writing() as connection:
            connection.exec_driver_sql("INSERT INTO credentials VALUES ('coordinadora-1', 'old')")
    return station


def admit(station: Station, journal: Journal, number: int, revision: int = 1) -> None:
    content = f"episode {number}, revision {revision}".encode() * 1000
    master = master_path(station, number)
    master.parent.mkdir(parents=True, exist_ok=True)
    master.write_bytes(content)
    (master.parent / "original.ogg").write_bytes(b"as it came")
    (master.parent / "master.srt").write_text("what she says")
    sha256 = Sha256(hashlib.sha256(content).hexdigest())
    admitted = Admitted(
        EpisodeNumber(number),
        revision,
        Sha256("0" * 64),
        sha256,
        Seconds(20.0),
        ("D-001",),
        "",
        ("linea-100",),
        consents=(f"C-{number}",),
        helpline_numbers=("100",),
    )
    for event in (admitted, *all_said(admitted)):
        journal.append(event)


def append(station: Station, *events: Event, at: datetime = FRIDAY) -> None:
    with Journal.open(station.database, clock(at), LIMA) as journal:
        for event in events:
            journal.append(event)


def reasons(station: Station) -> dict[int, Reason | None]:
    """What keeps each episode off the air."""
    rows = read(station.database)
    found = statuses(station, rows, date(2021, 6, 18), samples_may_air=True)
    return {int(number): status.reason for number, status in found.items()}


def keys(station: Station) -> dict[str, str]:
    """Every row's hash, by key."""
    return {row.play: row.hash for row in read(station.database)}


def whole(station: Station) -> bool:
    found = agreement(station.database)
    return verify_at(station.database).intact and found is not None and found.agrees and not found.lacking
