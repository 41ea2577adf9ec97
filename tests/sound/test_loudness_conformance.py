"""Every case of EBU Tech 3341 and 3342 that can be made passes, and the document that says so says what is measured now."""

import re

import numpy as np
import pytest
from agreement import SAMPLES, Sample, compare, spool_of
from conformance_cases import CASES, Case
from conformance_meters import Libebur128, Ours, readings
from conformance_table import DOCUMENT, agreement_line, own_row, passes, table_in

from broadcaster.model import Measure
from broadcaster.sound.cellmeter import MonoMeter
from broadcaster.sound.loudness import Meter

TEXT = DOCUMENT.read_text(encoding="utf-8")
NUMBER = re.compile(r"[−+]?\d+\.\d\d")
SHORT = {"1", "12", "13", *map(str, range(15, 24))}
"""Cases that do not take long to hear."""
ROUNDING = 0.0101
"""Two decimals, on another machine's arithmetic."""


def name_of(case: Case) -> str:
    return f"{case.document} {case.number} {case.reading} {case.signal}"


def numbers(line: str) -> list[float]:
    return [float(number.replace("−", "-")) for number in NUMBER.findall(line)]


def says(document_line: str, measured_line: str) -> bool:
    """Whether a line of the document begins as the measured one does, but for rounding."""
    begins = NUMBER.sub("#", document_line).startswith(NUMBER.sub("#", measured_line))
    pairs = zip(numbers(document_line), numbers(measured_line), strict=False)
    return begins and all(abs(there - here) < ROUNDING for there, here in pairs)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_is_within_its_tolerance_and_the_document_says_our_reading(case: Case) -> None:
    line, found = own_row(case)
    assert passes(case, found)
    assert any(says(there, line) for there in table_in(TEXT, "conformance")), line


def test_the_document_holds_these_cases_and_no_others() -> None:
    assert len(table_in(TEXT, "conformance")) == len(CASES)
    assert len(table_in(TEXT, "agreement")) == len(SAMPLES)
    assert "**fails**" not in TEXT


def test_every_case_of_both_documents_is_there_but_the_recorded_programmes() -> None:
    numbers_of = {
        doc: {int(case.number) for case in CASES if case.document == doc} for doc in ("Tech 3341", "Tech 3342")
    }
    assert numbers_of == {"Tech 3341": {*range(1, 24)} - {7, 8}, "Tech 3342": {1, 2, 3, 4}}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.number in {"1", "12", "13", *map(str, range(15, 24))}], ids=name_of
)
def test_a_case_passes_at_44_1_khz_too(case: Case) -> None:
    assert passes(case, readings(case, Ours, 44_100))


@pytest.mark.parametrize("case", [case for case in CASES if case.reading in {"TP", "LRA", "max M"}], ids=name_of)
def test_a_meter_that_is_not_ours_passes_on_the_same_signal(case: Case) -> None:
    """So it is the signal that the document describes."""
    assert passes(case, readings(case, Libebur128))


def mono_readings(case: Case) -> list[tuple[Measure, Measure]]:
    """The left channel of each piece, by the meter and by the one that masters are measured with."""
    found = []
    for piece in case.pieces(48_000):
        left = np.ascontiguousarray(piece[:, 0])
        one, other = Meter(48_000, 1), MonoMeter()
        one.feed(left[:, None])
        for start in range(0, len(left), 7_001):
            other.feed(left[start : start + 7_001])
        found.append((one.measure(), other.measure()))
    return found


@pytest.mark.parametrize("case", [case for case in CASES if case.number in {"4", "9", "12", "13", "22"}], ids=name_of)
def test_the_meter_of_masters_reads_the_same(case: Case) -> None:
    """It squares in single precision, cell by cell."""
    for one, other in mono_readings(case):
        for figure, again in zip(vars(one).values(), vars(other).values(), strict=True):
            assert again == pytest.approx(figure, abs=0.005)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.name} {sample.rate_hz}")
def test_three_meters_agree_and_the_document_says_by_how_much(
    sample: Sample, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Within 0.1 LU and 0.2 dB."""
    said = compare(spool_of(sample, tmp_path_factory.mktemp("sample")))
    for other in (said.libebur128, said.ffmpeg):
        assert said.ours[0] == pytest.approx(other[0], abs=0.1)
        assert said.ours[1] == pytest.approx(other[1], abs=0.2)
    line = agreement_line(sample, said).rsplit(" | ", 2)[0]
    assert any(says(there, line) for there in table_in(TEXT, "agreement")), line
