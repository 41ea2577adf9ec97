"""Consents: the signed forms, and the producer's word that they cover an episode."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import EpisodeNumber, Scope, Sha256


@dataclass(frozen=True, slots=True)
class ConsentRegistered(Event):
    """A voice signed a form for a season; the form itself is filed elsewhere."""

    kind: ClassVar[str] = "consent_registered"
    consent: str
    """Reference by which episodes name it."""
    voice: str
    """Code of who speaks; a defender's own when it is hers."""
    season: str
    scopes: tuple[Scope, ...]
    form: str
    """Reference of the filed form."""
    expires: date
    """Last day on which the voice may be heard."""
    by: str
    minor: bool = False
    guardian_form: str = ""
    """Reference of the guardian's filed form."""


@dataclass(frozen=True, slots=True)
class ConsentConfirmed(Event):
    """The producer says of exactly this master: these consents cover every voice that somebody could recognise."""

    kind: ClassVar[str] = "consent_confirmed"
    episode: EpisodeNumber
    revision: int
    master_sha256: Sha256
    consents: tuple[str, ...]
    by: str
    minors: bool = False
    """A minor speaks in it."""
    testimony: bool = False
    """It tells what happened to a survivor, in another voice than hers."""
