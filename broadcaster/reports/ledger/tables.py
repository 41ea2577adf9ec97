"""The ledger's tables. No migration makes them: a ledger of another layout is thrown away and made anew."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, text

LAYOUT = "3"
"""Raised whenever a table, or what is written into it, becomes another."""

METADATA = MetaData()
TEXT = String().with_variant(String(collation="C"), "postgresql")
"""In the order of its letters' numbers, as Python and SQLite have it."""

BESIDE, WITH_PEOPLE = text("kind <> 'airing'"), text("people IS NOT NULL")
"""Of :data:`AIRINGS`: what is no promise of the schedule; where somebody counted. Few, so that each has an index of its own."""

AIRINGS = Table(
    "ledger_airings",
    METADATA,
    Column("due", BigInteger, primary_key=True, autoincrement=False),  # microseconds since 1970, UTC
    Column("market", TEXT, primary_key=True),
    Column("airing", TEXT, primary_key=True),
    Column("kind", TEXT, nullable=False),  # reports.summary.Kind
    Column("day", Integer, nullable=False),  # the local day on which it was due: date.toordinal()
    Column("episode", Integer),
    Column("outcome", TEXT),  # NULL: nothing on record yet
    Column("reason", TEXT),
    Column("evidence", TEXT, nullable=False),
    Column("node", TEXT),  # with epoch and seq: the row of the end that stands; NULL: none
    Column("epoch", BigInteger),
    Column("seq", BigInteger),
    Column("clock", TEXT),
    Column("root", TEXT),  # of a make-good, the airing that was missed first
    Column("sort", Integer, nullable=False),  # in ledger_sorts: how it counts once it was due
    Column("early", Integer),  # of one without an end: how it counts before
    Column("counted", Boolean, nullable=False),  # its length is part of what was promised
    Column("expected_s", Float),  # by its own end
    Column("heard_s", Float, nullable=False),
    Column("played_s", Float, nullable=False),
    Column("delay_s", Float),  # of what was played: distance from its due time
    Column("promised", TEXT),  # JSON: the last promise of each record, and the rows in which it changed
    Column("people", TEXT),  # JSON: listeners and complaints that somebody counted
    Index("ix_ledger_airings_name", "airing", unique=True),
    Index("ix_ledger_airings_root", "root"),
    *(
        Index(f"ix_ledger_airings_{name}", name, "due", "market", "airing")
        for name in ("episode", "outcome", "reason", "evidence")
    ),
    Index("ix_ledger_airings_market", "market", "due", "airing"),
    Index("ix_ledger_airings_beside", "due", sqlite_where=BESIDE, postgresql_where=BESIDE),
    Index("ix_ledger_airings_people", "due", sqlite_where=WITH_PEOPLE, postgresql_where=WITH_PEOPLE),
    sqlite_with_rowid=False,
)
"""One row an airing, in the order of the log."""

SORTS = Table(
    "ledger_sorts",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("counts", TEXT, nullable=False, unique=True),  # JSON of reports.summary.Counts of one line, without seconds
)
"""The ways in which a line counts: a few dozen."""

NODES = Table(
    "ledger_nodes",
    METADATA,
    Column("node", TEXT, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("newest", TEXT),  # when the newest was written, as in the journal, and its key
    Column("newest_key", TEXT),
    Column("markets", TEXT, nullable=False),  # JSON
    Column("accepted", TEXT, nullable=False),  # JSON: by market, when plans were accepted first and last
    Column("rehearsals", TEXT, nullable=False),  # JSON: from which row on the rows are a rehearsal's, or no longer are
)
"""What is told of each computer's record."""

CHAINS = Table(
    "ledger_chains",
    METADATA,
    Column("node", TEXT, primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", TEXT, nullable=False),
)
"""How far each chain of the journal was read."""

LAID_OUT, OF = "made", "journal"

MADE = Table(
    "ledger_made",
    METADATA,
    Column("name", TEXT, primary_key=True),
    Column("value", TEXT, nullable=False),
)
"""What this ledger is: its layout and the zone whose days it holds; of which journal."""
