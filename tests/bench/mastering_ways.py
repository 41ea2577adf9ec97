"""Ways from a recording to a mono FLAC of one loudness, each as whole processes: this program, its peers, and the floor."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "production"))

from process_tree import Finished, run_watched

CEILING_DBTP = -1.5
FFMPEG = ("/usr/bin/ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-y")
OURS = """
import sys, tempfile
from pathlib import Path
from broadcaster.config import IntakeSettings, MasteringSettings
from broadcaster.model import Profile
from broadcaster.production.listening import listened
from broadcaster.production.mastering import master_sound
source, target, loudness, profile = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
settings = MasteringSettings(loudness, -1.5, 8.0, 3.0, 1.0, Profile(profile), loudness)
with tempfile.TemporaryDirectory(dir=target.parent) as folder:
    _, sound = listened(source, Path(folder), "x", (IntakeSettings(14400, 3_000_000_000), settings), lambda share: None)
    made = master_sound(sound, target, settings, lambda share: None)
print("shortfall", round(made.shortfall_lu, 1))
"""
PYDUB = """
import sys
import numpy as np
import pyloudnorm
from pydub import AudioSegment
sound = AudioSegment.from_file(sys.argv[1]).set_channels(1).set_frame_rate(48000)
samples = np.array(sound.get_array_of_samples()) / float(1 << 8 * sound.sample_width - 1)
loudness = pyloudnorm.Meter(48000).integrated_loudness(samples)
sound.apply_gain(float(sys.argv[3]) - loudness).export(sys.argv[2], format="flac")
"""
"""What one writes in an afternoon: pydub reads and writes, pyloudnorm measures; nothing limits."""

Way = Callable[[Path, Path, float], list[Finished]]


@dataclass(frozen=True)
class Reached:
    """What three meters say of a file: ffmpeg's ``ebur128``, libebur128, and this program's."""

    loudness: tuple[float, float, float]
    peak: tuple[float, float, float]


def this_program(source: Path, target: Path, loudness: float) -> list[Finished]:
    """Decoded in a limited child, measured, mastered, the master read back and measured."""
    return [run_watched([sys.executable, "-c", OURS, str(source), str(target), str(loudness), "speech"])]


def this_program_for_horns(source: Path, target: Path, loudness: float) -> list[Finished]:
    """The same with high-pass, leveller and compressor."""
    return [run_watched([sys.executable, "-c", OURS, str(source), str(target), str(loudness), "horn"])]


def floor(source: Path, target: Path, _loudness: float) -> list[Finished]:
    """The floor: one ffmpeg decodes and encodes; nothing is measured or levelled."""
    return [_ffmpeg("-i", source, "-ar", "48000", "-ac", "1", target)]


def ffmpeg_normalize(source: Path, target: Path, loudness: float) -> list[Finished]:
    """The tool itself, asked for what it asks of ``loudnorm``: two passes, linear where it can."""
    tool = Path(sys.executable).with_name("ffmpeg-normalize")
    words = ["-t", str(loudness), "-tp", str(CEILING_DBTP), "-c:a", "flac", "-ar", "48000", "-e", "-ac 1", "-f"]
    return [run_watched([str(tool), str(source), "-o", str(target), *words])]


def two_pass_loudnorm(source: Path, target: Path, loudness: float) -> list[Finished]:
    """ffmpeg's ``loudnorm`` by hand: measured, then linear."""
    aim = f"loudnorm=I={loudness}:TP={CEILING_DBTP}:LRA=11:print_format=json"
    first = _ffmpeg("-i", source, "-af", aim, "-f", "null", "-")
    said = json.loads(first.output[first.output.rindex("{") : first.output.rindex("}") + 1])
    known = "".join(f":measured_{key}={said[f'input_{key.lower()}']}" for key in ("I", "TP", "LRA", "thresh"))
    second = f"{aim}{known}:offset={said['target_offset']}:linear=true"
    return [first, _ffmpeg("-i", source, "-af", second, "-ar", "48000", "-ac", "1", target)]


def pydub_and_pyloudnorm(source: Path, target: Path, loudness: float) -> list[Finished]:
    """The Python way."""
    return [run_watched([sys.executable, "-c", PYDUB, str(source), str(target), str(loudness)])]


def _ffmpeg(*words: str | Path) -> Finished:
    return run_watched([*FFMPEG, *map(str, words)])


WAYS: Mapping[str, Way] = {
    "this program": this_program,
    "`ffmpeg-normalize`": ffmpeg_normalize,
    "two-pass linear `loudnorm`": two_pass_loudnorm,
    "pydub + pyloudnorm": pydub_and_pyloudnorm,
    "floor": floor,
}
