"""A backup put back: nothing decided since is forgotten, no number is used twice, nothing withdrawn comes back."""

import hashlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from backup_station import FRIDAY, SEASON, admit, append, clock, keys, made, new_station, reasons, whole
from killed_at_a_step import killed_before

from broadcaster.care.backup import BackupExists, BackupNotWritten, NothingToBackUp, back_up
from broadcaster.care.restore import BadBackup, OtherRecord, check, restore
from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import copy_of
from broadcaster.journal.events import (
    RESTORED,
    ConsentWithdrawn,
    RecordIncident,
    Stopped,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.journal.mend import open_or_mend
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import master_path
from broadcaster.model import EpisodeNumber, Reason
from broadcaster.store.engine import database_path

ONE, TWO, THREE = EpisodeNumber(1), EpisodeNumber(2), EpisodeNumber(3)
LATER = FRIDAY + timedelta(days=30)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return made(tmp_path / "station")


@pytest.fixture
def backup(station: Station, tmp_path: Path) -> Path:
    """Made on Friday."""
    return back_up(station, tmp_path, FRIDAY).path


def test_a_backup_says_what_is_in_it_and_vouches_for_every_byte(station: Station, backup: Path) -> None:
    manifest = check(backup)
    assert manifest.rows == len(read(station.database))
    assert set(manifest.files) == {
        "broadcaster.db",
        "config.toml",
        "schedules/prueba.toml",
        "episodes/_parts/careta/abc.flac",
        *(f"episodes/00{number}/{name}" for number in (1, 2, 3) for name in ("master.flac", "master.srt")),
    }
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir() if path.is_file()] == [backup.name]


def test_one_changed_bit_in_any_file_of_it_is_found_and_nothing_is_changed(station: Station, backup: Path) -> None:
    """In the middle of each, and in the word that vouches for the list of them."""
    good, before = backup.read_bytes(), keys(station)
    with zipfile.ZipFile(backup) as packed:
        files = [each for each in packed.infolist() if each.compress_size > 200]
    assert len(files) > 5
    for place in (*(each.header_offset + 100 + each.compress_size // 2 for each in files), len(good) - 5):
        backup.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(BadBackup) as refusal:
            restore(station, backup, clock())
        assert refusal.value.exit_code == 65
    for length in (0, 10, len(good) // 2, len(good) - 1):
        backup.write_bytes(good[:length])
        with pytest.raises(BadBackup):
            restore(station, backup, clock())
    assert keys(station) == before


def test_whatever_bit_is_changed_a_backup_is_refused_or_holds_what_it_held(backup: Path, tmp_path: Path) -> None:
    """Where the archive is packed tightly: unpacking it is what fails there, in many ways."""
    good, changed = backup.read_bytes(), tmp_path / "changed"
    told = check(backup)
    for place in (*range(0, 1200, 3), *range(len(good) - 600, len(good), 3)):
        changed.write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        with suppress(BadBackup):
            assert check(changed) == told


FULL_STICK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from broadcaster.care.backup import BackupNotWritten, back_up
from broadcaster.config import load_station
stick = Path(sys.argv[2])
try:
    back_up(load_station(Path(sys.argv[1])), stick, datetime(2021, 6, 18, tzinfo=UTC))
except BackupNotWritten as problem:
    print(problem, list(stick.iterdir()))
"""


@pytest.mark.parametrize("room", ["32k", "96k"])
def test_a_stick_without_room_is_told_as_the_sticks_matter_not_the_records(
    station: Station, tmp_path: Path, room: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    alone = ["unshare", "--mount", "--map-root-user", "--user", "sh", "-ec"]
    steps = (
        f"mount -t tmpfs -o size={room} none {stick}; exec {sys.executable} -c '{FULL_STICK}' {station.root} {stick}"
    )
    done = subprocess.run([*alone, steps], capture_output=True, text=True, check=True)
    assert str(stick) in done.stdout
    assert "[]" in done.stdout


def test_what_is_withdrawn_is_in_no_backup(station: Station, tmp_path: Path) -> None:
    append(station, Withdrawn(TWO, 1, "P"))
    made_now = back_up(station, tmp_path / "x.backup", FRIDAY)
    assert not any(name.startswith("episodes/002/") for name in check(made_now.path).files)


def test_a_backup_made_while_rows_are_written_is_the_record_of_one_moment(station: Station, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with Journal.open(station.database, clock(), station.timezone) as journal:
            while not stop.is_set():
                journal.append(Stopped("x" * 3000))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            found = back_up(station, tmp_path / f"{number}.backup", FRIDAY)
            folder = tmp_path / str(number)
            zipfile.ZipFile(found.path).extract("broadcaster.db", folder)
            with sqlite3.connect(folder / "broadcaster.db") as raw:
                assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert raw.execute("SELECT count(*), max(seq) FROM journal").fetchone() == (found.rows, found.rows)
    finally:
        stop.set()
        writer.join()
    assert whole(station)


def test_no_file_is_overwritten_and_where_there_is_no_record_nothing_is_made(
    station: Station, backup: Path, tmp_path: Path
) -> None:
    with pytest.raises(BackupExists):
        back_up(station, backup, FRIDAY)
    with pytest.raises(BackupNotWritten) as refusal:
        back_up(station, tmp_path / "no" / "folder", FRIDAY)
    assert refusal.value.exit_code == 74
    with pytest.raises(NothingToBackUp):
        back_up(new_station(tmp_path / "empty"), tmp_path / "y.backup", FRIDAY)
    assert not (tmp_path / "y.backup").exists()


# Put back


def test_on_a_new_computer_everything_is_as_it_was_and_the_next_row_begins_a_new_epoch(
    station: Station, backup: Path, tmp_path: Path
) -> None:
    new = new_station(tmp_path / "new")
    done = restore(new, backup, clock(LATER))
    assert (done.unfit, done.withheld, done.aside) == ((), (), None)
    assert done.recovered == len(keys(station))
    assert keys(station).items() <= keys(new).items()
    assert reasons(new) == reasons(station) == {1: None, 2: None, 3: None}
    assert (new.schedules / "prueba.toml").read_text() == SEASON
    assert {row.epoch for row in read(new.database)[len(keys(station)) :]} == {int(LATER.timestamp())}
    assert whole(new)


def test_two_computers_that_go_on_from_one_backup_never_use_one_number_for_two_rows(
    station: Station, backup: Path, tmp_path: Path
) -> None:
    """The old one too."""
    ours = []
    for days in (30, 31):
        new = new_station(tmp_path / f"new-{days}")
        restore(new, backup, clock(FRIDAY + timedelta(days=days)))
        append(new, Stopped("there"), at=FRIDAY + timedelta(days=days, hours=1))
        ours.append(keys(new))
    append(station, Stopped("here"))
    for one, other in ((ours[0], ours[1]), (ours[0], keys(station)), (ours[1], keys(station))):
        assert all(one[key] == other[key] for key in one.keys() & other.keys())


def test_an_old_backup_takes_back_nothing_that_was_decided_since(station: Station, backup: Path) -> None:
    """A withdrawal, a suspension, a suspension lifted, a PIN: all as it was the moment before."""
    append(station, Withdrawn(TWO, 1, "P"), Suspended(THREE, "uid:0"), Suspended(ONE, "uid:0"))
    append(station, SuspensionLifted(ONE, "proteccion-1"))
    with sqlite3.connect(database_path(station.database)) as raw:
        raw.execute("UPDATE credentials SET pin_hash = 'new'")
    before = keys(station)
    shutil.rmtree(station.episodes / "002")
    done = restore(station, backup, clock(LATER))
    assert reasons(station) == {1: None, 2: Reason.WITHDRAWN, 3: Reason.SUSPENDED}
    assert before.items() <= keys(station).items()
    assert done.recovered == 0
    assert set(done.withheld) == {"episodes/002/master.flac", "episodes/002/master.srt"}
    assert not (station.episodes / "002").exists()
    with sqlite3.connect(database_path(station.database)) as raw:
        assert raw.execute("SELECT pin_hash FROM credentials").fetchall() == [("new",)]
    assert [row.event for row in read(station.database, kinds=[RecordIncident])] == [RecordIncident(RESTORED)]
    assert whole(station)


@pytest.mark.parametrize("left", ["the second copy", "the database"])
def test_withdrawals_are_known_from_either_copy(station: Station, backup: Path, left: str) -> None:
    append(station, Withdrawn(TWO, 1, "P"))
    database = database_path(station.database)
    if left == "the second copy":
        database.write_bytes(b"nothing that SQLite knows" * 1000)
    else:
        copy_of(database).unlink()
    restore(station, backup, clock(LATER))
    assert reasons(station)[2] is Reason.WITHDRAWN
    assert whole(station)


def test_a_station_with_another_record_is_left_alone_unless_it_is_set_aside(backup: Path, tmp_path: Path) -> None:
    """Set aside, what it forbids is forbidden in the backup's record too, and its database is kept."""
    other = made(tmp_path / "other")
    append(other, Withdrawn(TWO, 1, "P"), Suspended(THREE, "uid:0"), ConsentWithdrawn("C-1", "P"))
    before = keys(other)
    with pytest.raises(OtherRecord, match="--set-aside"):
        restore(other, backup, clock(LATER))
    assert keys(other) == before
    done = restore(other, backup, clock(LATER), set_aside=True)
    found = reasons(other)
    assert (found[2], found[3]) == (Reason.WITHDRAWN, Reason.SUSPENDED)
    assert found[1] is Reason.NO_CONSENT
    assert done.forbidden_again == 3
    assert done.aside is not None
    with sqlite3.connect(done.aside / "broadcaster.db") as raw:
        assert raw.execute("SELECT count(*) FROM journal").fetchone() == (len(before),)
    assert whole(other)


def test_masters_are_held_against_the_approved_hash(station: Station, backup: Path) -> None:
    """A wrong one is replaced by the approved one; where the backup has only an older one, it is named."""
    master_path(station, 1).write_bytes(b"something else")
    master_path(station, 3).unlink()
    with Journal.open(station.database, clock(), station.timezone) as journal:
        admit(station, journal, 2, revision=2)
    master_path(station, 2).write_bytes(b"something else")
    done = restore(station, backup, clock(LATER))
    assert set(done.files) == {"episodes/001/master.flac", "episodes/003/master.flac"}
    assert done.unfit == (2,)
    assert reasons(station) == {1: None, 2: Reason.BAD_FILE, 3: None}


def test_what_is_here_is_not_overwritten(station: Station, backup: Path) -> None:
    (station.schedules / "prueba.toml").write_text("# mine\n")
    (station.root / "config.toml").write_text((station.root / "config.toml").read_text() + "# mine\n")
    restore(station, backup, clock(LATER))
    assert (station.schedules / "prueba.toml").read_text() == "# mine\n"
    assert (station.root / "config.toml").read_text().endswith("# mine\n")


def test_a_name_that_leads_out_of_the_station_is_no_backup(station: Station, backup: Path, tmp_path: Path) -> None:
    """Made by somebody who knows how a backup vouches for itself."""
    for number, name in enumerate(("../evil", "/etc/evil", "episodes/001/../../evil", "data/lock", "episodes/1/x")):
        forged = tmp_path / f"forged-{number}"
        with zipfile.ZipFile(backup) as good, zipfile.ZipFile(forged, "w") as bad:
            manifest = json.loads(good.read("manifest.json"))
            manifest["files"][name] = hashlib.sha256(b"evil").hexdigest()
            text = json.dumps(manifest).encode()
            bad.writestr("manifest.json", text)
            for each in good.infolist():
                if each.filename != "manifest.json":
                    bad.writestr(each.filename, good.read(each))
            bad.writestr(name, b"evil")
            bad.comment = f"sha256:{hashlib.sha256(text).hexdigest()}".encode()
        with pytest.raises(BadBackup):
            restore(station, forged, clock())
    assert not list(tmp_path.rglob("evil"))


READY = """
import sys
from datetime import datetime
from pathlib import Path
from broadcaster.care.restore import restore
from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
station = load_station(Path(sys.argv[1]))
"""
RESTORE = "restore(station, Path(sys.argv[2]), ShiftedClock(datetime.fromisoformat(sys.argv[3])))"


def test_a_restoring_killed_at_any_of_its_steps_leaves_what_was_withdrawn_withdrawn(
    station: Station, backup: Path, tmp_path: Path
) -> None:
    """Before each rename, replace, unlink and mkdir; then it is done again."""
    append(station, Withdrawn(TWO, 1, "P"))
    kept, before, step = tmp_path / "kept", keys(station), 0
    shutil.copytree(station.root, kept)
    while True:
        step += 2
        words = (str(station.root), str(backup), LATER.isoformat())
        died = killed_before(step, ("rename", "replace", "unlink", "mkdir"), READY, RESTORE, *words)
        open_or_mend(station.database, clock(LATER), station.timezone).close()  # the daemon may start meanwhile
        assert reasons(station)[2] is Reason.WITHDRAWN
        restore(station, backup, clock(LATER + timedelta(hours=1)))
        assert reasons(station) == {1: None, 2: Reason.WITHDRAWN, 3: None}
        assert before.items() <= keys(station).items()
        assert whole(station)
        if died.returncode != -signal.SIGKILL:
            break
        shutil.rmtree(station.root)
        shutil.copytree(kept, station.root)
    assert died.returncode == 0, died.stderr
    assert step > 6
