"""A whole country's plays on record, written straight into the database: the appending itself would take days.

Each market has a computer of its own, which takes a plan for a season, plays one airing a day and puts on record what became of
it. The chain is whole and every row is one the program understands. Shortcuts: the table's indexes and the trigger against a
second row of one key are made after the rows, and texts are put together by hand (one of each kind is held against the
program's own). Heartbeats, of which a real record has some fifty a play, are left out: nothing that is measured reads them.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import make_url

from broadcaster.journal.chain import GENESIS
from broadcaster.journal.payload import decode, dumps, encode
from broadcaster.store.engine import database_path, is_postgres, open_to_write
from broadcaster.store.guarantees import TRIGGERS

LIMA = ZoneInfo("America/Lima")
FIRST = date(2021, 3, 1)
SEASON = 154
"""Days, one airing each: 1 March to 1 August 2021."""
OWN = ("el-bosque", "huamantanga", "mercado-central", "unicachi")
"""The first four markets are those of the shipped settings."""
COLUMNS = "node,epoch,seq,utc,offset_s,monotonic_s,boot_id,clock,kind,airing,version,payload,prev_hash,hash"
BOOT = "0d6c2a4e-5b1f-4f7e-9a53-1f5b2f0c8d11"
MASTER = "3c" * 32
MONTH = (date(2021, 6, 1), date(2021, 6, 30))
Values = tuple[object, ...]


@dataclass(frozen=True)
class Country:
    """So many markets, for so many days."""

    markets: int = 2_600
    days: int = SEASON

    @property
    def plays(self) -> int:
        return self.markets * self.days


def market_of(number: int) -> str:
    """Its id."""
    return OWN[number] if number < len(OWN) else f"m{number:05}"


def rows_of(number: int, days: int) -> Iterator[Values]:
    """Every row of a market's computer, chained."""
    node, before = f"{number:012x}", GENESIS
    for seq, (utc, kind, airing, payload) in enumerate(_history(number, node, days), start=1):
        name = "null" if airing is None else f'"{airing}"'
        text = (
            f'{{"airing":{name},"boot_id":"{BOOT}","clock":"synced","epoch":1,"kind":"{kind}","monotonic_s":1.0,'
            f'"node":"{node}","offset_s":-18000,"payload":{json.dumps(payload)},"prev_hash":"{before}","seq":{seq},'
            f'"utc":"{utc}","version":1}}'
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        yield node, 1, seq, utc, -18_000, 1.0, BOOT, "synced", kind, airing, 1, payload, before, digest
        before = digest


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000000Z"


def _history(number: int, node: str, days: int) -> Iterator[tuple[str, str, str | None, str]]:
    market, began, seq = market_of(number), datetime(FIRST.year, FIRST.month, FIRST.day, 12, tzinfo=UTC), 1
    started = {"version": "0.1.0", "pid": 1, "markets": [market], "rehearsal": False}
    yield _text(began), "started", None, dumps(started)
    for day in range(days):
        local = FIRST + timedelta(days=day)
        due = datetime(local.year, local.month, local.day, 15 + number % 5, number % 60, tzinfo=UTC)
        if day % SEASON == 0:
            seq += 1
            yield _text(due - timedelta(hours=2)), "plan_accepted", None, _plan(number, market, due, day, days)
        airing, episode = _airing(due, market), _episode(day)
        for kind, payload in _play(number * 7 + day % SEASON, market, airing, due, episode, f"{node}-1-{seq + 1}"):
            seq += 1
            yield _text(due + timedelta(minutes=9)), kind, airing, payload


def _airing(due: datetime, market: str) -> str:
    return f"{due - timedelta(hours=5):%Y-%m-%dT%H:%M}/{market}"


def _episode(day: int) -> int:
    return day % SEASON % 60 + 1


def _plan(number: int, market: str, due: datetime, day: int, days: int) -> str:
    promises = ",".join(
        f'{{"airing":"{_airing(at, market)}","cancelled":null,"due":"{_text(at)}","episode":{_episode(day + ahead)},'
        f'"grace_s":600.0,"market":"{market}"}}'
        for ahead in range(min(SEASON, days - day))
        for at in (due + timedelta(days=ahead),)
    )
    return f'{{"plan_sha256":"{number:064x}","promises":[{promises}]}}'


def _play(  # noqa: PLR0917  an airing's own
    chance: int, market: str, airing: str, due: datetime, episode: int, play: str
) -> Iterator[tuple[str, str]]:
    """One in eight fails: the power, mostly; some broke off. Somebody confirms one in twenty."""
    at = _text(due)
    if chance % 8 == 7 and chance % 24 != 7:
        reason = "power_loss" if chance % 16 == 7 else "no_audio_device"
        yield "ended", _ended(market, airing, at, episode, "missed", reason)
        return
    process = '{"pid":4711,"start_ticks":98765}'
    yield (
        "intent",
        (
            f'{{"airing":"{airing}","announced":[],"due":"{at}","edition_sha256":null,"episode":{episode},"expected_s":480.0,'
            f'"late_s":0.0,"market":"{market}","master_sha256":"{MASTER}","player":{process},"revision":1,'
            f'"sink":"mercado","witness":{process}}}'
        ),
    )
    broke = chance % 24 == 7
    sounded = _Sounded(play, _text(due + timedelta(seconds=200 if broke else 480)), 200.0 if broke else 480.0)
    outcome, reason = ("partial", "process_died") if broke else ("played", "on_time")
    yield "ended", _ended(market, airing, at, episode, outcome, reason, sounded)
    if chance % 20 == 3:
        yield "confirmed", f'{{"airing":"{airing}","by":"uid:1000","heard":"well","sheet":""}}'


@dataclass(frozen=True)
class _Sounded:
    play: str
    ended: str
    heard_s: float


def _ended(  # noqa: PLR0917  a row's fields
    market: str, airing: str, due: str, episode: int, outcome: str, reason: str, sounded: _Sounded | None = None
) -> str:
    s = sounded
    return (
        f'{{"airing":"{airing}","due":"{due}","ended":{_or_null(s.ended if s else None)},"episode":{episode},'
        f'"evidence":"{"monitor" if s else "none"}","expected_s":{480.0 if s else "null"},"late_s":0.0,"make_good_of":null,'
        f'"market":"{market}","master_sha256":{_or_null(MASTER if s else None)},"notes":[],"outcome":"{outcome}",'
        f'"play":{_or_null(s.play if s else None)},"played_s":{s.heard_s if s else 0.0},"reason":"{reason}",'
        f'"revision":{1 if s else "null"},"start_error_ms":{12.0 if s else "null"},"started":{_or_null(due if s else None)}}}'
    )


def _or_null(text: str | None) -> str:
    return "null" if text is None else f'"{text}"'


def check(country: Country) -> None:
    """The texts are those that the program writes."""
    seen = set()
    for row in rows_of(5, min(country.days, 60)):
        kind, payload = str(row[8]), str(row[11])
        if kind not in seen and encode(decode(kind, payload)) != payload:
            raise AssertionError(kind, payload, encode(decode(kind, payload)))
        seen.add(kind)


def write(url: str, country: Country) -> None:
    """Fill the new database at ``url``."""
    check(country)
    open_to_write(url).close()
    rows = (row for number in range(country.markets) for row in rows_of(number, country.days))
    (_to_server if is_postgres(url) else _to_file)(url, rows)


INDEXES = {"ix_journal_kind": "kind", "ix_journal_airing": "airing"}


def _to_file(url: str, rows: Iterator[Values]) -> None:
    with closing(sqlite3.connect(database_path(url), isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA cache_size = -400000")
        for name in INDEXES:
            database.execute(f"DROP INDEX {name}")
        database.execute("DROP TRIGGER journal_refuses_replace")
        database.execute("BEGIN")
        marks = ",".join("?" * len(COLUMNS.split(",")))
        database.executemany(f"INSERT INTO journal ({COLUMNS}) VALUES ({marks})", rows)  # noqa: S608  own names
        for name, column in INDEXES.items():
            database.execute(f"CREATE INDEX {name} ON journal ({column})")
        database.execute(TRIGGERS["journal_refuses_replace"])
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _to_server(url: str, rows: Iterator[Values]) -> None:
    import psycopg  # noqa: PLC0415  only where there is a server

    address = make_url(url).difference_update_query(["beside"]).render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        for name in INDEXES:
            connection.execute(f"DROP INDEX {name}")
        with connection.cursor().copy(f"COPY journal ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        for name, column in INDEXES.items():
            connection.execute(f"CREATE INDEX {name} ON journal ({column})")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE journal")
