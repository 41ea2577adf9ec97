"""The control sheet: every airing of the month with room to write, and nothing of what the machine recorded."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from broadcaster import locale
from broadcaster.config import Station, load_station
from broadcaster.journal.events import Ended, Event, MakeGoodOrdered, Promise, make_good_id
from broadcaster.journal.row import Row
from broadcaster.journal.sheets import is_of, read_number
from broadcaster.model import AiringId, ClockTrust, EpisodeNumber, MarketId, Outcome, Reason, Seconds
from broadcaster.reports.control_sheet import SPARE, ControlSheet, control_sheet
from broadcaster.reports.control_sheet_pdf import as_pdf
from broadcaster.schedule.load import load_plan

ROOT = Path(__file__).parents[2]
LIMA = ZoneInfo("America/Lima")
UNICACHI = MarketId("unicachi")
JUNE, MADE = date(2021, 6, 1), date(2021, 6, 10)
TEN = datetime(2021, 6, 18, 10, tzinfo=LIMA)
MISSED = AiringId("2021-06-18T10:00/unicachi")


@pytest.fixture(scope="module")
def station() -> Station:
    return load_station(ROOT)


def rows(*events: Event) -> list[Row]:
    return [
        Row("n", 1, seq, TEN.astimezone(UTC), -18000, float(seq), "b", ClockTrust.SYNCED, event, "", "")
        for seq, event in enumerate(events, start=1)
    ]


def sheet(station: Station, *events: Event, month: date = JUNE) -> ControlSheet:
    return control_sheet(station, station.markets[UNICACHI], month, load_plan(station), rows(*events), MADE)


def pages(content: bytes) -> Sequence[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def missed(reason: Reason = Reason.POWER_LOSS, outcome: Outcome = Outcome.MISSED, day: int = 18) -> Ended:
    due = TEN.replace(day=day)
    return Ended(AiringId(f"2021-06-{day}T10:00/unicachi"), UNICACHI, due, outcome, reason, EpisodeNumber(3))


def test_every_airing_of_the_month_has_a_line_and_there_are_empty_ones(station: Station) -> None:
    facts = sheet(station)
    assert [line.airing for line in facts.lines] == [
        f"2021-06-{day:02}T10:00/unicachi" for day in (11, 16, 18, 23, 25, 30)
    ]
    (page,) = pages(as_pdf(facts))
    for line in facts.lines:
        assert line.airing in page
    assert str(len(facts.lines) + SPARE) in page


def test_it_says_by_whose_leave_and_in_which_hours_the_market_may_sound(station: Station) -> None:
    market = station.markets[UNICACHI]
    locale.use("es")
    facts = sheet(station)
    (page,) = pages(as_pdf(facts))
    for text in (market.name, market.district, "junio 2021", "06:00–18:00", "20:00–08:00", facts.number, "Firma"):
        assert text in page
    assert "sin confirmar" in page, "no authorisation is on record"
    given = control_sheet(
        station, type(market)(**{**vars(market), "authorisation": "R.A. 123-2021"}), JUNE, load_plan(station), (), MADE
    )
    assert "R.A. 123-2021" in pages(as_pdf(given))[0]


def test_it_tells_nothing_of_what_the_machine_recorded(station: Station) -> None:
    blank = sheet(station)
    assert as_pdf(sheet(station, missed())) == as_pdf(blank)
    assert as_pdf(sheet(station, missed(Reason.ON_TIME, Outcome.PLAYED))) == as_pdf(blank)


def test_what_was_taken_out_of_the_schedule_is_not_on_it_and_what_was_ordered_is(station: Station) -> None:
    gone = Ended(
        AiringId("2021-06-17T10:00/unicachi"), UNICACHI, TEN - timedelta(days=1), Outcome.CANCELLED, Reason.PLAN_CHANGED
    )
    made = Promise(make_good_id(MISSED, 1), UNICACHI, TEN.replace(hour=16), EpisodeNumber(3), Seconds(600))
    facts = sheet(station, gone, missed(), MakeGoodOrdered(MISSED, made, "uid:1"))
    assert gone.airing not in {line.airing for line in facts.lines}
    after = next(line for line in facts.lines if line.airing == made.airing)
    assert (after.time, bool(after.note)) == ("16:00", True)
    assert not any(line.note for line in facts.lines if line is not after)
    assert facts.number != sheet(station, missed()).number
    end = Ended(made.airing, UNICACHI, made.due, Outcome.CANCELLED, Reason.STOPPED_BY_OPERATOR, make_good_of=MISSED)
    taken_back = sheet(station, gone, missed(), MakeGoodOrdered(MISSED, made, "uid:1"), end)
    assert made.airing not in {line.airing for line in taken_back.lines}


def test_the_same_airings_give_the_same_bytes_and_number_and_a_typed_number_is_known(station: Station) -> None:
    facts = sheet(station)
    assert as_pdf(facts) == as_pdf(sheet(station))
    assert read_number(facts.number.lower().replace("-", " ")) == facts.number
    assert is_of(facts.number, UNICACHI, date(2021, 6, 30))
    assert not is_of(facts.number, UNICACHI, date(2021, 7, 1))
    assert not is_of(facts.number, MarketId("el-bosque"), JUNE)
    assert [read_number(text) for text in ("", "K7F3", "K7F3-9QX0", "K7F3-9QXM-2", "ñandú-123")] == [None] * 5


@pytest.mark.parametrize(("more", "sheets"), [(3, 1), (4, 1), (5, 1), (6, 2), (7, 2), (8, 2), (9, 2), (12, 2), (40, 3)])
def test_its_heading_is_on_every_page_and_its_signatures_stand_below_lines(
    station: Station, more: int, sheets: int
) -> None:
    """Six airings and so many make-goods; with eleven lines there is room for one empty one, with twelve a page more."""
    ordered = [
        MakeGoodOrdered(MISSED, Promise(make_good_id(MISSED, n), UNICACHI, TEN, EpisodeNumber(3), Seconds(1)), "uid:1")
        for n in range(1, 1 + more)
    ]
    locale.use("es")
    facts = sheet(station, *ordered)
    told = pages(as_pdf(facts))
    assert len(told) == sheets
    assert all("¿Se escuchó?" in page for page in told)
    assert "Por el mercado" in told[-1]
    assert facts.lines[-1].airing in told[-1]
    assert sum(page.count("2021-06-") for page in told) == len(facts.lines) == 6 + more
    empty = {"7": 3, "8": 3, "9": 3, "10": 2, "11": 1}.get(str(len(facts.lines)), SPARE)
    assert f" {len(facts.lines) + empty} " in told[-1]
    assert f" {len(facts.lines) + empty + 1} " not in told[-1].partition("Marque")[0]
