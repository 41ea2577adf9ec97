"""Counts of listeners and of complaints are put on record. Counts only: nothing about anybody, and no words of theirs."""

from collections.abc import Iterable

from broadcaster.errors import BadInput
from broadcaster.journal.about import rows_of
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Complained, Declared, Ended, Observed
from broadcaster.journal.row import Row
from broadcaster.library.sayings import Heard, NotYet
from broadcaster.locale import mark as N_
from broadcaster.model import HeardAs, Outcome


class NobodyHeard(BadInput):
    """Nothing of it sounded, as far as the machine and people say."""

    sentence = N_(
        "The airing {airing} did not go out, so nobody can be counted there and nothing was written. If it was played from "
        "the amplifier's own USB, type the sheet's line in first: broadcaster plays declare. A make-good has its own name."
    )


def observe(journal: Journal, heard: Heard, said: Observed) -> Row:
    """Put on record how many people were within hearing of an airing that went out.

    :raises AiringUnknown, NotYet, NobodyHeard: nobody can have counted there.
    """
    _refuse_early(journal, heard, said)
    with journal.store.reading() as connection:
        silent = is_silent(rows_of(connection, said.airing))
    if silent:
        raise NobodyHeard(airing=said.airing)
    return journal.append(said)


def is_silent(rows: Iterable[Row]) -> bool:
    """Whether every computer that ended the airing says that nothing went out, and nobody that it was heard all the same.

    :param rows: those that name it, of any computer. Pure.
    """
    said = [row.event for row in rows]
    outcomes = {event.outcome for event in said if isinstance(event, Ended)}
    heard = any(isinstance(event, Declared) and event.heard is not HeardAs.NO for event in said)
    return bool(outcomes) and outcomes <= {Outcome.MISSED, Outcome.CANCELLED} and not heard


def complain(journal: Journal, heard: Heard, said: Complained) -> Row:
    """Put one more complaint about an airing on record.

    :raises AiringUnknown, NotYet: nobody can have heard it.
    """
    _refuse_early(journal, heard, said)
    return journal.append(said)


def _refuse_early(journal: Journal, heard: Heard, said: Observed | Complained) -> None:
    if heard.due(said.airing) > journal.clock.now().utc:
        raise NotYet(airing=said.airing)
