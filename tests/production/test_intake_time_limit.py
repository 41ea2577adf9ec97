"""A decoder that stalls, or works for ever, is ended at its time limit: one sentence, and nothing is left of it."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from endless_mp4 import endless
from intake_station import IntakeStation
from process_tree import tree
from recordings import Recordings

from broadcaster.journal.reading import read

PATIENCE_S = 2.0
WORK_S = 20.0
"""Less than what the endless recording of these tests costs a decoder that nobody stops, on any machine of today."""


@pytest.fixture
def endless_file(recordings: Recordings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small file with some 40 s of work, where the program waits 2 s instead of 30."""
    for room in ("decode", "stream"):
        monkeypatch.setattr(f"broadcaster.sound.{room}._PATIENCE_S", PATIENCE_S)
    path = tmp_path / "endless.m4a"
    path.write_bytes(endless(recordings.bytes_of("phone.m4a"), chunks=5000))
    return path


class Stopper(threading.Thread):
    """Stops (not ends) the first program of this name below us, as a dead disk or a debugger would."""

    def __init__(self, program: str) -> None:
        super().__init__(daemon=True)
        self._program = program
        self.stopped: int | None = None

    def run(self) -> None:
        until = time.monotonic() + 10
        while self.stopped is None and time.monotonic() < until:
            for pid in tree(os.getpid()):
                if name_of(pid) == self._program:
                    os.kill(pid, signal.SIGSTOP)
                    self.stopped = pid
            time.sleep(0.01)


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def is_left(station: IntakeStation, file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """``episode add`` gives the file up: one sentence, exit code 65, no child, no file, no row."""
    shelf, rows, children = station.shelf(), len(list(read(station.station.database))), tree(os.getpid())
    capfd.readouterr()
    began = time.monotonic()
    assert station.add(file) == 65
    assert PATIENCE_S <= time.monotonic() - began < WORK_S
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "endless.m4a took too long to read and was left. Export it as wav or flac and try again."
    ]
    assert tree(os.getpid()) == children
    assert station.shelf() == shelf
    assert len(list(read(station.station.database))) == rows
    assert [path.name for path in (station.station.data / "intake").iterdir()] == ["lock"]


def test_a_small_file_with_endless_work_is_left(
    intake_station: IntakeStation, endless_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whole to every check that reads headers; its length promises three seconds."""
    assert endless_file.stat().st_size < 100_000
    is_left(intake_station, endless_file, capfd)


@pytest.mark.parametrize("program", ["ffprobe", "ffmpeg"])
def test_a_decoder_that_stands_still_is_ended(
    program: str, intake_station: IntakeStation, endless_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Standing still costs no processor time, so only the wall clock can see it."""
    stopper = Stopper(program)
    stopper.start()
    is_left(intake_station, endless_file, capfd)
    stopper.join()
    assert stopper.stopped is not None
    assert not Path(f"/proc/{stopper.stopped}").exists()
