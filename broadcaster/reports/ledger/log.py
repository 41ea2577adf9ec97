"""The play log from the ledger, as :class:`~broadcaster.journal.playlog.PlayLog` tells it: for records that are no file."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import col

from broadcaster.config import Station
from broadcaster.journal.events import Ended, Event
from broadcaster.journal.fold import PlayRecord
from broadcaster.journal.playlog import EVERYTHING, Wanted
from broadcaster.journal.sequel import SAID
from broadcaster.model import AiringId, MarketId
from broadcaster.reports.ledger.catching import chains_read
from broadcaster.reports.ledger.chains import Chain, Head
from broadcaster.reports.ledger.keeping import Ledger, Sight
from broadcaster.reports.ledger.pages import Asked, markets, of_airings, page
from broadcaster.store.tables import JournalRow

AT_ONCE = 500
_KINDS: tuple[type[Event], ...] = (Ended, *SAID)
_TOLD = [kind.kind for kind in _KINDS]


class LedgerLog:
    """What there is, then what comes."""

    def __init__(self, station: Station) -> None:
        self._ledger = Ledger.open(station)
        self._seen: dict[Chain, Head] = {}

    def plays(self, wanted: Wanted = EVERYTHING) -> Iterator[PlayRecord]:
        """One record for every airing that has ended, ordered by due time, then market."""
        self._seen = self._ledger.look(lambda sight: {} if sight is None else chains_read(sight.ledger))
        only = wanted.named if wanted.market is None else (wanted.market,)
        asked = Asked(wanted.first, wanted.last, only, wanted.episode, wanted.outcome)
        after: str | None = None
        while True:
            found = page(self._ledger, asked, after=after, limit=AT_ONCE, newest_first=False)
            yield from found.records
            if (after := found.after) is None:
                return

    def newer(self) -> list[PlayRecord]:
        """The airings that ended, or of which somebody has said something, since the last call of this or of :meth:`plays`."""
        return self._ledger.look(lambda sight: [] if sight is None else self._newer(sight))

    def _newer(self, sight: Sight) -> list[PlayRecord]:
        read = chains_read(sight.ledger)  # the journal itself may reach farther by now: that is told the next time
        new = [(chain, head) for chain, head in read.items() if self._seen.get(chain) != head]
        names = sorted({name for chain, head in new for name in self._names(sight, chain, head)})
        found = of_airings(sight, names)
        self._seen = read
        return found

    def markets(self) -> set[MarketId]:
        """Every market on record."""
        return set(markets(self._ledger))

    def close(self) -> None:
        """Let go of it. Safe to call twice."""
        self._ledger.close()

    def _names(self, sight: Sight, chain: Chain, head: Head) -> Iterator[AiringId]:
        """Of what the chain's new rows tell."""
        (node, epoch), seen = chain, self._seen.get(chain, (0, ""))[0]
        new = col(JournalRow.seq).between(seen + 1, head[0])
        rows = select(col(JournalRow.airing)).where(col(JournalRow.node) == node, col(JournalRow.epoch) == epoch, new)
        told = sight.journal.execute(rows.where(col(JournalRow.kind).in_(_TOLD))).scalars()
        return (AiringId(name) for name in told if name is not None)
