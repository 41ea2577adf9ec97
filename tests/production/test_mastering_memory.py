"""The issue of memory: half an hour of mp3 becomes an episode in a small machine's memory."""

import subprocess
import sys
from pathlib import Path

import pytest
from intake_station import IntakeStation
from master_meter import VOICE, file_by_ffmpeg
from process_tree import run_watched

LIMIT_BYTES = 300_000_000
MINUTES = 30


def long_mp3(folder: Path) -> Path:
    """Half an hour of a real voice: one minute's frames, which stand alone, again and again."""
    minute, long = folder / "minute.mp3", folder / "long.mp3"
    alone = ["-reservoir", "0", "-write_xing", "0", "-id3v2_version", "0", "-fflags", "+bitexact"]
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        str(VOICE),
        "-t",
        "60",
        "-ar",
        "44100",
        "-b:a",
        "96k",
        *alone,
        str(minute),
    ]
    subprocess.run(command, check=True)
    long.write_bytes(minute.read_bytes() * MINUTES)
    return long


def test_half_an_hour_of_mp3_is_admitted_in_less_than_300_mb_all_processes_together(
    intake_station: IntakeStation, tmp_path: Path
) -> None:
    root = intake_station.station.root
    words = ["--station", str(root), "episode", "add", str(long_mp3(tmp_path)), "--number", "5", "--title", "Largo"]
    words += ["--defender", "d-07", "--consent", "C-1", "--helpline", "linea-100"]
    finished = run_watched([sys.executable, "-m", "broadcaster", *words])
    assert finished.exit_code == 0, finished.output
    assert finished.peak_pss_bytes < LIMIT_BYTES
    master = root / "episodes" / "005" / "master.flac"
    loudness, peak = file_by_ffmpeg(master)
    assert loudness == pytest.approx(-19.0, abs=0.2)
    assert peak <= -1.5
