"""People: registered codes and what each may do."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import Role


@dataclass(frozen=True, slots=True)
class PersonRegistered(Event):
    """A person was given a code; her name is nowhere."""

    kind: ClassVar[str] = "person_registered"
    code: str
    roles: tuple[Role, ...]
    by: str = ""
    """The protection officer who registered her; empty for a station's first one, whom nobody could."""
    cohort: str = ""
    trained_from: date | None = None
    trained_until: date | None = None


@dataclass(frozen=True, slots=True)
class PersonRolesChanged(Event):
    """From now on a code may do this, and nothing else."""

    kind: ClassVar[str] = "person_roles_changed"
    code: str
    roles: tuple[Role, ...]
    by: str


@dataclass(frozen=True, slots=True)
class PersonRetired(Event):
    """A code decides nothing and takes no new episodes any more; what it did stays."""

    kind: ClassVar[str] = "person_retired"
    code: str
    by: str
