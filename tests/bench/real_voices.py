"""A real speaker's recorded Spanish, joined into episodes and degraded as phones degrade it.

Debian's ``asterisk-core-sounds-es-wav`` (CC-BY-SA-3.0) is installed, never committed.
"""

import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

PROMPTS = Path("/usr/share/asterisk/sounds")
DEGRADATIONS: dict[str, tuple[str, list[str]]] = {
    "as recorded": ("", []),
    "narrow band, 300-3400 Hz": ("highpass=f=300,lowpass=f=3400", []),
    "AMR-like Opus, 6 kbit/s": ("", ["-c:a", "libopus", "-b:a", "6k", "-application", "voip", "-ar", "8000", "x.ogg"]),
    "Opus, 12 kbit/s": ("", ["-c:a", "libopus", "-b:a", "12k", "-application", "voip", "-ar", "16000", "x.ogg"]),
    "AAC, 16 kbit/s": ("", ["-c:a", "aac", "-b:a", "16k", "-ar", "16000", "x.m4a"]),
    "noise 20 dB below the voice": ("NOISE", []),
    "clipped, 18 dB too loud": ("volume=18dB,aformat=sample_fmts=s16", []),
}
"""What happens to a recording on its way: a filter, or a codec it went through."""


def prompts() -> list[Path]:
    """The prompts, in a fixed order."""
    found = sorted(path for path in PROMPTS.glob("es*/**/*.wav") if path.stat().st_size > 8000)
    if not found:
        raise SystemExit("install the Debian package asterisk-core-sounds-es-wav")
    return found


def ffmpeg(*command: str) -> None:
    """Run ffmpeg, which overwrites what is there."""
    subprocess.run(["/usr/bin/ffmpeg", "-nostdin", "-loglevel", "error", "-y", *command], check=True)


def seconds_of(prompt: Path) -> float:
    """How long a prompt lasts: 8 kHz, 16 bit, mono."""
    return prompt.stat().st_size / 16000


def joined(parts: Iterable[Path], target: Path, *more: str) -> Path:
    """Prompts one after the other: 8 kHz mono WAV."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listing:
        listing.writelines(f"file '{path}'\n" for path in parts)
        listing.flush()
        ffmpeg("-f", "concat", "-safe", "0", "-i", listing.name, *more, "-ac", "1", str(target))
    return target


def spoken(seconds: float, seed: int, target: Path) -> Path:
    """Prompts in the seed's order, joined until they last so many seconds."""
    order = prompts()
    random.Random(seed).shuffle(order)
    parts, total = [], 0.0
    for path in order * 20:
        if total > seconds:
            break
        parts.append(path)
        total += seconds_of(path)
    return joined(parts, target, "-t", str(seconds))


def degraded(source: Path, how: str, target: Path) -> Path:
    """A recording after one of the :data:`DEGRADATIONS`: WAV."""
    chain, codec = DEGRADATIONS[how]
    if codec:
        *options, name = codec
        coded = target.with_name(name)
        ffmpeg("-i", str(source), *options, str(coded))
        ffmpeg("-i", str(coded), "-ac", "1", str(target))
        coded.unlink()
    elif chain == "NOISE":
        noise = "anoisesrc=r=8000:color=pink:amplitude=0.03:seed=7"
        ffmpeg(
            "-i",
            str(source),
            "-f",
            "lavfi",
            "-i",
            noise,
            "-filter_complex",
            "amix=duration=first:normalize=0",
            str(target),
        )
    elif chain:
        ffmpeg("-i", str(source), "-af", chain, str(target))
    else:
        shutil.copyfile(source, target)
    return target


def mastered(source: Path, target: Path) -> Path:
    """As a master is: FLAC, 48 kHz mono, 3 s of silence before and 1 s after."""
    chain = "loudnorm=I=-19:TP=-2,aresample=48000,adelay=3000,apad=pad_dur=1"
    ffmpeg("-i", str(source), "-af", chain, "-ac", "1", "-sample_fmt", "s16", str(target))
    return target
