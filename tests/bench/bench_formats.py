"""Every container that ffmpeg writes, with every coding it takes there, is brought to a station.

``python tests/bench/bench_formats.py``. A file is admitted with a conforming master (by ffmpeg's own meter) or refused with one
sentence; the table shows which. Anything else, a traceback, a file or a process left behind, ends the run. Some three hundred
files take minutes, so it is no test.
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "production"))

from intake_station import register_everybody
from master_meter import file_by_ffmpeg
from phone_files import LENGTH_S, SOUND
from process_tree import tree

from broadcaster.cli.program import run
from broadcaster.config import Station, load_station
from broadcaster.sound.ffmpeg import program

REPOSITORY = Path(__file__).parents[2]
CODINGS = (
    "",  # the container's own
    *("aac", "libmp3lame", "libopus -ar 48000", "libvorbis", "flac", "alac", "pcm_s16le", "pcm_f32le", "pcm_s16be"),
    *("pcm_mulaw", "pcm_u8", "ac3", "mp2", "wmav2", "adpcm_ima_wav", "adpcm_ima_qt", "libspeex -ar 16000"),
    *("libgsm -ar 8000", "g722 -ar 16000"),
)
UNKNOWN = "not a recording this program knows"
NO_FILES = {
    *("alsa", "caca", "fbdev", "opengl", "oss", "pulse", "sdl", "video4linux2", "xv"),  # devices
    *("rtp", "rtp_mpegts", "rtsp", "sap", "fifo", "fifo_test", "tee", "null"),  # the network, and other muxers
}
FACTS = ("--title", "x", "--defender", "d-07", "--consent", "C-1", "--helpline", "linea-100")


def muxers() -> list[str]:
    """Every container that this ffmpeg writes, and into which it puts sound."""
    shown = _ffmpeg("-muxers").stdout
    names = (name.split(",")[0] for name in re.findall(r"^ +E +(\S+)", shown, re.MULTILINE))
    return [name for name in names if name not in NO_FILES and _takes_sound(name)]


def _takes_sound(container: str) -> bool:
    """Tried in a folder of its own: some write files beside the one they are given, and some replace it."""
    with tempfile.TemporaryDirectory() as folder:
        said = _ffmpeg("-f", "lavfi", "-i", "anullsrc=d=0.1", "-f", container, f"file:{folder}/x", cwd=folder).stderr
    return "does not contain any stream" not in said


def _ffmpeg(*arguments: str, cwd: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [program("ffmpeg"), "-hide_banner", "-nostdin", "-y", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd)


def written(container: str, coding: str, folder: Path) -> Path | None:
    """The sound in this container and coding; ``None`` where ffmpeg will not write it."""
    file = folder / "sound"
    file.unlink(missing_ok=True)
    options = ["-c:a", *coding.split()] if coding else []
    command = [program("ffmpeg"), "-v", "quiet", "-nostdin", "-y", "-f", "lavfi", "-i", SOUND, *options]
    done = subprocess.run([*command, "-f", container, f"file:{file}"], check=False, cwd=folder)
    return file if done.returncode == 0 and file.is_file() and file.stat().st_size else None


def judged(container: str, folder: Path, furnished_once: Path) -> Iterator[tuple[str, str]]:
    """Coding and verdict; of a container that is not known in its own coding, that one alone."""
    for coding in CODINGS:
        file = written(container, coding, folder)
        if file is None:
            continue
        with tempfile.TemporaryDirectory() as fresh:
            root = Path(fresh, "station")
            shutil.copytree(furnished_once, root)
            verdict = brought(load_station(root), file)
        yield coding or "its own", verdict
        if UNKNOWN in verdict:
            return


def furnished(root: Path) -> None:
    """A station where everybody is registered."""
    shutil.copy(REPOSITORY / "config.toml", root)
    shutil.copytree(REPOSITORY / "schedules", root / "schedules")
    (root / "episodes").mkdir()
    register_everybody(load_station(root))


def brought(station: Station, file: Path) -> str:
    """What became of a file: its master's figures or the sentence."""
    out, err = io.StringIO(), io.StringIO()
    children = tree(os.getpid())
    command = ["--station", str(station.root), "--language", "en", "episode", "add", str(file), "--number", "5", *FACTS]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(command)
    assert tree(os.getpid()) == children, file
    assert list((station.data / "intake").glob("adding-*")) == [], file
    if code == 0:
        loudness, peak = file_by_ffmpeg(station.episodes / "005" / "master.flac")
        assert -19.3 <= loudness <= -18.8 or " LU " in out.getvalue(), (file, loudness, out.getvalue())
        assert peak <= -1.45, (file, peak)
        return f"admitted, {loudness:.1f} LUFS, {peak:.1f} dBTP"
    assert code == 65, (file, err.getvalue())
    (sentence,) = err.getvalue().splitlines()
    assert not list(station.episodes.iterdir()), file
    return sentence.replace(file.name, "…")


def main() -> None:
    """Bring them all, each to a fresh station, and print what became of them."""
    became: dict[str, list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as furnished_once:
        furnished(Path(furnished_once))
        for container in muxers():
            for coding, verdict in judged(container, Path(made), Path(furnished_once)):
                became[_FIGURES.sub("…", verdict)].append(f"{container}/{coding}")
                print(f"{container:12} {coding:20} {verdict}", flush=True)
    print()
    for verdict, which in sorted(became.items()):
        print(f"{len(which):4} × {verdict}")
    print(f"{sum(map(len, became.values()))} files of {LENGTH_S:g} s")


_FIGURES = re.compile(r"-?\d+(\.\d+)?")


if __name__ == "__main__":
    main()
