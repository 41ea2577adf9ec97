"""What the rows come to: plays, promises, what is still open. Pure: rows in, values out.

Heartbeats matter only to plays that have no end yet; whoever wants the others need not load them
(``journal.rows(kinds=WITHOUT_HEARTBEATS)``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from broadcaster.journal.events import (
    EVENTS,
    ClockHeld,
    Ended,
    Event,
    Heartbeat,
    Held,
    Intent,
    MakeGoodCancelled,
    MakeGoodOrdered,
    PlanAccepted,
    PlayOrdered,
    Promise,
    Resumed,
    Started,
    Stopped,
)
from broadcaster.journal.row import Row
from broadcaster.journal.sequel import NOTHING, SEQUELS, Sequel, sequels
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    MarketId,
    Milliseconds,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)

WITHOUT_HEARTBEATS: tuple[type[Event], ...] = tuple(event for event in EVENTS if event is not Heartbeat)
FOR_PLAYS: tuple[type[Event], ...] = (Started, Intent, *SEQUELS)
"""All that :func:`plays` reads."""


@dataclass(frozen=True)
class PlayRecord:
    """What became of one airing: the play log's line."""

    play: PlayId | None
    airing: AiringId
    market: MarketId
    episode: EpisodeNumber | None
    revision: int | None
    master_sha256: Sha256 | None
    due: datetime
    started: datetime | None
    ended: datetime | None
    played_s: Seconds
    expected_s: Seconds | None
    outcome: Outcome
    reason: Reason
    evidence: Evidence
    late_s: Seconds
    start_error_ms: Milliseconds | None
    make_good_of: AiringId | None
    clock: ClockTrust
    """Trust in the clock when the sound was about to begin; without a sound, when the end was written."""
    rehearsal: bool
    notes: tuple[str, ...]
    sequel: Sequel = NOTHING
    """What came after: make-goods, and what people say. It changes nothing above, but for the evidence: a microphone's word
    that it was heard in the market proves more than the computer can.
    """


@dataclass(frozen=True)
class OpenIntent:
    """A sound that was about to begin and has no end on record."""

    row: Row
    intent: Intent
    last: Row | None
    """The row of its newest heartbeat."""
    heartbeat: Heartbeat | None

    @property
    def play(self) -> PlayId:
        return self.row.play

    @property
    def boot_id(self) -> str:
        """The boot it was made in."""
        return self.row.boot_id


def plays(rows: Iterable[Row]) -> list[PlayRecord]:
    """The play log: one record for every airing that has ended, ordered by due time, then market."""
    rows = list(rows)
    after = sequels(rows)
    intents: dict[PlayId, Row] = {}
    log: dict[AiringId, PlayRecord] = {}
    rehearsal = False
    for row in rows:
        if isinstance(row.event, Started):
            rehearsal = row.event.rehearsal
        elif isinstance(row.event, Intent):
            intents[row.play] = row
        elif isinstance(row.event, Ended) and row.event.airing not in log:
            source = intents.get(row.event.play, row) if row.event.play else row
            sequel = after.get(row.event.airing, NOTHING)
            log[row.event.airing] = play_record(row.event, source.clock, rehearsal=rehearsal, sequel=sequel)
    return sorted(log.values(), key=lambda record: (record.due, record.market))


def play_record(ended: Ended, clock: ClockTrust, *, rehearsal: bool, sequel: Sequel = NOTHING) -> PlayRecord:
    """The play log's line of an end; ``clock`` as told by its sound's intent, or by the end itself."""
    return PlayRecord(
        play=ended.play,
        airing=ended.airing,
        market=ended.market,
        episode=ended.episode,
        revision=ended.revision,
        master_sha256=ended.master_sha256,
        due=ended.due,
        started=ended.started,
        ended=ended.ended,
        played_s=ended.played_s,
        expected_s=ended.expected_s,
        outcome=ended.outcome,
        reason=ended.reason,
        evidence=Evidence.MICROPHONE if sequel.listened and sequel.listened.proves(ended) else ended.evidence,
        late_s=ended.late_s,
        start_error_ms=ended.start_error_ms,
        make_good_of=ended.make_good_of,
        clock=clock,
        rehearsal=rehearsal or clock is ClockTrust.SHIFTED,
        notes=ended.notes,
        sequel=sequel,
    )


def promises(rows: Iterable[Row]) -> dict[AiringId, Promise]:
    """Everything ever promised, as it was promised last, ended or not; what was ordered by hand is a promise too."""
    found: dict[AiringId, Promise] = {}
    for row in rows:
        found.update((promise.airing, promise) for promise in _promised(row.event))
        if isinstance(row.event, MakeGoodCancelled) and row.event.airing in found:
            found[row.event.airing] = replace(found[row.event.airing], cancelled=Reason.STOPPED_BY_OPERATOR)
    return found


def _promised(event: Event) -> tuple[Promise, ...]:
    if isinstance(event, PlanAccepted):
        return event.promises
    return (event.promise,) if isinstance(event, PlayOrdered | MakeGoodOrdered | ClockHeld) else ()


def holds(rows: Iterable[Row]) -> dict[MarketId, Row]:
    """The markets that are paused, each with the row that paused it."""
    held: dict[MarketId, Row] = {}
    for row in rows:
        if isinstance(row.event, Held):
            held.setdefault(row.event.market, row)
        elif isinstance(row.event, Resumed):
            held.pop(row.event.market, None)
    return held


def terminal(rows: Iterable[Row]) -> dict[AiringId, Ended]:
    """The terminal row of every airing that has one; should there be two, the first stands."""
    ends: dict[AiringId, Ended] = {}
    for row in rows:
        if isinstance(row.event, Ended):
            ends.setdefault(row.event.airing, row.event)
    return ends


def open_promises(rows: Iterable[Row]) -> dict[AiringId, Promise]:
    """The promises that have no terminal row yet."""
    kept = list(rows)
    ends = terminal(kept)
    return {airing: promise for airing, promise in promises(kept).items() if airing not in ends}


def open_intents(rows: Iterable[Row]) -> list[OpenIntent]:
    """Sounds whose airing has no terminal row, in order, each with its newest heartbeat."""
    kept = list(rows)
    ends = terminal(kept)
    beats = {row.event.play: row for row in kept if isinstance(row.event, Heartbeat)}
    found = []
    for row in kept:
        if isinstance(row.event, Intent) and row.event.airing not in ends:
            last = beats.get(row.play)
            heartbeat = last.event if last and isinstance(last.event, Heartbeat) else None
            found.append(OpenIntent(row, row.event, last, heartbeat))
    return found


def last_started(rows: Iterable[Row]) -> Row | None:
    """The newest row in which the daemon took the station."""
    return _last_of(Started, rows)


def last_stopped(rows: Iterable[Row]) -> Row | None:
    """The newest row in which the daemon ended in order."""
    return _last_of(Stopped, rows)


def _last_of(kind: type[Event], rows: Iterable[Row]) -> Row | None:
    last = None
    for row in rows:
        if isinstance(row.event, kind):
            last = row
    return last
