"""How far a reading of the clock may be believed. Pure: a reading and what is known of the time go in, a belief comes out.

* Earlier than the build: wrong, whoever says otherwise.
* A time server's word holds, unless the record has a later moment by a time server: then one of the two was wrong.
* The operator's yes holds until the next boot or a step of the wall clock.
* A hardware clock holds if it was seen to agree with a clock that a time server or the operator vouched for, not too long
  ago, and the record has no later moment.
* Otherwise nothing vouches for it; earlier than the record's newest moment it is wrong besides.

Moments on record that nobody vouched for are forgotten as soon as somebody vouches for an earlier one: a clock that ran a
year ahead and was put right holds up nothing.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from broadcaster import __released__
from broadcaster.clock.reading import Instant
from broadcaster.model import ClockTrust

ALWAYS = datetime.min.replace(tzinfo=UTC)
RELEASED = datetime.fromisoformat(__released__).replace(tzinfo=UTC)
"""No clock was ever earlier than this when it ran this program."""
BACK_S = 120.0
"""Set back by less than this a clock was corrected, not wrong."""
SAME_S = 1.0
"""A reading nearer than this to the last one teaches nothing."""
YES_STEP_S = 30.0
"""The operator compared minutes: her yes survives a step smaller than this."""
RTC_GOOD_FOR = timedelta(days=120)
"""At 50 ppm, poor for a quartz, a hardware clock drifts by less than nine minutes: an airing's grace is ten."""


class Doubt(StrEnum):
    """Why a clock is not believed."""

    UNCONFIRMED = "unconfirmed"
    """Nothing speaks for it, nothing against it."""
    BEFORE_RECORD = "before_record"
    """It is wrong, or was: the record has a later moment."""
    BEFORE_BUILD = "before_build"
    """It is wrong: this program had not been built then."""

    @property
    def wrong(self) -> bool:
        """Whether it is known to be wrong, and not merely unknown to be right."""
        return self is not Doubt.UNCONFIRMED


@dataclass(frozen=True)
class Belief:
    """The judgement."""

    trust: ClockTrust
    doubt: Doubt | None
    """``None`` when it is believed."""


@dataclass(frozen=True)
class Yes:
    """The operator's yes: the clocks as she saw them."""

    utc: datetime
    monotonic_s: float
    boot_id: str


@dataclass(frozen=True)
class Known:
    """What is known of the time beside the machine's word."""

    built: datetime = ALWAYS
    """When this program was built."""
    newest: datetime = ALWAYS
    """The newest moment on record since somebody last vouched for one."""
    synced: datetime = ALWAYS
    """The newest moment on record by a time server."""
    rtc_seen: datetime | None = None
    """When the hardware clock was last seen to agree with a clock that was vouched for; ``None``: never, or it differed."""
    yes: Yes | None = None

    def lived(self, now: Instant, belief: Belief) -> "Known":
        """What is known after this reading: a believed clock that goes back is noticed without the record."""
        if belief.trust is ClockTrust.SHIFTED or abs((now.utc - self.newest).total_seconds()) < SAME_S:
            return self  # asked many times a second
        if belief.trust in {ClockTrust.SYNCED, ClockTrust.OPERATOR}:
            synced = now.utc if belief.trust is ClockTrust.SYNCED else self.synced
            return replace(self, newest=now.utc, synced=synced)
        return replace(self, newest=max(self.newest, now.utc)) if belief.trust is ClockTrust.RTC else self


def judge(now: Instant, known: Known) -> Belief:
    """How far ``now``, with the machine's own word as its trust, may be believed."""
    if now.trust is ClockTrust.SHIFTED:
        return Belief(ClockTrust.SHIFTED, None)
    if now.utc < known.built:
        return _doubted(Doubt.BEFORE_BUILD)
    if now.trust is ClockTrust.SYNCED and not _before(known.synced, now):
        return Belief(ClockTrust.SYNCED, None)
    if known.yes is not None and _still_holds(known.yes, now):
        return Belief(ClockTrust.OPERATOR, None)
    if _before(known.synced if now.trust is ClockTrust.SYNCED else known.newest, now):
        return _doubted(Doubt.BEFORE_RECORD)
    if now.trust is ClockTrust.RTC and known.rtc_seen is not None and now.utc - known.rtc_seen <= RTC_GOOD_FOR:
        return Belief(ClockTrust.RTC, None)
    return _doubted(Doubt.UNCONFIRMED)


def _doubted(doubt: Doubt) -> Belief:
    return Belief(ClockTrust.UNVERIFIED, doubt)


def _before(moment: datetime, now: Instant) -> bool:
    """Whether the clock reads clearly earlier than a moment it must have passed."""
    return (moment - now.utc).total_seconds() > BACK_S


def _still_holds(yes: Yes, now: Instant) -> bool:
    """The same boot, and the wall clock not moved against the monotonic one; a sleep moves it too."""
    moved_s = (now.utc - yes.utc).total_seconds() - (now.monotonic_s - yes.monotonic_s)
    return bool(now.boot_id) and now.boot_id == yes.boot_id and abs(moved_s) < YES_STEP_S
