"""A master's sound in a lossy form, as loud as the master and with no peak above the ceiling: measured after encoding.

::

    master ─▶ sound (no lead-in) ─▶ gain and limiter ─▶ encoder ─▶ decoded and measured ─┐
                                          ▲      a lower ceiling, a little more gain      │
                                          └───────────────────────────────────────────────┘

An encoder throws away what is masked: speech comes out a few tenths of a LU softer, and its peaks higher by a decibel or more.
"""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import Admitted
from broadcaster.locale import mark as N_
from broadcaster.model import Dbtp, Lufs, Measure
from broadcaster.production.exports.forms import HIGHEST_DBTP, Form
from broadcaster.production.levelling import STRETCH_CELLS, Drive, Grid, make_grid, reductions, solve
from broadcaster.production.mono import RATE_HZ, Recording, part, watched
from broadcaster.sound import limiter
from broadcaster.sound.blocks import Progress
from broadcaster.sound.ffmpeg import program
from broadcaster.sound.flac import NotWritten, read_child, read_flac
from broadcaster.sound.kweighting import CELL
from broadcaster.sound.loudness import measure_blocks
from broadcaster.sound.room import check_room

EDGE_S = 0.25
"""Silence left at both ends: a phone may swallow what comes first."""
TRIES = 4
"""How often it is encoded at most; two are the rule."""
CLOSE_LU = 0.1
NEAR_LU = 0.3
"""No copy is further from its master."""
GUARD_DB = 0.1
MAX_DRIVE_DB = 12.0
"""The master's own limiter has done most of the work; a lower ceiling asks for little more."""


class CopyOff(BroadcasterError):
    """The encoder does not reach what a copy must."""

    exit_code = 70
    sentence = N_("The copy did not come out as it should, so there is none. Tell whoever maintains broadcaster.")


@dataclass(frozen=True)
class Encoded:
    """A copy's sound."""

    path: Path
    measure: Measure
    """Of one channel, decoded again."""
    recording: Recording
    """What was encoded."""


def sound_of(master: Path, admitted: Admitted, folder: Path, progress: Progress) -> Recording:
    """The master from :data:`EDGE_S` before its first word to as much after its last, in ``folder``."""
    spool = folder / "sound.f32"
    first = round(max(admitted.lead_in_s - EDGE_S, 0) * RATE_HZ)
    last = round((admitted.lead_in_s + admitted.duration_s + min(EDGE_S, admitted.tail_s)) * RATE_HZ)
    at = 0
    with spool.open("wb") as file:
        for block in watched(read_flac(master), last, progress):
            check_room(folder)
            file.write(block[max(first - at, 0) : max(last - at, 0), 0].tobytes())
            at += len(block)
    return Recording(spool, 0.0, max(min(last, at) - first, 0))


def encode(
    recording: Recording, form: Form, target: Path, *, loudness: Lufs, tags: Mapping[str, str], progress: Progress
) -> Encoded:
    """Write ``target`` in the form, as loud as ``loudness`` says. Temporary files go beside the recording's.

    Raises :class:`CopyOff` where it cannot be had below the ceiling, :class:`~broadcaster.sound.flac.NotWritten`.
    """
    if form.lossless:
        _write(target, form, tags, watched(recording.blocks(), recording.frames, progress))
        return Encoded(target, _measure(target, form), recording)
    grid = make_grid(recording.blocks(), recording.spool.parent, MAX_DRIVE_DB)
    aim, ceiling = Lufs(loudness + form.loss_lu), Dbtp(HIGHEST_DBTP - form.rise_db - GUARD_DB)
    for attempt in range(TRIES):
        moved = part(progress, attempt / TRIES, (attempt + 1) / TRIES)
        drive = solve(grid, aim, ceiling, MAX_DRIVE_DB)
        if drive is None:
            break
        _write(target, form, tags, watched(_levelled(recording, grid, drive), recording.frames, moved))
        measure = _measure(target, form)
        off, over = _off(measure, loudness), _over(measure)
        if over <= 0 and (abs(off) <= CLOSE_LU or drive.capped or (attempt == TRIES - 1 and abs(off) <= NEAR_LU)):
            progress(1.0)
            return Encoded(target, measure, recording)
        aim = Lufs(aim + off)
        ceiling = Dbtp(ceiling - (over + GUARD_DB if over > 0 else 0.0))
    raise CopyOff


def _off(measure: Measure, loudness: Lufs) -> float:
    return 0.0 if measure.integrated_lufs is None else loudness - measure.integrated_lufs


def _over(measure: Measure) -> float:
    return -1.0 if measure.true_peak_dbtp is None else measure.true_peak_dbtp - HIGHEST_DBTP


def _levelled(recording: Recording, grid: Grid, drive: Drive) -> Iterator[NDArray[np.float32]]:
    gain = np.float32(10 ** (drive.gain_db / 20))
    for index, stretch in enumerate(recording.blocks(STRETCH_CELLS * CELL)):
        factors = reductions(grid, drive, index)
        louder = stretch * gain
        yield louder if factors is None else limiter.apply(louder, factors).astype(np.float32)


def encode_command(target: Path, form: Form, tags: Mapping[str, str]) -> list[str]:
    """Mono f32 at 48 kHz on standard input → the form, with these tags and no others."""
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostats", "-v", "error", "-y"),
        *("-f", "f32le", "-ar", str(RATE_HZ), "-ac", "1", "-i", "pipe:0", "-map_metadata", "-1"),
        *("-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *(word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")),
        *(*form.codec, f"file:{target}"),
    ]


def _write(target: Path, form: Form, tags: Mapping[str, str], blocks: Iterator[NDArray[np.float32]]) -> None:
    child = subprocess.Popen(
        encode_command(target, form, tags), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert child.stdin is not None  # noqa: S101  it is a pipe
        try:
            for block in blocks:
                check_room(target.parent)
                child.stdin.write(block.tobytes())
        except BrokenPipeError:
            pass
        complaint = child.communicate()[1]
    except BaseException:
        child.kill()
        child.communicate()
        raise
    if child.returncode:
        raise NotWritten(path=target.name, problem=complaint.decode(errors="replace").strip()[-200:])


def decode_command(source: Path, form: Form) -> list[str]:
    """The first channel of a copy, f32 on standard output."""
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-v", "error", "-xerror"),
        *("-protocol_whitelist", "file", "-i", f"file:{source}", "-map", "0:a:0", "-af", "pan=mono|c0=c0"),
        *("-ar", str(form.rate_hz), "-f", "f32le", "pipe:1"),
    ]


def _measure(source: Path, form: Form) -> Measure:
    return measure_blocks(read_child(decode_command(source, form), source), form.rate_hz, 1)
