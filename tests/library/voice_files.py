"""Real recorded speech for the tests of what must leave no trace, and the search for its traces."""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
VOICE = ROOT / "episodes" / "003" / "original.ogg"
SECONDS = 10.0
WINDOW = 96
"""Bytes of a chunk that is looked for: 1 ms of 48 kHz f32, 1 ms of s16 stereo; long enough to be nobody else's."""


def spoken(target: Path, from_s: float = 0.5, *form: str) -> Path:
    """Some seconds of a shipped sample's speech in a file of the format that ``target``'s name says."""
    cut = ["-ss", str(from_s), "-t", str(SECONDS), "-i", str(VOICE), "-map_metadata", "-1", "-ac", "1", *form]
    subprocess.run(["ffmpeg", "-nostdin", "-y", "-loglevel", "error", *cut, str(target)], check=True)
    return target


def raw(audio: Path, form: str) -> bytes:
    """The samples of an audio file, ``s16le`` or ``f32le``, as they would lie in a file of raw sound."""
    whole = ["-i", str(audio), "-f", form, "-ac", "1", "pipe:1"]
    return subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", *whole], capture_output=True, check=True).stdout


def chunks(content: bytes, count: int = 12) -> list[bytes]:
    """Some windows of a file or of raw sound, none of them silence; from its middle, past what every header has alike."""
    first, last = len(content) // 2, len(content) * 9 // 10
    windows = [content[at : at + WINDOW] for at in range(first, last, max(1, (last - first) // count))]
    return [window for window in windows if len(set(window)) > WINDOW // 4]


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def found(folder: Path, wanted: Mapping[str, list[bytes]], hashes: set[str]) -> set[tuple[str, str]]:
    """What of it lies in which file: a name of ``wanted``, or ``sha256``."""
    traces = set()
    for path in files(folder):
        content = path.read_bytes()
        name = str(path.relative_to(folder))
        traces |= {(what, name) for what, windows in wanted.items() if any(window in content for window in windows)}
        if hashlib.sha256(content).hexdigest() in hashes:
            traces.add(("sha256", name))
    return traces
