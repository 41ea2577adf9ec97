"""Editions of masters, made ahead of time: what is missing is made, put on record and in its place; the rest goes.

A part that is replaced or marked as wrong, a revision, a withdrawal: each changes which editions count. What is missing
follows from the record and the disk alone, so making them can be stopped anywhere and begun again.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.library.acts import decisions_of
from broadcaster.library.announcements import Missing, announcement_of, counting, missing
from broadcaster.library.catalogue import edition_intact, edition_path, editions_folder, rules_of
from broadcaster.model import Announcement, EpisodeNumber, Sha256
from broadcaster.production.editions import make
from broadcaster.production.mono import part as share
from broadcaster.production.staging import placing, staging
from broadcaster.sound.blocks import Progress
from broadcaster.store.marker import sync_folder

_BAD_INPUT = 65


@dataclass(frozen=True)
class Made:
    """What became of an edition that was missing."""

    episode: EpisodeNumber
    announcement: Announcement
    problem: str = ""
    """Why it could not be made; empty when it is there."""


def make_ready(station: Station, journal: Journal, progress: Progress) -> Iterator[Made]:
    """Make every edition that is missing, then remove those that no market needs.

    :raises BroadcasterError: the disk or the record failed; what was made by then is made.
    """
    waiting = list(_missing(station, journal))
    for at, each in enumerate(waiting):
        step = share(progress, at / len(waiting), (at + 1) / len(waiting))
        try:
            _one(station, journal, each, step)
        except BroadcasterError as error:
            if error.exit_code != _BAD_INPUT:
                raise
            yield Made(each.admitted.episode, each.announcement, str(error))
        else:
            yield Made(each.admitted.episode, each.announcement)
    _sweep(station, journal)


def _missing(station: Station, journal: Journal) -> Iterator[Missing]:
    now = journal.clock.now().utc
    rules = rules_of(station, now.astimezone(station.timezone).date(), samples_may_air=True, now=now)
    decisions = decisions_of(journal)
    yield from missing(station.announcements, decisions, rules, lambda sha256: edition_intact(station, sha256))


def _one(station: Station, journal: Journal, wanted: Missing, progress: Progress) -> None:
    """One edition, put in its place once its row is durable: no file there lacks its row."""
    with staging(station) as stage:
        made = make(station, wanted, stage / "edition.flac", progress)
        with placing(station):
            if wanted not in list(_missing(station, journal)):
                return  # withdrawn, replaced, or made by somebody else meanwhile
            if made not in decisions_of(journal).parts.editions:
                journal.append(made)
            _put(stage / "edition.flac", edition_path(station, made.edition_sha256))


def _put(file: Path, place: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())
    place.parent.mkdir(parents=True, exist_ok=True)
    file.rename(place)
    for folder in (place.parent, place.parent.parent):
        sync_folder(folder)


def _sweep(station: Station, journal: Journal) -> None:
    """Remove the editions that no market would hear: of older revisions, of what was withdrawn, of other announcements."""
    folder = editions_folder(station)
    if not folder.is_dir():
        return
    with staging(station), placing(station):
        needed = set(_needed(station, journal))
        for path in sorted(folder.iterdir()):
            if path.stem not in needed:
                path.unlink()
        sync_folder(folder)


def _needed(station: Station, journal: Journal) -> Iterator[Sha256]:
    decisions = decisions_of(journal)
    for number in decisions.numbers():
        admitted = decisions.newest(number)
        if admitted is not None and not decisions.is_withdrawn(number):
            for made in counting(admitted, decisions.parts):
                if announcement_of(made) in station.announcements:
                    yield made.edition_sha256
