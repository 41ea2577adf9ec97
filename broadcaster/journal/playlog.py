"""The play log straight from the database, in order and a few rows at a time: what :func:`~broadcaster.journal.fold.plays`
gives, however long the journal, in the same little memory.

SQLite puts the ends in order (their keys alone; what its memory does not hold waits in a temporary file); whole rows are
fetched by their airings' names, a few hundred at a time. Days and, with days, a market are narrowed there too, by these
names, which begin with the local day and end with the market: generously, for whoever asked chooses exactly from what comes.
Of an airing with more than one end only the one that stands (:mod:`broadcaster.journal.ends`) is told, whatever was asked
for: no choice leaves it out and tells another.
"""

import json
import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, TextClause, text
from sqlmodel import col, select

from broadcaster.journal.ends import End, end_of, standing
from broadcaster.journal.events import Ended, Intent, MakeGoodOrdered, Started
from broadcaster.journal.fold import PlayRecord, play_record
from broadcaster.journal.nodes import COLUMNS
from broadcaster.journal.payload import VERSION, UnknownPayload
from broadcaster.journal.reading import as_records
from broadcaster.journal.row import Record, Row, understand
from broadcaster.journal.sequel import NOTHING, SAID, Sequel, sequels
from broadcaster.model import AiringId, ClockTrust, MarketId, Outcome
from broadcaster.store.engine import Store, database_path, file_number, open_to_read
from broadcaster.store.tables import JournalRow

Key = tuple[str, int, int]
"""A row's: node, epoch, seq."""

AT_ONCE = 500
"""Rows in memory."""
MARGIN = timedelta(days=2)
"""A local day of one zone lies at most two days from that of another, should the station's zone ever have changed."""

_ENDS = "SELECT node, epoch, seq, airing FROM journal WHERE "
_OF_ALL_DAYS = f"{_ENDS}kind = 'ended'"
_NAMES = """SELECT node, epoch, seq FROM journal WHERE airing >= :first AND airing < :after{}
    UNION ALL SELECT node, epoch, seq FROM journal WHERE airing < '0'
    UNION ALL SELECT node, epoch, seq FROM journal WHERE airing >= ':'"""
"""Names that begin with no day may be of any. One question each: so the names' index alone answers them."""
_OF_MARKETS = " AND substr(airing, instr(airing, '/') + 1) IN (SELECT value FROM json_each(:markets))"
_OF_MARKET = " AND substr(airing, -length(:market) - 1) = '/' || :market"
_OF_DAYS = (
    f"SELECT node, epoch, seq, airing FROM ({_NAMES}) CROSS JOIN journal USING (node, epoch, seq)"  # noqa: S608  own words
    " WHERE +kind = 'ended'"
)
_BEFORE_ALL_DAYS, _AFTER_ALL_DAYS = "0", ":"
_EXACTLY = {
    name: f"""CASE WHEN version <> {VERSION} OR NOT json_valid(payload) THEN TRUE
    WHEN json_type(payload, '$.market') IS NULL THEN TRUE ELSE json_extract(payload, '$.{name}') = :{name} END"""
    for name in ("market", "episode", "outcome")
}
"""What is not understood is never left out: it is refused."""
_WORDS = ", ".join(f"'{kind.kind}'" for kind in SAID)
_SPOKEN_OF = (
    f"kind = 'ended' AND airing IN (SELECT airing FROM journal AS word WHERE word.kind IN ({_WORDS})"  # noqa: S608  own names
    " AND word.node = :node AND (word.epoch, word.seq) > (:epoch, :seq)) ORDER BY node, epoch, seq"
)
_ABOUT = f"""FROM json_each(:airings) AS wanted CROSS JOIN journal ON journal.airing = wanted.value
    WHERE +journal.kind IN ({_WORDS}, '{MakeGoodOrdered.kind}')"""
_ENDED = """FROM json_each(:airings) AS wanted CROSS JOIN journal ON journal.airing = wanted.value
    WHERE +journal.kind = 'ended'"""
"""The plus sign: it is the names' index that leads to few rows."""
_SINCE = "kind = 'ended' AND node = :node AND (epoch, seq) > (:epoch, :seq) ORDER BY epoch, seq"
_BY_TIME = """ ORDER BY CASE WHEN json_valid(payload) THEN json_extract(payload, '$.due') END,
    CASE WHEN json_valid(payload) THEN json_extract(payload, '$.market') END, node, epoch, seq"""
_WITH_KEYS = """FROM json_each(:keys) AS wanted CROSS JOIN journal ON node = json_extract(wanted.value, '$[0]')
    AND epoch = json_extract(wanted.value, '$[1]') AND seq = json_extract(wanted.value, '$[2]')"""
_NEWEST = """WITH RECURSIVE newest(node, epoch, seq) AS (
    SELECT * FROM (SELECT node, epoch, seq FROM journal ORDER BY node DESC, epoch DESC, seq DESC LIMIT 1)
    UNION ALL SELECT journal.node, journal.epoch, journal.seq FROM newest JOIN journal
      ON (journal.node, journal.epoch, journal.seq) = (SELECT node, epoch, seq FROM journal AS before
        WHERE before.node < newest.node ORDER BY node DESC, epoch DESC, seq DESC LIMIT 1))
    SELECT node, epoch, seq FROM newest ORDER BY node"""
"""Node after node by the key: to list them would read the whole table."""
_MARKETS = "SELECT DISTINCT json_extract(payload, '$.market') FROM journal WHERE kind = 'ended' AND json_valid(payload)"

_KEY = (col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq))
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Wanted:
    """Which plays; ``None``: whichever."""

    first: date | None = None
    """Local days of the due time, both included."""
    last: date | None = None
    market: str | None = None
    episode: int | None = None
    outcome: Outcome | None = None
    named: tuple[str, ...] = ()
    """Of the schedule's airings of some days only those that are named for these markets; empty: whichever."""


EVERYTHING = Wanted()


class PlayLog:
    """The play log of the database at ``url``: what there is, then what comes. Never makes a database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._path = database_path(url)
        self._store: Store | None = None
        self._file = 0
        self._version: tuple[int, int] | None = None
        self._seen: dict[str, Key] = {}

    def plays(self, wanted: Wanted = EVERYTHING) -> Iterator[PlayRecord]:
        """One record for every airing that has ended, ordered by due time, then market, all as of one moment.

        Of the days wanted at least all records; some of the days around may come too. While they are being read, newer rows
        wait in the write-ahead log; writers do not wait.

        :raises RecordUnavailable: the database is there and cannot be read.
        :raises UnknownSchema: it was laid out by a newer program or another one.
        :raises UnknownPayload: a row says something this program does not know.
        """
        if (store := self._opened()) is not None:
            self._version = store.data_version()
            with store.reading() as connection:
                self._seen = _newest(connection)
                yield from _records(connection, _ends(wanted))

    def newer(self) -> list[PlayRecord]:
        """The airings that ended since the last call of this or of :meth:`plays`, in the order in which they were written;
        then those of which somebody has said something since.

        Asks little when nothing has changed. An airing on record at two stations may be told twice, and one that was rehearsed
        before it was real. A database that is made or put back meanwhile is found. Raises as :meth:`plays`.
        """
        store = self._opened()
        if store is None or (version := store.data_version()) == self._version:
            return []
        with store.reading() as connection:
            newest = _newest(connection)
            seen = [self._seen.get(node, (node, 0, 0)) for node in newest]
            found = [record for key in seen for record in _records(connection, _since(key))]
            told = {record.airing for record in found}
            again = [record for key in seen for record in _records(connection, _spoken_of(key))]
            found += {record.airing: record for record in again if record.airing not in told}.values()
        self._version, self._seen = version, newest
        return found

    def markets(self) -> set[MarketId]:
        """Every market on record."""
        if (store := self._opened()) is None:
            return set()
        with store.reading() as connection:
            return {MarketId(str(market)) for market in connection.execute(text(_MARKETS)).scalars()}

    def close(self) -> None:
        """Let go of the database. Safe to call twice."""
        store, self._store, self._version = self._store, None, None
        if store is not None:
            store.close()

    def _opened(self) -> Store | None:
        """The database as it lies there now; another file may have taken its place."""
        if self._store is not None and self._file != file_number(self._path):
            self.close()
        if self._store is None:
            self._file, self._store = file_number(self._path), open_to_read(self._url)
        return self._store


def _ends(wanted: Wanted) -> TextClause:
    of_days, days = _days(wanted)
    exact = {name: getattr(wanted, name) for name in _EXACTLY if getattr(wanted, name) is not None}
    chosen = "".join(f" AND {_EXACTLY[name]}" for name in exact)
    return text(of_days + chosen + _BY_TIME).bindparams(**days, **exact)


def _days(wanted: Wanted) -> tuple[str, dict[str, str]]:
    """The ends of the days wanted: with a market, of the names that begin with a day those that end with it."""
    first, last = wanted.first, wanted.last
    if first is None and last is None:
        return _OF_ALL_DAYS, {}
    bound = first is not None and first - date.min > MARGIN
    begin = (first - MARGIN).isoformat() if first and bound else _BEFORE_ALL_DAYS
    bound = last is not None and date.max - last > MARGIN
    after = (last + MARGIN + timedelta(days=1)).isoformat() if last and bound else _AFTER_ALL_DAYS
    named = {"markets": json.dumps(list(wanted.named))} if wanted.named else {}
    ended_at = _OF_MARKETS if wanted.named else _OF_MARKET if wanted.market is not None else ""
    return _OF_DAYS.format(ended_at), {"first": begin, "after": after, **named}


def _since(seen: Key) -> TextClause:
    return text(_ENDS + _SINCE).bindparams(node=seen[0], epoch=seen[1], seq=seen[2])


def _spoken_of(seen: Key) -> TextClause:
    """The airings of which somebody has said something since."""
    return text(_ENDS + _SPOKEN_OF).bindparams(node=seen[0], epoch=seen[1], seq=seen[2])


def _newest(connection: Connection) -> dict[str, Key]:
    """The key of every node's newest row."""
    return {row.node: _as_key(row) for row in connection.execute(text(_NEWEST))}


def _records(connection: Connection, wanted: TextClause) -> Iterator[PlayRecord]:
    """The log's lines of the airings for which the ends with these keys stand, in their order."""
    changes: dict[str, list[tuple[Key, bool]]] = {}
    found = iter(connection.execute(wanted))
    while batch := [(_as_key(row), AiringId(row[3])) for row in islice(found, AT_ONCE)]:
        airings = list(dict.fromkeys(airing for _key, airing in batch))
        ended = _named(connection, _ENDED, airings)
        clocks = _clocks(connection, filter(None, map(_key_of_intent, ended)))
        changes |= {node: _rehearsals(connection, node) for node in {row.node for row in ended} - changes.keys()}
        stands = standing(_end(row, clocks, changes[row.node]) for row in ended)
        after = _sequels(connection, airings, ended)
        for key, airing in batch:
            if (end := stands.get(airing)) is None:  # under another name than its own words say
                raise UnknownPayload(problem=Ended.kind)
            if end.key == key:
                sequel = after.get(airing, NOTHING)
                yield play_record(end.said, end.clock, rehearsal=end.rehearsal, sequel=sequel)


def _end(row: Row, clocks: Mapping[Key, ClockTrust], changes: Sequence[tuple[Key, bool]]) -> End:
    assert isinstance(row.event, Ended)  # noqa: S101  asked for by kind
    key, intent = _key_of_row(row), _key_of_intent(row)
    clock = clocks.get(intent, row.clock) if intent is not None and intent < key else row.clock
    before = bisect(changes, key, key=itemgetter(0))
    rehearsal = before > 0 and changes[before - 1][1]
    return end_of(row, row.event, clock, rehearsal=rehearsal)


def _sequels(connection: Connection, airings: Sequence[AiringId], ended: Sequence[Row]) -> Mapping[AiringId, Sequel]:
    """What came after these airings: what was said of them, and their make-goods with their ends."""
    about = _named(connection, _ABOUT, airings)
    made = [row.event.promise.airing for row in about if isinstance(row.event, MakeGoodOrdered)]
    others = _named(connection, _ENDED, made) if made else ()
    return (
        sequels(sorted({_key_of_row(row): row for row in (*about, *ended, *others)}.values(), key=_key_of_row))
        if about
        else {}
    )


def _named(connection: Connection, which: str, airings: Sequence[AiringId]) -> list[Row]:
    """The rows about these airings, in order."""
    columns = ", ".join(f"journal.{name}" for name in Record.__slots__)
    wanted = text(f"SELECT {columns} {which} ORDER BY journal.node, journal.epoch, journal.seq")
    return [understand(record) for record in as_records(connection.execute(wanted, {"airings": json.dumps(airings)}))]


def _rehearsals(connection: Connection, node: str) -> list[tuple[Key, bool]]:
    """From which row on the node's rows are a rehearsal's, or no longer are."""
    changes: list[tuple[Key, bool]] = []
    own = col(JournalRow.node) == node, col(JournalRow.kind) == Started.kind
    for row in map(understand, as_records(connection.execute(select(*COLUMNS).where(*own).order_by(*_KEY)))):
        rehearsal = isinstance(row.event, Started) and row.event.rehearsal
        if rehearsal != (changes[-1][1] if changes else False):
            changes.append((_key_of_row(row), rehearsal))
    return changes


def _clocks(connection: Connection, keys: Iterable[Key]) -> dict[Key, ClockTrust]:
    """How far the clock could be trusted in those of these rows that are intents."""
    found = connection.execute(_by_keys(("node", "epoch", "seq", "kind", "clock")), {"keys": json.dumps(list(keys))})
    try:
        return {_as_key(row): ClockTrust(row.clock) for row in found if row.kind == Intent.kind}
    except ValueError as error:
        raise UnknownPayload(problem=Intent.kind) from error


def _by_keys(columns: Iterable[str]) -> TextClause:
    """Of the rows with the given ``keys``, JSON, these columns; a row that is not there is left out."""
    names = ", ".join(f"journal.{name}" for name in columns)
    return text(f"SELECT {names} {_WITH_KEYS}")


def _key_of_intent(end: Row) -> Key | None:
    """The key that a play's id names, if it names one."""
    play = end.event.play if isinstance(end.event, Ended) else None
    node, *numbers = (play or "").rsplit("-", 2)
    if len(numbers) != 2 or not all(_NUMBER.fullmatch(number) for number in numbers):
        return None
    return node, int(numbers[0]), int(numbers[1])


def _key_of_row(row: Row) -> Key:
    """The row's."""
    return row.node, row.epoch, row.seq


def _as_key(found: Sequence[Any]) -> Key:
    return str(found[0]), int(found[1]), int(found[2])
