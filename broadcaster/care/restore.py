"""A backup put back: its rows beside all that is known here, in a new epoch, before any sound can be made.

::

    the file vouches for itself ──▶ its rows and this station's (database, second copy) in one new database
          ──▶ a new epoch; a row that tells of it; what is forbidden here stays forbidden ──▶ into the place of the old one
          ──▶ files that are missing here, but for what was withdrawn ──▶ every master held against its approved hash

The caller sees to it that no daemon runs. Rows are never lost by a restoring, so an old backup takes nothing back that was
decided since. Until the new database is whole nothing is changed; cut short after that, the next start or restoring goes on.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from broadcaster.care.archive import BadBackup, check, opened, unpack
from broadcaster.care.backup import DATABASE, BackupNotWritten
from broadcaster.care.withheld import WITHHOLDING, Withheld
from broadcaster.clock import Clock
from broadcaster.config import Station
from broadcaster.config.keys import FILE as SETTINGS
from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import SecondCopy, copy_of
from broadcaster.journal.events import RESTORED, Event, RecordIncident
from broadcaster.journal.mend import NEW, Saved, build, finish, put_in_place, salvage
from broadcaster.journal.row import understand
from broadcaster.journal.settling import Whose
from broadcaster.journal.silences import SILENCES, to_forbid
from broadcaster.library.catalogue import MASTER, intact
from broadcaster.library.decisions import Decisions, decisions_of
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.model import EpisodeNumber, Sha256
from broadcaster.store.engine import database_path, url_of

__all__ = ("BadBackup", "OtherRecord", "Restored", "check", "put_settings", "restore")


class OtherRecord(BadInput):
    """The backup and this station tell two stories."""

    sentence = N_(
        "This station has a record of its own that the backup {name} does not fit. Nothing was changed. To go on with the "
        "backup's and keep this one aside: broadcaster restore {name} --set-aside."
    )


@dataclass(frozen=True)
class Restored:
    """What a restoring came to."""

    rows: int
    """On record now."""
    recovered: int
    """Of them, those that were not known here before."""
    epoch: int
    forbidden_again: int
    """Withdrawals, suspensions and the like of the record that was set aside, written again."""
    aside: Path | None
    """Where the database lies that was here before."""
    files: tuple[str, ...]
    """Put back, by their names in the station."""
    withheld: tuple[str, ...]
    """In the backup, and withdrawn since."""
    unfit: tuple[EpisodeNumber, ...]
    """Episodes whose master is missing or is not the approved one: they do not air."""


def put_settings(root: Path, file: Path) -> bool:
    """Where no station is yet, on a new computer: the settings, by which all else is put back. Whether they were put.

    :raises BadBackup: the file does not vouch for itself.
    """
    if (root / SETTINGS).exists():
        return False
    if SETTINGS not in check(file).files:
        raise BadBackup(name=file, problem=SETTINGS)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with opened(file) as (packed, _manifest):
            unpack(packed, SETTINGS, root / SETTINGS)
    except OSError as error:
        raise BackupNotWritten(path=root, problem=clause(error)) from error
    return True


def restore(station: Station, file: Path, clock: Clock, *, set_aside: bool = False) -> Restored:
    """Put a backup back. Nobody else may use the station meanwhile.

    :param set_aside: go on with the backup's record alone where the two cannot stand in one; what this one forbids is
        forbidden in that one too, and its database is kept.
    :raises BadBackup: the file does not vouch for itself.
    :raises OtherRecord: the two records cannot stand in one.
    :raises RecordUnavailable: the record cannot be written.
    """
    check(file)
    database = database_path(station.database)
    try:
        finish(database, clock.now().utc)
        here = salvage(database)
        theirs = _saved(file, database)
        fits = _fit(here, theirs)
        if not fits and not set_aside:
            raise OtherRecord(name=file)
        aside, recovered, again = _replace(station, clock, here, theirs, fits=fits)
        with Journal.open(station.database, clock, station.timezone) as journal:
            decisions = decisions_of(journal)
            withheld = Withheld.of(journal.rows(kinds=WITHHOLDING), station)
            files, kept_out = _put_files(station, file, decisions, withheld)
            rows, epoch = len(journal.rows()), journal.epoch
    except OSError as error:
        raise BackupNotWritten(path=database.parent, problem=clause(error)) from error
    unfit = tuple(number for number in sorted(decisions.numbers()) if _unfit(station, decisions, number))
    return Restored(rows, recovered, epoch, again, aside, files, kept_out, unfit)


# The record


def _saved(file: Path, database: Path) -> Saved:
    """What the backup's database holds, taken out of the file for a moment."""
    folder = database.parent / NEW
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with opened(file) as (packed, _manifest):
            unpack(packed, DATABASE, folder / DATABASE)
        return salvage(folder / DATABASE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fit(here: Saved, theirs: Saved) -> bool:
    """Whether all rows of both can stand in one record."""
    if not here.records:
        return True
    same = all(theirs.records[key].hash == record.hash for key, record in here.records.items() if key in theirs.records)
    return same and here.node in {None, theirs.node}


def _replace(station: Station, clock: Clock, here: Saved, theirs: Saved, *, fits: bool) -> tuple[Path | None, int, int]:
    """The new database in the old one's place: where that lies, how many rows came back, how many silences were repeated."""
    database, now = database_path(station.database), clock.now().utc
    recovered = len(theirs.records.keys() - here.records.keys()) if fits else len(theirs.records)
    merged = replace(theirs, records=dict(theirs.records), epoch=max(here.epoch, theirs.epoch))
    forbidden: tuple[Event, ...] = ()
    if fits:
        merged.add(here.records.values())
        merged.pins = {**theirs.pins, **here.pins}
    else:
        forbidden = to_forbid(_silences(here), _silences(theirs))
    whose = merged.whose(now) or Whose(theirs.node or "", theirs.epoch + 1)
    new = build(database, merged, whose)
    with Journal.open(url_of(new), clock, station.timezone) as journal:
        for event in (RecordIncident(RESTORED, recovered), *forbidden):
            journal.append(event)
    aside = put_in_place(new, database, now)
    copy = SecondCopy(copy_of(database))
    if copy.path.exists():
        copy.put_aside()
    return aside, recovered, len(forbidden)


def _silences(saved: Saved) -> Iterator[Event]:
    kinds = {kind.kind for kind in SILENCES}
    for _key, record in sorted(saved.records.items()):
        if record.kind in kinds:
            with suppress(BroadcasterError):
                yield understand(record).event


# The files


def _put_files(
    station: Station, file: Path, decisions: Decisions, withheld: Withheld
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is missing here, or is not the approved master: put back, or kept out."""
    put, kept_out = [], []
    with opened(file) as (packed, manifest):
        for name, sha256 in sorted(manifest.files.items()):
            if name == DATABASE:
                continue
            if withheld.keeps_out(name, _always(sha256)):
                kept_out.append(name)
            elif _wanted(station, name, sha256, decisions):
                target = station.root / PurePosixPath(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                unpack(packed, name, target)
                put.append(name)
    return tuple(put), tuple(kept_out)


def _always(sha256: Sha256) -> Callable[[], Sha256]:
    return lambda: sha256


def _wanted(station: Station, name: str, sha256: Sha256, decisions: Decisions) -> bool:
    """What is here stays as it is, but for a master that is not the approved one where the backup has that."""
    target = station.root / PurePosixPath(name)
    if not target.exists():
        return True
    parts = PurePosixPath(name).parts
    if len(parts) != 3 or parts[2] != MASTER or not parts[1].isdigit():
        return False
    admitted = decisions.newest(EpisodeNumber(int(parts[1])))
    return admitted is not None and admitted.master_sha256 == sha256 and not intact(station, admitted)


def _unfit(station: Station, decisions: Decisions, number: EpisodeNumber) -> bool:
    admitted = decisions.newest(number)
    return admitted is not None and not decisions.is_withdrawn(number) and not intact(station, admitted)
