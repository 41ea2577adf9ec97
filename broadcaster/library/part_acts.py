"""What people decide about shared parts: each act checks, then appends one row."""

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import PartApproved, PartWrong
from broadcaster.journal.row import Row
from broadcaster.library.acts import decisions_of
from broadcaster.library.decisions import APPROVERS
from broadcaster.library.parts import file_of
from broadcaster.library.parts_decided import PartsDecided, SharedPart
from broadcaster.library.people import identify
from broadcaster.locale import mark as N_


class PartUnknown(BadInput):
    """No shared part has this id."""

    sentence = N_("There is no shared part {part}, so nothing was changed. See `broadcaster part list`.")


class PartGone(BadInput):
    """The recording that is meant is not on the disk."""

    sentence = N_(
        "The recording of the shared part {part} is missing or was changed, so it was not approved. "
        "Bring it again with `broadcaster part replace {part} FILE`."
    )


class PartIsWrong(BadInput):
    """A recording that was marked as wrong is not used again."""

    sentence = N_(
        "This recording of the shared part {part} is marked as wrong, so nothing was changed. "
        "Bring another one with `broadcaster part replace {part} FILE`."
    )


class PartApprovedBefore(BadInput):
    """One yes of a person is enough."""

    sentence = N_("{code} has already approved the shared part {part}; nothing more is needed of her.")


def known_part(decided: PartsDecided, part: str) -> SharedPart:
    """What the id means now. Raises :class:`PartUnknown`."""
    if part not in decided.current:
        raise PartUnknown(part=part)
    return decided.current[part]


def mark_wrong(journal: Journal, part: str) -> Row | None:
    """Whatever was built with the recording that is meant now must not sound, from this moment on. Anybody may say so.

    ``None`` where it was marked before.
    """
    decided = decisions_of(journal).parts
    known = known_part(decided, part)
    return None if known.sha256 in decided.wrong else journal.append(PartWrong(part, known.sha256))


def approve_part(journal: Journal, station: Station, part: str, code: str, pin: str) -> Row:
    """Say yes to exactly the recording that a shared part's id means now: who may approve an episode may approve a part."""
    person = identify(journal, code, pin, *APPROVERS)
    decided = decisions_of(journal).parts
    known = known_part(decided, part)
    if known.sha256 in decided.wrong:
        raise PartIsWrong(part=part)
    if person.code in decided.approved.get((part, known.sha256), ()):
        raise PartApprovedBefore(part=part, code=person.code)
    if file_of(station, part, known.sha256) is None:
        raise PartGone(part=part)
    return journal.append(PartApproved(part, known.sha256, approver=person.code))
