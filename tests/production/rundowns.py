"""Rundowns for the tests: parts of a few seconds, and the file that orders them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from broadcaster.sound.ffmpeg import program

PROMPTS = Path("/usr/share/asterisk/sounds/es_MX_f_Allison")
HEAD = """number = 5
title = "Mi barrio me escucha"
defenders = ["d-07"]
consents = ["C-1"]
helplines = ["linea-100"]
"""
RATE_HZ = 48_000
_MUSIC = "aevalsrc='0.3*sin(2*PI*220*t)+0.2*sin(2*PI*277*t)*(0.6+0.4*sin(2*PI*t))':s=44100:d=4"
MADE: Mapping[str, tuple[str, ...]] = {
    # name: how ffmpeg makes it
    "saludo.m4a": (
        "-ss",
        "1",
        "-t",
        "4",
        "-i",
        "demo-instruct.wav",
        "-af",
        "volume=-14dB",
        "-c:a",
        "aac",
        "-ar",
        "44100",
    ),
    "bloque1.wav": ("-ss", "8", "-t", "7", "-i", "demo-instruct.wav", "-af", "volume=-3dB"),
    "bloque2.opus": ("-ss", "20", "-t", "6", "-i", "demo-instruct.wav", "-af", "volume=-22dB", "-c:a", "libopus"),
    "ayuda.flac": ("-ss", "30", "-t", "4", "-i", "demo-instruct.wav"),
    "ayuda-nueva.flac": ("-ss", "36", "-t", "5", "-i", "demo-instruct.wav"),
    "cortina.mp3": ("-f", "lavfi", "-i", _MUSIC, "-ac", "2", "-b:a", "96k"),
    "silencio.wav": ("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=2"),
}


def make(folder: Path) -> None:
    """Every part of :data:`MADE`, in ``folder``."""
    for name, how in MADE.items():
        command = [program("ffmpeg"), "-v", "error", "-nostdin", "-y", *how, str(folder / name)]
        subprocess.run(command, check=True, cwd=PROMPTS)


def written(folder: Path, *parts: str, head: str = HEAD) -> Path:
    """A rundown in ``folder``; each of ``parts`` is the text of a ``[[parts]]``."""
    path = folder / "rundown.toml"
    path.write_text(head + "".join(f"\n[[parts]]\n{part}\n" for part in parts), encoding="utf-8")
    return path


def part(role: str, file: str, *more: str) -> str:
    """The text of one part with a file of its own."""
    return "\n".join((f'role = "{role}"', f'file = "{file}"', *more))


def shared(role: str, part_id: str, *more: str) -> str:
    """The text of a shared part."""
    return "\n".join((f'role = "{role}"', f'part = "{part_id}"', *more))


def heard(file: Path) -> np.ndarray:
    """A sound file as ffmpeg decodes it: mono, 48 kHz, 1.0 = full scale."""
    command = [program("ffmpeg"), "-v", "error", "-nostdin", "-i", str(file), "-ac", "1", "-ar", str(RATE_HZ)]
    decoded = subprocess.run([*command, "-f", "f32le", "-"], check=True, capture_output=True).stdout
    return np.frombuffer(decoded, "<f4").astype(np.float64)


def sharpest(samples: np.ndarray, at_s: float, around_s: float = 0.01) -> float:
    """The sharpest bend of the wave around a moment: a click is one that speech does not have."""
    bends = np.abs(np.diff(samples, 2))
    first, last = max(round((at_s - around_s) * RATE_HZ), 0), round((at_s + around_s) * RATE_HZ)
    return float(bends[first:last].max(initial=0.0))
