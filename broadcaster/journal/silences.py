"""What keeps a sound off the air, and a microphone from listening, as far as rows say so. Pure.

When rows of two records cannot stand in one, what the other forbids is forbidden here by rows of its own: forgetting a
withdrawal would let a voice sound that was taken back; one silence too many is lifted by whoever may lift it.
"""

from collections.abc import Iterable

from broadcaster.journal.events import (
    ConsentWithdrawn,
    Event,
    HelplineVerified,
    HelplineWrong,
    MicrophoneOff,
    MicrophoneOn,
    PartWrong,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)

SILENCES: tuple[type[Event], ...] = (
    Withdrawn,
    ConsentWithdrawn,
    Suspended,
    SuspensionLifted,
    HelplineWrong,
    HelplineVerified,
    PartWrong,
    MicrophoneOff,
    MicrophoneOn,
)
"""All that :func:`in_force` reads."""

Silence = tuple[object, ...]


def in_force(events: Iterable[Event]) -> dict[Silence, Event]:
    """What is forbidden after these events, in their order, each with the event that forbade it first."""
    forbidden: dict[Silence, Event] = {}
    for event in events:
        match event:
            case Withdrawn(episode, through):
                forbidden.setdefault((Withdrawn, episode, through), event)
            case ConsentWithdrawn(consent):
                forbidden.setdefault((ConsentWithdrawn, consent.casefold()), event)
            case Suspended(episode):
                forbidden.setdefault((Suspended, episode), event)
            case SuspensionLifted(episode):
                forbidden.pop((Suspended, episode), None)
            case HelplineWrong(helpline, number):
                forbidden.setdefault((HelplineWrong, helpline, number), event)
            case HelplineVerified(helpline, number):
                forbidden.pop((HelplineWrong, helpline, number), None)
            case MicrophoneOff(market):
                forbidden.setdefault((MicrophoneOff, market), event)
            case MicrophoneOn(market):
                forbidden.pop((MicrophoneOff, market), None)
            case PartWrong():
                forbidden.setdefault((PartWrong, event), event)
    return forbidden


def to_forbid(theirs: Iterable[Event], ours: Iterable[Event]) -> tuple[Event, ...]:
    """What the others forbid and we do not: the events to write again here, in their order."""
    here = in_force(ours)
    return tuple(event for silence, event in in_force(theirs).items() if silence not in here)
