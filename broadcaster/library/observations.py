"""Counts of listeners and of complaints are put on record. Counts only: nothing about anybody, and no words of theirs."""

from broadcaster.journal.append import Journal
from broadcaster.journal.events import Complained, Observed
from broadcaster.journal.row import Row
from broadcaster.library.sayings import Heard, NotYet


def observe(journal: Journal, heard: Heard, said: Observed) -> Row:
    """Put on record how many people were within hearing of an airing that was due.

    :raises AiringUnknown, NotYet: nobody can have counted there.
    """
    _refuse_early(journal, heard, said)
    return journal.append(said)


def complain(journal: Journal, heard: Heard, said: Complained) -> Row:
    """Put one more complaint about an airing on record.

    :raises AiringUnknown, NotYet: nobody can have heard it.
    """
    _refuse_early(journal, heard, said)
    return journal.append(said)


def _refuse_early(journal: Journal, heard: Heard, said: Observed | Complained) -> None:
    if heard.due(said.airing) > journal.clock.now().utc:
        raise NotYet(airing=said.airing)
