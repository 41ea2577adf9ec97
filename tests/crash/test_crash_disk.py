"""The model of a disk that loses its power: what lasts, what may be there, what was read from a trace."""

import pytest
from crash_disk import EVERYTHING, LEAVES, NOTHING, Disk, Leave, Snapshot
from crash_trace import FolderMade, Opened, Removed, Renamed, Sized, Synced, Unread, Written, calls

FOLDER, FILE, OTHER = "/s", "/s/a", "/s/b"


def by(name: str) -> Leave:
    return next(leave for leave in LEAVES if leave.name == name)


def opened(descriptor: int, path: str, *, created: bool = False) -> Opened:
    return Opened(descriptor, path, created, emptied=False, appending=False)


def disk_with(content: bytes) -> Disk:
    """One file that lasts, open as descriptor 3."""
    disk = Disk({FOLDER: None, FILE: content})
    disk.follow([opened(3, FILE)])
    return disk


def contents(left: Snapshot) -> dict[str, bytes | None]:
    return {path: content for path, content in left.items() if path != FOLDER}


def test_what_was_synced_lasts_and_what_came_after_it_may_be_lost() -> None:
    disk = disk_with(b"")
    disk.follow([Written(3, b"one", 0), Synced(3, "fdatasync"), Written(3, b"two", 3)])
    assert contents(disk.left(NOTHING)) == {FILE: b"one"}
    assert contents(disk.left(EVERYTHING)) == contents(disk.there()) == {FILE: b"onetwo"}


def test_a_new_file_lasts_only_with_its_folder() -> None:
    disk = Disk({FOLDER: None})
    disk.follow([opened(3, FILE, created=True), Written(3, b"one"), Synced(3, "fsync")])
    assert contents(disk.left(NOTHING)) == {}
    assert contents(disk.left(by("names only"))) == {FILE: b"one"}
    disk.follow([opened(4, FOLDER), Synced(4, "fsync")])
    assert contents(disk.left(NOTHING)) == {FILE: b"one"}


def test_a_file_in_a_folder_that_does_not_last_is_gone_with_it() -> None:
    disk = Disk({FOLDER: None})
    disk.follow([FolderMade("/s/new"), opened(3, "/s/new/a", created=True), opened(4, "/s/new"), Synced(4, "fsync")])
    assert contents(disk.left(NOTHING)) == {}


def test_a_renamed_file_bears_its_old_name_or_its_new_one() -> None:
    disk = disk_with(b"new")
    disk.follow([Renamed(FILE, OTHER)])
    assert contents(disk.left(NOTHING)) == {FILE: b"new"}
    assert contents(disk.left(EVERYTHING)) == {OTHER: b"new"}


def test_a_removed_file_may_be_back() -> None:
    disk = disk_with(b"old")
    disk.follow([Removed(FILE), opened(4, FILE, created=True), Written(4, b"new"), Synced(4, "fsync")])
    assert contents(disk.left(NOTHING)) == {FILE: b"old"}
    assert contents(disk.left(EVERYTHING)) == {FILE: b"new"}


def test_unsynced_writes_may_be_torn_halved_reordered_or_only_a_size() -> None:
    disk = disk_with(b"")
    disk.follow([Written(3, b"a" * 700, 0), Written(3, b"b" * 700, 700)])
    left = {leave.name: disk.left(leave)[FILE] or b"" for leave in LEAVES}
    assert left["the first half"] == b"a" * 700
    assert left["only the last write"] == bytes(700) + b"b" * 700
    assert left["torn at 512"] == b"a" * 700 + b"b" * 324
    assert left["torn at 4096"] == b"a" * 700
    assert left["size without data"] == bytes(1400)
    assert left["some sectors"] != left["other sectors"]


def test_a_file_cut_short_without_a_sync_may_be_as_long_as_before() -> None:
    disk = disk_with(b"long")
    disk.follow([Sized(3, 1)])
    assert (disk.left(NOTHING)[FILE], disk.left(EVERYTHING)[FILE]) == (b"long", b"l")


def test_a_trace_is_read_with_where_each_write_goes() -> None:
    log = [
        'openat(AT_FDCWD, "\\x2f\\x73\\x2f\\x61", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3<\\x2f\\x73\\x2f\\x61>',
        'pwrite64(3<\\x2f\\x73\\x2f\\x61>, "\\x6f\\x6e\\x65", 3, 7) = 3',
        'write(5</elsewhere>, "\\x00", 1) = 1',
        "fdatasync(3<\\x2f\\x73\\x2f\\x61>)          = 0",
        "fdatasync(3<\\x2f\\x73\\x2f\\x61>)          = ?",
        "+++ killed by SIGKILL +++",
    ]
    assert calls(log, FOLDER) == [opened(3, FILE, created=True), Written(3, b"one", 7), Synced(3, "fdatasync", FILE)]


def test_a_call_that_the_model_does_not_know_is_refused() -> None:
    log = [
        'openat(AT_FDCWD, "\\x2f\\x73\\x2f\\x61", O_RDWR) = 3<\\x2f\\x73\\x2f\\x61>',
        "fallocate(3<\\x2f\\x73\\x2f\\x61>, 0, 0, 4096) = 0",
    ]
    with pytest.raises(Unread):
        calls(log, FOLDER)
