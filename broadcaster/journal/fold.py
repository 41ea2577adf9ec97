"""What the rows come to: plays, promises, what is still open. Pure: rows in, values out.

Heartbeats matter only to plays that have no end yet; whoever wants the others need not load them
(``journal.rows(kinds=WITHOUT_HEARTBEATS)``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from broadcaster.journal.ends import ends
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


@dataclass(frozen=True, kw_only=True)
class Play:
    """What became of one airing."""

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


@dataclass(frozen=True, kw_only=True)
class PlayRecord(Play):
    """The same with what came after, as the record has it: the play log's line."""

    sequel: Sequel = NOTHING
    """Make-goods, and what people say. It changes nothing above, but for the evidence: a microphone's word
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
    stand = sorted(ends(rows).values(), key=lambda end: (end.said.due, end.said.market, end.key))
    return [
        play_record(end.said, end.clock, rehearsal=end.rehearsal, sequel=after.get(end.said.airing, NOTHING))
        for end in stand
    ]


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
        found.update((promise.airing, promise) for promise in promised(row.event))
        if isinstance(row.event, MakeGoodCancelled) and row.event.airing in found:
            found[row.event.airing] = replace(found[row.event.airing], cancelled=Reason.STOPPED_BY_OPERATOR)
    return found


def promised(event: Event) -> tuple[Promise, ...]:
    """What the event promises."""
    if isinstance(event, PlanAccepted):
        return event.promises
    return (event.promise,) if isinstance(event, PlayOrdered | MakeGoodOrdered | ClockHeld) else ()


def holds(rows: Iterable[Row], now: datetime | None = None) -> dict[MarketId, Row]:
    """The markets that are paused, each with the row that keeps it so the longest.

    ``now`` (aware): a pause that has ended by itself no longer counts; without it, one counts until it is on record that
    somebody resumed the market, or that its time was over.
    """
    found = {market: _longest(paused, now) for market, paused in _paused(rows).items()}
    return {market: row for market, row in found.items() if row is not None}


def ending_by_themselves(held: Mapping[MarketId, Row]) -> dict[MarketId, datetime]:
    """Of the pauses that :func:`holds` gives: when each ends that nobody need lift."""
    events = [row.event for row in held.values() if isinstance(row.event, Held)]
    return {event.market: event.until for event in events if event.until is not None}


def lapsed(rows: Iterable[Row], now: datetime) -> tuple[MarketId, ...]:
    """The markets whose pause has ended by itself at ``now``, which is not yet on record."""
    kept = list(rows)
    return tuple(market for market in holds(kept) if market not in holds(kept, now))


def _paused(rows: Iterable[Row]) -> dict[MarketId, list[Row]]:
    """The rows that paused each market since it was resumed last."""
    paused: dict[MarketId, list[Row]] = {}
    for row in rows:
        if isinstance(row.event, Held):
            paused.setdefault(row.event.market, []).append(row)
        elif isinstance(row.event, Resumed):
            paused.pop(row.event.market, None)
    return paused


def _longest(paused: list[Row], now: datetime | None) -> Row | None:
    """The first that waits for somebody, else the one that ends last."""
    ends = {row.event.until: row for row in reversed(paused) if isinstance(row.event, Held)}
    if None in ends:
        return ends[None]
    last = max(until for until in ends if until is not None)
    return ends[last] if now is None or now < last else None


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
