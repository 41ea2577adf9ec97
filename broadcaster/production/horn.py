"""A master made ready for headphones: from a second of it on, and, if wanted, as a market's horn would give it.

The horn is a guess, put down here so that it can be argued with: reflex horns of public address carry speech and little
else. Below 300 Hz their throat lets nothing through (24 dB an octave), above 3,400 Hz their driver falls off (12 dB an octave),
and around 1.5 kHz they ring (+5 dB over an octave and more). What a market adds — echo, distance, its own noise — is not in it.
"""

import subprocess
from pathlib import Path

from broadcaster.sound.ffmpeg import program
from broadcaster.sound.flac import NotWritten

HEAD_S = 1.0
"""Silence before the sound: an output may swallow what comes first."""
HORN = "highpass=f=300:p=2,highpass=f=300:p=2,lowpass=f=3400:p=2,equalizer=f=1500:t=o:w=1.3:g=5,volume=-4dB"
"""The volume makes room for the resonance: a peak at −1.5 dBTP must not clip."""


def heard_command(master: Path, target: Path, begin_s: float, *, horn: bool) -> list[str]:
    """A mono FLAC that begins with :data:`HEAD_S` of silence, then second ``begin_s`` of the master."""
    shape = [f"atrim=start={begin_s:.3f}", "asetpts=PTS-STARTPTS", *([HORN] if horn else [])]
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-v", "error", "-y", "-threads", "1"),
        *("-protocol_whitelist", "file", "-f", "flac", "-i", f"file:{master}"),
        *("-af", ",".join([*shape, f"adelay={round(1000 * HEAD_S)}"]), "-map_metadata", "-1"),
        *("-c:a", "flac", "-sample_fmt", "s16", "-f", "flac", f"file:{target}"),
    ]


def prepare(master: Path, target: Path, begin_s: float, *, horn: bool) -> Path:
    """Write it to ``target``. Raises :class:`~broadcaster.sound.flac.NotWritten`."""
    made = subprocess.run(heard_command(master, target, begin_s, horn=horn), capture_output=True, check=False)
    if made.returncode:
        raise NotWritten(path=target.name, problem=f"ffmpeg {made.returncode}")
    return target
