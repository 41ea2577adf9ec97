"""A document reaches its file whole, or what was there stays."""

import os
import resource
import stat
import sys
from pathlib import Path

import pytest

from broadcaster.reports.delivery import DocumentNotWritten, NoPlaceForADocument, deliver


def test_a_document_is_written_and_written_over(tmp_path: Path) -> None:
    """Nothing else is left in the folder; an older file's permissions stay."""
    file = tmp_path / "cronograma.pdf"
    deliver(b"one", file)
    file.chmod(0o640)
    deliver(b"two", file)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"two", 0o640)
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_document_may_be_read_as_any_new_file(tmp_path: Path) -> None:
    """A page that only its maker may open cannot be printed at the office."""
    deliver(b"x", tmp_path / "new.pdf")
    (tmp_path / "plain").write_bytes(b"x")
    assert (tmp_path / "new.pdf").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is written."""
    (tmp_path / "link.pdf").symlink_to(tmp_path / "file.pdf")
    deliver(b"x", tmp_path / "link.pdf")
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "file.pdf").read_bytes() == b"x"


def test_what_is_no_ordinary_file_is_refused_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, a pipe, a device, a folder that is not there, a name beneath a file."""
    monkeypatch.chdir(tmp_path)  # a long name is cut where it is shown
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"x")
    for place in ("folder", "pipe", "nowhere/new.pdf", "file/new.pdf"):
        with pytest.raises(NoPlaceForADocument) as caught:
            deliver(b"new", Path(place))
        assert place in str(caught.value)
    with pytest.raises(NoPlaceForADocument):
        deliver(b"new", Path("/dev/null"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder", "pipe"]


def test_a_disk_that_takes_no_more_leaves_the_old_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no half one beside it: a limit on the size of files stands for the end of the disk."""
    monkeypatch.chdir(tmp_path)
    file = Path("cronograma.pdf")
    deliver(b"old", file)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # or half a compiled module would be left behind
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(DocumentNotWritten, match=r"cronograma\.pdf"):
            deliver(b"new" * 1000, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("cronograma.pdf", b"old")]


def test_a_name_longer_than_names_can_be_is_refused(tmp_path: Path) -> None:
    """In a sentence; one as long as they can be is written."""
    with pytest.raises(DocumentNotWritten):
        deliver(b"x", tmp_path / ("n" * 256))
    deliver(b"x", tmp_path / ("n" * 255))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"x"]
