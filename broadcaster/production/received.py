"""Recordings that came whole and wait for their turn: what was said to be received is there also after a power cut.

::

    data/intake/adding-…/ready/   what is still coming, gone with its process
              │ whole, made durable, one renaming
              ▼
    data/received/ID/             recording · said.json      until it is an episode, or refused: then nothing of it stays
"""

import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from broadcaster.config import Station
from broadcaster.model import EpisodeNumber
from broadcaster.production.copying import settle
from broadcaster.production.submission import Submission
from broadcaster.store.marker import sync_folder

FOLDER = "received"
RECORDING = "recording"
"""The file's name, whatever its producer calls it: no name from outside ever becomes a path."""
SAID = "said.json"


@dataclass(frozen=True)
class Received:
    """One that waits."""

    id: str
    """A random word, by which its sender asks what became of it."""
    folder: Path
    said: Submission
    called: str
    """What its producer calls the file."""
    again: bool
    """It is the next revision of an episode that is there."""

    @property
    def recording(self) -> Path:
        return self.folder / RECORDING


def keep(station: Station, coming: Path, said: Submission, *, called: str, again: bool) -> Received:
    """Make the recording in the folder ``coming`` durable, with what was said with it, and let it wait.

    :raises OSError: the disk would not; then nothing waits.
    """
    room, word = _room(station), secrets.token_hex(8)
    room.mkdir(parents=True, exist_ok=True)
    sync_folder(room.parent)
    received = Received(word, room / word, said, called, again)
    (coming / SAID).write_text(json.dumps({"said": asdict(said), "called": called, "again": again}), encoding="utf-8")
    settle(coming)
    coming.rename(received.folder)
    try:
        sync_folder(room)
    except OSError:
        shutil.rmtree(received.folder, ignore_errors=True)
        raise
    return received


def waiting(station: Station) -> Iterator[Received]:
    """Those that wait, the oldest first."""
    room = _room(station)
    found = [path for path in room.iterdir() if (path / SAID).is_file()] if room.is_dir() else []
    for folder in sorted(found, key=lambda path: (path / SAID).stat().st_mtime_ns):
        known = json.loads((folder / SAID).read_text(encoding="utf-8"))
        yield Received(folder.name, folder, _submission(known["said"]), str(known["called"]), bool(known["again"]))


def forget(received: Received) -> None:
    """Nothing of it stays here."""
    shutil.rmtree(received.folder, ignore_errors=True)
    sync_folder(received.folder.parent)


def _submission(known: dict[str, Any]) -> Submission:
    lists = {name: tuple(known[name]) for name in ("defenders", "consents", "helplines")}
    return Submission(**{**known, **lists, "number": EpisodeNumber(known["number"])})


def _room(station: Station) -> Path:
    return station.data / FOLDER
