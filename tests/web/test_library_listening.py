"""Listening to an episode: piece by piece, only by who may, and never without a row."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from panel import APPROVERS, OFFICER, PRODUCER, Panel, WallClock, serving
from shelved import THREE, copied, events, make_shelved, spoken

from broadcaster.journal.events import EpisodeHeard, PersonRegistered, PersonRetired, Withdrawn
from broadcaster.library.catalogue import master_path
from broadcaster.model import Role
from broadcaster.web.library.byterange import Span, wanted
from broadcaster.web.library.listening import LISTENERS, ONE_LISTENING

AUDIO = f"/library/episodes/{THREE}/audio"


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelved")
    return make_shelved(folder / "station", spoken(folder))


@pytest.fixture
def panel(shelved: Path, tmp_path: Path) -> Iterator[Panel]:
    LISTENERS.forget()
    with serving(copied(shelved, tmp_path / "station")) as made:
        yield made


def master(panel: Panel) -> bytes:
    return master_path(panel.desk.station, THREE).read_bytes()


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, Span(0, 99)),
        ("bytes=0-", Span(0, 99)),
        ("bytes=10-19", Span(10, 19)),
        ("bytes=90-1000", Span(90, 99)),
        ("bytes=-10", Span(90, 99)),
        ("bytes=-1000", Span(0, 99)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=20-10", Span(0, 99)),
        ("bytes=-", Span(0, 99)),
        ("bytes=0-9,20-29", Span(0, 99)),
        ("lines=0-9", Span(0, 99)),
        ("bytes=" + "9" * 30 + "-", Span(0, 99)),
        ("bytes=a-b", Span(0, 99)),
    ],
)
def test_a_range_is_understood_as_the_standard_says(header: str | None, span: Span | None) -> None:
    assert wanted(header, 100) == span


@given(st.text(max_size=40), st.integers(1, 10**6))
def test_whatever_a_browser_asks_for_lies_in_the_file(asked: str, size: int) -> None:
    for header in (asked, f"bytes={asked}"):
        span = wanted(header, size)
        assert span is None or 0 <= span.first <= span.last < size


def test_the_master_comes_whole_or_in_pieces_and_one_listening_is_one_row(panel: Panel) -> None:
    content, browser = master(panel), panel.signed_in(APPROVERS[0])
    whole = browser.get(AUDIO)
    assert (whole.status_code, whole.content) == (200, content)
    assert whole.headers["content-type"] == "audio/flac"
    assert whole.headers["content-length"] == str(len(content))
    assert whole.headers["accept-ranges"] == "bytes"
    piece = browser.get(AUDIO, headers={"range": "bytes=1000-1999"})
    assert (piece.status_code, piece.content) == (206, content[1000:2000])
    assert piece.headers["content-range"] == f"bytes 1000-1999/{len(content)}"
    beyond = browser.get(AUDIO, headers={"range": f"bytes={len(content)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(content)}")
    admitted = panel.desk.decisions().newest(THREE)
    assert admitted is not None
    heard = EpisodeHeard(THREE, 1, admitted.master_sha256, APPROVERS[0])
    assert events(panel, EpisodeHeard) == [heard]
    clock = panel.clock
    assert isinstance(clock, WallClock)
    clock.utc += ONE_LISTENING
    browser.get(AUDIO, headers={"range": "bytes=5-9"})
    assert events(panel, EpisodeHeard) == [heard, heard]


def test_no_piece_goes_out_without_a_row(panel: Panel) -> None:
    """Also one from the middle, asked for first."""
    browser = panel.signed_in(OFFICER)
    assert browser.get(AUDIO, headers={"range": "bytes=5000-5999"}).status_code == 206
    assert [event.by for event in events(panel, EpisodeHeard)] == [OFFICER]


def test_a_page_that_is_looked_at_is_no_listening(panel: Panel) -> None:
    page = panel.signed_in(APPROVERS[0]).get(f"/library/episodes/{THREE}").text
    assert re.search(r'<audio [^>]*preload="none"', page)
    assert not events(panel, EpisodeHeard)


def test_only_who_made_it_or_decides_about_it_listens(panel: Panel) -> None:
    panel.write(PersonRegistered("d-08", (Role.PRODUCER,), OFFICER))
    assert panel.signed_in(PRODUCER).get(AUDIO).status_code == 200
    other = panel.signed_in("d-08")
    refused = other.get(AUDIO)
    assert refused.status_code == 403
    assert "flac" not in refused.headers["content-type"]
    assert "<audio" not in other.get(f"/library/episodes/{THREE}").text
    assert panel.client().get(AUDIO, headers={"accept": "*/*"}).status_code == 401
    assert [event.by for event in events(panel, EpisodeHeard)] == [PRODUCER]
    panel.write(PersonRetired(PRODUCER, OFFICER))
    assert panel.signed_in(PRODUCER).get(AUDIO, headers={"accept": "*/*"}).status_code == 401


def test_what_was_withdrawn_or_changed_is_heard_by_nobody(panel: Panel) -> None:
    browser, path = panel.signed_in(OFFICER), master_path(panel.desk.station, THREE)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    assert browser.get(AUDIO).status_code == 422
    path.write_bytes(content)
    panel.write(Withdrawn(THREE, 1, OFFICER))
    assert browser.get(AUDIO).status_code == 422
    assert browser.get(f"/library/episodes/{THREE}/waveform.svg").status_code == 422
    assert not events(panel, EpisodeHeard)
