"""How far the journal reaches, chain by chain, and what of it the ledger has not read yet.

Rows are only ever added at the end of a node's newest chain. Where that is not what is found (another record lies there, rows
came back before those that were read), the ledger does not fit and is made anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

Chain = tuple[str, int]
"""Node and epoch."""
Head = tuple[int, str]
"""Number and hash of a chain's row."""

_HEADS = {
    "sqlite": """
WITH RECURSIVE
  nodes(node, epoch, seq, hash) AS (
    SELECT * FROM (SELECT node, epoch, seq, hash FROM journal ORDER BY node DESC, epoch DESC, seq DESC LIMIT 1)
    UNION ALL SELECT journal.node, journal.epoch, journal.seq, journal.hash FROM nodes JOIN journal
      ON (journal.node, journal.epoch, journal.seq) = (SELECT node, epoch, seq FROM journal AS before
        WHERE before.node < nodes.node ORDER BY node DESC, epoch DESC, seq DESC LIMIT 1)),
  heads(node, epoch, seq, hash) AS (
    SELECT * FROM nodes
    UNION ALL SELECT journal.node, journal.epoch, journal.seq, journal.hash FROM heads JOIN journal
      ON (journal.node, journal.epoch, journal.seq) = (SELECT node, epoch, seq FROM journal AS before
        WHERE before.node = heads.node AND before.epoch < heads.epoch ORDER BY epoch DESC, seq DESC LIMIT 1))
SELECT node, epoch, seq, hash FROM heads ORDER BY node, epoch
""",
    "postgresql": """
WITH RECURSIVE
  nodes(node) AS (
    SELECT min(node) FROM journal
    UNION ALL SELECT (SELECT min(node) FROM journal WHERE journal.node > nodes.node) FROM nodes WHERE node IS NOT NULL),
  chains(node, epoch) AS (
    SELECT node, (SELECT min(epoch) FROM journal WHERE journal.node = nodes.node) FROM nodes WHERE node IS NOT NULL
    UNION ALL SELECT node, (SELECT min(epoch) FROM journal WHERE journal.node = chains.node AND journal.epoch > chains.epoch)
      FROM chains WHERE epoch IS NOT NULL),
  heads(node, epoch, seq) AS MATERIALIZED (
    SELECT node, epoch, (SELECT max(seq) FROM journal WHERE journal.node = chains.node AND journal.epoch = chains.epoch)
      FROM chains WHERE epoch IS NOT NULL)
SELECT heads.node, heads.epoch, heads.seq, journal.hash FROM heads JOIN journal
  ON journal.node = heads.node AND journal.epoch = heads.epoch AND journal.seq = heads.seq
ORDER BY heads.node, heads.epoch
""",
}
"""Node after node and epoch after epoch by the key: to group all rows would read the whole table. SQLite finds the last row
before a key in one step, and takes half as many; PostgreSQL would read all rows for it, and goes column by column."""


@dataclass(frozen=True)
class Stretch:
    """Rows of one chain that are still to be read: after ``after`` up to ``head``."""

    chain: Chain
    after: int
    """0: from its beginning."""
    after_hash: str | None
    head: Head


def heads(journal: Connection) -> dict[Chain, Head]:
    """The newest row of each chain, by node and epoch."""
    found = journal.execute(text(_HEADS[journal.dialect.name]))
    return {(node, epoch): (seq, hash_) for node, epoch, seq, hash_ in found}


def unread(newest: Mapping[Chain, Head], read: Mapping[Chain, Head]) -> list[Stretch] | None:
    """What is to be read, in order; ``None``: what was read is not this journal's. Pure.

    Whether the rows after which it goes on are the ones that were read is for whoever can look them up.
    """
    if any(chain not in newest or newest[chain][0] < seq for chain, (seq, _hash) in read.items()):
        return None
    last: dict[str, int] = {}
    for node, epoch in read:
        last[node] = max(last.get(node, epoch), epoch)
    found = []
    for chain, head in newest.items():
        seq, hash_ = read.get(chain, (0, None))
        if head[0] == seq:
            if head[1] != hash_:
                return None
            continue
        if chain[1] < last.get(chain[0], chain[1]):
            return None
        found.append(Stretch(chain, seq, hash_, head))
    return found
