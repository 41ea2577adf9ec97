"""What episodes are built from: shared parts that come, change and turn out wrong; which part went into which recording."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.journal.events.library import Answer
from broadcaster.model import EpisodeNumber, PartRole, Sha256


@dataclass(frozen=True, slots=True)
class PartAdded(Event):
    """A recording became a shared part that any episode may be built with."""

    kind: ClassVar[str] = "part_added"
    part: str
    """Its id, an issued word like a helpline's."""
    role: PartRole
    sha256: Sha256
    by: str = ""
    """Code of who brought it; empty in rows from before anybody was asked."""


@dataclass(frozen=True, slots=True)
class PartReplaced(Event):
    """From now on another recording is meant by a shared part's id."""

    kind: ClassVar[str] = "part_replaced"
    part: str
    sha256: Sha256
    before_sha256: Sha256
    by: str = ""
    """Code of who brought it; empty in rows from before anybody was asked."""


@dataclass(frozen=True, slots=True)
class PartWrong(Event):
    """A shared part says something wrong: whatever was built with this recording must not sound."""

    kind: ClassVar[str] = "part_wrong"
    part: str
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class PartApproved(Event):
    """One registered person listened to a shared part and said yes, to exactly this recording."""

    kind: ClassVar[str] = "part_approved"
    part: str
    sha256: Sha256
    approver: str
    answers: tuple[Answer, ...] = ()
    """To the questions of the checklist, as an episode's approver answers them."""


@dataclass(frozen=True, slots=True)
class BuiltPart:
    """One part of a built recording."""

    role: PartRole
    sha256: Sha256
    part: str = ""
    """Id of the shared part it was; empty for a recording of the episode's own."""


@dataclass(frozen=True, slots=True)
class Built(Event):
    """A recording was put together from these parts, in this order. Durable before the recording is admitted."""

    kind: ClassVar[str] = "built"
    episode: EpisodeNumber
    original_sha256: Sha256
    """Of the recording: an ``Admitted`` row with the same one is the revision that was built."""
    shape_sha256: Sha256
    """Of everything the rundown says about order, cuts, levels, fades and beds: all but what the recordings hold."""
    parts: tuple[BuiltPart, ...]
