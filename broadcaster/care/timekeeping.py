"""Keeping the box on time: what is known of its clock, the operator's yes, and an eye on the hardware clock."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadcaster.care.checks import Check, Probe, broken, doubtful, well
from broadcaster.clock import Clock, Instant, SystemClock
from broadcaster.clock.asking import clock_question
from broadcaster.clock.belief import RELEASED, Belief, Doubt, Known, judge
from broadcaster.clock.machine import MACHINE, RTC_APART_S, Readings, Source, vouched_by
from broadcaster.clock.rtc import RtcReading, read_rtc
from broadcaster.config import Station
from broadcaster.errors import CheckFailed
from broadcaster.journal.append import Journal
from broadcaster.journal.events import ClockConfirmed, ClockStepped, RtcCompared
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.journal.timeline import SELDOM, learn
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.moments import complete, date_and_time, date_with_year
from broadcaster.model import ClockTrust
from broadcaster.playout.companions import Beside

CLOCK, RTC_TIME = "clock", "rtc_time"
LOOK_S = 60.0
"""How often it is looked whether the hardware clock agrees."""
AGAIN = timedelta(days=1)
"""As often as this that it agrees is put on record again."""
MEANT = timedelta(minutes=5)


class ClockWrong(CheckFailed):
    """The computer's time cannot be right, whoever says yes to it."""

    sentence = N_(
        "This computer says that it is {moment}, which is before this program was made, so that cannot be right. "
        "Correct its date and time, then type this command again."
    )


@dataclass(frozen=True)
class TimeKnown:
    """All that is known of the clock now."""

    now: Instant
    """With the machine's own word as its trust."""
    belief: Belief
    known: Known
    readings: Readings
    source: Source
    """Who of the machine's parts vouches for it."""
    step: Row | None
    """The row of the newest step of the wall clock."""

    @property
    def step_s(self) -> float | None:
        """The newest step, seconds."""
        return self.step.event.by_s if self.step and isinstance(self.step.event, ClockStepped) else None


def time_known(station: Station, clock: Clock, readings: Callable[[], Readings] = MACHINE.readings) -> TimeKnown:
    """Read the clocks and the record; makes nothing.

    :raises RecordUnavailable: the record is there and cannot be read.
    """
    rows = read(station.database, kinds=SELDOM)
    now, known, found = clock.now(), learn(Known(RELEASED), rows), readings()
    return TimeKnown(now, judge(now, known), known, found, vouched_by(found), _newest_step(rows))


def _newest_step(rows: Sequence[Row]) -> Row | None:
    return next((row for row in reversed(rows) if isinstance(row.event, ClockStepped)), None)


# The operator's yes


class _Said:
    """A clock as it is once she has said yes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> Instant:
        return replace(self._clock.now(), trust=ClockTrust.OPERATOR)


def check_possible(station: Station, now: Instant) -> None:
    """:raises ClockWrong: no yes can make this time right."""
    if now.utc < RELEASED:
        raise ClockWrong(moment=date_with_year(now.utc.astimezone(station.timezone)))


def confirm(station: Station, clock: Clock, by: str, rtc: Callable[[], RtcReading | None] = read_rtc) -> Row:
    """Put on record that somebody compared the time and that it is right; and how far the hardware clock agrees.

    :raises ClockWrong: it cannot be.
    :raises RecordUnavailable: it could not be put on record.
    """
    check_possible(station, clock.now())
    with Journal.open(station.database, _Said(clock), station.timezone) as journal:
        row = journal.append(ClockConfirmed(by))
        if (found := rtc()) is not None:
            journal.append(RtcCompared(round(found.difference_s, 1)))
        return row


# Beside the airings


class HardwareClock:
    """A companion: holds the hardware clock against a clock that somebody vouches for, and puts on record what it finds.

    What has been seen to agree may speak for the wall clock at a start without internet.
    """

    def __init__(self, rtc: Callable[[datetime], RtcReading | None] = lambda now: read_rtc(system_utc=now)) -> None:
        self._rtc = rtc
        self._told: tuple[datetime, bool] | None = None

    async def __call__(self, beside: Beside) -> None:
        while True:
            await self.look(beside)
            await asyncio.sleep(LOOK_S)

    async def look(self, beside: Beside) -> None:
        """Once: at the first time, when it has changed its mind, and again after a day."""
        now = beside.bill.stage.clock.now()
        if now.trust not in {ClockTrust.SYNCED, ClockTrust.OPERATOR}:
            return
        found = await asyncio.get_running_loop().run_in_executor(None, self._rtc, now.utc)
        if found is None:
            return
        agrees = abs(found.difference_s) <= RTC_APART_S
        if self._told is None or self._told[1] != agrees or now.utc - self._told[0] >= AGAIN:
            await beside.bill.stage.record.append(RtcCompared(round(found.difference_s, 1)))
            self._told = (now.utc, agrees)


# The doctor's questions


def clock_checks(known: TimeKnown, station: Station) -> Iterator[Check]:
    """Whether the clock is believed, and whether it will be after a night without power."""
    now, trust, doubt = known.now.utc.astimezone(station.timezone), known.belief.trust, known.belief.doubt
    source = known.source.value
    if doubt is not None:
        said, todo = _asked(clock_question(now, certain=doubt.wrong))
        yield broken(CLOCK, said, todo, trust=trust.value, source=source, doubt=doubt.value)
    else:
        said = _("The time is right, {how}: {moment}.").format(how=_(HOW[trust]), moment=date_and_time(now))
        yield well(CLOCK, complete(said), trust=trust.value, source=source)
    rtc = known.readings.rtc
    if rtc is not None and trust in {ClockTrust.SYNCED, ClockTrust.OPERATOR} and abs(rtc.difference_s) > RTC_APART_S:
        said = _(
            "The clock that runs without power is {seconds} seconds off, so the time will be wrong after a power cut."
        )
        todo = _("With internet it is corrected within a quarter of an hour; else have somebody type: sudo hwclock -w.")
        yield doubtful(RTC_TIME, said.format(seconds=f"{rtc.difference_s:+.0f}"), todo, seconds=rtc.difference_s)


HOW = {
    ClockTrust.SYNCED: N_("set by the internet"),
    ClockTrust.RTC: N_("by the computer's own clock"),
    ClockTrust.OPERATOR: N_("confirmed by the operator"),
    ClockTrust.SHIFTED: N_("of a rehearsal"),
}
"""Who vouches for the clock, for people."""


def _asked(question: str) -> tuple[str, str]:
    """What was found, and what to do."""
    said, stop, todo = question.partition(". ")
    return said + stop.strip(), todo


def _look(station: Station, now: datetime) -> Iterator[Check]:
    known = time_known(station, SystemClock())
    if abs(known.now.utc - now) < MEANT:  # else the look is at another moment than this
        yield from clock_checks(known, station)


PROBES = (Probe(CLOCK, _look),)

__all__ = (
    "PROBES",
    "ClockWrong",
    "Doubt",
    "HardwareClock",
    "TimeKnown",
    "check_possible",
    "clock_checks",
    "confirm",
    "time_known",
)
