"""Recordings to be mastered: a real voice by telephone and a synthetic one, peaky and soft, in the formats that people send."""

import subprocess
from pathlib import Path

from mastering_ways import FFMPEG
from real_voices import spoken

FORMATS = {
    "mp3": ["-b:a", "64k", "-ar", "44100"],
    "m4a": ["-c:a", "aac", "-b:a", "64k", "-ar", "44100"],
    "opus": ["-c:a", "libopus", "-b:a", "24k", "-ar", "48000"],
    "ogg": ["-c:a", "libvorbis", "-q:a", "2", "-ar", "44100"],
    "flac": ["-sample_fmt", "s16", "-ar", "44100"],
    "wav": ["-ar", "44100"],
}
VOICES = ("recorded", "synthetic")
CLICKS = "aevalsrc='0.3*sin(2*PI*1500*t)*exp(-900*mod(t,2.3))*lt(mod(t,2.3),0.01)':s=44100"
SOFT_DB = -12.0
TEXT = Path(__file__).parents[2] / "episodes" / "001" / "guion.txt"


class Speech:
    """Makes each recording once, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, kind: str, minutes: float, voice: str) -> Path:
        """The recording in a format."""
        path = self._folder / f"{voice}-{minutes:g}.{kind}"
        if not path.exists():
            run("-i", str(self._spoken(minutes, voice)), *FORMATS[kind], str(path))
        return path

    def _spoken(self, minutes: float, voice: str) -> Path:
        """Soft, with a click every 2.3 s, as FLAC."""
        path = self._folder / f"{voice}-{minutes:g}-source.flac"
        if not path.exists():
            raw = self._recorded(minutes) if voice == "recorded" else self._synthetic()
            loop = ["-stream_loop", "-1"] if voice == "synthetic" else []
            mixed = f"[0]aresample=44100,volume={SOFT_DB}dB[v];[1][v]amix=inputs=2:normalize=0:duration=longest"
            clicks = ["-f", "lavfi", "-t", str(60 * minutes), "-i", CLICKS]
            run(
                *loop, "-t", str(60 * minutes), "-i", str(raw), *clicks, "-filter_complex", mixed, "-ac", "1", str(path)
            )
        return path

    def _recorded(self, minutes: float) -> Path:
        """Prompts of a real speaker, again and again when they are too few."""
        target = self._folder / f"prompts-{minutes:g}.wav"
        return target if target.exists() else spoken(60 * minutes, 1, target)

    def _synthetic(self) -> Path:
        target = self._folder / "espeak.wav"
        if not target.exists():
            words = ["/usr/bin/espeak-ng", "-v", "es-419", "-s", "150", "-f", str(TEXT), "-w", str(target)]
            subprocess.run(words, check=True)
        return target


def run(*words: str) -> None:
    """Run ffmpeg."""
    subprocess.run([*FFMPEG, "-v", "error", *words], check=True)
