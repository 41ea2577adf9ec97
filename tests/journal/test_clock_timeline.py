"""What the record knows of the time."""

from datetime import UTC, datetime, timedelta

from broadcaster.clock.belief import ALWAYS, Known, Yes
from broadcaster.journal.events import ClockConfirmed, Event, RtcCompared, Started, Stopped, VolumeSet
from broadcaster.journal.row import Row
from broadcaster.journal.timeline import learn
from broadcaster.model import ClockTrust, MarketId

NOON = datetime(2026, 6, 18, 17, tzinfo=UTC)
STARTED = Started("0", 1, ())
SYNCED, RTC, OPERATOR, UNVERIFIED = ClockTrust.SYNCED, ClockTrust.RTC, ClockTrust.OPERATOR, ClockTrust.UNVERIFIED


def row(hours: float, clock: ClockTrust, event: Event = STARTED) -> Row:
    """A row so many hours after noon."""
    return Row("a", 1, 1, NOON + timedelta(hours=hours), 0, 60.0, "boot", clock, event, "", "")


def hours(moment: datetime) -> float:
    return (moment - NOON).total_seconds() / 3600


def test_an_empty_record_knows_nothing() -> None:
    assert learn(Known(), []) == Known()


def test_the_newest_moment_is_the_latest_whoever_wrote_it() -> None:
    known = learn(Known(), [row(0, SYNCED), row(9, UNVERIFIED), row(2, UNVERIFIED)])
    assert (hours(known.newest), hours(known.synced)) == (9, 0)


def test_a_year_ahead_is_forgotten_when_somebody_vouches_for_an_earlier_moment() -> None:
    ahead = [row(0, SYNCED), row(8760, UNVERIFIED, Stopped("sigterm"))]
    assert hours(learn(Known(), [*ahead, row(3, SYNCED)]).newest) == 3
    assert hours(learn(Known(), [*ahead, row(3, UNVERIFIED, ClockConfirmed("uid:0"))]).newest) == 3
    assert hours(learn(Known(), [*ahead, row(3, RTC)]).newest) == 8760


def test_her_yes_is_what_the_clocks_said_then_and_stands_over_a_time_server() -> None:
    known = learn(Known(), [row(8760, SYNCED), row(1, OPERATOR, ClockConfirmed("uid:0"))])
    assert known.yes == Yes(NOON + timedelta(hours=1), 60.0, "boot")
    assert hours(known.synced) == 1


def test_a_hardware_clock_counts_as_it_was_last_seen() -> None:
    assert learn(Known(), [row(0, SYNCED)]).rtc_seen is None
    agreed = [row(0, SYNCED, RtcCompared(0.8))]
    assert learn(Known(), agreed).rtc_seen == NOON
    assert learn(Known(), [*agreed, row(1, SYNCED, RtcCompared(-7200.0))]).rtc_seen is None


def test_decisions_and_rehearsals_tell_no_time() -> None:
    assert (
        learn(Known(), [row(5, SYNCED, VolumeSet(MarketId("norte"), 0.5, "uid:0")), row(9, ClockTrust.SHIFTED)]).newest
        == ALWAYS
    )
