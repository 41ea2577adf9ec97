"""What people decide about shared parts: each act checks, then appends one row."""

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Answer, PartApproved, PartWrong
from broadcaster.journal.row import Row
from broadcaster.library.acts import decisions_of
from broadcaster.library.approving import Answers
from broadcaster.library.decisions import APPROVERS, Decisions
from broadcaster.library.parts import file_of
from broadcaster.library.parts_decided import PartsDecided, SharedPart
from broadcaster.library.people import identify, person_of
from broadcaster.library.words import subjects
from broadcaster.locale import mark as N_
from broadcaster.model import Question


class PartUnknown(BadInput):
    """No shared part has this id."""

    sentence = N_("There is no shared part {part}, so nothing was changed. See `broadcaster part list`.")


class PartGone(BadInput):
    """The recording that is meant is not on the disk."""

    sentence = N_(
        "The recording of the shared part {part} is missing or was changed, so it was not approved. "
        "Bring it again with `broadcaster part replace {part} FILE --as CODE`."
    )


class PartIsWrong(BadInput):
    """A recording that was marked as wrong is not used again."""

    sentence = N_(
        "This recording of the shared part {part} is marked as wrong, so nothing was changed. "
        "Bring another one with `broadcaster part replace {part} FILE --as CODE`."
    )


class PartApprovedBefore(BadInput):
    """One yes of a person is enough."""

    sentence = N_("{code} has already approved the shared part {part}; nothing more is needed of her.")


class OwnPart(BadInput):
    """Nobody approves what she brought."""

    sentence = N_(
        "{code} brought a recording of the shared part {part}, so her approval was not recorded. Somebody else must approve it."
    )


class PartChecklistIncomplete(BadInput):
    """A question was not answered."""

    sentence = N_(
        "The checklist of the shared part {part} was not answered in full ({questions}), so the approval was not recorded. "
        "Listen to the part and answer every question."
    )


class PartNotClean(BadInput):
    """Something is in it that no episode may be given by way of a shared part."""

    sentence = N_(
        "The shared part {part} holds what must not be in a shared part ({questions}), so it was not approved. "
        "Bring a recording without that: `broadcaster part replace {part} FILE --as CODE`."
    )


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


def approve_part(journal: Journal, station: Station, part: str, code: str, pin: str, *, answers: Answers) -> Row:
    """Say yes to exactly the recording that a shared part's id means now: who may approve an episode may approve a part.

    The questions are an episode's. Who brought any recording of it does not approve it.
    """
    known = may_approve_part(decisions_of(journal), part, code)
    identify(journal, code, pin)
    if unasked := [question for question in Question if question not in answers]:
        raise PartChecklistIncomplete(part=part, questions=subjects(unasked))
    if unclean := [question for question in Question if answers[question]]:
        raise PartNotClean(part=part, questions=subjects(unclean))
    if file_of(station, part, known.sha256) is None:
        raise PartGone(part=part)
    said = tuple(Answer(question, answers[question]) for question in Question)
    return journal.append(PartApproved(part, known.sha256, approver=code, answers=said))


def may_approve_part(decisions: Decisions, part: str, code: str) -> SharedPart:
    """The recording that this person may approve; neither PIN nor answers are looked at."""
    person_of(decisions, code, *APPROVERS)
    decided = decisions.parts
    known = known_part(decided, part)
    if known.sha256 in decided.wrong:
        raise PartIsWrong(part=part)
    if code in decided.brought.get(part, ()):
        raise OwnPart(part=part, code=code)
    if code in decided.approved.get((part, known.sha256), ()):
        raise PartApprovedBefore(part=part, code=code)
    return known
