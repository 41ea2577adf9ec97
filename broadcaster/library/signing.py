"""The acts about consents: a signed form comes into the register, a producer confirms that an episode's are complete.

Each is refused (exit 65) with a sentence; then nothing was written.
"""

from collections.abc import Sequence
from datetime import date

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, ConsentConfirmed, ConsentRegistered
from broadcaster.journal.row import Row
from broadcaster.library.catalogue import intact
from broadcaster.library.codes import alike, is_code, is_season
from broadcaster.library.consents import refs_of
from broadcaster.library.decisions import KEEPERS, Decisions, decisions_of
from broadcaster.library.people import identify, person_of
from broadcaster.library.refusals import EpisodeWithdrawn, MasterChanged, NewerVersion, NothingAdmitted
from broadcaster.library.register import Consent
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import EpisodeNumber, Role, Scope
from broadcaster.schedule.season import read_season

DEFAULT_SCOPES = (Scope.LOUDSPEAKERS,)
"""What a form covers unless it says more."""


class BadReference(BadInput):
    """Something that may be a name."""

    sentence = N_(
        "{text} cannot be such a code: write letters, at least one digit, and hyphens, such as {example}. "
        "Never a name: it could put a person at risk."
    )


class BadSeason(BadInput):
    """No name of a season's file."""

    sentence = N_(
        "{text} cannot be a season: write it as its file in schedules/ is called, in small letters, digits and hyphens, "
        "such as 2021-junio-julio."
    )


class ConsentKnown(BadInput):
    """A reference is given once."""

    sentence = N_("The consent {consent} is in the register already, so nothing was changed. Use another reference.")


class ConsentTakenBack(BadInput):
    """It was withdrawn before anybody registered it, from an episode that named it."""

    sentence = N_(
        "The consent {consent} was taken back, so nothing was changed. If the person agrees anew, "
        "have a new form signed and give it another reference."
    )


class VoiceHasConsent(BadInput):
    """One form per voice and season."""

    sentence = N_(
        "The voice {voice} has a consent for {season} already, {consent}, so nothing was changed. Name that one."
    )


class AlreadyOver(BadInput):
    """A form that covers no day to come."""

    sentence = N_("The consent would have ended on {day}, which is past, so nothing was changed. Check the date.")


class BeyondSeason(BadInput):
    """A form is for one season."""

    sentence = N_(
        "The season {season} ends on {last}, and the consent would last until {day}, so nothing was changed. "
        "Give a day no later than the season's end."
    )


class GuardianNeeded(BadInput):
    """A minor's form alone does not count."""

    sentence = N_(
        "The consent of a minor needs the guardian's form too, so nothing was changed. Give it with --guardian-form."
    )


class ConsentUnknown(BadInput):
    """The register has none of this reference."""

    sentence = N_("There is no consent {consent} in the register. See `broadcaster consent list`.")


class NotHerEpisode(BadInput):
    """Who made it knows whose voices are in it."""

    sentence = N_(
        "{code} is not among the producers of episode {number}, so nothing was changed. One of these must do it: {codes}."
    )


class NoConsents(BadInput):
    """There is nothing to confirm."""

    sentence = N_("Episode {number} names no consent, so there is nothing to confirm. Name them with --consent.")


class ConsentUnusable(BadInput):
    """What is not in the register, or taken back, or over, cannot be confirmed."""

    sentence = N_(
        "The consent {consent} is not in the register, or it ended or was taken back; nothing was confirmed. "
        "See `broadcaster consent list`."
    )


class NotEveryVoice(BadInput):
    """The producer herself says that a voice has no consent."""

    sentence = N_(
        "The consents do not cover every voice of episode {number}, so nothing was confirmed. "
        "Have the form signed and register it, or record the episode without that voice."
    )


class MinorsDiffer(BadInput):
    """A minor's voice and the consents do not agree."""

    sentence = N_(
        "A minor speaks in episode {number} and none of its consents is a minor's, so nothing was confirmed. "
        "Register the form with `broadcaster consent add --minor`."
    )


def register_consent(journal: Journal, station: Station, consent: Consent, pin: str) -> Row:
    """Put a signed form into the register, on the word of ``consent.by``."""
    decisions = decisions_of(journal)
    today = journal.clock.now().utc.astimezone(station.timezone).date()
    may_be_registered(decisions, consent, today)
    require_season(station, consent)
    identify(journal, consent.by, pin)
    return journal.append(
        ConsentRegistered(
            consent=consent.ref,
            voice=consent.voice,
            season=consent.season,
            scopes=consent.scopes,
            form=consent.form,
            expires=consent.expires,
            by=consent.by,
            minor=consent.minor,
            guardian_form=consent.guardian_form,
        )
    )


def may_be_registered(decisions: Decisions, consent: Consent, today: date) -> None:
    """Return when this consent can be registered; the PIN is not looked at."""
    person_of(decisions, consent.by, *KEEPERS)
    _codes(consent)
    if alike(consent.ref, decisions.consents):
        raise ConsentKnown(consent=consent.ref)
    if consent.ref.casefold() in decisions.taken_back:
        raise ConsentTakenBack(consent=consent.ref)
    if consent.expires < today:
        raise AlreadyOver(day=consent.expires)
    if consent.minor and not consent.guardian_form:
        raise GuardianNeeded
    for other in decisions.consents.values():
        same = (other.voice.casefold(), other.season) == (consent.voice.casefold(), consent.season)
        if same and not other.withdrawn and other.expires >= today:
            raise VoiceHasConsent(voice=consent.voice, season=consent.season, consent=other.ref)


def require_season(station: Station, consent: Consent) -> None:
    """Return when the consent ends with its season at the latest, or nothing is known of that season yet.

    Raises :class:`~broadcaster.errors.ConfigurationError` where the season's file has faults.
    """
    season = read_season(station, consent.season)
    if season is not None and consent.expires > season.last:
        raise BeyondSeason(season=season.name, last=season.last, day=consent.expires)


def _codes(consent: Consent) -> None:
    for text, example in (
        (consent.ref, "C-2021-014"),
        (consent.voice, "v-03"),
        (consent.form, "F-2021-014"),
        (consent.guardian_form or "F-1", "F-2021-015"),
    ):
        if not is_code(text):
            raise BadReference(text=shown(text), example=example)
    if not is_season(consent.season):
        raise BadSeason(text=shown(consent.season))


def confirm_consents(
    journal: Journal,
    station: Station,
    number: int,
    code: str,
    pin: str,
    *,
    refs: Sequence[str] = (),
    every_voice: bool,
    minors: bool = False,
    testimony: bool = False,
    heard: str | None = None,
) -> Row:
    """A producer's word: these consents cover every voice in the master that lies on disk now.

    :param refs: which; those the episode names when there are none. One that it names and the register knows stays among them.
    :param every_voice: whether every voice that somebody could recognise is covered.
    :param testimony: whether it tells what happened to a survivor, in another voice than hers.
    :param heard: the master that she had before her, where she may have had it for a while: she speaks of no other.
    """
    decisions = decisions_of(journal)
    admitted = may_confirm(decisions, number, code)
    if heard is not None and heard != admitted.master_sha256:
        raise NewerVersion(number=number)
    chosen = offered(decisions, admitted, refs, today=journal.clock.now().utc.astimezone(station.timezone).date())
    identify(journal, code, pin)
    if not every_voice:
        raise NotEveryVoice(number=number)
    minor_here = any(decisions.consents[ref].minor for ref in chosen)
    if minors and not minor_here:
        raise MinorsDiffer(number=number)
    if not intact(station, admitted):
        raise MasterChanged(number=number)
    return journal.append(
        ConsentConfirmed(
            admitted.episode,
            admitted.revision,
            admitted.master_sha256,
            chosen,
            by=code,
            minors=minors or minor_here,
            testimony=testimony,
        )
    )


def may_confirm(decisions: Decisions, number: int, code: str) -> Admitted:
    """The revision whose consents this person may confirm; the PIN is not looked at."""
    person_of(decisions, code, Role.PRODUCER)
    admitted = decisions.newest(EpisodeNumber(number))
    if admitted is None:
        raise NothingAdmitted(number=number)
    if decisions.is_withdrawn(admitted.episode):
        raise EpisodeWithdrawn(number=number)
    if code not in admitted.defenders:
        raise NotHerEpisode(code=code, number=number, codes=", ".join(admitted.defenders))
    return admitted


def offered(decisions: Decisions, admitted: Admitted, refs: Sequence[str], *, today: date) -> tuple[str, ...]:
    """The consents that a confirmation speaks of: ``refs``, or those the episode names.

    One that the episode names and the register knows cannot be left out.
    """
    named = refs_of(admitted, decisions)
    chosen = (*refs, *(ref for ref in named if ref in decisions.consents)) if refs else named
    if not chosen:
        raise NoConsents(number=admitted.episode)
    found = []
    for ref in chosen:
        consent = decisions.consent_of(ref)
        if consent is None or consent.withdrawn or consent.expires < today:
            raise ConsentUnusable(consent=shown(ref))
        found.append(consent.ref)
    return tuple(dict.fromkeys(found))
