"""The sample episodes, made anew from their scripts: ``python -m broadcaster.production.samples [EPISODES]``.

Each ``episodes/NNN/guion.txt`` is spoken by a synthetic voice (espeak-ng, ``es-419``), put together after a chime and
written as ``original.ogg``. ``muestras.sha256`` lists scripts and recordings (``sha256sum --check`` reads it), so that a
script changed without its recording is noticed. Samples are only ever approved by demonstrators and never air.
"""

import hashlib
import subprocess
import sys
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

from pydub import AudioSegment
from pydub.generators import Sine
from pydub.silence import detect_leading_silence

from broadcaster.model import Lufs
from broadcaster.production.assembly import RATE_HZ, Part, put_together
from broadcaster.sound.ffmpeg import program

SCRIPT, RECORDING, LIST = "guion.txt", "original.ogg", "muestras.sha256"
LOUDNESS = Lufs(-23.0)
"""Of every part: that of an ordinary recording, so that mastering has something to do."""
CHIME_HZ = (523.25, 659.25, 783.99)
"""Do, mi, sol."""
_WORDS_A_MINUTE = 160
_EDGE_MS = 30


@dataclass(frozen=True)
class Script:
    """What a ``guion.txt`` says: the voice, and the parts with their words; an ident has none."""

    voice: str
    parts: tuple[tuple[str, str], ...]


def read_script(text: str) -> Script:
    """``NAME: words`` a line; ``VOZ`` names the voice, ``#`` begins a remark."""
    lines = [line.partition(":") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    said = [(name.strip(), words.strip()) for name, _, words in lines]
    voice = next(words for name, words in said if name == "VOZ")
    return Script(voice, tuple(part for part in said if part[0] != "VOZ"))


def chime() -> AudioSegment:
    """Three rising notes that ring out, 1.4 s."""
    notes = AudioSegment.silent(duration=1400, frame_rate=RATE_HZ)
    for index, pitch in enumerate(CHIME_HZ):
        note = Sine(pitch, sample_rate=RATE_HZ).to_audio_segment(duration=800, volume=-12.0)
        notes = notes.overlay(note.fade_in(10).fade_out(750), position=index * 300)
    return notes


def speak_command(voice: str, words: str, target: Path) -> list[str]:
    """Words → a WAV file of 22,050 Hz."""
    return [program("espeak-ng"), "-v", f"es-419+{voice}", "-s", str(_WORDS_A_MINUTE), "-w", str(target), "--", words]


def speak(voice: str, words: str) -> AudioSegment:
    """The words, spoken, without the silence that the voice leaves at both ends."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "spoken.wav")
        subprocess.run(speak_command(voice, words, target), check=True, capture_output=True)
        with wave.open(str(target)) as spoken:
            sound = AudioSegment(
                spoken.readframes(spoken.getnframes()),
                sample_width=spoken.getsampwidth(),
                frame_rate=spoken.getframerate(),
                channels=spoken.getnchannels(),
            )
    return trimmed(sound)


def trimmed(sound: AudioSegment) -> AudioSegment:
    """The segment without silence at its ends, but for a breath."""
    head = detect_leading_silence(sound, chunk_size=5)
    tail = detect_leading_silence(sound.reverse(), chunk_size=5)
    return sound[max(head - _EDGE_MS, 0) : len(sound) - max(tail - _EDGE_MS, 0)]


def produce(script: Script) -> AudioSegment:
    """The whole sample, before encoding."""
    return put_together(
        [Part(name, speak(script.voice, words) if words else chime()) for name, words in script.parts], LOUDNESS
    )


def encode_command(target: Path) -> list[str]:
    """16-bit mono on standard input → Ogg/Opus as a telephone would send it, without tags."""
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostats", "-v", "error", "-y"),
        *("-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "-i", "pipe:0", "-map_metadata", "-1"),
        *(
            "-fflags",
            "+bitexact",
            "-flags:a",
            "+bitexact",
            "-c:a",
            "libopus",
            "-b:a",
            "40k",
            "-f",
            "ogg",
            f"file:{target}",
        ),
    ]


def make_sample(folder: Path) -> None:
    """Write the folder's recording from its script."""
    script = read_script((folder / SCRIPT).read_text(encoding="utf-8"))
    command = encode_command(folder / RECORDING)
    subprocess.run(command, input=produce(script).raw_data, check=True, capture_output=True)


def listing(episodes: Path) -> str:
    """The SHA-256 of every sample's script and recording, as ``sha256sum`` writes them."""
    files = sorted(path for name in (SCRIPT, RECORDING) for path in episodes.glob(f"[0-9][0-9][0-9]/{name}"))
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(episodes)}\n" for path in files)


def make_samples(episodes: Path) -> None:
    """Make every sample under ``episodes`` anew and list them."""
    for script in sorted(episodes.glob(f"[0-9][0-9][0-9]/{SCRIPT}")):
        make_sample(script.parent)
    (episodes / LIST).write_text(listing(episodes), encoding="utf-8")


if __name__ == "__main__":
    make_samples(Path(sys.argv[1] if len(sys.argv) > 1 else "episodes"))
