"""What people say of an airing. It stands beside what the machine knows, and never over it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import AiringId, Cause, HeardAs, PlayId, Source


@dataclass(frozen=True, slots=True)
class Confirmed(Event):
    """Somebody who was there says how an airing was heard in the market. The newest counts, all are kept."""

    kind: ClassVar[str] = "confirmed"
    airing: AiringId
    heard: HeardAs
    by: str
    """A registered code, or ``uid:1000``, the system's user."""
    sheet: str = ""
    """Number of the control sheet on which it is also written; empty when on none."""


@dataclass(frozen=True, slots=True)
class Declared(Event):
    """A line of a signed control sheet, typed in. The newest of an airing counts, all are kept."""

    kind: ClassVar[str] = "declared"
    airing: AiringId
    sheet: str
    """Number of the printed sheet."""
    heard: HeardAs
    by: str
    """Who typed it in: a registered code, or ``uid:1000``, the system's user."""
    began: datetime | None = None
    """When it began, as the sheet says."""
    source: Source = Source.COMPUTER
    """What played it."""
    cause: Cause | None = None
    """Why it was heard badly or not at all, as the sheet says."""
    corrects: PlayId | None = None
    """Key of the row of the same airing and sheet that this one corrects."""
