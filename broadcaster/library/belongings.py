"""Where an episode's audio lies in the station's folder: what a purge must remove. Reads the disk, changes nothing.

=====================  ===================================================================================================
place                  what goes
=====================  ===================================================================================================
``episodes/NNN/``      everything; where a newer revision stays, the withdrawn ones' ``r<k>/`` and the recordings of parts
                       that only they were built from, and the captions (``.srt``): nothing tells which revision's they are
``episodes/_parts/``   recordings of shared parts that no other revision holds
``data/editions/``     masters with a market's announcement: all but those of what stays
``rehearsals/``        what was recorded in a rehearsal in which it sounded, or in one that cannot tell
anywhere               every file that is, byte for byte, an original, a master, a part or a registered copy of it
=====================  ===================================================================================================

Fingerprints stay: they refuse the same audio when it comes again, and nobody can make sound of them.
"""

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import Admitted, CopyMade, Intent
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.library import announcements
from broadcaster.library.catalogue import editions_folder
from broadcaster.library.decisions import Decisions
from broadcaster.library.shelf import FILE, folder_of
from broadcaster.model import Announcement, EpisodeNumber, Sha256
from broadcaster.store.engine import database_path, url_of

RECORDINGS = ".wav"
"""What a rehearsal's recordings end in."""


@dataclass(frozen=True)
class Belongings:
    """What is to go."""

    number: EpisodeNumber
    through_revision: int
    hashes: frozenset[Sha256]
    """Files of these hashes go wherever they lie."""
    whole: bool
    """No newer revision stays: the episode's folder goes as it is."""
    editions: frozenset[Sha256] = frozenset()
    """Those that stay; they can be made again, so whatever else lies beside them goes."""


def belongings(
    rows: list[Row],
    decisions: Decisions,
    number: EpisodeNumber,
    through_revision: int,
    announced: Collection[Announcement] = (),
) -> Belongings:
    """Of these revisions, as far as rows know. ``announced``: what sounds at a market before others stays. Pure."""
    going = [each for each in decisions.admitted.values() if _is_of(each, number, through_revision)]
    staying = [
        each
        for each in decisions.admitted.values()
        if not _is_of(each, number, through_revision) and each.revision > decisions.withdrawn.get(each.episode, 0)
    ]
    made = (row.event for row in rows if isinstance(row.event, CopyMade))
    copied = {each.copy_sha256 for each in made if each.episode == number and each.revision <= through_revision}
    gone = copied.union(*(_audio_of(each, decisions) for each in going))
    kept = _announcing(announced, decisions).difference(*(_own_audio_of(each, decisions) for each in going))
    kept = kept.union(*(_audio_of(each, decisions) for each in staying))
    hashes, every = gone - kept, decisions.parts.editions
    editions = {
        each.edition_sha256
        for each in every
        if (each.episode == number and each.revision <= through_revision)
        or any(part.sha256 in hashes for part in each.parts)
    }
    newest = decisions.newest(number)
    return Belongings(
        number,
        through_revision,
        frozenset(hashes | editions),
        whole=newest is None or newest.revision <= through_revision,
        editions=frozenset({each.edition_sha256 for each in every} - editions),
    )


def _announcing(announced: Collection[Announcement], decisions: Decisions) -> set[Sha256]:
    """Hashes of the recordings that sound at a market before every episode."""
    parts = (announcements.recordings(each, decisions.parts) or () for each in announced)
    return {part.sha256 for each in parts for part in each}


def _is_of(admitted: Admitted, number: EpisodeNumber, through_revision: int) -> bool:
    return admitted.episode == number and admitted.revision <= through_revision


def _audio_of(admitted: Admitted, decisions: Decisions) -> set[Sha256]:
    """Hashes of a revision's recordings, those of the parts it was built from among them."""
    parts = {part.sha256 for part in decisions.parts.parts_of(admitted)}
    return _own_audio_of(admitted, decisions) | parts


def _own_audio_of(admitted: Admitted, decisions: Decisions) -> set[Sha256]:
    """The same without the parts that it shares with others."""
    return {admitted.original_sha256, admitted.master_sha256, *decisions.parts.own_files(admitted)}


def files_of(station: Station, what: Belongings) -> Iterator[Path]:
    """Every file that is to go, each once at least; the episode's description last."""
    folder = folder_of(station, what.number)
    if what.whole:
        inside = [path for path in _files(folder) if path != folder / FILE]
        yield from inside
    else:
        for revision in range(1, what.through_revision + 1):
            yield from _files(folder / f"r{revision}")
        yield from _captions(folder)
    yield from (path for path in _files(editions_folder(station)) if path.stem not in what.editions)
    yield from _rehearsed(station, what)
    yield from _copies(station, what)
    if what.whole and (folder / FILE).is_file():
        yield folder / FILE


def _captions(folder: Path) -> Iterator[Path]:
    """Every word that was spoken, in writing; nothing tells of which revision."""
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.suffix.casefold() == ".srt" and not path.is_dir())


def _files(folder: Path) -> Iterator[Path]:
    """Every file, link or other thing that is no folder, under a folder that is there; links are not followed."""
    for inside, _folders, names in os.walk(folder):
        yield from (Path(inside, name) for name in sorted(names))


def _rehearsed(station: Station, what: Belongings) -> Iterator[Path]:
    """Recordings of the rehearsals in which it sounded."""
    if not station.rehearsals.is_dir():
        return
    for folder in sorted(station.rehearsals.iterdir()):
        recordings = [path for path in _files(folder) if path.suffix == RECORDINGS]
        if recordings and _may_have_sounded(folder / "journal.db", what):
            yield from recordings


def _may_have_sounded(journal: Path, what: Belongings) -> bool:
    try:
        rows = read(url_of(journal), kinds=[Intent])
    except BroadcasterError:
        return True
    told = [row.event for row in rows if isinstance(row.event, Intent)]
    return not journal.is_file() or any(
        each.episode == what.number and each.revision <= what.through_revision for each in told
    )


def _copies(station: Station, what: Belongings) -> Iterator[Path]:
    """Files with the hash of something that goes, wherever a person or a program put them. The record itself has none."""
    record = database_path(station.database)
    for folder, folders, names in os.walk(station.root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(folder, name) for name in sorted(names)):
            if not path.name.startswith(record.name) and path.is_file() and not path.is_symlink():
                with suppress(OSError):
                    if _sha256(path) in what.hashes:
                        yield path


def _sha256(path: Path) -> Sha256:
    with path.open("rb") as file:
        return Sha256(hashlib.file_digest(file, "sha256").hexdigest())
