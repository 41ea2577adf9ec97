"""Off the air: suspended until the protection officer says otherwise, or withdrawn for good.

::

    somebody is afraid ──────▶ suspend ──▶ silent now; no name, no reason, no PIN
    consent is taken back ───▶ withdraw (an episode, a voice, a consent) ──▶ silent now and for good
                                  └──▶ where it aired, which copies must be taken down ──▶ purge

The row is what counts: whoever plays looks for it every second, and at once when told to.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from broadcaster.config import Station
from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, ConsentWithdrawn, Suspended, SuspensionLifted, Withdrawn
from broadcaster.journal.row import Row
from broadcaster.library.acts import decisions_of, identify
from broadcaster.library.decisions import OFFICER, Decisions
from broadcaster.library.reach import (
    CONSENTS,
    Touched,
    consents_known,
    consents_of_voice,
    consents_withdrawn,
    touched_by_consents,
    touched_by_episode,
    touched_by_voice,
)
from broadcaster.library.refusals import (
    AlreadySuspended,
    ConsentIsWithdrawn,
    ConsentNotKnown,
    EpisodeWithdrawn,
    NothingAdmitted,
    NotOfficer,
    NotSigned,
    NotSuspended,
    VoiceIsWithdrawn,
    VoiceNotKnown,
)
from broadcaster.locale.shown import shown
from broadcaster.model import EpisodeNumber


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
    if not approver.may(OFFICER):
        raise NotOfficer(code=code)
    if number not in decisions_of(journal).suspended:
        raise NotSuspended(number=number)
    return journal.append(SuspensionLifted(EpisodeNumber(number), by=code))


@dataclass(frozen=True)
class Withdrawal:
    """What was withdrawn."""

    touched: Touched
    """Every episode that must not sound, each through which revision; some may have been withdrawn before."""
    consents: tuple[str, ...] = ()
    """The consents that carry nothing any more."""


def withdraw(
    journal: Journal, station: Station, number: int, code: str, pin: str, *, again: bool = False
) -> Withdrawal:
    """Take consent back for an audio: no revision so far sounds again, under whatever number. A later one may be approved anew.

    :param again: that it was decided before is no refusal: somebody wants more done about it.
    :raises EpisodeWithdrawn: that was decided before.
    """
    identify(journal, station, code, pin)
    decisions = decisions_of(journal)
    admitted = _admitted(decisions, number)
    touched = touched_by_episode(decisions, admitted.episode)
    touched, written = _silence(
        journal, station, decisions, touched, lambda episode, through: Withdrawn(episode, through, code)
    )
    if not written and not again:
        raise EpisodeWithdrawn(number=number)
    return Withdrawal(touched)


def withdraw_consent(
    journal: Journal, station: Station, reference: str, code: str, pin: str, *, again: bool = False
) -> Withdrawal:
    """Take one signed consent back: whatever it carried is withdrawn, and it carries nothing new.

    :raises ConsentNotKnown: nobody registered it and no episode names it.
    :raises ConsentIsWithdrawn: that was decided before, and nothing was left to do.
    """
    identify(journal, station, code, pin)
    rows, decisions = journal.rows(kinds=CONSENTS), decisions_of(journal)
    known = consents_known(rows, decisions).get(reference.strip().casefold())
    if known is None:
        raise ConsentNotKnown(consent=shown(reference))
    written = _take_back(journal, rows, [known], code)
    touched = touched_by_consents(rows, decisions, [known])
    touched, new = _silence(
        journal, station, decisions, touched, lambda episode, through: Withdrawn(episode, through, code, consent=known)
    )
    if not written + new and not again:
        raise ConsentIsWithdrawn(consent=known)
    return Withdrawal(touched, (known,))


def withdraw_voice(
    journal: Journal, station: Station, voice: str, code: str, pin: str, *, again: bool = False
) -> Withdrawal:
    """Take everything back that one voice ever allowed: all her consents, and all that was made by her or under them.

    :raises VoiceNotKnown: no consent and no episode knows this code.
    :raises VoiceIsWithdrawn: that was decided before, and nothing was left to do.
    """
    identify(journal, station, code, pin)
    rows, decisions = journal.rows(kinds=CONSENTS), decisions_of(journal)
    consents, touched = consents_of_voice(rows, voice), touched_by_voice(rows, decisions, voice)
    if not consents and not touched:
        raise VoiceNotKnown(voice=shown(voice))
    written = _take_back(journal, rows, consents, code)
    touched, new = _silence(
        journal, station, decisions, touched, lambda episode, through: Withdrawn(episode, through, code, voice=voice)
    )
    if not written + new and not again:
        raise VoiceIsWithdrawn(voice=voice)
    return Withdrawal(touched, consents)


def _take_back(journal: Journal, rows: Iterable[Row], consents: Iterable[str], by: str) -> int:
    """A row for each consent that was not taken back before; how many."""
    before = consents_withdrawn(rows)
    new = [consent for consent in consents if consent.casefold() not in before]
    for consent in new:
        journal.append(ConsentWithdrawn(consent, by))
    return len(new)


MakeRow = Callable[[EpisodeNumber, int], Withdrawn]


def _silence(
    journal: Journal, station: Station, decisions: Decisions, touched: Touched, row: MakeRow
) -> tuple[Touched, int]:
    """The rows, at once; then those of what sounds the same under other numbers, which takes a moment to know.

    Answers all that is touched and how many rows are new.
    """
    written = _append(journal, decisions, touched, row)
    alike = _sounding_the_same(station, decisions, touched)
    return {**touched, **alike}, written + _append(journal, decisions, alike, row)


def _sounding_the_same(station: Station, decisions: Decisions, touched: Touched) -> Touched:
    """Other episodes that are the same recording, by its fingerprint, in whatever encoding.

    Revisions of an episode itself are not looked for: a voice may have been taken out of the newer one.
    """
    from broadcaster.library.fingerprints import same_audio  # noqa: PLC0415  numpy is heavy, and silence comes first

    found: Touched = {}
    for admitted in decisions.admitted.values():
        if admitted.revision > touched.get(admitted.episode, 0):
            continue
        with suppress(
            BroadcasterError, OSError, ValueError
        ):  # what cannot be listened to is compared by its bytes only
            for number, revision in same_audio(station, decisions, admitted.master_sha256):
                if number not in touched:
                    found[number] = max(found.get(number, 0), revision)
    return found


def _append(journal: Journal, decisions: Decisions, touched: Touched, row: MakeRow) -> int:
    """A row for each episode that was not withdrawn as far before; how many. Cut short, it is done by doing it again."""
    new = {episode: through for episode, through in touched.items() if through > decisions.withdrawn.get(episode, 0)}
    for episode, through in new.items():
        journal.append(row(episode, through))
    return len(new)


def _admitted(decisions: Decisions, number: int) -> Admitted:
    admitted = decisions.newest(EpisodeNumber(number))
    if admitted is None:
        raise NothingAdmitted(number=number)
    return admitted
