"""The people of a test's station, and what they must say so that an episode airs: as rows, for tests of other rooms."""

from collections.abc import Iterable, Iterator
from datetime import date

from broadcaster.journal.events import (
    Admitted,
    Answer,
    Approved,
    ConsentConfirmed,
    ConsentRegistered,
    Event,
    HelplineVerified,
    PersonRegistered,
)
from broadcaster.model import Question, Role, Scope

OFFICER = "proteccion-1"
HANDS = ("coordinadora-1", "coordinadora-2")
FOR_EVER = date(2099, 12, 31)
CLEAN = tuple(Answer(question, yes=False) for question in Question)
"""A checklist by which nobody is at risk."""
ANSWERS = "".join(f"{question.value} = false\n" for question in Question)
"""The same, as ``episode approve --answers`` reads it."""
CONFIRMED = "every_voice = true\nminors = false\ntestimony = false\n"
"""What ``episode confirm-consent --answers`` reads."""


def staff(*defenders: str, hands: Iterable[str] = HANDS, officer: str = OFFICER) -> Iterator[Event]:
    """Rows that register everybody; none has a PIN."""
    yield PersonRegistered(officer, (Role.PROTECTION_OFFICER,))
    for hand in hands:
        yield PersonRegistered(hand, (Role.APPROVER, Role.COORDINATOR), officer)
    for defender in defenders:
        yield PersonRegistered(defender, (Role.PRODUCER,), officer)


def all_said(admitted: Admitted, hands: Iterable[str] = HANDS, by: str = OFFICER) -> Iterator[Event]:
    """Rows that open every gate to an episode; its people are registered before."""
    yield from consented(admitted, by)
    yield from approved(admitted, *hands)


def consented(admitted: Admitted, by: str = OFFICER) -> Iterator[Event]:
    """Rows by which its voices have signed, its producer has confirmed, and its helplines were called."""
    for place, ref in enumerate(admitted.consent_refs):
        scopes = (Scope.LOUDSPEAKERS,)
        yield ConsentRegistered(ref, f"v-{admitted.episode}-{place}", "prueba", scopes, f"F-{ref}", FOR_EVER, by)
    yield ConsentConfirmed(
        admitted.episode,
        admitted.revision,
        admitted.master_sha256,
        admitted.consent_refs,
        by=admitted.defenders[0],
    )
    for helpline, number in zip(admitted.helplines, admitted.helpline_numbers, strict=False):
        yield HelplineVerified(helpline, number, FOR_EVER, by)


def approved(admitted: Admitted, *hands: str) -> Iterator[Event]:
    """Rows by which these approve it."""
    for hand in hands:
        yield Approved(admitted.episode, admitted.revision, admitted.master_sha256, hand, answers=CLEAN)
