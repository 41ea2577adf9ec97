"""The acts of people: each checks who, checks what, and appends one row.

Every act raises a :class:`~broadcaster.errors.BadInput` (exit 65) when it is refused; then nothing was written.
"""

import re
from collections.abc import Collection
from datetime import date

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import (
    Admitted,
    Approved,
    DefenderRegistered,
    DefenderRetired,
    PinSet,
)
from broadcaster.journal.row import Row
from broadcaster.library import pins
from broadcaster.library.catalogue import intact
from broadcaster.library.decisions import DECISIONS, Decisions, decide
from broadcaster.library.refusals import (
    BadDefenderCode,
    BadTraining,
    DefenderIsRetired,
    DefenderKnown,
    DefenderUnknown,
    EpisodeWithdrawn,
    MasterChanged,
    NothingAdmitted,
    NotOfficer,
    PinIsSet,
    SameHand,
    SamplesOnly,
    UnknownCode,
)
from broadcaster.model import Approver, EpisodeNumber

_CODE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?")
"""Letters, hyphens and at least one digit: an issued code, hardly a name."""


def decisions_of(journal: Journal) -> Decisions:
    """What has been decided so far."""
    return decide(journal.rows(kinds=DECISIONS))


# Defenders


def register_defender(
    journal: Journal,
    code: str,
    *,
    cohort: str = "",
    trained_from: date | None = None,
    trained_until: date | None = None,
) -> Row:
    """Put a trained producer's issued code into the register."""
    if not _CODE.fullmatch(code):
        raise BadDefenderCode(code=code)
    if trained_from and trained_until and trained_until < trained_from:
        raise BadTraining(code=code)
    if code.casefold() in {known.casefold() for known in decisions_of(journal).defenders}:
        raise DefenderKnown(code=code)
    return journal.append(DefenderRegistered(code, cohort, trained_from, trained_until))


def retire_defender(journal: Journal, code: str) -> Row:
    """Let a code take no new episodes; what it made stays."""
    require_defenders(decisions_of(journal), [code])
    return journal.append(DefenderRetired(code))


def require_defenders(decisions: Decisions, codes: Collection[str]) -> None:
    """Return when every code is registered and active."""
    for code in codes:
        if code not in decisions.defenders:
            raise DefenderUnknown(code=code)
        if decisions.defenders[code].retired:
            raise DefenderIsRetired(code=code)


# Episodes


def approve(journal: Journal, station: Station, number: int, code: str, pin: str, *, urgent: bool = False) -> Row:
    """Say yes to exactly the master that lies on disk now. ``urgent``: the protection officer's, which lapses."""
    approver = identify(journal, station, code, pin)
    decisions = decisions_of(journal)
    admitted = _admitted(decisions, number)
    _may_decide(approver, admitted)
    if urgent and not approver.officer:
        raise NotOfficer(code=code)
    if decisions.is_withdrawn(admitted.episode):
        raise EpisodeWithdrawn(number=number)
    if any(before.approver == code for before in decisions.approvals_of(admitted)):
        raise SameHand(code=code, number=number)
    if not intact(station, admitted):
        raise MasterChanged(number=number)
    return journal.append(
        Approved(admitted.episode, admitted.revision, admitted.master_sha256, approver=code, urgent=urgent)
    )


def _admitted(decisions: Decisions, number: int) -> Admitted:
    admitted = decisions.newest(EpisodeNumber(number))
    if admitted is None:
        raise NothingAdmitted(number=number)
    return admitted


def _may_decide(approver: Approver, admitted: Admitted) -> None:
    if approver.sample_only and not admitted.sample:
        raise SamplesOnly(code=approver.code, number=admitted.episode)


# Approvers


def identify(journal: Journal, station: Station, code: str, pin: str) -> Approver:
    """The approver whose code and PIN these are."""
    approver = approver_of(station, code)
    pins.check_pin(journal.store, code, pin, journal.clock.now().utc)
    return approver


def set_pin(journal: Journal, station: Station, code: str, new: str, *, by: str | None = None, pin: str = "") -> Row:
    """Set a code's first PIN, or change it.

    :param by: whose ``pin`` allows a change: the code itself (the default) with its old one, or the protection officer.
    """
    approver_of(station, code)
    by = by or code
    if by != code and not approver_of(station, by).officer:
        raise NotOfficer(code=by)
    if by != code or pins.has_pin(journal.store, code):
        if not pin:
            raise PinIsSet(code=code)
        identify(journal, station, by, pin)
    pins.set_pin(journal.store, code, new)
    return journal.append(PinSet(code=code, by=by))


def approver_of(station: Station, code: str) -> Approver:
    """The approver of this code; PINs are not looked at."""
    if code not in station.approvers:
        raise UnknownCode(code=code)
    return station.approvers[code]
