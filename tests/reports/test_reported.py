"""What markets tell by message stands apart in every report: never played, never missed, and told where the record differs."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from golden import JUNE, MADE, MARKETS, UNICACHI, Golden, golden, name, on, ten
from openpyxl import load_workbook
from papers import docx_text, request

from broadcaster.cli.group import speak
from broadcaster.journal.events import MessageReceived
from broadcaster.journal.row import Row
from broadcaster.model import ClockTrust, Outcome, Reason
from broadcaster.reports import tables
from broadcaster.reports.documents import CERTIFICATE, make
from broadcaster.reports.summary import Summary
from broadcaster.reports.summing import summarise
from broadcaster.reports.tables.facts import by_message

PLAYED = (Outcome.PLAYED, Reason.ON_TIME)
FRIDAY, WEDNESDAY = on("06-11"), on("06-16")
"""At Unicachi played on time, and missed for want of power."""


def messages() -> list[Row]:
    """The office's own rows: both airings were played, it was told; who told of the second, nobody knows."""
    told = (
        MessageReceived(
            name(FRIDAY, UNICACHI), UNICACHI, ten(FRIDAY), *PLAYED, "K7F3-9QXM", proved=True, by="uid:1000"
        ),
        MessageReceived(
            name(WEDNESDAY, UNICACHI), UNICACHI, ten(WEDNESDAY), *PLAYED, "K7F3-9QXM", proved=False, by="uid:1000"
        ),
    )
    written = MADE - timedelta(days=1)
    return [
        Row("office", 1, seq, written, -18000, 0.0, "one", ClockTrust.SYNCED, event, "", "")
        for seq, event in enumerate(told, 1)
    ]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    speak("es")
    return golden(tmp_path_factory.mktemp("reported"))


@pytest.fixture(autouse=True)
def spanish() -> None:
    speak("es")


def summary(season: Golden, *, stick_came: bool) -> Summary:
    """Of June, with the messages; with the market's record or without."""
    journals = [
        journal for market, journal in zip(MARKETS, season.journals, strict=True) if stick_came or market != UNICACHI
    ]
    return summarise([*journals, messages()], season.plan, season.markets, JUNE, MADE)


def without_messages(season: Golden) -> Summary:
    journals = [journal for market, journal in zip(MARKETS, season.journals, strict=True) if market != UNICACHI]
    return summarise(journals, season.plan, season.markets, JUNE, MADE)


def test_messages_change_no_figure_but_their_own(season: Golden) -> None:
    before, after = without_messages(season).total, summary(season, stick_came=False).total
    assert (before.awaited, before.reported[Outcome.PLAYED]) == (6, 0)
    assert (after.awaited, after.reported) == (
        6,
        {Outcome.PLAYED: 2, Outcome.PARTIAL: 0, Outcome.MISSED: 0, Outcome.CANCELLED: 0},
    )
    assert replace(after, reported=before.reported) == before


def test_once_the_record_is_there_it_counts_and_the_one_that_differs_is_told(season: Golden) -> None:
    told = summary(season, stick_came=True)
    total, golden_total = told.total, season.summary(JUNE).total
    assert (sum(total.reported.values()), total.reported_otherwise) == (0, 1)
    assert replace(total, reported_otherwise=0) == golden_total
    assert [line.day for line in told.lines if line.reported_otherwise] == [WEDNESDAY]
    [sentence] = by_message(total)
    assert "vale el registro" in sentence


def test_every_format_tells_them_apart(season: Golden) -> None:
    told = summary(season, stick_came=False)
    rows = list(csv.DictReader(StringIO(tables.make("csv", season.station, told).decode("utf-8-sig"))))
    assert [row["Por mensaje"] for row in rows if row["Por mensaje"]] == [
        "emitida (a su hora)",
        "emitida (a su hora), sin comprobar",
    ]
    assert {row["Resultado"] for row in rows if row["Por mensaje"]} == {"falta el registro"}
    found = json.loads(tables.make("json", season.station, told))
    assert found["total"]["reported"] == {"played": 2, "partial": 0, "missed": 0, "cancelled": 0}
    assert [line["reported"]["proved"] for line in found["lines"] if line["reported"]] == [True, False]
    workbook = load_workbook(BytesIO(tables.make("xlsx", season.station, told)))
    text = " ".join(
        str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )
    assert "dicen los mensajes de los mercados: emitida: 2" in text
    assert "Falta el registro; según mensaje: emitida" in text


def test_the_certificate_says_it_in_its_remarks_and_still_counts_nothing(season: Golden) -> None:
    asked = replace(request(season, JUNE, UNICACHI), summary=summary(season, stick_came=False))
    text = docx_text(make(CERTIFICATE, "docx", asked))
    assert text.count("por mensaje: emitida (a su hora)") == 2
    assert text.count("sin comprobar") == 1
    asked = replace(asked, summary=summary(season, stick_came=True))
    assert "un mensaje había dicho: emitida (a su hora), sin comprobar" in docx_text(make(CERTIFICATE, "docx", asked))


def test_who_typed_a_message_in_leaves_no_trace_in_what_is_exported(season: Golden) -> None:
    for format_ in ("csv", "json", "hxl"):
        assert b"uid:1000" not in tables.make(format_, season.station, summary(season, stick_came=False))
