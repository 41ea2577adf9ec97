"""The play log page by page: what was asked for, in order of due time, market and airing, from any place on.

A page costs the same however far in the log it lies: it begins after a place, not after a number of lines. An airing that ends
meanwhile moves no other to another page.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as time_of_day
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, Select, select, tuple_

from broadcaster.errors import BadInput
from broadcaster.journal.events import Ended
from broadcaster.journal.fold import PlayRecord, play_record
from broadcaster.journal.sequel import NOTHING, sequels
from broadcaster.locale import mark as N_
from broadcaster.model import AiringId, ClockTrust, Evidence, MarketId, Outcome, Reason
from broadcaster.reports.ledger.catching import about, real, some
from broadcaster.reports.ledger.entries import microseconds
from broadcaster.reports.ledger.keeping import Ledger, Sight
from broadcaster.reports.ledger.tables import AIRINGS, NODES

_PLACE = (AIRINGS.c.due, AIRINGS.c.market, AIRINGS.c.airing)


class NoSuchPlace(BadInput):
    """Text that this program did not give as a page's end."""

    sentence: ClassVar[str] = N_("That page is not in the play log. Begin at its first page again.")


@dataclass(frozen=True)
class Asked:
    """Which plays; ``None`` or nothing: whichever."""

    first: date | None = None
    """Local days of the due time, both included."""
    last: date | None = None
    markets: tuple[str, ...] = ()
    episode: int | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Page:
    """Some of the log."""

    records: tuple[PlayRecord, ...]
    after: str | None
    """What to ask for the next page with; ``None``: this was the last."""


EVERYTHING = Asked()


def page(
    ledger: Ledger, asked: Asked = EVERYTHING, *, after: str | None = None, limit: int = 50, newest_first: bool = True
) -> Page:
    """At most ``limit`` airings that have ended, after the place ``after``.

    :raises NoSuchPlace: ``after`` is no place.
    :raises RecordUnavailable, UnknownSchema, UnknownPayload: the journal cannot be read.
    """
    place = None if after is None else _place(after)
    wanted = select(AIRINGS).where(*_chosen(asked, ledger.station.timezone))
    wanted = _placed(wanted, place, newest_first=newest_first).limit(limit + 1)

    def page_in(sight: Sight | None) -> Page:
        if sight is None:
            return Page((), None)
        found = sight.ledger.execute(wanted).all()
        shown = found[:limit]
        return Page(tuple(_records(sight, shown)), _written(shown[-1]) if len(found) > limit else None)

    return ledger.look(page_in)


def of_airings(sight: Sight, names: Sequence[AiringId]) -> list[PlayRecord]:
    """The log's lines of those of these airings that have ended, in order."""
    wanted = select(AIRINGS).where(AIRINGS.c.node.is_not(None))
    found = [row for few in some(names) for row in sight.ledger.execute(wanted.where(AIRINGS.c.airing.in_(few)))]
    return list(_records(sight, sorted(found, key=lambda row: (row.due, row.market, row.airing))))


def markets(ledger: Ledger) -> tuple[MarketId, ...]:
    """Every market on record."""
    told = ledger.look(
        lambda sight: () if sight is None else sight.ledger.execute(select(NODES.c.markets)).scalars().all()
    )
    return tuple(MarketId(name) for name in sorted({name for text in told for name in json.loads(text)}))


def _chosen(asked: Asked, zone: tzinfo) -> Iterator[ColumnElement[bool]]:
    yield AIRINGS.c.node.is_not(None)
    yield from between(asked.first, asked.last, zone)
    if asked.markets:
        yield AIRINGS.c.market.in_(asked.markets)
    for name in ("episode", "outcome", "reason", "evidence"):
        if (value := getattr(asked, name)) is not None:
            yield AIRINGS.c[name] == getattr(value, "value", value)


def between(first: date | None, last: date | None, zone: tzinfo) -> Iterator[ColumnElement[bool]]:
    """Due on these local days, both included."""
    if first is not None:
        yield AIRINGS.c.due >= _begin_of(first, zone)
    if last is not None and last < date.max:
        yield AIRINGS.c.due < _begin_of(last + timedelta(days=1), zone)


def _begin_of(day: date, zone: tzinfo) -> int:
    """The first moment of a local day, microseconds since 1970."""
    return microseconds(datetime.combine(day, time_of_day(), zone))


def _placed(wanted: Select[Any], place: tuple[int, str, str] | None, *, newest_first: bool) -> Select[Any]:
    if place is not None:
        wanted = wanted.where(tuple_(*_PLACE) < place if newest_first else tuple_(*_PLACE) > place)
    return wanted.order_by(*(column.desc() if newest_first else column for column in _PLACE))


def _place(text: str) -> tuple[int, str, str]:
    due, _, rest = text.partition("~")
    market, found, airing = rest.partition("~")
    if not due.lstrip("-").isdecimal() or len(due) > 19 or not found:
        raise NoSuchPlace
    return int(due), market, airing


def _written(row: Row[Any]) -> str:
    return f"{row.due}~{row.market}~{row.airing}"


def _records(sight: Sight, found: Sequence[Row[Any]]) -> Iterator[PlayRecord]:
    """The log's lines: their own words are in the journal, and so is what came after them."""
    names = [AiringId(row.airing) for row in found]
    made = sight.ledger.execute(select(AIRINGS.c.airing).where(AIRINGS.c.root.in_(names))).scalars()
    rows = real(about(sight.journal, sorted({*names, *map(AiringId, made)})), sight.ledger)
    after = sequels(rows)
    said = {(row.node, row.epoch, row.seq): row.event for row in rows if isinstance(row.event, Ended)}
    for row in found:
        end = said[row.node, row.epoch, row.seq]
        sequel = after.get(end.airing, NOTHING)
        yield play_record(end, ClockTrust(row.clock), rehearsal=False, sequel=sequel)
