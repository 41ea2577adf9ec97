"""What a rundown names becomes samples: each source is decoded once, two at a time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from broadcaster.config import IntakeSettings
from broadcaster.model import Sha256
from broadcaster.production.copying import copy_in
from broadcaster.production.rundown.checking import Found
from broadcaster.production.rundown.mono import OneChannel, one_channel
from broadcaster.production.rundown.reading import Source
from broadcaster.sound.blocks import Progress
from broadcaster.sound.decode import decode
from broadcaster.sound.findings import Refused

AT_ONCE = 2
"""Sources decoded beside each other: each waits for a child of its own."""


@dataclass(frozen=True)
class Sound:
    """A source as samples, on the disk."""

    recording: OneChannel
    sha256: Sha256


@dataclass(frozen=True)
class Work:
    """A source on its way to samples."""

    source: Source
    found: Found
    limits: IntakeSettings
    room: Path
    """A folder of its own, yet to be made."""
    chime: Callable[[Path], Path]
    """Makes the program's own chime, as a file in the folder it is given."""


def as_samples(works: Sequence[Work], progress: Progress) -> Iterator[Sound | Refused]:
    """What became of each, in their order. Left early (Ctrl+C, a full disk), it leaves no decoder at work."""
    left = Event()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        try:
            for at, answer in enumerate(pool.map(partial(_sound_or_refusal, left), works), start=1):
                progress(at / len(works))
                yield answer
        finally:
            left.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _sound_or_refusal(left: Event, work: Work) -> Sound | Refused:
    """One source as samples; what is decoded is a copy, so that it is what was hashed."""

    def go_on(_share: float) -> None:
        if left.is_set():
            raise CancelledError

    work.room.mkdir()
    copy = work.room / "copy"
    try:
        sha256 = copy_in(work.found.path or work.chime(work.room), copy, work.limits.max_file_bytes, go_on)
        decoded = decode(copy, work.room, work.limits, go_on, called=work.source.name)
    except Refused as refusal:
        return refusal
    recording = one_channel(decoded, work.room)
    copy.unlink()
    return Sound(recording, sha256)
