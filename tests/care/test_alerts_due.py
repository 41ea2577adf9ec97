"""Which alerts are due: once for each cause and day, never a siren, and no word that tells a title or a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadcaster import locale
from broadcaster.care.alerts.alert import Alert, Cause
from broadcaster.care.alerts.due import CLOCK, alerts_due
from broadcaster.care.alerts.words import said
from broadcaster.journal.events import (
    DAMAGED,
    DISK_FULL,
    ERROR,
    EVENING,
    ClockHeld,
    DoctorRan,
    Ended,
    Event,
    Looked,
    Promise,
    RecordIncident,
    Started,
    Stopped,
)
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, ClockTrust, EpisodeNumber, MarketId, Outcome, Reason, Seconds

LIMA = ZoneInfo("America/Lima")
TEN = datetime(2021, 6, 18, 10, 0, tzinfo=LIMA)
STARTED = Started("0", 1, ())


def row(minutes: float, event: Event, boot: str = "one", clock: ClockTrust = ClockTrust.SYNCED) -> Row:
    """A row so many minutes after ten."""
    return Row("a", 1, 1, TEN + timedelta(minutes=minutes), 0, 0.0, boot, clock, event, "", "")


def ended(
    market: str = "norte", reason: Reason = Reason.NO_EPISODE, outcome: Outcome = Outcome.MISSED, due: datetime = TEN
) -> Ended:
    return Ended(AiringId(f"{due:%Y-%m-%dT%H:%M}/{market}"), MarketId(market), due, outcome, reason, EpisodeNumber(3))


def due(rows: Sequence[Row], minutes: float, sent: Sequence[str] = (), failing: Sequence[str] = ()) -> dict[str, Alert]:
    now = TEN + timedelta(minutes=minutes)
    return {alert.key: alert for alert in alerts_due(rows, failing, now, sent)}


def test_a_quiet_day_tells_nothing() -> None:
    played = ended(outcome=Outcome.PLAYED, reason=Reason.ON_TIME)
    assert due([row(-9, STARTED), row(9, played), row(600, Stopped("sigterm"))], 700) == {}


def test_four_markets_of_one_minute_are_one_alert_a_minute_later() -> None:
    rows = [row(10 + each / 60, ended(name)) for each, name in enumerate(("norte", "sur", "este", "oeste"))]
    assert due(rows, 10.5) == {}
    [alert] = due(rows, 11.5).values()
    assert (alert.cause, alert.count, alert.reason) == (Cause.MISSED, 4, Reason.NO_EPISODE)
    assert alert.markets == ("este", "norte", "oeste", "sur")


def test_what_was_told_is_not_told_again_and_the_rest_of_the_day_is_one_message_in_the_evening() -> None:
    rows = [row(10, ended()), *(row(60 * each, ended(due=TEN + timedelta(hours=each))) for each in (1, 2, 3))]
    told = list(due(rows, 200))
    assert told == ["missed/2021-06-18"]
    assert due(rows, 300, told) == {}
    [digest] = due(rows, 60 * 10 + 1, told).values()
    assert (digest.digest, digest.count) == (True, 3)
    assert due(rows, 60 * 11, [*told, digest.key]) == {}


def test_what_comes_after_the_evenings_message_is_told_too() -> None:
    """Under the next day, whose evening is still to come."""
    rows = [row(10, ended()), row(60, ended(due=TEN + timedelta(hours=1)))]
    told = ["missed/2021-06-18", "missed/2021-06-18/digest"]
    rows.append(row(60 * 10.5, ended(due=TEN + timedelta(hours=10.5))))
    [late] = due(rows, 60 * 10.5 + 2, told).values()
    assert (late.key, late.count) == ("missed/2021-06-19", 1)
    rows.append(row(60 * 24, ended(due=TEN + timedelta(days=1))))
    assert due(rows, 60 * 25, [*told, late.key]) == {}
    [digest] = due(rows, 60 * 34 + 1, [*told, late.key]).values()
    assert (digest.key, digest.count) == ("missed/2021-06-19/digest", 1)


def test_the_next_day_may_be_told_again() -> None:
    rows = [row(10, ended()), row(1450, ended(due=TEN + timedelta(days=1)))]
    assert list(due(rows, 1452, ["missed/2021-06-18"])) == ["missed/2021-06-19"]


def test_what_is_long_past_is_told_to_nobody() -> None:
    assert due([row(10, ended())], 60 * 24 * 3) == {}


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (ended(reason=Reason.NO_AUDIO_DEVICE), Cause.SILENT),
        (ended(reason=Reason.SILENT_OUTPUT, outcome=Outcome.PARTIAL), Cause.SILENT),
        (ended(reason=Reason.PROCESS_DIED, outcome=Outcome.PARTIAL), Cause.SILENT),
        (ended(reason=Reason.CLOCK_UNVERIFIED), Cause.CLOCK),
        (ClockHeld(Promise(AiringId("x"), MarketId("norte"), TEN, None, Seconds(600.0))), Cause.CLOCK),
        (RecordIncident(DISK_FULL), Cause.DISK),
        (RecordIncident(DAMAGED, 12), Cause.RECORD),
        (DoctorRan(EVENING, (Looked("disk_space"),)), Cause.DISK),
        (DoctorRan(EVENING, (Looked("masters"),)), Cause.NOT_READY),
        (ended(reason=Reason.POWER_LOSS), Cause.BACK),
    ],
)
def test_each_kind_of_trouble_is_told_under_its_cause(event: Event, cause: Cause) -> None:
    assert [alert.cause for alert in due([row(5, event)], 7).values()] == [cause]


@pytest.mark.parametrize(
    "event",
    [
        ended(reason=Reason.STOPPED_BY_OPERATOR, outcome=Outcome.PARTIAL),
        ended(reason=Reason.WITHDRAWN, outcome=Outcome.PARTIAL),
        ended(reason=Reason.HOLIDAY, outcome=Outcome.CANCELLED),
        DoctorRan("uid:0", (Looked("masters"),)),
    ],
    ids=["stopped", "withdrawn", "holiday", "asked for"],
)
def test_what_somebody_wanted_or_sees_herself_is_not_told(event: Event) -> None:
    assert due([row(5, event)], 7) == {}


def test_a_return_after_a_cut_tells_what_was_missed_meanwhile_in_one_message() -> None:
    rows = [
        row(-2000, STARTED, "before"),
        *(row(5, ended(name, Reason.POWER_LOSS)) for name in ("norte", "sur")),
        row(5, STARTED, "after"),
    ]
    [alert] = due(rows, 7).values()
    assert (alert.key, alert.count, alert.reason) == ("back/2021-06-18", 2, Reason.POWER_LOSS)


def test_a_return_after_a_fault_of_the_programs_own_is_told_though_it_could_still_say_that_it_ended() -> None:
    rows = [row(-9, STARTED, "one"), row(5, Stopped(ERROR), "one"), row(6, STARTED, "one")]
    [alert] = due(rows, 8).values()
    assert (alert.key, alert.reason) == ("back/2021-06-18", Reason.PROCESS_DIED)
    [alert] = due([*rows[:2], row(6, STARTED, "two")], 8).values()
    assert alert.reason is Reason.PROCESS_DIED
    assert due([rows[0], row(5, Stopped("sigterm"), "one"), rows[2]], 8) == {}


def test_returns_after_different_ends_are_not_all_called_a_power_cut() -> None:
    rows = [
        row(-2000, STARTED, "one"),
        row(5, STARTED, "two"),
        row(60, STARTED, "three"),
        row(90, STARTED, "three"),
    ]
    alerts = due(rows, 605)
    assert "The power went out" in in_english(alerts["back/2021-06-18"])
    assert "power" not in in_english(alerts["back/2021-06-18/digest"])


def in_english(alert: Alert) -> str:
    spoken = locale.language()
    locale.use("en")
    try:
        return said(alert)
    finally:
        locale.use(spoken)


def test_an_ordinary_start_is_no_return() -> None:
    assert due([row(-2000, STARTED), row(-1000, Stopped("sigterm")), row(5, STARTED)], 7) == {}


def test_a_part_that_does_not_answer_is_told_while_it_does_not() -> None:
    assert list(due([], 5, failing=["alarms"])) == ["failing/2021-06-18"]
    assert list(due([], 5, failing=[CLOCK])) == ["clock/2021-06-18"]


def test_a_rehearsal_alerts_nobody() -> None:
    assert due([row(5, ended(), clock=ClockTrust.SHIFTED)], 7) == {}


ALL = [
    Alert(Cause.MISSED, TEN.date(), count=1, markets=(MarketId("norte"),), due=TEN, reason=Reason.NO_EPISODE),
    Alert(Cause.MISSED, TEN.date(), count=4, markets=(MarketId("norte"), MarketId("sur")), due=TEN),
    Alert(Cause.SILENT, TEN.date(), markets=(MarketId("norte"),), due=TEN, reason=Reason.SILENT_OUTPUT),
    Alert(Cause.CLOCK, TEN.date()),
    Alert(Cause.DISK, TEN.date(), codes=("disk_full",)),
    Alert(Cause.RECORD, TEN.date(), codes=("damaged",)),
    Alert(Cause.NOT_READY, TEN.date(), codes=("masters",)),
    Alert(Cause.FAILING, TEN.date(), codes=("alarms",)),
    Alert(Cause.BACK, TEN.date(), count=0, reason=Reason.POWER_LOSS),
    Alert(Cause.BACK, TEN.date(), count=2, markets=(MarketId("norte"),), reason=Reason.PROCESS_DIED),
    Alert(Cause.BACK, TEN.date(), digest=True, count=2, markets=(MarketId("norte"),)),
]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("alert", ALL, ids=lambda alert: alert.cause.value)
def test_every_alert_is_said_whole_in_both_languages(alert: Alert, language: str) -> None:
    spoken = locale.language()
    locale.use(language)
    try:
        words = said(alert)
    finally:
        locale.use(spoken)
    assert words.endswith(".")
    assert "{" not in words
    assert ".." not in words
