"""What a stick brought is as safe as the rest of the record: it has a second copy, is backed up, and comes back with it."""

from pathlib import Path

from stick_stations import LIMA, Place, round_trip

from broadcaster.care.backup import back_up
from broadcaster.care.restore import restore
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import copy_of
from broadcaster.journal.events import RecordIncident, Stopped, Withdrawn
from broadcaster.journal.mend import open_or_mend
from broadcaster.model import EpisodeNumber, Reason
from broadcaster.store.engine import database_path


def with_a_withdrawal(office: Place, box: Place, stick: Path) -> None:
    round_trip(office, box, stick)
    office.write(Withdrawn(EpisodeNumber(2), 1, "proteccion-1"))
    round_trip(office, box, stick)


def test_a_lost_database_is_made_again_with_what_sticks_brought(office: Place, box: Place, stick: Path) -> None:
    with_a_withdrawal(office, box, stick)
    before, node = box.rows(), box.node
    for path in database_path(box.station.database).parent.glob("broadcaster.db*"):
        path.unlink()
    with open_or_mend(box.station.database, box.clock, LIMA) as journal:
        assert journal.node == node
    assert before.items() <= box.rows().items()
    assert (box.reason(1), box.reason(2)) == (None, Reason.WITHDRAWN)
    assert box.is_whole()
    round_trip(office, box, stick)
    assert office.rows(node) == box.rows(node)


def test_a_copy_that_could_not_be_written_when_the_stick_came_catches_up(
    office: Place, box: Place, stick: Path
) -> None:
    copy = copy_of(database_path(box.station.database))
    kept = copy.rename(copy.with_name("elsewhere"))
    copy.mkdir()
    office.export(stick, "unicachi")
    box.take(stick)
    copy.rmdir()
    kept.rename(copy)
    assert not box.is_whole()
    box.write(Stopped("sigterm"))
    assert box.is_whole()
    for path in database_path(box.station.database).parent.glob("broadcaster.db*"):
        path.unlink()
    open_or_mend(box.station.database, box.clock, LIMA).close()
    assert box.reason(1) is None


def test_a_database_that_went_back_takes_what_sticks_brought_from_its_copy(
    office: Place, box: Place, stick: Path
) -> None:
    round_trip(office, box, stick)
    database = database_path(box.station.database)
    old = {path: path.read_bytes() for path in database.parent.glob("broadcaster.db*")}
    office.write(Withdrawn(EpisodeNumber(2), 1, "proteccion-1"))
    round_trip(office, box, stick)
    for path in database.parent.glob("broadcaster.db*"):
        path.unlink()
    for path, content in old.items():
        path.write_bytes(content)
    with Journal.open(box.station.database, box.clock, LIMA) as journal:
        told = [row.event for row in journal.rows(kinds=[RecordIncident])]
    assert [each.what for each in told if isinstance(each, RecordIncident)] == ["went_back"]
    assert box.reason(2) is Reason.WITHDRAWN
    assert box.is_whole()


def test_a_backup_holds_what_sticks_brought_and_takes_nothing_back(
    office: Place, box: Place, stick: Path, tmp_path: Path
) -> None:
    round_trip(office, box, stick)
    backup = back_up(box.station, tmp_path / "x.backup", box.clock.utc).path
    office.write(Withdrawn(EpisodeNumber(2), 1, "proteccion-1"))
    round_trip(office, box, stick)
    restore(box.station, backup, box.clock)
    assert (box.reason(1), box.reason(2)) == (None, Reason.WITHDRAWN)
    round_trip(office, box, stick)
    assert office.rows(box.node) == box.rows(box.node)
    assert box.is_whole()
