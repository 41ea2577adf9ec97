"""What can be shown of a record without writing into it: its day's code, and whether both copies tell the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from broadcaster.journal.copy import SecondCopy, copy_of
from broadcaster.journal.dailycode import Mark, Noted, daily_code, noted
from broadcaster.journal.events import Heartbeat
from broadcaster.journal.settling import Key, key_of
from broadcaster.locale import gettext as _
from broadcaster.store.engine import open_to_read, whose
from broadcaster.store.problems import unavailable
from broadcaster.store.tables import JournalRow


@dataclass(frozen=True)
class OtherStory:
    """A copy that was put aside and contradicts the database: the record was changed, or another one was put in its place."""

    file: Path
    row: str
    """Key of the first row of which the two tell different things."""


@dataclass(frozen=True)
class Agreement:
    """The second copy beside the database."""

    rows: int
    """Rows that the copy holds."""
    lacking: int
    """Rows of the database that the copy does not hold: it is behind, or has lost some."""
    beyond: int
    """Rows that the copy alone holds: the database has lost them, or they wait to come into it."""
    first_differing: str | None
    """Key of the first row of which the two tell different things."""
    torn: int = 0
    """Of the rows that it lacks, those before its newest one: it does not catch up with these, for lines of it are damaged."""
    aside: OtherStory | None = None
    """The copy tells another story no more, for it was begun anew: the one it took the place of does."""

    @property
    def agrees(self) -> bool:
        """Whether the copy contradicts nothing; one that is behind catches up. Of what was put aside this says nothing."""
        return not self.beyond and self.first_differing is None


def torn_copy(rows: int, file: Path) -> tuple[str, str]:
    """What is said of a copy that lacks rows in between, and what is to be done."""
    said = _("Lines of the record's second copy are damaged: it lacks {rows} rows.").format(rows=rows)
    todo = _("Call the coordinator: the program makes a whole one as soon as {file} is renamed.")
    return said, todo.format(file=file)


def code_of_day(url: str, day: date) -> str | None:
    """The code of a local day of the record at ``url``; ``None`` when nothing was on record by then. Makes nothing.

    :raises RecordUnavailable: the database is there and cannot be read.
    """
    with _marks(url) as marks:
        return daily_code(marks, day)


def when_noted(url: str, day: date, code: str) -> Noted | None:
    """The row up to which the record is as it was when this code was noted on that day; ``None``: no row gives it.

    :raises RecordUnavailable: the database is there and cannot be read.
    """
    with _marks(url) as marks:
        return noted(marks, day, code)


def agreement(url: str) -> Agreement | None:
    """What the second copy of the record at ``url`` says; ``None`` where there is no record. Makes nothing.

    :raises RecordUnavailable: one of the two cannot be read.
    """
    store = open_to_read(url)
    if store is None:
        return None
    try:
        with store.reading() as connection:
            rows = connection.execute(
                select(JournalRow.node, JournalRow.epoch, JournalRow.seq, JournalRow.hash).order_by(
                    col(JournalRow.node), col(JournalRow.epoch), col(JournalRow.seq)
                )
            )
            ours = {(str(node), int(epoch), int(seq)): str(digest) for node, epoch, seq, digest in rows}
        copy = SecondCopy(copy_of(store.path))
        found = compare(ours, _hashes(copy))
        others = ((each.path, compare(ours, _hashes(each)).first_differing) for each in copy.kept_aside())
        aside = next((OtherStory(path, row) for path, row in others if row is not None), None)
    except OSError as error:
        raise unavailable(error, store.path) from error
    finally:
        store.close()
    return replace(found, aside=aside)


def _hashes(copy: SecondCopy) -> dict[Key, str]:
    return {key_of(record): record.hash for record in copy.records()}


def compare(ours: dict[Key, str], theirs: dict[Key, str]) -> Agreement:
    """The hashes of the database's rows beside those of the copy's, by key. Pure."""
    differing = sorted(key for key in ours.keys() & theirs.keys() if ours[key] != theirs[key])
    lacking, newest = ours.keys() - theirs.keys(), {key[0]: key for key in sorted(theirs)}
    return Agreement(
        rows=len(theirs),
        lacking=len(lacking),
        beyond=len(theirs.keys() - ours.keys()),
        first_differing="-".join(map(str, differing[0])) if differing else None,
        torn=sum(key < newest.get(key[0], key) for key in lacking),
    )


@contextmanager
def _marks(url: str) -> Iterator[Iterator[Mark]]:
    """Of this record's own rows in order, but for the heartbeats."""
    store = open_to_read(url)
    if store is None:
        yield iter(())
        return
    place = (col(JournalRow.epoch), col(JournalRow.seq))
    try:
        with store.reading() as connection:
            node, _epoch = whose(connection)
            of_own = (col(JournalRow.node) == node, col(JournalRow.kind) != Heartbeat.kind)
            wanted: list[Any] = [*place, col(JournalRow.utc), col(JournalRow.offset_s), col(JournalRow.hash)]
            rows = select(*wanted).where(*of_own)
            found = connection.execute(rows.order_by(*place))
            yield (Mark(f"{node}-{epoch}-{seq}", utc, offset, digest) for epoch, seq, utc, offset, digest in found)
    finally:
        store.close()
