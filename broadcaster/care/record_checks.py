"""How the record stands: its database, its chain, its second copy, the reserve kept for it, the last backup."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from broadcaster.care.checks import Check, Probe, broken, doubtful, well
from broadcaster.config import Station
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.copy import copy_of
from broadcaster.journal.events import BackupMade
from broadcaster.journal.proofs import agreement, code_of_day, torn_copy
from broadcaster.journal.reading import read, verify_at
from broadcaster.locale import gettext as _
from broadcaster.locale import moments
from broadcaster.store.ballast import SIZE, ballast_of
from broadcaster.store.engine import database_path, open_to_read

PATIENCE_S = 60.0
"""A busy year's rows take some seconds to read and to count anew, on a small computer a quarter of a minute."""
BACKUP_DAYS = 30
"""An older backup, or none, is worth a word."""


def database(station: Station, now: datetime) -> Iterator[Check]:
    """Every page can be read, and what protects the rows is in place."""
    del now
    try:
        store = open_to_read(station.database)
        if store is None:
            yield well("database", _("There is no record yet; the first start makes one."))
            return
        try:
            store.check()
            store.check_protected()
        finally:
            store.close()
    except RecordUnavailable as problem:
        yield broken("database", str(problem), _("Delete nothing; call the coordinator."))
        return
    yield well("database", _("The record can be read and nobody can change a row unnoticed."))


def chain(station: Station, now: datetime) -> Iterator[Check]:
    """No row was changed; and the day's code for the notebook."""
    found = verify_at(station.database)
    if not found.rows:
        return
    if not found.intact:
        text = _("The record is broken from row {row} on: it was changed by hand or damaged.")
        yield broken("record_chain", text.format(row=found.first_broken), _("Delete nothing; call the coordinator."))
        return
    today = now.astimezone(station.timezone)
    code = code_of_day(station.database, today.date()) or ""
    text = _("No row was changed. Today's code, {day}: {code}. Write it in the notebook with the date.")
    yield well(
        "record_chain", text.format(day=moments.day(today), code=code), rows=found.rows, code=code, head=found.head
    )


def second_copy(station: Station, now: datetime) -> Iterator[Check]:
    """It says the same as the database."""
    del now
    found = agreement(station.database)
    if found is None:
        return
    if not found.agrees:
        text = _("The record's second copy does not match the record.")
        todo = _("Delete nothing; call the coordinator. To see more: broadcaster plays verify.")
        yield broken("record_copy", text, todo, beyond=found.beyond, differing=found.first_differing)
    elif found.aside is not None:
        text = _("A copy of the record that was put aside does not match the record.")
        todo = _("Delete nothing; call the coordinator. To see more: broadcaster plays verify.")
        yield broken("record_copy", text, todo, file=found.aside.file.name, differing=found.aside.row)
    elif found.torn:
        text, todo = torn_copy(found.torn, copy_of(database_path(station.database)))
        yield doubtful("record_copy", text, todo, lacking=found.lacking)
    elif found.lacking:
        text = _("The record's second copy is {rows} rows behind: it cannot be written.")
        yield doubtful(
            "record_copy", text.format(rows=found.lacking), _("Make room on the disk."), lacking=found.lacking
        )
    else:
        yield well("record_copy", _("The record's second copy matches it, row by row."), rows=found.rows)


def reserve(station: Station, now: datetime) -> Iterator[Check]:
    """The reserve that a full disk is answered with."""
    del now
    path = database_path(station.database)
    if not path.exists():
        return
    if ballast_of(path).exists():
        text = _("If the disk fills up, {size} MB are kept for the record.")
        yield well("reserve", text.format(size=SIZE >> 20))
        return
    free = shutil.disk_usage(path.parent).free
    text = _(
        "No reserve is kept for the record if the disk fills up: the program sets one aside when it runs and there is room."
    )
    yield doubtful("reserve", text, _("Make room on the disk and start the program."), free_bytes=free)


def backup(station: Station, now: datetime) -> Iterator[Check]:
    """When the last one was made."""
    made = read(station.database, kinds=[BackupMade])
    if not made and not database_path(station.database).exists():
        return
    todo = _("Put a stick in and type: broadcaster backup, with the stick's folder.")
    if not made:
        yield doubtful("backup", _("No backup was ever made: if this disk fails, everything is lost."), todo)
        return
    days = (now - made[-1].utc) // timedelta(days=1)
    if days > BACKUP_DAYS:
        yield doubtful("backup", _("The last backup is {days} days old.").format(days=days), todo, days=days)
    else:
        yield well("backup", _("The last backup is of {day}.").format(day=moments.day(made[-1].local)), days=days)


PROBES: tuple[Probe, ...] = (
    Probe("database", database, PATIENCE_S),
    Probe("record_chain", chain, PATIENCE_S),
    Probe("record_copy", second_copy, PATIENCE_S),
    Probe("reserve", reserve),
    Probe("backup", backup),
)
