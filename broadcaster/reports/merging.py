"""The rows of any number of journals as one: each once, in order, rehearsals left out. Pure.

Two computers may have promised the same airing: :mod:`broadcaster.journal.ends` says which end stands.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from broadcaster.errors import BadInput
from broadcaster.journal.ends import End, ends
from broadcaster.journal.events import (
    ClockHeld,
    Complained,
    Confirmed,
    Declared,
    Ended,
    Event,
    Intent,
    Listened,
    MakeGoodOrdered,
    MessageReceived,
    Observed,
    PlanAccepted,
    PlayOrdered,
    Promise,
    Started,
)
from broadcaster.journal.fold import promised
from broadcaster.journal.row import Row
from broadcaster.journal.sequel import standing
from broadcaster.locale import mark as N_
from broadcaster.model import AiringId, ClockTrust, MarketId

FOR_SUMMARY: tuple[type[Event], ...] = (
    *(Started, PlanAccepted, PlayOrdered, MakeGoodOrdered, ClockHeld, Intent, Ended),
    *(Listened, Confirmed, Declared, Observed, Complained, MessageReceived),
)
"""All that is read here."""


class JournalsDisagree(BadInput):
    """The same row says two things: one of the journals was changed."""

    sentence = N_(
        "Two of the records tell different things under the same number {row}, so no report was made. Check each of them with "
        "`broadcaster plays verify` and leave out the one that was changed."
    )


@dataclass(frozen=True)
class Known:
    """What the journals come to."""

    rows: tuple[Row, ...]
    """Each once, by node, epoch and number; no rehearsal's."""
    promises: Mapping[AiringId, Promise]
    """As promised last."""
    ends: Mapping[AiringId, End]
    make_goods: Mapping[AiringId, tuple[AiringId, ...]]
    """Of each missed airing, its make-goods in the order in which they were ordered."""
    accepted: Mapping[MarketId, tuple[datetime, datetime]]
    """When plans with airings of a market were accepted first and last."""
    confirmed: Mapping[AiringId, tuple[Row, Confirmed]] = field(default_factory=dict)
    """The newest word of somebody who was there, with its row."""
    declared: Mapping[AiringId, tuple[Row, Declared]] = field(default_factory=dict)
    reported: Mapping[AiringId, tuple[Row, MessageReceived]] = field(default_factory=dict)
    """The newest message about it, with its row."""


def merge(journals: Iterable[Iterable[Row]]) -> Known:
    """The journals as one, however the rows are dealt out over them, in whatever order, how often ever.

    :raises JournalsDisagree: two rows of one key differ.
    """
    rows = tuple(_real(_each_once(journals)))
    by_time = sorted(rows, key=lambda row: (row.utc, *_key(row)))
    return Known(
        rows=rows,
        promises=_promises(rows),
        ends=ends(rows),
        make_goods=_make_goods(by_time),
        accepted=_accepted(rows),
        confirmed={row.event.airing: (row, row.event) for row in by_time if isinstance(row.event, Confirmed)},
        declared=_declared(by_time),
        reported={row.event.airing: (row, row.event) for row in by_time if isinstance(row.event, MessageReceived)},
    )


def _each_once(journals: Iterable[Iterable[Row]]) -> list[Row]:
    found: dict[tuple[str, int, int], Row] = {}
    for row in (row for journal in journals for row in journal):
        if found.setdefault(_key(row), row) != row:
            raise JournalsDisagree(row=row.play)
    return [found[key] for key in sorted(found)]


def _key(row: Row) -> tuple[str, int, int]:
    return row.node, row.epoch, row.seq


def _real(rows: Iterable[Row]) -> Iterator[Row]:
    """Without what a rehearsal wrote: all from its start to the next real one of the same computer, and shifted clocks."""
    for _node, own in groupby(rows, key=lambda row: row.node):
        rehearsal = False
        for row in own:
            if isinstance(row.event, Started):
                rehearsal = row.event.rehearsal
            if not rehearsal and row.clock is not ClockTrust.SHIFTED:
                yield row


def _promises(rows: Iterable[Row]) -> dict[AiringId, Promise]:
    """The last word of each record, of several the newest."""
    newest: dict[AiringId, tuple[tuple[datetime, str], Promise]] = {}
    for node, own in groupby(rows, key=lambda row: row.node):
        last: dict[AiringId, tuple[tuple[datetime, str], Promise]] = {}
        for row in own:
            last.update((each.airing, ((row.utc, node), each)) for each in promised(row.event))
        for airing, one in last.items():
            newest[airing] = max(newest.get(airing, one), one, key=lambda each: each[0])
    return {airing: promise for airing, (_when, promise) in newest.items()}


def markets_of(row: Row) -> Iterator[MarketId]:
    """The markets whose airings the row ends or promises."""
    if isinstance(row.event, Ended):
        yield row.event.market
    elif isinstance(row.event, PlanAccepted):
        yield from (promise.market for promise in row.event.promises)


def _declared(by_time: Iterable[Row]) -> dict[AiringId, tuple[Row, Declared]]:
    """The newest line of a control sheet, of each airing."""
    typed = standing(row for row in by_time if isinstance(row.event, Declared))
    return {row.event.airing: (row, row.event) for row in typed if isinstance(row.event, Declared)}


def _make_goods(by_time: Iterable[Row]) -> dict[AiringId, tuple[AiringId, ...]]:
    """Those that were ordered, and those that only their end tells of."""
    found: dict[AiringId, dict[AiringId, None]] = {}
    for row in by_time:
        if isinstance(row.event, MakeGoodOrdered):
            found.setdefault(row.event.airing, {})[row.event.promise.airing] = None
        elif isinstance(row.event, Ended) and row.event.make_good_of is not None:
            found.setdefault(row.event.make_good_of, {})[row.event.airing] = None
    return {airing: tuple(names) for airing, names in found.items()}


def _accepted(rows: Iterable[Row]) -> dict[MarketId, tuple[datetime, datetime]]:
    found: dict[MarketId, tuple[datetime, datetime]] = {}
    for row in rows:
        if isinstance(row.event, PlanAccepted):
            for market in {each.market for each in row.event.promises}:
                first, last = found.get(market, (row.utc, row.utc))
                found[market] = min(first, row.utc), max(last, row.utc)
    return found
