"""The rows that tell of one airing: the ledger knows in which of them it was promised."""

from collections.abc import Collection, Iterator

from sqlalchemy import select

from broadcaster.journal.about import Key
from broadcaster.journal.about import rows_about as rows_in
from broadcaster.journal.events import Event
from broadcaster.journal.row import Row
from broadcaster.model import AiringId
from broadcaster.reports.ledger.entries import read_words
from broadcaster.reports.ledger.keeping import Ledger, Sight
from broadcaster.reports.ledger.tables import AIRINGS


def rows_about(ledger: Ledger, airing: AiringId, kinds: Collection[type[Event]]) -> list[Row]:
    """As :func:`broadcaster.journal.about.rows_about` finds them; none where there is no record yet.

    :raises RecordUnavailable, UnknownSchema, UnknownPayload: the journal cannot be read.
    """

    def told(sight: Sight | None) -> list[Row]:
        return [] if sight is None else rows_in(sight.journal, airing, kinds, _promised(sight, airing))

    return ledger.look(told)


def _promised(sight: Sight, airing: AiringId) -> Iterator[Key]:
    words = sight.ledger.execute(select(AIRINGS.c.promised).where(AIRINGS.c.airing == airing)).scalar()
    for node, word in read_words(airing, words).items():
        yield from ((node, epoch, seq) for epoch, seq in word.places)
