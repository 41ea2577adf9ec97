"""What putting an episode together costs and how it comes out: eight parts, music under most, ten minutes of real voices.

::

    .venv/bin/python tests/bench/bench_rundown.py

It needs an idle machine. Real voices: Debian's ``asterisk-core-sounds-es-wav``.
"""

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import broadcaster  # noqa: F401  before numpy, whose pool of threads it keeps from spinning  # isort: skip
import numpy as np
from real_voices import ffmpeg, spoken

from broadcaster.clock import SystemClock
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import PersonRegistered
from broadcaster.library.decisions import Decisions
from broadcaster.model import PartRole, Role
from broadcaster.production.rundown.building import Recorded, build
from broadcaster.production.rundown.finding import rundown_of
from broadcaster.production.rundown.preview import preview
from broadcaster.sound.blocks import no_progress
from broadcaster.sound.ffmpeg import program

REPOSITORY = Path(__file__).parents[2]
RATE_HZ = 48_000
IDENT = "aevalsrc='0.3*sin(2*PI*(330+110*floor(mod(t,3)))*t)*exp(-2*mod(t,1))':s=44100:d=6"
MUSIC = "aevalsrc='0.2*sin(2*PI*220*t)*(0.6+0.4*sin(PI*t))+0.1*sin(2*PI*277*t)+0.1*sin(2*PI*330*t)':s=44100:d=45"
VOICES = {
    # file: role, seconds, louder by dB, how it is written
    "saludo.ogg": ("greeting", 15, -10, ("-c:a", "libopus", "-b:a", "32k")),
    "bloque1.m4a": ("block", 170, -18, ("-c:a", "aac", "-ar", "44100")),
    "cuna.wav": ("spot", 28, -2, ()),
    "bloque2.mp3": ("block", 190, -9, ("-ar", "48000", "-ac", "2", "-b:a", "96k")),
    "bloque3.opus": ("block", 165, -25, ("-c:a", "libopus", "-b:a", "24k")),
    "ayuda.flac": ("helpline", 15, -6, ()),
    "creditos.wav": ("credits", 12, -12, ()),
}


def make(root: Path) -> Station:
    """A station with the parts and the rundown of episode 5."""
    shutil.copy(REPOSITORY / "config.toml", root)
    folder = root / "episodes" / "005"
    folder.mkdir(parents=True)
    ffmpeg("-f", "lavfi", "-i", IDENT, str(folder / "careta.mp3"))
    ffmpeg("-f", "lavfi", "-i", MUSIC, "-ac", "2", "-c:a", "aac", str(folder / "cortina.m4a"))
    parts = ['role = "ident"\nfile = "careta.mp3"\ncrossfade_s = 1.5', 'role = "bed"\nfile = "cortina.m4a"']
    for seed, (name, (role, seconds, gain_db, written)) in enumerate(VOICES.items()):
        whole = spoken(seconds, seed, root / "voice.wav")
        cut = ("-t", str(seconds), "-af", f"volume={gain_db}dB", *written)
        ffmpeg("-i", str(whole), *cut, str(folder / name))
        parts.append(f'role = "{role}"\nfile = "{name}"')
    head = 'number = 5\ntitle = "Prueba"\ndefenders = ["d-07"]\nconsents = ["C-1"]\nhelplines = ["linea-100"]\n'
    (folder / "rundown.toml").write_text(head + "".join(f"\n[[parts]]\n{part}\n" for part in parts), encoding="utf-8")
    return load_station(root)


def timed(what: str, work: Callable[[], object]) -> None:
    """Run ``work``, print what it took: this process and its children."""
    began, cpu = time.monotonic(), _cpu_s()
    work()
    print(f"{what:32} {time.monotonic() - began:6.1f} s   {_cpu_s() - cpu:6.1f} s of processor")


def _cpu_s() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def heard(file: Path) -> np.ndarray:
    """A sound file as ffmpeg decodes it."""
    command = [program("ffmpeg"), "-v", "error", "-nostdin", "-i", str(file), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<f4").astype(np.float64)


def show(recorded: Recorded, original: Path) -> None:
    """The sharpest bend of the wave at each joint beside those within speech, and how far apart the voices are."""
    bends = np.abs(np.diff(heard(original), 2))
    blocks = bends[: len(bends) // 480 * 480].reshape(-1, 480).max(axis=1)
    voices = [each for each in recorded.parts if each.role not in {PartRole.BED, PartRole.IDENT}]
    moments = [at for each in recorded.parts for at in (each.starts_s, each.starts_s + each.lasts_s)]
    at_joints = [bends[max(round((at - 0.005) * RATE_HZ), 0) : round((at + 0.005) * RATE_HZ)] for at in moments]
    loudness = [each.loudness_lufs or 0.0 for each in voices]
    print(f"sharpest bend of 10 ms in speech  median {np.median(blocks):.4f}, 99 % {np.percentile(blocks, 99):.4f}")
    print(f"sharpest bend at a joint          {max(float(each.max(initial=0.0)) for each in at_joints):.4f}")
    print(f"loudness of the voices            {min(loudness):.2f} … {max(loudness):.2f} LUFS")


def main() -> None:
    """Make, build, measure."""
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as elsewhere:
        station = make(Path(name))
        rundown = rundown_of(station, 5)
        wav = Path(elsewhere, "preview.wav")
        results: list[Recorded] = []
        with Journal.open(station.database, SystemClock(), station.timezone) as journal:
            journal.append(PersonRegistered("proteccion-1", (Role.PROTECTION_OFFICER,)))
            journal.append(PersonRegistered("d-07", (Role.PRODUCER,), "proteccion-1"))
            timed("preview", lambda: preview(station, rundown, Decisions(), wav, no_progress))
            timed("build", lambda: results.append(build(station, journal, rundown, no_progress).recorded))
        print(f"length {results[0].duration_s:.0f} s, {len(results[0].parts)} parts")
        print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        show(results[0], wav)


if __name__ == "__main__":
    main()
