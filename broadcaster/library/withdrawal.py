"""Off the air: suspended until the protection officer says otherwise, or withdrawn for good.

::

    somebody is afraid ──────▶ suspend ──▶ silent now; no name, no reason, no PIN
    consent is taken back ───▶ withdraw (an episode, a voice, a consent) ──▶ silent now and for good
                                  └──▶ where it aired, which copies must be taken down ──▶ purge

The row is what counts: whoever plays looks for it every second, and at once when told to.
"""

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Suspended, SuspensionLifted, Withdrawn
from broadcaster.journal.row import Row
from broadcaster.library.acts import decisions_of, identify
from broadcaster.library.decisions import Decisions
from broadcaster.library.refusals import (
    AlreadySuspended,
    EpisodeWithdrawn,
    NothingAdmitted,
    NotOfficer,
    NotSigned,
    NotSuspended,
    SamplesOnly,
)
from broadcaster.model import Approver, EpisodeNumber


def suspend(journal: Journal, number: int, by: str) -> Row:
    """ "Stop this now": anybody may say so of any episode, and nobody is asked why.

    :param by: ``uid:1000``, the system's user, or the code of somebody who was identified.
    :raises NothingAdmitted: there is no such episode.
    :raises AlreadySuspended: it is as she wants it.
    """
    decisions = decisions_of(journal)
    admitted = _admitted(decisions, number)
    if admitted.episode in decisions.suspended:
        raise AlreadySuspended(number=number)
    return journal.append(Suspended(admitted.episode, by=by))


def sign_suspension(journal: Journal, station: Station, number: int, code: str, pin: str) -> Row:
    """Put a registered code beside a suspension that stands already.

    :raises NotSigned: whose code it is could not be made sure of; the suspension stands.
    """
    try:
        identify(journal, station, code, pin)
    except BadInput as problem:
        raise NotSigned(number=number, problem=problem) from problem
    return journal.append(Suspended(EpisodeNumber(number), by=code))


def lift_suspension(journal: Journal, station: Station, number: int, code: str, pin: str) -> Row:
    """End a suspension: the protection officer alone."""
    approver = identify(journal, station, code, pin)
    if not approver.officer:
        raise NotOfficer(code=code)
    if number not in decisions_of(journal).suspended:
        raise NotSuspended(number=number)
    return journal.append(SuspensionLifted(EpisodeNumber(number), by=code))


def withdraw(journal: Journal, station: Station, number: int, code: str, pin: str) -> Row:
    """Take consent back: no revision so far sounds again. A later recording may be approved anew."""
    approver = identify(journal, station, code, pin)
    decisions = decisions_of(journal)
    admitted = _admitted(decisions, number)
    _may_decide(approver, admitted)
    if decisions.is_withdrawn(admitted.episode):
        raise EpisodeWithdrawn(number=number)
    return journal.append(Withdrawn(admitted.episode, through_revision=admitted.revision, by=code))


def _admitted(decisions: Decisions, number: int) -> Admitted:
    admitted = decisions.newest(EpisodeNumber(number))
    if admitted is None:
        raise NothingAdmitted(number=number)
    return admitted


def _may_decide(approver: Approver, admitted: Admitted) -> None:
    if approver.sample_only and not admitted.sample:
        raise SamplesOnly(code=approver.code, number=admitted.episode)
