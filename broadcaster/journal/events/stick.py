"""Stations that are brought together by a stick: who belongs to whom, what was taken in, until when a box may play."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from broadcaster.journal.events.base import Event
from broadcaster.model import MarketId, Sha256


@dataclass(frozen=True, slots=True)
class OfficePaired(Event):
    """A box belongs to this office from now on: what may sound is decided by the rows of that node."""

    kind: ClassVar[str] = "office_paired"
    node: str
    sign_key: str
    """Hexadecimal: what the office signs with can be checked by it."""
    box_key: str
    """Hexadecimal: what is sealed for the office is sealed for it."""


@dataclass(frozen=True, slots=True)
class BoxPaired(Event):
    """A market's box belongs to this office from now on."""

    kind: ClassVar[str] = "box_paired"
    market: MarketId
    node: str
    sign_key: str
    box_key: str


@dataclass(frozen=True, slots=True)
class StickTaken(Event):
    """The rows of another station, up to this one, are on record here. Written with them, in one go: the receipt."""

    kind: ClassVar[str] = "stick_taken"
    node: str
    through_epoch: int
    through_seq: int
    rows: int
    """How many of them were new."""
    holds: tuple[Sha256, ...] = ()
    """The masters that the other station said it has."""


@dataclass(frozen=True, slots=True)
class LeaseGiven(Event):
    """An office lets a box play until the end of this day; then it falls silent unless it hears from the office."""

    kind: ClassVar[str] = "lease_given"
    node: str
    until: date


@dataclass(frozen=True, slots=True)
class LeaseRenewed(Event):
    """Somebody typed the code at the box by which the office lets it play on until the end of this day."""

    kind: ClassVar[str] = "lease_renewed"
    until: date
