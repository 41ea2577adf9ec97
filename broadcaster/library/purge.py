"""Every byte of withdrawn audio leaves the station's folder, also when the power goes in the middle.

::

    row: purge ordered ─▶ files go, the description last ─▶ names made durable ─▶ row: purged
          └─ cut short anywhere: what is ordered and not done is done by the next command that tidies, or the daemon's day

What can be promised is that no name leads to the bytes any more; see ``docs/withdrawal.md`` for what a disk may keep.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.events import CopyMade, Event, Purged, PurgeOrdered
from broadcaster.journal.row import Row
from broadcaster.library.acts import decisions_of
from broadcaster.library.belongings import Belongings, belongings, files_of
from broadcaster.library.shelf import folder_of, read_episode, write_episode_toml
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.model import EpisodeNumber
from broadcaster.store.marker import sync_folder

PURGES: tuple[type[Event], ...] = (PurgeOrdered, Purged)
"""All that :func:`ordered` and :func:`done` read."""


class NotPurged(BroadcasterError):
    """The disk did not let something go. It stays ordered."""

    exit_code = 74
    sentence = N_(
        "The audio of episode {number} could not be removed ({problem}). It will not sound, and its removal stays ordered. "
        "Check the disk, then: broadcaster episode tidy."
    )


def ordered(rows: Iterable[Row]) -> dict[EpisodeNumber, int]:
    """Up to which revision each episode's audio was ordered to go. Pure."""
    return _highest(row.event for row in rows if isinstance(row.event, PurgeOrdered))


def done(rows: Iterable[Row]) -> dict[EpisodeNumber, int]:
    """Up to which revision each episode's audio is gone. Pure."""
    return _highest(row.event for row in rows if isinstance(row.event, Purged))


def outstanding(rows: Iterable[Row]) -> dict[EpisodeNumber, int]:
    """What is ordered and not done. Pure."""
    kept = list(rows)
    gone = done(kept)
    return {number: through for number, through in ordered(kept).items() if through > gone.get(number, 0)}


def _highest(events: Iterable[PurgeOrdered | Purged]) -> dict[EpisodeNumber, int]:
    through: dict[EpisodeNumber, int] = {}
    for event in events:
        through[event.episode] = max(through.get(event.episode, 0), event.through_revision)
    return through


def order(journal: Journal, number: EpisodeNumber, by: str) -> Row | None:
    """Let the withdrawn revisions' audio go for good; ``None``: that was ordered before."""
    through = decisions_of(journal).withdrawn.get(number, 0)
    if through <= ordered(journal.rows(kinds=PURGES)).get(number, 0):
        return None
    return journal.append(PurgeOrdered(number, through, by))


def finish(station: Station, journal: Journal) -> list[Purged]:
    """Do whatever is ordered. Nobody else may change ``episodes/`` meanwhile.

    :raises NotPurged: the disk would not; what was done by then is done, the rest stays ordered.
    """
    finished = []
    for number, through in outstanding(journal.rows(kinds=PURGES)).items():
        copies, decisions = journal.rows(kinds=[CopyMade]), decisions_of(journal)
        what = belongings(copies, decisions, number, through, station.announcements)
        try:
            purged = Purged(number, through, _remove(station, what))
        except OSError as problem:
            raise NotPurged(number=number, problem=clause(problem)) from problem
        journal.append(purged)
        finished.append(purged)
    return finished


def _remove(station: Station, what: Belongings) -> int:
    """Remove its files, then the folders that are empty now; answers how many files went."""
    gone = 0
    folders: set[Path] = set()
    for path in files_of(station, what):
        with suppress(FileNotFoundError):
            path.unlink()
            gone += 1
            folders.add(path.parent)
    folder = folder_of(station, what.number)
    if what.whole:
        _take_away(folder)
    else:
        _forget_older(station, what)
    for each in (*folders, station.episodes):
        if each.is_dir():
            sync_folder(each)
    return gone


def _take_away(folder: Path) -> None:
    """A folder that holds nothing but empty folders."""
    if not folder.is_dir():
        return
    for inside in sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True):
        inside.rmdir()
    folder.rmdir()


def _forget_older(station: Station, what: Belongings) -> None:
    """What stays is described without the revisions that are gone."""
    folder = folder_of(station, what.number)
    for revision in range(1, what.through_revision + 1):
        _take_away(folder / f"r{revision}")
    episode = read_episode(station, what.number)
    if episode is not None:
        kept = tuple(each for each in episode.revisions if each.revision > what.through_revision)
        write_episode_toml(folder, replace(episode, revisions=kept))
