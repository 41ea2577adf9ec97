"""The act of approving. It is refused (exit 65) with a sentence; then nothing was written."""

from collections.abc import Mapping

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Answer, Approved
from broadcaster.journal.row import Row
from broadcaster.library.approvals import MAY_BE_YES, hands_of
from broadcaster.library.catalogue import intact
from broadcaster.library.consents import consents_of, is_sensitive
from broadcaster.library.decisions import APPROVERS, OFFICER, Decisions, decisions_of
from broadcaster.library.people import identify, person_of
from broadcaster.library.refusals import EpisodeWithdrawn, MasterChanged, NewerVersion, NothingAdmitted, SameHand
from broadcaster.library.words import subjects
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Question


class OwnEpisode(BadInput):
    """Nobody approves what she made."""

    sentence = N_("{code} made episode {number}, so her approval was not recorded. Two other people must approve it.")


class ChecklistIncomplete(BadInput):
    """A question was not answered."""

    sentence = N_(
        "The checklist of episode {number} was not answered in full ({questions}), so the approval was not recorded. "
        "Listen to the episode and answer every question."
    )


class NotClean(BadInput):
    """Something is in it that can put somebody at risk."""

    sentence = N_(
        "Episode {number} says what can put somebody at risk ({questions}), so it was not approved. "
        "Have it recorded again without that: `broadcaster episode revise {number}`."
    )


class MinorsNeedForms(BadInput):
    """A minor speaks, and nobody's guardian has signed."""

    sentence = N_(
        "A minor speaks in episode {number} and none of its consents is a minor's, so it was not approved. "
        "Register the form with `broadcaster consent add --minor` and have the producer confirm it."
    )


class NeverUrgent(BadInput):
    """No urgency puts these on air."""

    sentence = N_(
        "A minor speaks in episode {number} or a survivor's story is told, so it cannot be approved urgently. "
        "Two people must approve it."
    )


Answers = Mapping[Question, bool]
"""What she answered: is it in there?"""


def approve(
    journal: Journal,
    station: Station,
    number: int,
    code: str,
    pin: str,
    *,
    answers: Answers,
    urgent: bool = False,
    heard: str | None = None,
) -> Row:
    """Say yes to exactly the master that lies on disk now.

    :param urgent: the protection officer's, which lapses.
    :param heard: the master that she had before her, where she may have had it for a while: she answers for no other.
    """
    decisions = decisions_of(journal)
    admitted = may_approve(decisions, number, code, urgent=urgent)
    if heard is not None and heard != admitted.master_sha256:
        raise NewerVersion(number=number)
    identify(journal, code, pin)
    _judge(admitted, decisions, answers, urgent=urgent)
    if not intact(station, admitted):
        raise MasterChanged(number=number)
    return journal.append(
        Approved(
            admitted.episode,
            admitted.revision,
            admitted.master_sha256,
            approver=code,
            urgent=urgent,
            answers=tuple(Answer(question, answers[question]) for question in Question),
        )
    )


def may_approve(decisions: Decisions, number: int, code: str, *, urgent: bool) -> Admitted:
    """The revision that this person may approve; neither PIN nor answers are looked at."""
    person_of(decisions, code, *((OFFICER,) if urgent else APPROVERS))
    admitted = decisions.newest(EpisodeNumber(number))
    if admitted is None:
        raise NothingAdmitted(number=number)
    if decisions.is_withdrawn(admitted.episode):
        raise EpisodeWithdrawn(number=number)
    if code in decisions.makers_of(admitted):
        raise OwnEpisode(code=code, number=number)
    if code in hands_of(admitted, decisions):
        raise SameHand(code=code, number=number)
    if urgent and is_sensitive(admitted, decisions):
        raise NeverUrgent(number=number)
    return admitted


def _judge(admitted: Admitted, decisions: Decisions, answers: Answers, *, urgent: bool) -> None:
    number = admitted.episode
    if unasked := [question for question in Question if question not in answers]:
        raise ChecklistIncomplete(number=number, questions=subjects(unasked))
    if unclean := [question for question in Question if answers[question] and question not in MAY_BE_YES]:
        raise NotClean(number=number, questions=subjects(unclean))
    if answers[Question.MINORS]:
        if urgent:
            raise NeverUrgent(number=number)
        if not any(consent.minor for consent in consents_of(admitted, decisions)):
            raise MinorsNeedForms(number=number)
