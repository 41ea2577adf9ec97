"""What is not kept longer than it must be: originals once they are approved and time has passed, withdrawn audio.

The masters of what may air stay. A recording that was refused was never kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Event, OriginalRemoved, Purged, Withdrawn
from broadcaster.journal.row import Row
from broadcaster.library import purge
from broadcaster.library.approvals import HANDS, by_two, counted
from broadcaster.library.decisions import DECISIONS, Decisions, decide
from broadcaster.library.shelf import folder_of, read_episode
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber
from broadcaster.store.marker import sync_folder

BY = "retention"
"""Who orders a purge whose day has come."""
Revision = tuple[EpisodeNumber, int]


@dataclass(frozen=True)
class Due:
    """What must go by now."""

    originals: tuple[Admitted, ...]
    withdrawn: tuple[EpisodeNumber, ...]


def due(rows: Iterable[Row], keep_originals: timedelta, keep_withdrawn: timedelta, now: datetime) -> Due:
    """What must go at ``now``. Pure; ``rows`` of :data:`RETENTION`'s kinds.

    An original may go when its revision, or a later one, has been approved by two for ``keep_originals``: until then somebody
    may have to make the master again. Withdrawn audio goes ``keep_withdrawn`` after the newest withdrawal of the episode.
    """
    kept = list(rows)
    decisions = decide(kept)
    approved = {key: moment for key, moment in _approved(kept, decisions).items() if now - moment >= keep_originals}
    gone = {(row.event.episode, row.event.revision) for row in kept if isinstance(row.event, OriginalRemoved)}
    purged = purge.ordered(kept)
    originals = tuple(
        admitted
        for (number, revision), admitted in decisions.admitted.items()
        if (number, revision) not in gone
        and revision > max(decisions.withdrawn.get(number, 0), purged.get(number, 0))
        and any(episode == number and later >= revision for episode, later in approved)
    )
    since = {row.event.episode: row.utc for row in kept if isinstance(row.event, Withdrawn)}
    withdrawn = tuple(
        number
        for number, moment in since.items()
        if now - moment >= keep_withdrawn and decisions.withdrawn[number] > purged.get(number, 0)
    )
    return Due(originals, withdrawn)


RETENTION: tuple[type[Event], ...] = (*DECISIONS, OriginalRemoved, *purge.PURGES)
"""All that :func:`due` reads."""


def _approved(rows: Iterable[Row], decisions: Decisions) -> Mapping[Revision, datetime]:
    """Since when each revision's master has the yes of two different people, its own or one that carries over to it."""
    admitted_utc = {(row.event.episode, row.event.revision): row.utc for row in rows if isinstance(row.event, Admitted)}
    since: dict[Revision, datetime] = {}
    for key, admitted in decisions.admitted.items():
        hands: dict[str, datetime] = {}
        for each in counted(admitted, decisions):
            hands.setdefault(each.approver, each.utc)
        if len(hands) >= HANDS:
            since[key] = sorted(hands.values())[HANDS - 1]
        elif by_two(admitted, decisions):
            since[key] = admitted_utc[key]
    return since


@dataclass(frozen=True)
class Tidied:
    """What went."""

    originals: tuple[Revision, ...]
    purged: tuple[Purged, ...]


def tidy(station: Station, journal: Journal, now: datetime) -> Tidied:
    """Remove what is due, and whatever a purge cut short has left. Nobody else may change ``episodes/`` meanwhile.

    :raises NotPurged, NotRemoved: the disk would not.
    """
    keep = station.intake
    must = due(
        journal.rows(kinds=RETENTION),
        timedelta(days=keep.keep_originals_days),
        timedelta(days=keep.keep_withdrawn_days),
        now,
    )
    for number in must.withdrawn:
        purge.order(journal, number, BY)
    purged = purge.finish(station, journal)
    for admitted in must.originals:
        _remove_original(station, admitted)
        journal.append(OriginalRemoved(admitted.episode, admitted.revision, admitted.original_sha256))
    return Tidied(
        tuple((each.episode, each.revision) for each in must.originals),
        tuple(purged),
    )


class NotRemoved(purge.NotPurged):
    """An original stays longer than it should."""

    sentence = N_(
        "The original recording of episode {number} could not be removed ({problem}). Check the disk, then: "
        "broadcaster episode tidy."
    )


def _remove_original(station: Station, admitted: Admitted) -> None:
    """The file; its description stays, with its hash and what it measured."""
    episode = read_episode(station, admitted.episode)
    for revision in episode.revisions if episode else ():
        if revision.revision == admitted.revision:
            path = folder_of(station, admitted.episode) / revision.original.path
            try:
                path.unlink(missing_ok=True)
                if path.parent.is_dir():
                    sync_folder(path.parent)
            except OSError as problem:
                raise NotRemoved(number=admitted.episode, problem=problem.strerror or "") from problem
