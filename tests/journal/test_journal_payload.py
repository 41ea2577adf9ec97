"""Events become text and come back; what is not understood is refused, never half read."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.journal import payload
from broadcaster.journal.events import BY_KIND, EVENTS, Admitted, Approved, Event, Heartbeat
from broadcaster.model import EpisodeNumber, Evidence, PlayId, Seconds, Sha256


@dataclass(frozen=True)
class Dated(Event):
    kind: ClassVar[str] = "dated"
    on: date
    at: datetime


ANY_EVENT = st.one_of([st.from_type(kind) for kind in EVENTS])


@given(ANY_EVENT)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    assert payload.decode(event.kind, payload.encode(event)) == event


@given(ANY_EVENT)
def test_the_text_is_canonical(event: Event) -> None:
    """Sorted keys, no spaces: writing again what was read changes no byte."""
    text = payload.encode(event)
    assert payload.encode(payload.decode(event.kind, text)) == text
    assert payload.dumps(json.loads(text)) == text


def test_every_event_has_its_own_word() -> None:
    assert len(BY_KIND) == len(EVENTS)


def test_a_row_written_by_the_first_program_reads_as_it_was_meant() -> None:
    """This text is on record somewhere: it must mean the same for ever."""
    text = (
        '{"consent":"C-2021-014","defenders":["d-07"],"duration_s":21.5,"episode":3,"helplines":["linea-100"],'
        '"master_sha256":"bb","original_sha256":"aa","revision":1,"sample":false}'
    )
    event = Admitted(
        EpisodeNumber(3), 1, Sha256("aa"), Sha256("bb"), Seconds(21.5), ("d-07",), "C-2021-014", ("linea-100",)
    )
    assert payload.decode("admitted", text) == event
    assert (event.lead_in_s, event.tail_s) == (3.0, 1.0)  # the silence of every master made before rows said it
    now = (
        text.replace('{"consent"', '{"by":"","consent"')
        .replace('"master', '"lead_in_s":3.0,"master')
        .replace("false}", 'false,"tail_s":1.0}')
    )
    now = now.replace('"defenders"', '"consents":[],"defenders"').replace(
        '"helplines"', '"helpline_numbers":[],"helplines"'
    )
    assert payload.encode(event) == now
    assert event.consent_refs == ("C-2021-014",)


def test_a_field_added_later_has_its_default_in_older_rows() -> None:
    older = '{"approver":"coordinadora-1","episode":3,"master_sha256":"bb","revision":1}'
    assert payload.decode("approved", older) == Approved(EpisodeNumber(3), 1, Sha256("bb"), "coordinadora-1", False)


@pytest.mark.parametrize(
    ("kind", "text", "version"),
    [
        ("announced", "{}", 1),
        ("stopped", '{"cause":"sigterm"}', 2),
        ("stopped", '{"cause":"sigterm","mood":"good"}', 1),
        ("stopped", "{}", 1),
        ("stopped", '{"cause":7}', 1),
        ("stopped", '{"cause":null}', 1),
        ("stopped", "[]", 1),
        ("stopped", "7", 1),
        ("stopped", "not json", 1),
        ("heartbeat", '{"evidence":"monitor","heard_s":NaN,"play":"a-1-1"}', 1),
        ("heartbeat", '{"evidence":"hearsay","heard_s":1.0,"play":"a-1-1"}', 1),
        ("heartbeat", '{"evidence":"monitor","heard_s":true,"play":"a-1-1"}', 1),
        ("defender_registered", '{"code":"d-07","trained_from":"yesterday"}', 1),
    ],
)
def test_what_is_not_understood_is_refused(kind: str, text: str, version: int) -> None:
    """An unknown kind, version or field, a missing or wrong value: exit 78."""
    with pytest.raises(payload.UnknownPayload) as refusal:
        payload.decode(kind, text, version)
    assert refusal.value.exit_code == 78


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_is_never_written(seconds: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        payload.encode(Heartbeat(PlayId("a-1-1"), Seconds(seconds), Evidence.MONITOR))


def test_a_moment_without_zone_is_never_written() -> None:
    naive = datetime(2021, 6, 18, 10)  # noqa: DTZ001  the fault
    with pytest.raises(ValueError, match="2021"):
        payload.encode(Dated(date(2021, 6, 18), naive))


def test_numbers_of_another_library_are_written_as_plain_ones() -> None:
    beat = Heartbeat(PlayId("a-1-1"), Seconds(np.float64(2.5)), Evidence.MONITOR)
    assert payload.encode(beat) == '{"evidence":"monitor","heard_s":2.5,"play":"a-1-1"}'


def test_days_and_moments_are_written_in_iso_8601() -> None:
    """Moments with microseconds and ``Z``, whatever zone they were given in."""
    moment = datetime(2021, 6, 18, 15, 0, tzinfo=UTC)
    assert payload.encode(Dated(date(2021, 6, 18), moment)) == '{"at":"2021-06-18T15:00:00.000000Z","on":"2021-06-18"}'
