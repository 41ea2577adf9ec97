"""What may air now: the decisions held against what lies on disk."""

import hashlib
import os
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path

from broadcaster.config import Station
from broadcaster.journal.events import Admitted
from broadcaster.journal.row import Row
from broadcaster.library import shelf
from broadcaster.library.decisions import Decisions, Rules, decide, gate
from broadcaster.model import EpisodeNumber, EpisodeStatus, Reason, Sha256

MASTER = "master.flac"

_hashes: dict[Path, tuple[tuple[int, int, int], Sha256]] = {}
"""What a file's SHA-256 was when it had this size, time of change and inode."""


def master_path(station: Station, number: int) -> Path:
    """Where the master of the episode's highest revision lies."""
    return shelf.folder_of(station, number) / MASTER


def sha256_of(path: Path) -> Sha256 | None:
    """The file's SHA-256, read again only when its size, time of change or inode differ; ``None`` when it cannot be read."""
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())  # of what is read, whatever has its name by now
            seen = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
            known = _hashes.get(path)
            if known is None or known[0] != seen:
                known = (seen, Sha256(hashlib.file_digest(file, "sha256").hexdigest()))
                _hashes[path] = known
            return known[1]
    except OSError:
        return None


def intact(station: Station, admitted: Admitted) -> bool:
    """Whether the master on disk is, byte for byte, the one that was admitted."""
    return sha256_of(master_path(station, admitted.episode)) == admitted.master_sha256


def rules_of(station: Station, today: date, *, samples_may_air: bool, now: datetime | None = None) -> Rules:
    """A station's rules on a day. Without ``now`` hours count to the day's end: an urgent yes ends early, not late."""
    moment = now or datetime.combine(today, time.max, station.timezone)
    return Rules(station.approvers, station.helplines, today, moment, samples_may_air)


def statuses(
    station: Station, rows: Iterable[Row], today: date, *, samples_may_air: bool, now: datetime | None = None
) -> dict[EpisodeNumber, EpisodeStatus]:
    """What keeps each known episode off the air, by number. An episode that is not here is ``no_episode``.

    ``rows`` may be few (:data:`~broadcaster.library.decisions.DECISIONS`) or none. Reads the disk, not the clock.
    """
    decisions = decide(rows)
    rules = rules_of(station, today, samples_may_air=samples_may_air, now=now)
    known = sorted({*shelf.numbers(station), *decisions.numbers()})
    return {number: _status(station, number, decisions, rules) for number in known}


def _status(station: Station, number: EpisodeNumber, decisions: Decisions, rules: Rules) -> EpisodeStatus:
    admitted, withdrawn = decisions.newest(number), decisions.withdrawn.get(number, 0)
    if admitted is None:
        here = shelf.folder_of(station, number).is_dir()
        reason = gate(number, decisions, rules) if here else Reason.NO_EPISODE
        return EpisodeStatus(number, 0, None, None, reason, withdrawn)
    reason = gate(number, decisions, rules)
    if reason is None and not intact(station, admitted):
        reason = Reason.BAD_FILE
    return EpisodeStatus(
        number,
        admitted.revision,
        admitted.master_sha256,
        admitted.duration_s,
        reason,
        withdrawn,
        admitted.lead_in_s,
        admitted.tail_s,
    )
