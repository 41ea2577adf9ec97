"""Whose rows count at a station that has rows of others on record, brought by a stick.

::

    a station of its own    its own rows; what others brought is read by reports only
    a box of an office      what the office decided: people, consents, episodes, approvals, leases, what it forbids
                            its own rows beside it: what it plays, and what is forbidden here; but no decision that opens a gate

What a box forbids goes to the office with the stick and is forbidden there by rows of the office's own, so that it reaches
every market and can be lifted in one place. From the row on in which the office says that it has taken it in, the office's
word counts.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, text
from sqlmodel import col, select

from broadcaster.journal.events import (
    Admitted,
    Approved,
    Built,
    ConsentConfirmed,
    ConsentRegistered,
    ConsentWithdrawn,
    DefenderRegistered,
    DefenderRetired,
    Event,
    HelplineVerified,
    HelplineWrong,
    LeaseGiven,
    MicrophoneOff,
    MicrophoneOn,
    OfficePaired,
    PartAdded,
    PartApproved,
    PartReplaced,
    PartWrong,
    PersonRegistered,
    PersonRetired,
    PersonRolesChanged,
    StickTaken,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.journal.row import Record, Row, understand
from broadcaster.store.engine import whose
from broadcaster.store.tables import JournalRow

COLUMNS = tuple(JournalRow.__table__.columns)  # type: ignore[attr-defined]
"""Of the table, in order: they are the record's fields."""

OPENING: tuple[type[Event], ...] = (
    *(DefenderRegistered, DefenderRetired, PersonRegistered, PersonRolesChanged, PersonRetired),
    *(ConsentRegistered, ConsentConfirmed, HelplineVerified),
    *(Admitted, Approved, SuspensionLifted, PartAdded, PartReplaced, PartApproved, Built),
    *(MicrophoneOn, LeaseGiven),
)
"""What lets something sound: at a box of an office, the office's rows alone."""
FORBIDDING: tuple[type[Event], ...] = (Withdrawn, ConsentWithdrawn, Suspended, HelplineWrong, PartWrong, MicrophoneOff)
"""What keeps something from sounding: the office's rows and the box's own."""
LIFTED_THERE: tuple[type[Event], ...] = (Suspended, HelplineWrong, MicrophoneOff)
"""What is forbidden until somebody lifts it: once the office knows of it, it is the office that does."""

_BY_KIND = text(
    f"SELECT {', '.join(f'journal.{name}' for name in Record.__slots__)} FROM json_each(:kinds) AS wanted"  # noqa: S608  own names
    " CROSS JOIN journal ON journal.kind = wanted.value AND journal.node = :node"
    " ORDER BY journal.node, journal.epoch, journal.seq"
)

Place = tuple[int, int]
"""A row's epoch and number."""


@dataclass(frozen=True)
class Belonging:
    """Whose box a station is."""

    office: str
    """The office's node."""
    heard: Place
    """The newest row of this station that the office had, as far as its rows say."""


def ordered() -> Select[Any]:
    """Every row of everybody, in order."""
    every: Select[Any] = select(*COLUMNS)
    return every.order_by(col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq))


def counting(connection: Connection, kinds: Collection[type[Event]] | None = None) -> Iterator[Row]:
    """The rows that count here, or those of these kinds: the office's in order, then the station's own."""
    node = str(whose(connection).node)
    belonging = belonging_of(connection, node)
    if belonging is not None:
        deciding = _names((*OPENING, *FORBIDDING), kinds)
        for row in _rows(connection, belonging.office, deciding):
            if not isinstance(row.event, LeaseGiven) or row.event.node == node:
                yield row
    for row in _rows(connection, node, None if kinds is None else _names(kinds)):
        if belonging is None or _counts(row, belonging):
            yield row


def belonging_of(connection: Connection, node: str) -> Belonging | None:
    """Whose box the station of this node is; ``None``: it decides for itself."""
    paired = [row.event for row in _rows(connection, node, _names((OfficePaired,)))]
    if not paired or not isinstance(paired[-1], OfficePaired):
        return None
    office = paired[-1].node
    return Belonging(office, taken_through(connection, by=office, of=node))


def taken_through(connection: Connection, *, by: str, of: str) -> Place:
    """The newest row of the node ``of`` that the node ``by`` has, as far as its rows here say; zeros for none."""
    taken = (row.event for row in _rows(connection, by, _names((StickTaken,))))
    places = [
        (each.through_epoch, each.through_seq) for each in taken if isinstance(each, StickTaken) and each.node == of
    ]
    return max(places, default=(0, 0))


def records_of(connection: Connection, node: str, after: Place = (0, 0)) -> list[Record]:
    """All rows of a node, in order, or those after this one."""
    epoch, seq = after
    later = or_(col(JournalRow.epoch) > epoch, and_(col(JournalRow.epoch) == epoch, col(JournalRow.seq) > seq))
    found = ordered().where(col(JournalRow.node) == node).where(later)
    return [Record(*values) for values in connection.execute(found)]


def _counts(row: Row, belonging: Belonging) -> bool:
    if isinstance(row.event, LIFTED_THERE):
        return (row.epoch, row.seq) > belonging.heard
    return not isinstance(row.event, OPENING)


def _names(kinds: Collection[type[Event]], wanted: Collection[type[Event]] | None = None) -> list[str]:
    return [kind.kind for kind in kinds if wanted is None or kind in wanted]


def _rows(connection: Connection, node: str, names: Collection[str] | None) -> Iterator[Row]:
    if names is not None:
        return rows_of_kinds(connection, node, names)
    own = ordered().where(col(JournalRow.node) == node)
    return (understand(Record(*values)) for values in connection.execute(own))


def rows_of_kinds(connection: Connection, node: str, names: Collection[str]) -> Iterator[Row]:
    """A node's rows of these kinds, in order, by the kinds' index: SQLite would rather read all of the node's."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(_BY_KIND, {"node": node, "kinds": json.dumps(list(names))})
    else:
        found = connection.execute(ordered().where(col(JournalRow.node) == node, col(JournalRow.kind).in_(names)))
    return (understand(Record(*values)) for values in found)
