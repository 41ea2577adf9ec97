"""The recordings that eight phones send: one real voice, each spoiled in another way, each in another format."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from real_voices import DEGRADATIONS, degraded, ffmpeg, joined, prompts, seconds_of

NARROW, NOISY, CLIPPED = "narrow band, 300-3400 Hz", "noise 20 dB below the voice", "clipped, 18 dB too loud"


@dataclass(frozen=True)
class Phone:
    """How a recording reaches the station."""

    name: str
    how: tuple[str, ...]
    """The degradations it goes through, in order."""
    suffix: str
    codec: tuple[str, ...] = ()
    """How ffmpeg writes what is sent."""


def _voice_note(how: str) -> Phone:
    """What the degradation's own codec writes is sent as it is."""
    *codec, name = DEGRADATIONS[how][1]
    return Phone(how, (), Path(name).suffix[1:], tuple(codec))


PHONES = (
    Phone("as recorded", ("as recorded",), "wav"),
    Phone(NARROW, (NARROW,), "m4a", ("-c:a", "aac", "-ar", "44100", "-b:a", "48k")),
    _voice_note("AMR-like Opus, 6 kbit/s"),
    _voice_note("Opus, 12 kbit/s"),
    _voice_note("AAC, 16 kbit/s"),
    Phone(NOISY, (NOISY,), "mp3", ("-ar", "16000", "-b:a", "24k")),
    Phone(CLIPPED, (CLIPPED,), "mp3", ("-ar", "44100", "-ac", "2", "-b:a", "64k")),
    Phone(
        "narrow, noisy, clipped", (NARROW, NOISY, CLIPPED), "opus", ("-c:a", "libopus", "-b:a", "12k", "-ar", "16000")
    ),
)


def dealt(hands: int) -> list[list[Path]]:
    """Every prompt once, each dealt to the lot that is shortest so far; the deal is the same every time."""
    deck = prompts()
    random.Random(1).shuffle(deck)
    lots: list[list[Path]] = [[] for _ in range(hands)]
    for prompt in deck:
        min(lots, key=lambda lot: sum(map(seconds_of, lot))).append(prompt)
    return lots


def sent(phone: Phone, lot: Sequence[Path], longest_s: float | None, target: Path) -> Path:
    """The prompts, or so many seconds of them, as this phone sends them: ``target`` with the phone's suffix."""
    limit = () if longest_s is None else ("-t", str(longest_s))
    sound = joined(lot, target.with_suffix(".0.wav"), *limit)
    for step, how in enumerate(phone.how, start=1):
        sound = degraded(sound, how, target.with_suffix(f".{step}.wav"))
    recording = target.with_suffix(f".sent.{phone.suffix}")
    ffmpeg("-i", str(sound), *phone.codec, str(recording))
    return recording
