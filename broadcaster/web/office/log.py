"""The play log as the office asks for it: filters as they stand in an address, pages by place, and what is exported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from broadcaster.config import Station
from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.model import Evidence, MarketId, Outcome, Reason
from broadcaster.reports.ledger.pages import Asked, Page, markets, page
from broadcaster.reports.playlines import Line, line_of
from broadcaster.web.desk import Desk
from broadcaster.web.office import asked
from broadcaster.web.office.kept import ledger_of
from broadcaster.web.office.market_names import meant

ON_A_PAGE = 25
AT_ONCE = 500
"""Lines read at a time for an export."""
MOST = 100_000
"""Lines of one export: a file that an office's computer still opens."""


class TooManyLines(UsageError):
    """No office opens a file of that size."""

    sentence = N_("That is more than {most} lines, so no file was made. Choose fewer days, or one market at a time.")


class NothingFits(UsageError):
    """An empty file would only puzzle."""

    sentence = N_("Nothing in the play log fits, so no file was made. Choose other days or leave a filter out.")


@dataclass(frozen=True)
class Filter:
    """What is asked for; empty or ``None``: whichever."""

    first: date | None = None
    """Local days of the due time, both included."""
    last: date | None = None
    market: str = ""
    episode: int | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None
    evidence: Evidence | None = None

    @property
    def wanted(self) -> Asked:
        """The same, as the ledger is asked."""
        places = (self.market,) if self.market else ()
        return Asked(self.first, self.last, places, self.episode, self.outcome, self.reason, self.evidence)

    @property
    def words(self) -> dict[str, str]:
        """The same, as it stands in an address or a form; what is not asked for is left out."""
        named = {
            "first": self.first,
            "last": self.last,
            "market": self.market,
            "episode": self.episode,
            "outcome": self.outcome,
            "reason": self.reason,
            "evidence": self.evidence,
        }
        return {name: str(value) for name, value in named.items() if value not in {None, ""}}

    def address(self, path: str, after: str | None = None) -> str:
        """Of its page that begins after that place."""
        words = self.words if after is None else {**self.words, "after": after}
        return f"{path}?{urlencode(words)}" if words else path


def filter_of(words: Mapping[str, str], names: Mapping[str, str]) -> Filter:
    """What an address or a form asks for; ``names``: of the markets, by id.

    :raises UsageError: it holds something that cannot be asked for.
    """
    first, last = asked.days(words)
    return Filter(
        first,
        last,
        meant(words.get("market", ""), names),
        asked.number(words.get("episode", "")),
        asked.one_of(Outcome, words.get("outcome", "")),
        asked.one_of(Reason, words.get("reason", "")),
        asked.one_of(Evidence, words.get("evidence", "")),
    )


def places(desk: Desk) -> dict[str, str]:
    """Every market of the station or of the record, with the name that people call it by."""
    own = {str(id_): market.name for id_, market in desk.station.markets.items()}
    return {**own, **{str(id_): str(id_) for id_ in markets(ledger_of(desk)) if id_ not in own}}


def shown(desk: Desk, wanted: Filter, after: str | None) -> tuple[list[Line], Page]:
    """One page, the newest first.

    :raises NoSuchPlace: ``after`` is none that a page of ours ended with.
    """
    found = page(ledger_of(desk), wanted.wanted, after=after, limit=ON_A_PAGE)
    return [line_of(record, desk.station) for record in found.records], found


def exported(desk: Desk, wanted: Filter, station: Station) -> Iterator[Line]:
    """All of it, the oldest first.

    :raises NothingFits, TooManyLines: it is nothing, or too much for a file.
    """
    after, count = None, 0
    while count == 0 or after is not None:
        found = page(ledger_of(desk), wanted.wanted, after=after, limit=AT_ONCE, newest_first=False)
        count += len(found.records)
        if count == 0:
            raise NothingFits
        if count > MOST:
            raise TooManyLines(most=MOST)
        yield from (line_of(record, station) for record in found.records)
        after = found.after


def market_ids(lines: list[Line]) -> tuple[MarketId, ...]:
    """Those that the lines are of."""
    return tuple(sorted({line.market for line in lines}))
