"""Mastering beside other ways to the same loudness: ``python tests/bench/bench_mastering.py [MINUTES …]``.

A real voice, narrow-banded, at −32 LUFS with clicks, as mp3. Each way is whole processes from the mp3 to a FLAC file, three
times; the table shows the median time, the greatest memory of the process tree (PSS) and what ffmpeg's own meter says of the
file. It is the table of ``docs/performance.md``; run it on an idle machine.
"""

import json
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from real_voices import spoken

sys.path.insert(0, str(Path(__file__).parents[1] / "production"))

from master_meter import file_by_ffmpeg
from process_tree import Finished, run_watched

LOUDNESS_LUFS, CEILING_DBTP = -19.0, -1.5
TIMES = 3
FFMPEG = ("/usr/bin/ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-y")
OURS = """
import sys, tempfile
from pathlib import Path
from broadcaster.config import IntakeSettings, MasteringSettings
from broadcaster.production.mastering import master
from broadcaster.sound.decode import decode
from broadcaster.sound.loudness import measure_pcm
with tempfile.TemporaryDirectory(dir=Path(sys.argv[2]).parent) as spool:
    d = decode(Path(sys.argv[1]), Path(spool), IntakeSettings(14400, 3_000_000_000), lambda share: None)
    measure_pcm(d.pcm, d.sample_rate_hz, d.channels)
    master(d.pcm, d.sample_rate_hz, d.channels, Path(sys.argv[2]), MasteringSettings(-19.0, -1.5, 8.0, 3.0, 1.0))
"""

Way = Callable[[Path, Path], list[Finished]]


def peaky_phone_speech(minutes: float, folder: Path) -> Path:
    """The recording to be mastered."""
    voice = spoken(60 * minutes, 1, folder / "voice.wav")
    gain = -32.0 - file_by_ffmpeg(voice)[0]
    clicks = "aevalsrc='0.3*sin(2*PI*1500*t)*exp(-900*mod(t,2.3))*lt(mod(t,2.3),0.01)':s=44100"
    mixed = f"[0]aresample=44100,volume={gain}dB[v];[1][v]amix=inputs=2:normalize=0:duration=shortest"
    target = folder / "phone.mp3"
    made = run_watched([*FFMPEG, "-i", str(voice), "-f", "lavfi", "-i", clicks, "-filter_complex", mixed, str(target)])
    assert made.exit_code == 0, made.output
    return target


def this_program(source: Path, target: Path) -> list[Finished]:
    """Decoded in a limited child, measured, mastered, and the master measured."""
    return [run_watched([sys.executable, "-c", OURS, str(source), str(target)])]


def decode_and_encode(source: Path, target: Path) -> list[Finished]:
    """The floor: nothing is measured or levelled."""
    return [_ffmpeg("-i", source, "-ar", "48000", "-ac", "1", target)]


def two_pass_loudnorm(source: Path, target: Path) -> list[Finished]:
    """What ffmpeg-normalize does."""
    aim = f"loudnorm=I={LOUDNESS_LUFS}:TP={CEILING_DBTP}:LRA=11:print_format=json"
    first = _ffmpeg("-i", source, "-af", aim, "-f", "null", "-")
    said = json.loads(first.output[first.output.rindex("{") : first.output.rindex("}") + 1])
    known = "".join(f":measured_{key}={said[f'input_{key.lower()}']}" for key in ("I", "TP", "LRA", "thresh"))
    second = f"{aim}{known}:offset={said['target_offset']}:linear=true"
    return [first, _ffmpeg("-i", source, "-af", second, "-ar", "48000", "-ac", "1", target)]


def meter_volume_limiter(source: Path, target: Path) -> list[Finished]:
    """ffmpeg's meter, a gain, and ffmpeg's limiter on four times the samples."""
    first = _ffmpeg("-i", source, "-af", "ebur128=peak=true", "-f", "null", "-")
    integrated = float(re.findall(r"I:\s+(\S+) LUFS", first.output)[-1])
    limit = f"alimiter=limit={10 ** (CEILING_DBTP / 20):.4f}:level=disabled"
    chain = f"volume={LOUDNESS_LUFS - integrated}dB,aresample=192000,{limit},aresample=48000"
    return [first, _ffmpeg("-i", source, "-af", chain, "-ac", "1", target)]


def _ffmpeg(*words: str | Path) -> Finished:
    return run_watched([*FFMPEG, *map(str, words)])


WAYS: dict[str, Way] = {
    "this program": this_program,
    "two-pass `loudnorm`": two_pass_loudnorm,
    "`ebur128` + `volume` + 4 × oversampled `alimiter`": meter_volume_limiter,
    "floor: decode and encode only": decode_and_encode,
}


def line(name: str, way: Way, source: Path, folder: Path) -> str:
    """One line of the table."""
    target = folder / "made.flac"
    runs = [way(source, target) for _ in range(TIMES)]
    for run in runs:
        assert all(step.exit_code == 0 for step in run), run
    wall = statistics.median(sum(step.wall_s for step in run) for run in runs)
    memory = max(step.peak_pss_bytes for run in runs for step in run) / 1e6
    loudness, peak = file_by_ffmpeg(target)
    return f"| {name} | {wall:.1f} s | {memory:.0f} MB | {loudness:.2f} LUFS | {peak:.2f} dBTP |"


def table(minutes: float, ways: Sequence[str]) -> None:
    """Print the table of one recording."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        source = peaky_phone_speech(minutes, Path(name))
        loudness, peak = file_by_ffmpeg(source)
        print(
            f"\n{minutes:g} minutes of mp3, {loudness:.1f} LUFS, {peak:.1f} dBTP, wanted {LOUDNESS_LUFS} / {CEILING_DBTP}:\n"
        )
        print("| way | wall | memory | reaches | peak |\n|---|---|---|---|---|")
        for way in ways:
            print(line(way, WAYS[way], source, Path(name)), flush=True)


if __name__ == "__main__":
    for given in sys.argv[1:] or ("10", "30"):
        table(float(given), list(WAYS) if float(given) <= 10 else ["this program"])
