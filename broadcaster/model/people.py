"""What people may do, where a voice may be heard, and what an approver is asked."""

from enum import StrEnum


class Role(StrEnum):
    """What a registered code may do; a person may hold several."""

    PRODUCER = "producer"
    """A trained defender: makes episodes and confirms the consents of their voices."""
    APPROVER = "approver"
    PROTECTION_OFFICER = "protection_officer"
    """Registers people, lifts suspensions, may approve alone for a short while."""
    COORDINATOR = "coordinator"
    """Keeps the registers of consents and helplines."""


class Scope(StrEnum):
    """Where a voice may be heard, as the signed form says."""

    LOUDSPEAKERS = "loudspeakers"
    WHATSAPP = "whatsapp"
    USB = "usb"
    FACEBOOK = "facebook"
    ARCHIVE = "archive"


class Question(StrEnum):
    """What an approver answers about an episode she has heard whole: is it in there?"""

    NAMES = "names"
    ADDRESSES = "addresses"
    """Homes and workplaces too."""
    WHEREABOUTS = "whereabouts"
    """Times or places at which a defender can be found."""
    AGGRESSOR = "aggressor"
    TESTIMONY = "testimony"
    """A survivor telling her own story in her own voice: such stories are dramatised."""
    MINORS = "minors"
    """The one that may be yes: with a guardian's form."""
