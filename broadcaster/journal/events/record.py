"""What befell the record itself: it is told by a row of its own, so that nobody has to guess."""

from dataclasses import dataclass
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import Sha256

DISK_FULL = "disk_full"
"""There was no room; the reserve kept for that was given up, and the row that did not fit was written."""
DAMAGED = "damaged"
"""The database could not be read; it was put aside and a new one made of what could be saved."""
WENT_BACK = "went_back"
"""The second copy knew rows that the database no longer had: an old file was put back, or a disk had not kept its word."""
UNANSWERED = "unanswered"
"""The database did not answer in time; what was about to sound was recorded in the second copy alone until then."""
DIVERGED = "diverged"
"""The second copy tells another story under the same numbers; it was put aside, and what it forbids is forbidden here."""
RESTORED = "restored"
"""A backup was put back."""
FORKED = "forked"
"""A stick held another row under a key that is known here; nothing of it was taken."""


@dataclass(frozen=True, slots=True)
class RecordIncident(Event):
    """Something befell the record, and it was put right."""

    kind: ClassVar[str] = "record_incident"
    what: str
    """:data:`DISK_FULL`, :data:`DAMAGED`, :data:`WENT_BACK`, :data:`UNANSWERED`, :data:`DIVERGED`, :data:`RESTORED` or
    :data:`FORKED`."""
    recovered: int = 0
    """Rows that came back into the database."""


@dataclass(frozen=True, slots=True)
class BackupMade(Event):
    """A backup was made; where to is nobody's business."""

    kind: ClassVar[str] = "backup_made"
    rows: int
    """In it."""
    sha256: Sha256
    """Of the whole file."""
