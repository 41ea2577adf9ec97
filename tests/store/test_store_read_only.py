"""A record on a disk that can only be read is read, whole."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from broadcaster.store.engine import open_to_read, open_to_write, url_of

AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""Whom a folder's permissions bind: the superuser gives up standing above them."""
READ = """
import sys
from sqlalchemy import text
from broadcaster.store.engine import open_to_read
store = open_to_read(sys.argv[1])
for _ in range(2):
    with store.reading() as connection:
        print(*connection.execute(text("SELECT code FROM credentials ORDER BY code")).scalars())
print(store.data_version()[1] > 0)
store.close()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the record lies; writable again afterwards."""
    folder = tmp_path / "stick" / "data"
    yield folder
    folder.chmod(0o755)


def keep(path: Path, code: str) -> None:
    store = open_to_write(url_of(path))
    with store.writing() as connection:
        connection.execute(text("INSERT INTO credentials VALUES (:code, '')"), {"code": code})
    store.close()


def read(path: Path) -> "subprocess.CompletedProcess[str]":
    command = [*AS_ANYBODY, sys.executable, "-c", READ, url_of(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_record_put_away_in_order_is_read(folder: Path) -> None:
    keep(folder / "broadcaster.db", "a")
    folder.chmod(0o555)
    assert read(folder / "broadcaster.db").stdout.split() == ["a", "a", "True"]
    assert [file.name for file in folder.iterdir()] == ["broadcaster.db"]


def test_rows_that_a_power_cut_left_in_the_write_ahead_log_are_read_too(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "data" / "broadcaster.db"
    keep(path, "a")
    with sqlite3.connect(path) as running:
        running.execute("INSERT INTO credentials VALUES ('b', '')")
        running.commit()
        folder.parent.mkdir()
        shutil.copytree(path.parent, folder, ignore=shutil.ignore_patterns("*-shm"))
    running.close()
    folder.chmod(0o555)
    assert read(folder / "broadcaster.db").stdout.split() == ["a", "b", "a", "b", "True"]
    assert sorted(file.name for file in folder.iterdir()) == ["broadcaster.db", "broadcaster.db-wal"]


def test_beside_a_running_writer_whoever_may_only_read_sees_each_new_row(folder: Path) -> None:
    keep(folder / "broadcaster.db", "a")
    writer = open_to_write(url_of(folder / "broadcaster.db"))
    for code in ("b", "c"):
        with writer.writing() as connection:
            connection.execute(text("INSERT INTO credentials VALUES (:code, '')"), {"code": code})
        folder.chmod(0o555)
        found = read(folder / "broadcaster.db")
        folder.chmod(0o755)
        assert found.stdout.split()[-2] == code
    writer.close()


def test_a_file_that_cannot_be_opened_is_still_refused(folder: Path) -> None:
    """Only the folder's refusal is got round, never the file's."""
    keep(folder / "broadcaster.db", "a")
    (folder / "broadcaster.db").chmod(0)
    folder.chmod(0o555)
    found = read(folder / "broadcaster.db")
    assert found.returncode != 0
    assert "RecordUnavailable" in found.stderr


def test_a_folder_that_takes_writing_is_read_as_ever(folder: Path) -> None:
    keep(folder / "broadcaster.db", "a")
    store = open_to_read(url_of(folder / "broadcaster.db"))
    assert store is not None
    keep(folder / "broadcaster.db", "b")
    with store.reading() as connection:
        assert list(connection.execute(text("SELECT code FROM credentials ORDER BY code")).scalars()) == ["a", "b"]
    store.close()
