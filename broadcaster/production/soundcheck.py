"""The sound of ``speaker test``, made anew: ``python -m broadcaster.production.soundcheck TARGET``.

A chime (pydub) and one sentence (espeak-ng), at the loudness of a master, with a master's lead-in, and filled up with silence
to the length that :mod:`broadcaster.playout.soundcheck` expects. Written once and shipped: nobody needs a voice to test a
speaker.
"""

import subprocess
import sys
from pathlib import Path

from pydub import AudioSegment

from broadcaster.model import Lufs
from broadcaster.production.assembly import RATE_HZ, Part, put_together
from broadcaster.production.samples import chime, speak
from broadcaster.sound.ffmpeg import program

VOICE = "f2"
SENTENCE = "Prueba de sonido. Si me escucha bien, el parlante está listo."
LOUDNESS = Lufs(-19.0)
LEAD_IN_S, LENGTH_S, TAIL_S = 3.0, 6.5, 0.5


def produce() -> AudioSegment:
    """The whole test, lead-in and tail included."""
    said = put_together([Part("ident", chime(), 200), Part("sentence", speak(VOICE, SENTENCE), 0)], LOUDNESS)
    missing_ms = round(1000 * LENGTH_S) - len(said)
    if missing_ms < 0:
        raise ValueError(len(said))
    return _silence(1000 * LEAD_IN_S) + said + _silence(missing_ms + 1000 * TAIL_S)


def _silence(length_ms: float) -> AudioSegment:
    return AudioSegment.silent(duration=round(length_ms), frame_rate=RATE_HZ)


def encode_command(target: Path) -> list[str]:
    """16-bit mono on standard input → FLAC without tags."""
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostats", "-v", "error", "-y"),
        *("-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "-i", "pipe:0", "-map_metadata", "-1"),
        *("-fflags", "+bitexact", "-flags:a", "+bitexact", "-c:a", "flac", "-f", "flac", f"file:{target}"),
    ]


def make(target: Path) -> None:
    """Write it to ``target``."""
    subprocess.run(encode_command(target), input=produce().raw_data, check=True, capture_output=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
