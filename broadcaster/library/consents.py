"""Whether the voices of an episode may be heard: each has a signed form, for this use, on this day. Pure.

The consents that count are those the producer confirmed for exactly this master. What the episode named when it was admitted
and the register knows cannot be left out by a confirmation: a consent that ran out or was taken back stays in the way.
"""

from collections.abc import Iterator
from datetime import date

from broadcaster.journal.events import Admitted
from broadcaster.library.decisions import Decisions
from broadcaster.library.objection import Objection
from broadcaster.library.register import Consent
from broadcaster.library.words import scopes
from broadcaster.locale import mark as N_
from broadcaster.model import Question, Reason, Scope

NONE_NAMED = N_(
    "It names no consent, so it will not go out. Confirm those of all its voices: "
    "`broadcaster episode confirm-consent {number} --consent REF --as CODE`."
)
UNKNOWN = N_(
    "The consent {consent} is not in the register, so it will not go out. "
    "Add the signed form with `broadcaster consent add {consent}`."
)
TAKEN_BACK = N_("The consent {consent} was taken back. What it covered will not go out; delete every copy.")
ANOTHER_USE = N_(
    "The consent {consent} does not cover this use ({scope}), so the episode is not for it. "
    "Ask the person, and have a new form signed if she agrees."
)
EXPIRED = N_(
    "The consent {consent} ended on {day}, so the episode will not go out. "
    "Ask the person, and have a new form signed if she agrees."
)
NO_GUARDIAN = N_(
    "The consent {consent} is a minor's and has no guardian's form, so the episode will not go out. "
    "File the guardian's form and register the consent anew."
)
NO_MINORS_FORM = N_(
    "A minor speaks in it, and none of its consents is a minor's with a guardian's form, so it will not go out. "
    "File the guardian's form, register the consent and confirm it."
)
UNCONFIRMED = N_(
    "Its producer has not confirmed that the consents cover every voice, so it will not go out. "
    "She does it with `broadcaster episode confirm-consent {number} --as CODE`."
)


def objections(admitted: Admitted, decisions: Decisions, day: date, scope: Scope) -> Iterator[Objection]:
    """Everything that the consents lack for a use under ``scope`` on ``day``."""
    refs = refs_of(admitted, decisions)
    if not refs:
        yield _no(NONE_NAMED, number=admitted.episode)
        return
    for ref in refs:
        yield from _of_one(ref, decisions.consent_of(ref), day, scope)
    if has_minor(admitted, decisions) and not any(consent.minor for consent in consents_of(admitted, decisions)):
        yield _no(NO_MINORS_FORM)
    if decisions.confirmation_of(admitted) is None:
        yield _no(UNCONFIRMED, number=admitted.episode)


def refs_of(admitted: Admitted, decisions: Decisions) -> tuple[str, ...]:
    """The references that count: those confirmed, and of those named at admission every one that is a consent.

    Each as the register writes it, where it knows it.
    """
    named, confirmation = admitted.consent_refs, decisions.confirmation_of(admitted)
    if confirmation is None:
        return tuple(_as_registered(ref, decisions) for ref in named)
    kept = (ref for ref in named if decisions.consent_of(ref) is not None)
    return tuple(dict.fromkeys(_as_registered(ref, decisions) for ref in (*confirmation.consents, *kept)))


def _as_registered(ref: str, decisions: Decisions) -> str:
    known = decisions.consent_of(ref)
    return ref if known is None else known.ref


def consents_of(admitted: Admitted, decisions: Decisions) -> tuple[Consent, ...]:
    """The consents that count, as far as the register knows them."""
    found = (decisions.consents.get(ref) for ref in refs_of(admitted, decisions))
    return tuple(consent for consent in found if consent is not None)


def has_minor(admitted: Admitted, decisions: Decisions) -> bool:
    """Whether a minor speaks in it: a consent, the producer or an approver says so."""
    confirmation = decisions.confirmation_of(admitted)
    return (
        (confirmation is not None and confirmation.minors)
        or any(consent.minor for consent in consents_of(admitted, decisions))
        or any(approval.said(Question.MINORS) for approval in decisions.approvals_of(admitted))
    )


def is_sensitive(admitted: Admitted, decisions: Decisions) -> bool:
    """Whether a minor speaks in it or a survivor's story is told: then no urgency puts it on air."""
    confirmation = decisions.confirmation_of(admitted)
    return has_minor(admitted, decisions) or (confirmation is not None and confirmation.testimony)


def _of_one(ref: str, consent: Consent | None, day: date, scope: Scope) -> Iterator[Objection]:
    if consent is None:
        yield _no(UNKNOWN, consent=ref)
    elif consent.withdrawn:
        yield _no(TAKEN_BACK, consent=ref)
    elif scope not in consent.scopes:
        yield _no(ANOTHER_USE, consent=ref, scope=scopes([scope]))
    elif day > consent.expires:
        yield _no(EXPIRED, consent=ref, day=consent.expires.isoformat())
    elif consent.minor and not consent.guardian_form:
        yield _no(NO_GUARDIAN, consent=ref)


def _no(text: str, **facts: object) -> Objection:
    return Objection(Reason.NO_CONSENT, text, facts)
