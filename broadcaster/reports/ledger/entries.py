"""Rows about some airings → what the ledger keeps of each. Pure: the same merge, lines and counts as of all rows."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from broadcaster.journal.events import (
    Complained,
    Ended,
    Event,
    MakeGoodOrdered,
    Promise,
    make_good_of,
)
from broadcaster.journal.fold import promised
from broadcaster.journal.payload import utc_from, utc_text
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, EpisodeNumber, Evidence, MarketId, Outcome, Reason, Seconds
from broadcaster.reports.ledger.sorts import sort_of
from broadcaster.reports.lines import lines_of
from broadcaster.reports.merging import Known, merge
from broadcaster.reports.reach import newest_counts
from broadcaster.reports.summary import Line, Standing

UNKNOWN = "unknown"
"""The kind of an airing of which something was said, and which nobody promised or ended so far."""
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Word(NamedTuple):
    """What one record promised of an airing."""

    utc: str
    """When the row of the last promise was written."""
    promise: Promise
    """The last one."""
    places: tuple[tuple[int, int], ...]
    """Epoch and number of the rows in which it was promised otherwise than before."""


Words = Mapping[AiringId, Mapping[str, Word]]
"""Of each airing, by node."""


@dataclass(frozen=True)
class Entry:
    """One airing's row of the ledger; the two sorts still as texts."""

    values: Mapping[str, object]
    """By column."""
    sort: str
    early: str | None


def names_of(event: Event) -> Iterator[AiringId]:
    """Every airing that the event tells something of."""
    for promise in promised(event):
        yield promise.airing
    airing: AiringId | None = getattr(event, "airing", None)
    if airing is not None:
        yield airing
    if isinstance(event, Ended) and event.make_good_of is not None:
        yield event.make_good_of


def tie_of(event: Event) -> tuple[AiringId, AiringId] | None:
    """A make-good and the airing that was missed, where the event ties the two."""
    if isinstance(event, MakeGoodOrdered):
        return event.promise.airing, event.airing
    if isinstance(event, Ended) and event.make_good_of is not None:
        return event.airing, event.make_good_of
    return None


def known_of(rows: Iterable[Row], words: Words) -> Known:
    """What is known of some airings, from all real rows about them, but for plans, whose last words are given."""
    said = {airing: max(by_node.items(), key=_newest)[1].promise for airing, by_node in words.items() if by_node}
    return replace(merge([rows]), promises=said)


def _newest(told: tuple[str, Word]) -> tuple[str, str]:
    node, word = told
    return word.utc, node


def word_after(before: Word | None, row: Row, promise: Promise) -> Word:
    """What a record has promised with this row, which comes after what it had."""
    same = before is not None and before.promise == promise
    places = before.places if before is not None else ()
    return Word(utc_text(row.utc), promise, places if same else (*places, (row.epoch, row.seq)))


def entries(names: Collection[AiringId], rows: Sequence[Row], words: Words, zone: tzinfo) -> Iterator[Entry]:
    """One for each of these airings, whose families' rows are all there. ``zone``: that of all days."""
    known = known_of(rows, words)
    people = _people(rows)
    late = {line.airing: line for line in lines_of(known, datetime(9000, 1, 1, tzinfo=zone), {})}
    waiting = replace(
        known, promises={name: each for name, each in known.promises.items() if name not in known.ends}, ends={}
    )
    early = {line.airing: line for line in lines_of(waiting, datetime(1000, 1, 1, tzinfo=zone), {})}
    roots = {name: missed for missed, made in known.make_goods.items() for name in made}
    for name in names:
        word = write_words(words.get(name, {}))
        if (line := late.get(name)) is None:
            yield _stub(name, word, people.get(name))
            continue
        before = sort_of(early[name]) if line.standing is Standing.AWAITED else None
        values = _values(line, known) | {"root": roots.get(name) or line.make_good_of, "promised": word}
        yield Entry(values | {"people": people.get(name)}, sort_of(line), before)


def _stub(name: AiringId, word: str | None, people: str | None) -> Entry:
    nothing = dict.fromkeys(("episode", "outcome", "reason", "node", "epoch", "seq", "clock", "expected_s", "delay_s"))
    values: dict[str, object] = {
        "due": 0,
        "market": "",
        "airing": name,
        "kind": UNKNOWN,
        "day": 1,
        "evidence": Evidence.NONE.value,
        "root": make_good_of(name),
        "counted": False,
        "heard_s": 0.0,
        "played_s": 0.0,
        "promised": word,
        "people": people,
        **nothing,
    }
    return Entry(values, "{}", None)


def _values(line: Line, known: Known) -> dict[str, object]:
    end = known.ends.get(line.airing)
    played = line.outcome is Outcome.PLAYED and line.delay_s is not None
    return {
        "due": microseconds(line.due),
        "market": line.market,
        "airing": line.airing,
        "kind": line.kind.value,
        "day": line.day.toordinal(),
        "episode": line.episode,
        "outcome": line.outcome and line.outcome.value,
        "reason": line.reason and line.reason.value,
        "evidence": line.evidence.value,
        "node": end and end.row.node,
        "epoch": end and end.row.epoch,
        "seq": end and end.row.seq,
        "clock": end and end.clock.value,
        "counted": not line.off_calendar,
        "expected_s": end and end.said.expected_s,
        "heard_s": line.heard_s,
        "played_s": line.played_s,
        "delay_s": abs(line.delay_s or 0.0) if played else None,
    }


def microseconds(moment: datetime) -> int:
    """Since 1970, of an aware moment."""
    return (moment - _BEGIN) // _MICROSECOND


def write_words(words: Mapping[str, Word]) -> str | None:
    """What each record promised, as JSON."""
    if not words:
        return None
    said = {node: [word.utc, *_written(word.promise), word.places] for node, word in words.items()}
    return json.dumps(said, separators=(",", ":"))


def _written(promise: Promise) -> tuple[object, ...]:
    cancelled = promise.cancelled and promise.cancelled.value
    return promise.market, utc_text(promise.due), promise.episode, promise.grace_s, cancelled


def read_words(airing: AiringId, text: str | None) -> dict[str, Word]:
    """What :func:`write_words` wrote."""
    found: dict[str, Word] = {}
    for node, (utc, market, due, episode, grace, cancelled, places) in (json.loads(text) if text else {}).items():
        number = None if episode is None else EpisodeNumber(episode)
        why = None if cancelled is None else Reason(cancelled)
        promise = Promise(airing, MarketId(market), utc_from(due), number, Seconds(grace), why)
        found[node] = Word(utc, promise, tuple((epoch, seq) for epoch, seq in places))
    return found


def _people(rows: Iterable[Row]) -> dict[AiringId, str]:
    """Listeners and complaints that somebody counted, as JSON."""
    kept = list(rows)
    seen = newest_counts(kept)
    complaints: dict[AiringId, Counter[str]] = {}
    for row in kept:
        if isinstance(row.event, Complained):
            complaints.setdefault(row.event.airing, Counter())[row.event.about.value] += 1
    return {
        airing: json.dumps(
            {
                "seen": [said.women, said.men, said.method.value, said.by] if (said := seen.get(airing)) else None,
                "complaints": complaints.get(airing, {}),
            },
            separators=(",", ":"),
        )
        for airing in {**seen, **complaints}
    }
