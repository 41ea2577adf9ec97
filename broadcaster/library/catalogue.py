"""What may air now: the decisions held against what lies on disk."""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from broadcaster.config import Station
from broadcaster.journal.events import Admitted
from broadcaster.journal.row import Row
from broadcaster.library import announcements, shelf
from broadcaster.library.decisions import Decisions, Rules, decide
from broadcaster.library.gates import flags, gate, wrong_revisions
from broadcaster.model import EpisodeNumber, EpisodeStatus, Reason, Sha256

MASTER = "master.flac"

_hashes: dict[Path, tuple[tuple[int, ...], Sha256]] = {}
"""What a file's SHA-256 was when it had this size, these times of change and this inode."""


def master_path(station: Station, number: int) -> Path:
    """Where the master of the episode's highest revision lies."""
    return shelf.folder_of(station, number) / MASTER


def sha256_of(path: Path) -> Sha256:
    """The file's SHA-256, read again only when its size, times of change or inode differ.

    The time of the inode's change is one of them: the other can be set back by whoever writes into a file.

    :raises OSError: it cannot be read.
    """
    with path.open("rb") as file:
        stat = os.fstat(file.fileno())  # of what is read, whatever has its name by now
        seen = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        known = _hashes.get(path)
        if known is None or known[0] != seen:
            known = (seen, Sha256(hashlib.file_digest(file, "sha256").hexdigest()))
            _hashes[path] = known
        return known[1]


def intact(station: Station, admitted: Admitted) -> bool:
    """Whether the master on disk is, byte for byte, the one that was admitted."""
    try:
        return sha256_of(master_path(station, admitted.episode)) == admitted.master_sha256
    except OSError:
        return False


def edition_path(station: Station, sha256: Sha256) -> Path:
    """Where an edition lies, whether or not it is there."""
    return editions_folder(station) / f"{sha256}.flac"


def editions_folder(station: Station) -> Path:
    """Where all of them lie: made by the program and made again when they are gone."""
    return station.data / "editions"


def edition_intact(station: Station, sha256: Sha256) -> bool:
    """Whether an edition on disk is, byte for byte, the one that was made."""
    try:
        return sha256_of(edition_path(station, sha256)) == sha256
    except OSError:
        return False


def rules_of(station: Station, today: date, *, samples_may_air: bool, now: datetime | None = None) -> Rules:
    """A station's rules on a day. Without ``now`` hours count to the day's end: an urgent yes ends early, not late."""
    moment = now or datetime.combine(today, time.max, station.timezone)
    days = station.safety.helpline_verified_days
    return Rules(station.helplines, days, today, moment, samples_may_air)


def statuses(
    station: Station,
    rows: Iterable[Row],
    today: date,
    *,
    samples_may_air: bool,
    now: datetime | None = None,
    only: Collection[EpisodeNumber] | None = None,
) -> dict[EpisodeNumber, EpisodeStatus]:
    """What keeps each known episode off the air, by number. An episode that is not here is ``no_episode``.

    ``rows`` may be few (:data:`~broadcaster.library.decisions.DECISIONS`) or none. Reads the disk, not the clock. ``only``:
    the episodes that are asked about; of the others not even the master is looked at, which may take a second each.
    """
    decisions = decide(rows)
    rules = rules_of(station, today, samples_may_air=samples_may_air, now=now)
    return {number: _status(station, number, decisions, rules) for number in _known(station, decisions, only)}


Outlook = Callable[[date], Mapping[EpisodeNumber, EpisodeStatus]]
"""The statuses as they will be on a day, should nothing be decided until then."""


def outlook(
    station: Station, rows: Iterable[Row], *, samples_may_air: bool, only: Collection[EpisodeNumber] | None = None
) -> Outlook:
    """What :func:`statuses` says on each day asked about, as playout will judge then; the rows are folded once."""
    decisions = decide(rows)
    known = _known(station, decisions, only)

    @cache
    def on(day: date) -> Mapping[EpisodeNumber, EpisodeStatus]:
        rules = rules_of(station, day, samples_may_air=samples_may_air)
        return {number: _status(station, number, decisions, rules) for number in known}

    return on


def _known(station: Station, decisions: Decisions, only: Collection[EpisodeNumber] | None) -> list[EpisodeNumber]:
    known = {*shelf.numbers(station), *decisions.numbers()}
    return sorted(known if only is None else known.intersection(only))


def _status(station: Station, number: EpisodeNumber, decisions: Decisions, rules: Rules) -> EpisodeStatus:
    admitted, withdrawn = decisions.newest(number), decisions.withdrawn.get(number, 0)
    if admitted is None:
        here = shelf.folder_of(station, number).is_dir()
        reason = gate(number, decisions, rules) if here else Reason.NO_EPISODE
        return EpisodeStatus(number, 0, None, None, reason, withdrawn)
    reason = gate(number, decisions, rules)
    if reason is None and not intact(station, admitted):
        reason = Reason.BAD_FILE
    editions = announcements.counting(admitted, decisions.parts)
    return EpisodeStatus(
        number,
        admitted.revision,
        admitted.master_sha256,
        admitted.duration_s,
        reason,
        withdrawn,
        admitted.lead_in_s,
        admitted.tail_s,
        flags(number, decisions, rules),
        wrong_revisions(number, decisions, rules),
        tuple(announcements.edition(made) for made in editions if edition_intact(station, made.edition_sha256)),
        announcements.wrong(number, decisions.parts),
    )
