"""One row of the journal: as it is kept (:class:`Record`) and as it is understood (:class:`Row`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from broadcaster.journal import payload
from broadcaster.journal.events import Event
from broadcaster.model import ClockTrust, PlayId


@dataclass(frozen=True, slots=True)
class Record:
    """A row exactly as the database keeps it. The chain is computed over these, so that no later reading changes a hash."""

    node: str
    epoch: int
    seq: int
    utc: str
    offset_s: int
    monotonic_s: float
    boot_id: str
    clock: str
    kind: str
    airing: str | None
    version: int
    payload: str
    prev_hash: str
    hash: str

    @property
    def key(self) -> str:
        """``node-epoch-seq``."""
        return f"{self.node}-{self.epoch}-{self.seq}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row, understood."""

    node: str
    epoch: int
    seq: int
    utc: datetime
    """When it was written, by the wall clock; aware, in UTC."""
    offset_s: int
    """Local time minus UTC then, seconds."""
    monotonic_s: float
    """``CLOCK_MONOTONIC`` then; compare only rows of one ``boot_id``."""
    boot_id: str
    clock: ClockTrust
    event: Event
    prev_hash: str
    hash: str

    @property
    def play(self) -> PlayId:
        """The row's key as text; of an intent, the play's id."""
        return PlayId(f"{self.node}-{self.epoch}-{self.seq}")

    @property
    def local(self) -> datetime:
        """When it was written, in the local time of then."""
        return self.utc.astimezone(timezone(timedelta(seconds=self.offset_s)))


def understand(record: Record) -> Row:
    """The row a record holds.

    :raises UnknownPayload: it says something this program does not know.
    """
    try:
        utc, clock = payload.utc_from(record.utc), ClockTrust(record.clock)
    except (TypeError, ValueError) as error:
        raise payload.UnknownPayload(problem=record.key) from error
    return Row(
        node=record.node,
        epoch=record.epoch,
        seq=record.seq,
        utc=utc,
        offset_s=record.offset_s,
        monotonic_s=record.monotonic_s,
        boot_id=record.boot_id,
        clock=clock,
        event=payload.decode(record.kind, record.payload, record.version),
        prev_hash=record.prev_hash,
        hash=record.hash,
    )
