"""What to do about a promise now: pure decisions, given the moment, the promise and what is known.

::

    alarm ─▶ decide ─▶ Wait, Hold ─▶ decide ─▶ Cue ─▶ a play, or a player that fails ─▶ decide
                   └─▶ Cancel, Miss ─▶ the terminal row

A player that fails before any sound is made again for as long as its airing's grace lasts: at once, then after rests of 2, 4, 8
and from then on 16 seconds, each time with longer to get ready, for a computer that is short of time now may not be so in a
minute. Each try is decided like the first: hours, gates, pauses and the grace hold for it.

Nothing here reads a clock, a disk or the journal.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from broadcaster.journal.events import Promise
from broadcaster.model import REASONS, ClockTrust, EpisodeStatus, Market, Outcome, Reason, Seconds
from broadcaster.schedule.window import CLEARANCE_S, closing

ALARM_S = 30.0
"""How long before its minute an airing is woken."""
SPAWN_S = 8.0
"""How long before the first word the player is made: its start takes 0.1 s at the median, 0.4 s at the 99th percentile."""
HASTE_S = 2.0
"""What a late start allows for making player, witness and record, on top of the lead-in."""
SLACK_S = 16.0
"""The most that a player is given to get ready after others have failed, and the longest rest between two tries."""
AGAIN_S = 2.0
"""How often it is decided anew while a failed player's successor has to wait: it may be stopped or withdrawn meanwhile."""


@dataclass(frozen=True)
class Situation:
    """What a decision is made from."""

    now: datetime
    """Aware."""
    promise: Promise
    market: Market
    zone: ZoneInfo
    status: EpisodeStatus | None
    """``None``: the library knows no such episode."""
    next_due: datetime | None
    """When the next airing on the same output is due."""
    absence: Reason | None = None
    """Why nobody was there when it fell due: ``power_loss``, ``switched_off``, ``process_died``."""
    obstacle: Reason | None = None
    """What stood in the way of the last attempt."""
    failures: int = 0
    """Players that have failed so far."""
    rested_s: Seconds = Seconds(0.0)
    """Since the last one failed, by the monotonic clock."""
    blackout: bool = False
    """Nothing airs on the day it is due, whatever was promised."""
    held: bool = False
    """The operator paused the market."""
    stopped: bool = False
    """The operator stopped this airing before its first word."""
    override: bool = False
    """Somebody ordered it, by hand and on record, to sound outside the permitted hours too."""
    trust: ClockTrust = ClockTrust.SYNCED
    """How far ``now`` may be believed."""
    waited_s: Seconds = Seconds(0.0)
    """For how long it has waited for somebody to vouch for the clock, by the monotonic one."""


@dataclass(frozen=True)
class Wait:
    """Too early: decide again then."""

    until: datetime


@dataclass(frozen=True)
class Hold(Wait):
    """It is due, and nothing vouches for the clock that says so: ask the operator, and decide again until then."""


@dataclass(frozen=True)
class Cue:
    """Play, so that the first word falls at ``first_word``."""

    first_word: datetime
    late_s: Seconds
    """0 on the minute."""
    cut_at: datetime | None
    """When sound must have ended: market closed, quiet hours, the next airing."""


@dataclass(frozen=True)
class Miss:
    """It will not sound, and should have."""

    reason: Reason


@dataclass(frozen=True)
class Cancel:
    """It will not sound, and need not."""

    reason: Reason


Decision = Wait | Cue | Miss | Cancel
UNTRIED = {Reason.CLOCK_UNVERIFIED, Reason.RECORD_UNAVAILABLE}
"""Obstacles that let nothing be tried."""


def decide(situation: Situation) -> Decision:
    """What to do about the promise now."""
    promise = situation.promise
    if situation.stopped:
        return Cancel(Reason.STOPPED_BY_OPERATOR)
    spawn = promise.due - timedelta(seconds=SPAWN_S)
    if situation.now < spawn:
        return Wait(spawn)
    refusal = _refusal(situation)
    if _in_doubt(situation):
        return _hold(situation, refusal)
    if refusal is not None:  # it may be lifted until the minute itself
        return refusal if situation.now >= promise.due else Wait(promise.due)
    rest = _rest(situation)
    first_word = max(promise.due, situation.now + rest + _haste(situation))
    late = first_word - promise.due
    closing = cut_at(situation)
    if late > timedelta(seconds=promise.grace_s) or (closing is not None and first_word >= closing):
        return Miss(_why_too_late(situation))
    if rest:
        return Wait(situation.now + min(rest, timedelta(seconds=AGAIN_S)))
    return Cue(first_word.astimezone(UTC), Seconds(late.total_seconds()), closing)


def _in_doubt(situation: Situation) -> bool:
    """Whether the hour matters and is not known: what the calendar took out is silent at any hour."""
    unsure = situation.trust is ClockTrust.UNVERIFIED and not situation.override
    return unsure and situation.promise.cancelled is None


def _hold(situation: Situation, refusal: Miss | Cancel | None) -> Decision:
    """Until its grace is over by the clock and it has really waited for as long: a clock that jumps past it ends nothing."""
    promise, waited = situation.promise, timedelta(seconds=situation.waited_s)
    grace = timedelta(seconds=promise.grace_s)
    if situation.now <= promise.due + grace or waited < grace:
        return Hold(max(promise.due + grace, situation.now + grace - waited))
    return refusal or Miss(Reason.CLOCK_UNVERIFIED)


def _haste(situation: Situation) -> timedelta:
    """From a decision to the first word, at least."""
    lead_in_s = situation.status.lead_in_s if situation.status else 0.0
    return timedelta(seconds=lead_in_s + _slack_s(situation.failures))


def _rest(situation: Situation) -> timedelta:
    """Until the next player is made. The second is made at once: most failures are of a moment."""
    pause_s = _slack_s(situation.failures - 1) if situation.failures > 1 else 0.0
    return timedelta(seconds=max(pause_s - situation.rested_s, 0.0))


def _slack_s(failures: int) -> float:
    """What a player is given to get ready after so many have failed: 2 s, 2, 4, 8, 16, 16 …"""
    return min(HASTE_S * 2.0 ** min(max(failures - 1, 0), 8), SLACK_S)


def _refusal(situation: Situation) -> Miss | Cancel | None:
    """What forbids the airing whatever the hour: calendar, operator, market, library."""
    promise = situation.promise
    if promise.cancelled is not None:
        return Cancel(promise.cancelled)
    if situation.held:
        return Cancel(Reason.HELD_BY_OPERATOR)
    if situation.blackout and not situation.override:
        return Cancel(Reason.BLACKOUT)
    if not situation.override and not situation.market.may_sound(promise.due.astimezone(situation.zone).time()):
        if situation.obstacle is None or situation.obstacle in UNTRIED:
            return Cancel(Reason.MARKET_CLOSED)
        return Miss(situation.obstacle)  # it was permitted when it was tried: hours changed since do not excuse it
    if promise.episode is None or situation.status is None:
        return Miss(Reason.NO_EPISODE)
    return gate(situation.status)


def gate(status: EpisodeStatus) -> Miss | Cancel | None:
    """What the library's word on an episode makes of its airing; ``None`` when it may air."""
    if status.reason is None:
        return None if status.duration_s and status.master_sha256 else Miss(Reason.BAD_FILE)
    return Cancel(status.reason) if status.reason in REASONS[Outcome.CANCELLED] else Miss(status.reason)


def _why_too_late(situation: Situation) -> Reason:
    """Something stood in the way; or nobody was there; or else only the clock can have passed over it."""
    return situation.obstacle or situation.absence or Reason.CLOCK_JUMP


def too_late(promise: Promise, now: datetime) -> bool:
    """Whether even its grace is over."""
    return now > promise.due + timedelta(seconds=promise.grace_s)


def cut_at(situation: Situation) -> datetime | None:
    """When a sound due then must have ended, in UTC; ``None``: nothing ends it."""
    ends = [] if situation.override else [closing(situation.market, situation.promise.due.astimezone(situation.zone))]
    if situation.next_due is not None:
        ends.append(situation.next_due.astimezone(UTC) - timedelta(seconds=CLEARANCE_S))
    return min((end for end in ends if end is not None), default=None)
