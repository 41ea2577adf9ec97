"""The sources of a rundown become samples, and nobody goes on when the producer has left."""

import subprocess
from pathlib import Path

import pytest
from intake_station import IntakeStation

from broadcaster.production.rundown.checking import Found
from broadcaster.production.rundown.reading import Source
from broadcaster.production.rundown.sources import Work, as_samples
from broadcaster.sound.ffmpeg import program

LONG_S = 900


def tone(target: Path, seconds: int) -> Path:
    words = ["-f", "lavfi", "-i", f"sine=300:d={seconds}:r=48000", str(target)]
    subprocess.run([program("ffmpeg"), "-v", "error", *words], check=True)
    return target


def test_interrupted_it_waits_for_no_decoder_and_begins_none(intake_station: IntakeStation, tmp_path: Path) -> None:
    short, long = tone(tmp_path / "short.wav", 1), tone(tmp_path / "long.wav", LONG_S)
    works = [
        Work(Source(file=path.name), Found(path), intake_station.station.intake, tmp_path / str(at), lambda room: room)
        for at, path in enumerate((short, long, long, long))
    ]

    def leave(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(as_samples(works, leave))
    for room in (tmp_path / str(at) for at in range(1, 4)):
        assert not (room / "part.f32").exists()
        spool = room / "decoded.f32"
        assert not spool.exists() or spool.stat().st_size < LONG_S * 48_000 * 4
    assert not (tmp_path / "3").exists()
