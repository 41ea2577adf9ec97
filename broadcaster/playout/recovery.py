"""What the last daemon left open, settled at the start: one pure function over the journal's rows and the plan.

Nothing is settled twice: what is settled has its terminal row, and the next start finds it closed. Nothing before the
journal's first plan is a promise, so a first start on an old season misses nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from broadcaster.clock import Instant
from broadcaster.journal.events import (
    ERROR,
    MAKE_GOOD,
    MANUAL,
    ClockHeld,
    Ended,
    Heartbeat,
    PlanAccepted,
    ProcessId,
    Promise,
    Stopped,
    make_good_of,
)
from broadcaster.journal.fold import OpenIntent, last_started, last_stopped, open_intents, open_promises, terminal
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, ClockTrust, MarketId, Outcome, Plan, Reason
from broadcaster.playout.cueing import too_late
from broadcaster.schedule.plan import plan_sha256

COVERS_END_S = 0.25
"""A last heartbeat this close to the end covers it."""
EVER = datetime.min.replace(tzinfo=UTC)

Absences = tuple[tuple[datetime, Reason | None], ...]
"""Why nobody was there, from which moment on; newest first, the last one from ever on."""


@dataclass(frozen=True)
class Recovery:
    """What to do at the start, in this order."""

    orphans: tuple[ProcessId, ...]
    """Children of the dead daemon, to be ended if they still run."""
    endings: tuple[Ended, ...]
    """Terminal rows of what can no longer be kept."""
    accepted: PlanAccepted
    """The promises from now on, those included that are due already and within their grace."""
    absences: Absences
    """Why nobody was there until now; no reason at the first start ever."""

    @property
    def absence(self) -> Reason | None:
        """Why nobody was there lately."""
        return self.absences[0][1] if self.absences else None


def recover(
    rows: Sequence[Row],
    plan: Plan,
    markets: Collection[MarketId],
    now: Instant,
    *,
    resting: Collection[MarketId] = (),
) -> Recovery:
    """What the rows of the last daemon and the plan of this one, which serves ``markets``, come to.

    ``resting``: the station's markets that are not served now.
    """
    plan = served(plan, markets)
    absences = why_absent(rows, now.boot_id)
    closed = closed_plays(rows, now.utc)
    due = [promise for promise in standing(rows, plan, now.utc, resting=resting) if promise.airing not in closed]
    kept = tuple(promise for promise in due if may_be_kept(promise, markets, now.utc))
    waited = waited_for_the_clock(rows)
    over = [
        passed(promise, Reason.CLOCK_UNVERIFIED if promise.airing in waited else absence_at(absences, promise.due))
        for promise in due
        if not may_be_kept(promise, markets, now.utc)
    ]
    return Recovery(
        orphans=_children(rows, now.boot_id),
        endings=tuple(sorted((*closed.values(), *over), key=lambda ended: (ended.due, ended.market))),
        accepted=PlanAccepted(plan_sha256(plan), kept),
        absences=absences,
    )


def served(plan: Plan, markets: Collection[MarketId]) -> Plan:
    """The plan of these markets alone."""
    return Plan(tuple(airing for airing in plan.airings if airing.market in markets))


def may_be_kept(promise: Promise, markets: Collection[MarketId], now: datetime) -> bool:
    """Whether its minute is to come; or it is late, within its grace, and at a market that is served now."""
    return promise.due > now or (promise.market in markets and not too_late(promise, now))


def waited_for_the_clock(rows: Iterable[Row]) -> set[AiringId]:
    """The airings that were due while nothing vouched for the clock."""
    return {row.event.promise.airing for row in rows if isinstance(row.event, ClockHeld)}


def why_absent(rows: Sequence[Row], boot_id: str) -> Absences:
    """Why the daemon was not there.

    A run whose clock was never believed for long enough to accept a plan has settled nothing of what went by before it: why
    that was missed is what it knew when it began. Where nothing on record says when it began, what went by since the run
    before it may be either's: then the reason is told that both have, or that it is not known.
    """
    kept, found = list(rows), []
    while (started := _idle_run(kept)) is not None:
        found.append((_begun(kept, started), _how_it_ended(kept, boot_id)))
        kept, boot_id = kept[: kept.index(started)], started.boot_id
    return tuple(_told([*found, (EVER, _how_it_ended(kept, boot_id))]))


def absence_at(absences: Absences, due: datetime) -> Reason | None:
    """Why nobody was there then."""
    return next((reason for since, reason in absences if since <= due), None)


def _told(found: Iterable[tuple[datetime | None, Reason | None]]) -> Iterator[tuple[datetime, Reason | None]]:
    either: set[Reason] = set()
    for since, reason in found:
        either |= {reason} if reason else set()
        if since is not None:
            yield since, Reason.ABSENT if len(either) > 1 else next(iter(either), None)
            either.clear()


def _how_it_ended(rows: Sequence[Row], boot_id: str) -> Reason | None:
    """The last run: a clean stop, a fault of its own, another boot without either, or its death; ``None``: there was none."""
    started, stopped = last_started(rows), last_stopped(rows)
    if started is None:
        return None
    if stopped is not None and _after(stopped, started):
        failed = isinstance(stopped.event, Stopped) and stopped.event.cause == ERROR
        return Reason.PROCESS_DIED if failed else Reason.SWITCHED_OFF
    return Reason.PROCESS_DIED if started.boot_id == boot_id else Reason.POWER_LOSS


def _idle_run(rows: Sequence[Row]) -> Row | None:
    """How the last run began, if it accepted no plan."""
    started = last_started(rows)
    if started is None or any(isinstance(row.event, PlanAccepted) for row in _of_run(rows, started)):
        return None
    return started


def _begun(rows: Sequence[Row], started: Row) -> datetime | None:
    """When this run began, by a row of it whose clock was believed; ``None``: nothing tells."""
    own = (started, *_of_run(rows, started))
    told = next((row for row in own if row.clock is not ClockTrust.UNVERIFIED), None)
    return told.utc - timedelta(seconds=told.monotonic_s - started.monotonic_s) if told else None


def _of_run(rows: Sequence[Row], started: Row) -> list[Row]:
    return [row for row in rows if _after(row, started) and row.boot_id == started.boot_id]


def _after(row: Row, other: Row) -> bool:
    return (row.epoch, row.seq) > (other.epoch, other.seq)


def standing(
    rows: Sequence[Row],
    plan: Plan,
    now: datetime,
    *,
    resting: Collection[MarketId] = (),
    since: datetime | None = None,
) -> list[Promise]:
    """The promises that stand and have no terminal row, by due time and market.

    What is due already stays as it was promised. What is to come is as the plan has it; what the plan no longer has is
    promised as cancelled, so that a later plan may bring it back before its minute; but what was promised to a ``resting``
    market, or by hand, stays promised, for nobody took it out of a schedule. New is what the plan has from ``since`` on: else
    from the last accepted plan on, or from now on where there was none.
    """
    ended = terminal(rows)
    since = since or _unplanned_since(rows, now)
    found: dict[AiringId, Promise] = {
        airing.id: Promise(airing.id, airing.market, airing.due, airing.episode, airing.grace_s, airing.cancelled)
        for airing in plan.airings
        if airing.due >= since and airing.id not in ended
    }
    for promise in open_promises(rows).values():
        if promise.due <= now:
            found[promise.airing] = promise
        elif promise.airing not in found:
            stays = promise.market in resting or promise.airing.startswith((MANUAL, MAKE_GOOD))
            found[promise.airing] = promise if stays else replace(promise, cancelled=Reason.PLAN_CHANGED)
    return sorted(found.values(), key=lambda promise: (promise.due, promise.market))


def _unplanned_since(rows: Iterable[Row], now: datetime) -> datetime:
    """From when on no plan was accepted: never before the first one, should the clock have been set back.

    One that was accepted when nothing vouched for the clock says nothing of when that was.
    """
    plans = (row for row in rows if isinstance(row.event, PlanAccepted))
    moments = [row.utc for row in plans if row.clock is not ClockTrust.UNVERIFIED]
    return max(moments[0], min(now, moments[-1])) if moments else now


def passed(promise: Promise, absence: Reason | None) -> Ended:
    """The end of a promise whose grace ran out while nobody was there."""
    cancelled = promise.cancelled is not None
    return Ended(
        airing=promise.airing,
        market=promise.market,
        due=promise.due,
        outcome=Outcome.CANCELLED if cancelled else Outcome.MISSED,
        reason=promise.cancelled or absence or Reason.CLOCK_JUMP,
        episode=promise.episode,
        make_good_of=make_good_of(promise.airing),
    )


# Plays without an end


def _children(rows: Sequence[Row], boot_id: str) -> tuple[ProcessId, ...]:
    """The players and witnesses of open plays, as far as they can still run."""
    left = [play.intent for play in open_intents(rows) if play.boot_id == boot_id]
    return tuple(child for intent in left for child in (intent.player, intent.witness) if child is not None)


def closed_plays(rows: Sequence[Row], now: datetime, *, living: Row | None = None) -> dict[AiringId, Ended]:
    """The ends of the airings whose play was begun and not ended.

    ``living``: how the run that asks began, if it is on record. What such a run itself let go of has not died with anybody.
    """
    stopped = last_stopped(rows)
    closed: dict[AiringId, Ended] = {}
    for play in _last_tries(rows):
        if play.heartbeat is not None:
            closed[play.intent.airing] = _sounded(play, play.heartbeat)
        elif not _may_still_begin(play, stopped, now) and not (living is not None and _after(play.row, living)):
            closed[play.intent.airing] = _end(play, Outcome.MISSED, Reason.PROCESS_DIED_BEFORE_SOUND)
    return closed


def _last_tries(rows: Sequence[Row]) -> Iterable[OpenIntent]:
    """One open play for each airing: the last that sounded, else the last."""
    tries = sorted(open_intents(rows), key=lambda play: play.heartbeat is not None)  # stable: in order otherwise
    return {play.intent.airing: play for play in tries}.values()


def _may_still_begin(play: OpenIntent, stopped: Row | None, now: datetime) -> bool:
    """Whether certainly nothing has sounded: the first word is still to come, or the daemon left in order before it."""
    return now < _first_word(play) or (stopped is not None and _after(stopped, play.row))


def _first_word(play: OpenIntent) -> datetime:
    return play.intent.due + timedelta(seconds=play.intent.late_s)


def _sounded(play: OpenIntent, last: Heartbeat) -> Ended:
    """Played only if the last heartbeat covers the end; else as much as it covers."""
    heard_s = last.heard_s
    whole = heard_s >= play.intent.expected_s - COVERS_END_S
    reason = (Reason.LATE if play.intent.late_s > 0 else Reason.ON_TIME) if whole else Reason.PROCESS_DIED
    ended = _end(play, Outcome.PLAYED if whole else Outcome.PARTIAL, reason)
    if heard_s <= 0:
        return ended
    started = _first_word(play)
    return replace(
        ended,
        started=started,
        ended=started + timedelta(seconds=heard_s),
        played_s=heard_s,
        evidence=last.evidence,
    )


def _end(play: OpenIntent, outcome: Outcome, reason: Reason) -> Ended:
    intent = play.intent
    return Ended(
        airing=intent.airing,
        market=intent.market,
        due=intent.due,
        outcome=outcome,
        reason=reason,
        episode=intent.episode,
        revision=intent.revision,
        master_sha256=intent.master_sha256,
        play=play.play if outcome is not Outcome.MISSED else None,
        expected_s=intent.expected_s,
        late_s=intent.late_s,
        make_good_of=make_good_of(intent.airing),
    )
