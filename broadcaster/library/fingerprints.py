"""What admitted recordings sound like, kept as fingerprints: ``data/fingerprints/`` and the master's SHA-256.

A fingerprint is no sound and cannot be turned back into it; of ten minutes it is 19 kB. It outlives the audio on purpose:
after a withdrawal and a purge it is what tells that the same recording was sent again, as another file.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import Admitted
from broadcaster.library.catalogue import intact, master_path
from broadcaster.library.decisions import Decisions
from broadcaster.model import EpisodeNumber, Sha256
from broadcaster.sound.fingerprint import Words, alike, audible, fingerprint_of
from broadcaster.sound.flac import read_flac
from broadcaster.store.marker import sync_folder

_MASTER_RATE_HZ = 48_000
WHOLE = 0.85
"""Share of a recording's probes that are found where it is the same one; a bad codec loses some."""
AS_LONG = 0.95
"""How long the shorter of the two must be, beside the longer, to be the same recording and no cut of it."""


def keep(station: Station, master_sha256: Sha256, words: Words) -> None:
    """Store the fingerprint of a recording, durably. Raises :class:`OSError`."""
    folder = _folder(station)
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{master_sha256}.{os.getpid()}"
    with temporary.open("wb") as file:
        file.write(words.astype("<u2").tobytes())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / master_sha256)
    sync_folder(folder)


def known(station: Station, decisions: Decisions) -> Iterator[tuple[Admitted, Words]]:
    """Every admitted revision whose sound is known, withdrawn ones too."""
    for admitted in decisions.admitted.values():
        words = of(station, admitted)
        if words is not None:
            yield admitted, words


def of(station: Station, admitted: Admitted) -> Words | None:
    """The fingerprint of an admitted recording; where none was kept, made of its master if that is still whole.

    ``None`` where neither can be read: so one recording hides no other.
    """
    with suppress(OSError, ValueError):
        return np.frombuffer((_folder(station) / admitted.master_sha256).read_bytes(), dtype="<u2")
    if not intact(station, admitted):
        return None
    try:
        words = fingerprint_of(read_flac(master_path(station, admitted.episode)), _MASTER_RATE_HZ)
    except (BroadcasterError, OSError, ValueError, RuntimeError):  # libsndfile's own is a RuntimeError
        return None
    with suppress(OSError):  # a full disk only costs the same work again
        keep(station, admitted.master_sha256, words)
    return words


def same(recording: Words, other: Words) -> bool:
    """Whether the two are one recording, whatever its codec, loudness and the silence around it."""
    lengths = sorted((audible(recording), audible(other)))
    return lengths[0] >= AS_LONG * lengths[1] and alike(recording, other).share >= WHOLE


def same_audio(station: Station, decisions: Decisions, master_sha256: Sha256) -> tuple[tuple[EpisodeNumber, int], ...]:
    """The other admitted revisions, by episode and revision, that sound the same as the one with this master."""
    of_it = next((each for each in decisions.admitted.values() if each.master_sha256 == master_sha256), None)
    words = of(station, of_it) if of_it else None
    if words is None:
        return ()
    return tuple(
        (admitted.episode, admitted.revision)
        for admitted, other in known(station, decisions)
        if admitted.master_sha256 != master_sha256 and same(words, other)
    )


def _folder(station: Station) -> Path:
    return station.data / "fingerprints"
