"""What the doctor and the alerts say of microphones: that no airing stays silent for one, and numbers and markets only."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_alerts_due import TEN, due, ended, row

from broadcaster import locale
from broadcaster.care.alerts.alert import Cause
from broadcaster.care.alerts.words import said
from broadcaster.care.checks import State
from broadcaster.care.labels import LABELS
from broadcaster.care.look_microphone import MICROPHONE, judged
from broadcaster.config import load_station
from broadcaster.journal.events import Ended, Listened
from broadcaster.model import AiringId, Deaf, Evidence, Hearing, MarketId, Outcome, PlayId, Reason
from broadcaster.playout.microphone_sources import Source

ROOT = Path(__file__).parents[2]
PLAY = PlayId("a-1-1")
AIRED = replace(ended(outcome=Outcome.PLAYED, reason=Reason.ON_TIME), play=PLAY, evidence=Evidence.MONITOR)
THERE = Source("mic", "USB", muted=False, volume=1.0)


def heard(hearing: Hearing, aired: Ended = AIRED) -> Listened:
    return Listened(aired.airing, aired.market, aired.due, PLAY, "mic", hearing)


@pytest.mark.parametrize("hearing", [Hearing.SILENT, Hearing.OTHER])
def test_what_left_the_computer_and_was_not_heard_there_is_told_once_with_market_and_moment(hearing: Hearing) -> None:
    [alert] = due([row(8, AIRED), row(8.1, heard(hearing))], 10).values()
    assert (alert.cause, alert.markets, alert.due, alert.count) == (Cause.UNHEARD, ("norte",), TEN, 1)
    locale.use("en")
    assert "norte: the airing of" in said(alert)
    assert "was not heard in the market" in said(alert)
    locale.use("es")
    assert "salió de la computadora y no se escuchó en el mercado. ¿Está encendido el amplificador" in said(alert)


def test_two_markets_of_one_minute_are_one_alert() -> None:
    south = replace(AIRED, airing=AiringId(AIRED.airing.replace("norte", "sur")), market=MarketId("sur"))
    rows = [row(8, AIRED), row(8, south), row(8.1, heard(Hearing.SILENT)), row(8.1, heard(Hearing.OTHER, south))]
    [alert] = due(rows, 10).values()
    assert alert.markets == ("norte", "sur")
    assert "2" in said(alert)


@pytest.mark.parametrize(
    "listened",
    [
        heard(Hearing.HEARD),
        heard(Hearing.UNSURE),
        replace(heard(Hearing.UNSURE), problem=Deaf.NO_SOURCE),
        replace(heard(Hearing.SILENT), play=PlayId("a-1-9")),
    ],
    ids=["heard", "unsure", "not there", "of another play"],
)
def test_what_is_no_contradiction_is_not_told(listened: Listened) -> None:
    assert due([row(8, AIRED), row(8.1, listened)], 10) == {}


def test_a_play_that_only_the_player_vouches_for_is_contradicted_by_nobody() -> None:
    aired = replace(AIRED, evidence=Evidence.PLAYER)
    assert due([row(8, aired), row(8.1, heard(Hearing.SILENT))], 10) == {}


@pytest.mark.parametrize(
    ("there", "newest", "state"),
    [
        ([THERE], None, State.OK),
        ([THERE], heard(Hearing.HEARD), State.OK),
        ([THERE], heard(Hearing.UNSURE), State.OK),
        ([THERE], heard(Hearing.SILENT), State.WARN),
        ([THERE], heard(Hearing.OTHER), State.WARN),
        ([], None, State.WARN),
        (None, None, State.WARN),
        ([replace(THERE, name="otro")], None, State.WARN),
        ([replace(THERE, muted=True)], None, State.WARN),
        ([replace(THERE, volume=0.0)], heard(Hearing.HEARD), State.WARN),
    ],
)
def test_the_doctor_looks_whether_it_could_hear_and_what_it_heard_last(
    there: list[Source] | None, newest: Listened | None, state: State
) -> None:
    check = judged(load_station(ROOT).markets[MarketId("unicachi")], "mic", there, newest)
    assert (check.code, check.subject, check.state) == (MICROPHONE, "unicachi", state)
    assert check.code in LABELS
    assert bool(check.todo) is (state is State.WARN)


def test_where_the_sound_does_not_answer_the_doctor_does_not_say_that_the_microphone_is_gone() -> None:
    locale.use("en")
    check = judged(load_station(ROOT).markets[MarketId("unicachi")], "mic", None, heard(Hearing.HEARD))
    assert "nobody knows whether the microphone is there" in check.sentence
    assert "cable" not in check.todo


def test_an_alert_on_the_day_after_is_no_news() -> None:
    late = row(8 + timedelta(days=3) / timedelta(minutes=1), heard(Hearing.SILENT))
    assert due([row(8, AIRED), replace(late, utc=TEN + timedelta(minutes=9))], 60 * 24 * 3) == {}
