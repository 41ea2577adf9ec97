"""The register of copies that left the library: which there are of an episode, and which are still out there.

A copy is known by a code and the hash of its file, never by a place or a name: who carries it is told the code.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, CopyMade, CopyRemoved, Event
from broadcaster.journal.row import Row
from broadcaster.library.acts import decisions_of, identify
from broadcaster.library.refusals import CopyGone, CopyUnknown, EpisodeWithdrawn, IsSuspended
from broadcaster.locale.shown import shown
from broadcaster.model import EpisodeNumber, Sha256

COPIES: tuple[type[Event], ...] = (CopyMade, CopyRemoved)
"""All that :func:`copies` reads."""


@dataclass(frozen=True)
class Copy:
    """One copy, and what became of it."""

    made: CopyMade
    utc: datetime
    removed_utc: datetime | None = None
    """When somebody said that it exists no longer; ``None``: it is out there."""
    removed_by: str = ""


def copies(rows: Iterable[Row], number: EpisodeNumber | None = None) -> list[Copy]:
    """Every registered copy, of one episode or of all, in the order in which they were made. Pure."""
    known: dict[str, Copy] = {}
    for row in rows:
        match row.event:
            case CopyMade() as made if number is None or made.episode == number:
                known[made.copy] = Copy(made, row.utc)
            case CopyRemoved(copy, by) if copy in known and known[copy].removed_utc is None:
                known[copy] = Copy(known[copy].made, known[copy].utc, row.utc, by)
    return list(known.values())


def still_out(rows: Iterable[Row], number: EpisodeNumber, through_revision: int) -> list[Copy]:
    """The copies of these revisions that nobody has said to be gone."""
    of_it = copies(rows, number)
    return [copy for copy in of_it if copy.removed_utc is None and copy.made.revision <= through_revision]


def register_copy(
    journal: Journal, admitted: Admitted, *, form: str, copy_sha256: Sha256, scope: str, by: str = ""
) -> CopyMade:
    """Put a copy on record, before it takes its place: what was copied and is not on record does not exist.

    :raises EpisodeWithdrawn, IsSuspended: that was decided while it was being made.
    """
    decisions = decisions_of(journal)
    if admitted.revision <= decisions.withdrawn.get(admitted.episode, 0):
        raise EpisodeWithdrawn(number=admitted.episode)
    if admitted.episode in decisions.suspended:
        raise IsSuspended(number=admitted.episode)
    made = CopyMade(
        _new_code(copies(journal.rows(kinds=COPIES))),
        admitted.episode,
        admitted.revision,
        admitted.master_sha256,
        form,
        copy_sha256,
        scope,
        by,
    )
    journal.append(made)
    return made


def _new_code(known: Iterable[Copy]) -> str:
    taken = {copy.made.copy for copy in known}
    while (code := f"K-{secrets.token_hex(3).upper()}") in taken:
        pass
    return code


def remove_copy(journal: Journal, station: Station, copy: str, code: str, pin: str) -> Copy:
    """Put on record that a copy exists no longer, on the word of a registered person.

    :raises CopyUnknown: there is none of this code.
    :raises CopyGone: that was said before.
    """
    identify(journal, station, code, pin)
    known = {each.made.copy: each for each in copies(journal.rows(kinds=COPIES))}
    found = known.get(copy.strip().upper())
    if found is None:
        raise CopyUnknown(copy=shown(copy))
    if found.removed_utc is not None:
        raise CopyGone(copy=found.made.copy)
    row = journal.append(CopyRemoved(found.made.copy, code))
    return Copy(found.made, found.utc, row.utc, code)
