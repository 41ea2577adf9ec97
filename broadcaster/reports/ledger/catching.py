"""The ledger is brought up to the journal: a few thousand rows at a time, each step one transaction.

Of an airing that the ledger does not know, all rows are in the step's own, for each row it ever read has left an entry. Of one
that it knows, and of its make-goods, the rows are read again by their names.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select
from sqlmodel import col

from broadcaster.journal.events import Event, PlanAccepted, Started, make_good_of
from broadcaster.journal.fold import promised
from broadcaster.journal.nodes import COLUMNS
from broadcaster.journal.payload import utc_text
from broadcaster.journal.reading import as_records
from broadcaster.journal.row import Record, Row, understand
from broadcaster.journal.settling import hash_of
from broadcaster.model import AiringId, ClockTrust
from broadcaster.reports.ledger.chains import Chain, Head, Stretch, heads, unread
from broadcaster.reports.ledger.entries import Entry, Word, entries, names_of, read_words, tie_of, word_after
from broadcaster.reports.ledger.tables import AIRINGS, CHAINS, MADE, METADATA, NODES, OF, SORTS
from broadcaster.reports.merging import FOR_SUMMARY, markets_of
from broadcaster.store.engine import whose
from broadcaster.store.tables import JournalRow

AT_ONCE = 20_000
"""Rows of the journal in one step."""
NAMED = 400
"""Names in one question."""
ABOUT_AIRINGS: tuple[type[Event], ...] = tuple(kind for kind in FOR_SUMMARY if kind not in {Started, PlanAccepted})
_KINDS = [kind.kind for kind in FOR_SUMMARY]
_ABOUT = frozenset(kind.kind for kind in ABOUT_AIRINGS)
_HOW_FAR = select(CHAINS.c.node, CHAINS.c.epoch, CHAINS.c.seq)


def chains_read(ledger: Connection) -> dict[Chain, Head]:
    """How far each chain was read."""
    found = ledger.execute(select(CHAINS.c.node, CHAINS.c.epoch, CHAINS.c.seq, CHAINS.c.hash))
    return {(node, epoch): (seq, hash_) for node, epoch, seq, hash_ in found}


def caught_up(journal: Connection, ledger: Connection) -> bool:
    """Whether the ledger is this journal's and has read all of it."""
    return _made_of(ledger) == _life_of(journal) and chains_read(ledger) == heads(journal)


def step(journal: Connection, ledger: Connection, zone: tzinfo) -> bool:
    """Read some of what is new into the ledger, in the transaction the caller holds; whether there is more."""
    newest, life = heads(journal), _life_of(journal)
    todo = unread(newest, chains_read(ledger)) if _made_of(ledger) == life else None
    if todo is None or not all(_goes_on(journal, stretch) for stretch in todo):
        _begin_anew(ledger, life)
        todo = unread(newest, {}) or []
    taken = _Taken()
    more = _read(journal, ledger, todo, taken)
    _write(journal, ledger, taken, zone)
    return more


def _life_of(journal: Connection) -> str:
    """Of one that was mended, restored or took rows in from its copy another than before, whatever became of rows between."""
    found = whose(journal)
    return f"{found.node} {found.epoch}"


def _made_of(ledger: Connection) -> str | None:
    """Of which journal the ledger was made."""
    return ledger.execute(select(MADE.c.value).where(MADE.c.name == OF)).scalar()


def _begin_anew(ledger: Connection, life: str) -> None:
    for table in METADATA.tables.values():
        if table is not MADE:
            ledger.execute(delete(table))
    ledger.execute(delete(MADE).where(MADE.c.name == OF))
    ledger.execute(insert(MADE), [{"name": OF, "value": life}])


def _goes_on(journal: Connection, stretch: Stretch) -> bool:
    """Whether the row that was read last is still that row."""
    return not stretch.after or hash_of(journal, (*stretch.chain, stretch.after)) == stretch.after_hash


@dataclass
class Node:
    """What is told of one computer's record."""

    rows: int = 0
    newest: str | None = None
    newest_key: str | None = None
    markets: set[str] = field(default_factory=set)
    accepted: dict[str, tuple[str, str]] = field(default_factory=dict)
    rehearsals: list[tuple[int, int, bool]] = field(default_factory=list)
    """Epoch and number of the rows from which on it was a rehearsal, or no longer was."""
    read: tuple[int, int] = (0, 0)

    def rehearsed(self, row: Row) -> bool:
        """Whether nothing of what this row says counts."""
        flag = False
        for epoch, seq, rehearsal in self.rehearsals:
            if (epoch, seq) > (row.epoch, row.seq):
                break
            flag = rehearsal
        return flag or row.clock is ClockTrust.SHIFTED

    def counts(self, row: Row) -> bool:
        """Whether the row was read, and counts."""
        return (row.epoch, row.seq) <= self.read and not self.rehearsed(row)

    def take(self, row: Row) -> bool:
        """The next row; whether it counts."""
        self.read = row.epoch, row.seq
        if isinstance(row.event, Started) and row.event.rehearsal != (
            self.rehearsals[-1][2] if self.rehearsals else False
        ):
            self.rehearsals.append((row.epoch, row.seq, row.event.rehearsal))
        if self.rehearsed(row):
            return False
        self.rows += 1
        utc = utc_text(row.utc)
        if self.newest is None or utc > self.newest:
            self.newest, self.newest_key = utc, row.play
        self.markets.update(markets_of(row))
        if isinstance(row.event, PlanAccepted):
            for market in {each.market for each in row.event.promises}:
                first, last = self.accepted.get(market, (utc, utc))
                self.accepted[market] = min(first, utc), max(last, utc)
        return True


@dataclass
class _Taken:
    """What a step has taken in."""

    nodes: dict[str, Node] = field(default_factory=dict)
    chains: dict[Chain, Head] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    """Those that count."""

    def take(self, records: Iterable[Any]) -> None:
        for row in map(understand, records):
            if self.nodes[row.node].take(row):
                self.rows.append(row)


def nodes_told(ledger: Connection, names: Collection[str]) -> dict[str, Node]:
    """What the ledger tells of these nodes, and nothing of those it does not know."""
    found = {name: Node() for name in names}
    for few in some(sorted(names)):
        for row in ledger.execute(select(NODES).where(NODES.c.node.in_(few))):
            accepted = {market: (first, last) for market, (first, last) in json.loads(row.accepted).items()}
            rehearsals = [(epoch, seq, flag) for epoch, seq, flag in json.loads(row.rehearsals)]
            found[row.node] = Node(
                row.rows, row.newest, row.newest_key, set(json.loads(row.markets)), accepted, rehearsals
            )
    return found


def _read(journal: Connection, ledger: Connection, todo: Sequence[Stretch], taken: _Taken) -> bool:
    """Take in the next rows; whether there are more."""
    left, told = AT_ONCE, dict[str, Node]()
    for at, stretch in enumerate(todo):
        node, epoch = stretch.chain
        if node not in told:
            told |= nodes_told(ledger, {each.chain[0] for each in todo[at : at + NAMED]} - told.keys())
        taken.nodes[node] = told[node]
        rows = (
            select(*COLUMNS)
            .where(col(JournalRow.node) == node, col(JournalRow.epoch) == epoch)
            .where(col(JournalRow.seq) > stretch.after, col(JournalRow.seq) <= stretch.head[0])
            .where(col(JournalRow.kind).in_(_KINDS))
            .order_by(col(JournalRow.seq))
            .limit(left)
        )
        records = list(as_records(journal.execute(rows)))
        taken.take(records)
        cut = len(records) == left
        taken.chains[stretch.chain] = (records[-1].seq, records[-1].hash) if cut else stretch.head
        taken.nodes[node].read = epoch, taken.chains[stretch.chain][0]
        left -= len(records)
        if cut:
            return True
    return False


def _write(journal: Connection, ledger: Connection, taken: _Taken, zone: tzinfo) -> None:
    families = _Families.of(ledger, taken.rows)
    rows = [*families.new(taken.rows), *_real(about(journal, families.known()), ledger, taken)]
    made = list(entries(families.names, rows, families.words, zone))
    _put(ledger, families.known(), made)
    _put_nodes(ledger, taken)


class _Families:
    """The airings that rows tell something of, each with its make-goods, and what the ledger knows of them."""

    def __init__(self) -> None:
        self.names: set[AiringId] = set()
        self.words: dict[AiringId, dict[str, Word]] = {}
        self._roots: dict[AiringId, AiringId] = {}
        self._known: set[AiringId] = set()
        """Roots of the families of which the ledger has something."""

    @classmethod
    def of(cls, ledger: Connection, rows: Iterable[Row]) -> "_Families":
        families, rows = cls(), list(rows)
        for row in rows:
            families.names.update(names_of(row.event))
            if (tie := tie_of(row.event)) is not None:
                families._roots[tie[0]] = tie[1]
        families.names.update(families._root(name) for name in tuple(families.names))
        families._look_up(ledger)
        for row in rows:
            for promise in promised(row.event):
                by_node = families.words.setdefault(promise.airing, {})
                by_node[row.node] = word_after(by_node.get(row.node), row, promise)
        return families

    def _root(self, name: AiringId) -> AiringId:
        return self._roots.get(name) or make_good_of(name) or name

    def _look_up(self, ledger: Connection) -> None:
        asked: set[AiringId] = set()
        while new := self.names - asked:
            asked |= new
            for airing, root, words in named(ledger, sorted(new)):
                self.names.add(airing)
                self.words[airing] = read_words(airing, words)
                if root is not None:
                    self._roots.setdefault(airing, root)
                    self.names.add(root)
        self._known = {self._root(name) for name in self.words}

    def known(self) -> list[AiringId]:
        """Those whose rows must be read again."""
        return sorted(name for name in self.names if self._root(name) in self._known)

    def new(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Of these rows, those that are all there is about airings unknown so far."""
        for row in rows:
            airing: AiringId | None = getattr(row.event, "airing", None)
            if airing is not None and self._root(airing) not in self._known:
                yield row


def named(ledger: Connection, names: Sequence[AiringId]) -> Iterator[tuple[AiringId, AiringId | None, str | None]]:
    """What the ledger has of these airings and of their make-goods: name, the airing missed first, promises."""
    asked = select(AIRINGS.c.airing, AIRINGS.c.root, AIRINGS.c.promised)
    for few in some(names):
        found = ledger.execute(asked.where(or_(AIRINGS.c.airing.in_(few), AIRINGS.c.root.in_(few))))
        yield from (
            (AiringId(airing), None if root is None else AiringId(root), words) for airing, root, words in found
        )


def about(journal: Connection, names: Sequence[AiringId]) -> Iterator[Row]:
    """Every row about these airings, each record's in order; plans tell of too many to be among them.

    They are chosen by name and put in order here: asked for more, SQLite would read the whole table in its own order.
    """
    found: list[Record] = []
    for few in some(names):
        found += as_records(journal.execute(select(*COLUMNS).where(col(JournalRow.airing).in_(few))))
    wanted = (record for record in found if record.kind in _ABOUT)
    return map(understand, sorted(wanted, key=lambda record: (record.node, record.epoch, record.seq)))


def real(rows: Iterable[Row], ledger: Connection) -> list[Row]:
    """Without what was rehearsed, and without what the ledger has not read yet."""
    kept = list(rows)
    nodes = nodes_told(ledger, {row.node for row in kept})
    for few in some(sorted(nodes)):
        for node, epoch, seq in ledger.execute(_HOW_FAR.where(CHAINS.c.node.in_(few))):
            nodes[node].read = max(nodes[node].read, (epoch, seq))
    return [row for row in kept if nodes[row.node].counts(row)]


def _real(rows: Iterable[Row], ledger: Connection, taken: _Taken) -> list[Row]:
    """The same, in the middle of a step."""
    own, others = list[Row](), list[Row]()
    for row in rows:
        (own if row.node in taken.nodes else others).append(row)
    return [row for row in own if taken.nodes[row.node].counts(row)] + (real(others, ledger) if others else [])


def _put(ledger: Connection, before: Sequence[AiringId], made: Sequence[Entry]) -> None:
    """``before``: all those of which the ledger may have a row."""
    for few in some(before):
        ledger.execute(delete(AIRINGS).where(AIRINGS.c.airing.in_(few)))
    sorts = {text: number for number, text in ledger.execute(select(SORTS.c.id, SORTS.c.counts))}
    new = []
    for text in dict.fromkeys(text for entry in made for text in (entry.sort, entry.early) if text is not None):
        if text not in sorts:
            sorts[text] = len(sorts) + 1
            new.append({"id": sorts[text], "counts": text})
    if new:
        ledger.execute(insert(SORTS), new)
    rows = [
        dict(entry.values) | {"sort": sorts[entry.sort], "early": None if entry.early is None else sorts[entry.early]}
        for entry in made
    ]
    if rows:
        ledger.execute(insert(AIRINGS), rows)


def _put_nodes(ledger: Connection, taken: _Taken) -> None:
    nodes = [
        {
            "node": name,
            "rows": node.rows,
            "newest": node.newest,
            "newest_key": node.newest_key,
            "markets": json.dumps(sorted(node.markets)),
            "accepted": json.dumps(node.accepted),
            "rehearsals": json.dumps(node.rehearsals),
        }
        for name, node in taken.nodes.items()
    ]
    chains = [
        {"node": node, "epoch": epoch, "seq": seq, "hash": hash_}
        for (node, epoch), (seq, hash_) in taken.chains.items()
    ]
    for table, rows in ((NODES, nodes), (CHAINS, chains)):
        for row in rows:
            ledger.execute(delete(table).where(*(column == row[column.name] for column in table.primary_key.columns)))
        if rows:
            ledger.execute(insert(table), rows)


def some(names: Sequence[Any]) -> Iterator[list[Any]]:
    """A few at a time."""
    left = iter(names)
    while few := list(islice(left, NAMED)):
        yield few
