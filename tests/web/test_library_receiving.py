"""*Recibir grabación*: what comes becomes an episode or a sentence, and of what is refused nothing stays."""

import json
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from panel import APPROVERS, COORDINATOR, OFFICER, PRODUCER, Panel, make_station, serving
from shelved import (
    CONSENT,
    HELPLINE,
    LIMIT_S,
    THREE,
    becomes,
    below,
    copied,
    events,
    left,
    limited,
    make_shelved,
    send,
    spoken,
)

from broadcaster.journal.events import Admitted, PersonRegistered
from broadcaster.library.shelf import read_episode
from broadcaster.model import EpisodeNumber, Role
from broadcaster.production.received import RECORDING, SAID, keep, waiting
from broadcaster.production.submission import Submission
from broadcaster.sound import room

FIVE = EpisodeNumber(5)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return spoken(tmp_path_factory.mktemp("voice")).read_bytes()


def nothing_stays(panel: Panel) -> bool:
    """Once the panel has seen that nobody is there any more."""
    until_s = time.monotonic() + LIMIT_S
    while left(panel):
        assert time.monotonic() < until_s
        time.sleep(0.02)
    return True


def test_a_recording_becomes_an_episode_and_its_sender_reads_what_was_noticed(panel: Panel, recording: bytes) -> None:
    browser = panel.signed_in(PRODUCER)
    answer = send(browser, recording)
    assert "Recibido. Código d-07." in browser.get(answer.headers["location"]).text
    page = becomes(browser, answer)
    assert "Hola. Escuchamos la grabación del *episodio 5* (versión 1" in page
    assert "whatsapp://send?text=" in page
    (admitted,) = events(panel, Admitted)
    assert (admitted.episode, admitted.defenders, admitted.by) == (FIVE, (PRODUCER,), PRODUCER)
    assert (admitted.consents, admitted.helplines) == ((CONSENT,), (HELPLINE,))
    episode = read_episode(panel.desk.station, FIVE)
    assert episode is not None
    assert episode.title == "Nuestra voz"
    assert (panel.desk.station.episodes / "005" / "original.wav").read_bytes() == recording
    assert left(panel) == []


def test_the_page_that_waits_is_told_by_itself(panel: Panel, recording: bytes) -> None:
    browser = panel.signed_in(PRODUCER)
    path = send(browser, recording).headers["location"]
    with browser.stream("GET", f"{path}/events", headers={"accept": "text/event-stream"}) as told:
        assert told.headers["content-type"].startswith("text/event-stream")
        text = "".join(told.iter_text())
    assert text.count("event: received") >= 1
    assert "data-over" in text
    assert "episodio 5" in text


@pytest.mark.parametrize(
    "name",
    [
        "../../../escaped.wav",
        "..\\..\\escaped.wav",
        "/escaped.wav",
        "..",
        "<img src=x onerror=alert(1)>.wav",
        "n\u202eame.wav",
    ],
)
def test_no_name_of_a_file_becomes_a_path_or_a_part_of_a_page(panel: Panel, name: str) -> None:
    browser = panel.signed_in(PRODUCER)
    outside = set(panel.root.parent.iterdir())
    page = becomes(browser, send(browser, b"<script>alert(1)</script>", name))
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "Nada de ella se guardó" in page
    assert set(panel.root.parent.iterdir()) == outside
    assert not [path for path in below(panel.root) if "escaped" in path.name]
    assert not Path("/escaped.wav").exists()
    assert left(panel) == []
    assert not events(panel, Admitted)


@pytest.mark.parametrize(
    "said",
    [
        {"number": "0"},
        {"number": "1000"},
        {"number": "../5"},
        {"number": ""},
        {"number": "٥"},
        {"title": ""},
        {"title": "a\u202eb"},
        {"code": ""},
        {"code": "d-99"},
        {"code": APPROVERS[0]},
        {"consent": "María Quispe"},
        {"helpline": "no-such"},
        {"csrf": "0" * 64},
        {"csrf": ""},
        {"title": "x" * 5000},
    ],
)
def test_what_a_form_may_not_say_is_refused_and_nothing_stays(
    panel: Panel, recording: bytes, said: dict[str, str]
) -> None:
    browser = panel.signed_in(COORDINATOR)
    answer = send(browser, recording, fields=said)
    assert answer.status_code in {403, 422}
    assert left(panel) == []
    assert not list(panel.desk.station.episodes.iterdir())


def test_a_producer_sends_under_her_own_code_and_an_approver_sends_nothing(panel: Panel, recording: bytes) -> None:
    panel.write(PersonRegistered("d-08", (Role.PRODUCER,), OFFICER))
    assert send(panel.signed_in(PRODUCER), recording, code="d-08").status_code == 403
    browser = panel.signed_in(PRODUCER)
    assert "d-08" not in browser.get("/library/receive").text
    approver = panel.signed_in(APPROVERS[0])
    assert approver.get("/library/receive").status_code == 403
    files = {"recording": ("voz.wav", recording)}
    assert approver.post("/library/receive", files=files).status_code == 403
    assert panel.client().post("/library/receive", files=files).status_code == 401
    assert left(panel) == []
    both = send(browser, recording, code="d-07, d-08")
    becomes(browser, both)
    assert events(panel, Admitted)[0].defenders == (PRODUCER, "d-08")


def test_a_form_without_a_recording_or_with_two_is_refused(panel: Panel, recording: bytes) -> None:
    browser = panel.signed_in(PRODUCER)
    word = browser.word("/library/receive")
    said: list[tuple[str, Any]] = [
        ("csrf", (None, word)),
        ("number", (None, "5")),
        ("title", (None, "x")),
        ("code", (None, PRODUCER)),
    ]
    file = ("recording", ("voz.wav", recording, "audio/wav"))
    for parts in (said, [*said, file, file], [*said, ("other", ("voz.wav", recording))]):
        assert browser.post("/library/receive", files=parts).status_code == 422
    assert browser.post("/library/receive", data={"csrf": word, "number": "5"}).status_code in {403, 422}
    assert browser.post("/library/receive", content=b"\x00" * 1000, headers={"x-csrf-token": word}).status_code == 422
    kind = {"content-type": "multipart/form-data; boundary=x", "x-csrf-token": word}
    for broken in (
        b"",
        b"--x\r\n",
        b"--x\r\nnonsense",
        b"--y--",
        b'--x\r\ncontent-disposition: form-data; name="recording"; filename="a"\r\n\r\nhalf',
    ):
        assert browser.post("/library/receive", content=broken, headers=kind).status_code == 422
    assert left(panel) == []


def test_what_is_too_large_is_refused_before_it_fills_the_disk(tmp_path: Path, recording: bytes) -> None:
    """By what the request says of itself, and by what comes where it lies or says nothing."""
    most = 100_000
    with serving(limited(make_station(tmp_path / "station"), most)) as panel:
        browser = panel.signed_in(PRODUCER)
        assert f'data-most="{most}"' in browser.get("/library/receive").text
        refused = send(browser, bytes(most + 1_000_000))
        assert refused.status_code == 422
        slightly = send(browser, bytes(most + 1))
        assert slightly.status_code == 422
        word = browser.word("/library/receive")

        def unannounced() -> Iterator[bytes]:
            yield b'--x\r\ncontent-disposition: form-data; name="recording"; filename="a"\r\n\r\n'
            for _piece in range(100):
                yield bytes(10_000)

        kind = {"content-type": "multipart/form-data; boundary=x", "x-csrf-token": word}
        try:
            answer = browser.post("/library/receive", content=unannounced(), headers=kind)
            assert answer.status_code == 422
        except httpx.WriteError:
            pass  # the panel closed the door while more was coming
        assert nothing_stays(panel)


def test_a_disk_that_is_nearly_full_takes_no_recording(
    panel: Panel, recording: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "KEEP_FREE", 1 << 60)
    answer = send(panel.signed_in(PRODUCER), recording)
    assert answer.status_code == 422
    assert left(panel) == []


def head(panel: Panel, size: str) -> bytes:
    """How a phone begins to send a recording."""
    browser = panel.signed_in(PRODUCER)
    words = (
        "POST /library/receive HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{panel.address.port}\r\n"
        f"Origin: {panel.url}\r\n"
        f"X-CSRF-Token: {browser.word('/library/receive')}\r\n"
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in browser.cookies.items())}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n{size}\r\n\r\n"
    )
    return words.encode()


PART = b'--x\r\ncontent-disposition: form-data; name="recording"; filename="a"\r\n\r\n'


def test_of_two_gigabytes_that_keep_coming_no_more_is_taken_than_the_station_takes(tmp_path: Path) -> None:
    most, sent, million = 50_000_000, 0, b"x" * 1_000_000
    with serving(limited(make_station(tmp_path / "station"), most)) as panel:
        begun = head(panel, "Transfer-Encoding: chunked")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with socket.create_connection(("127.0.0.1", panel.address.port), LIMIT_S) as phone, suppress(OSError):
            phone.sendall(begun + f"{len(PART):x}\r\n".encode() + PART + b"\r\n")
            while sent < 2_000_000_000:  # until the panel hangs up
                phone.sendall(f"{len(million):x}\r\n".encode() + million + b"\r\n")
                sent += len(million)
        assert most <= sent < most + 50_000_000
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes
        assert nothing_stays(panel)
        assert panel.client().get("/sign-in").status_code == 200


def test_of_a_connection_that_breaks_off_nothing_stays(panel: Panel) -> None:
    with socket.create_connection(("127.0.0.1", panel.address.port)) as phone:
        phone.sendall(head(panel, "Content-Length: 9000000") + PART + bytes(2_000_000))
        until_s = time.monotonic() + LIMIT_S
        while not any(name.endswith(RECORDING) for name in left(panel)):
            assert time.monotonic() < until_s
            time.sleep(0.02)
    assert nothing_stays(panel)


def test_what_a_killed_panel_left_goes_at_the_next_start_and_what_was_received_is_taken_up(
    tmp_path: Path, recording: bytes
) -> None:
    root = make_station(tmp_path / "station")
    half = root / "data" / "intake" / "adding-half" / "coming"
    half.mkdir(parents=True)
    (half / RECORDING).write_bytes(recording[:1000])
    whole = root / "data" / "intake" / "adding-whole" / "coming"
    whole.mkdir(parents=True)
    (whole / RECORDING).write_bytes(recording)
    with serving(root) as panel:
        pass
    assert left(panel) == []
    whole.mkdir(parents=True)
    (whole / RECORDING).write_bytes(recording)
    said = Submission(FIVE, "Nuestra voz", (PRODUCER,), (CONSENT,), (HELPLINE,), sample=False, by=PRODUCER)
    received = keep(panel.desk.station, whole, said, called="voz.wav", again=False)
    assert [each.said for each in waiting(panel.desk.station)] == [said]
    assert json.loads((received.folder / SAID).read_text(encoding="utf-8"))["called"] == "voz.wav"
    with serving(root) as panel:
        browser = panel.signed_in(PRODUCER)
        page = becomes(browser, httpx.Response(303, headers={"location": f"/library/receive/{received.id}"}))
        assert "episodio 5" in page
        assert [event.by for event in events(panel, Admitted)] == [PRODUCER]
        assert left(panel) == []


def test_a_word_that_nobody_was_given_tells_nothing(panel: Panel) -> None:
    browser = panel.signed_in(PRODUCER)
    for word in ("0" * 16, "..", "%2e%2e%2fconfig.toml"):
        assert browser.get(f"/library/receive/{word}").status_code in {404, 422}
        assert browser.get(f"/library/receive/{word}/events").status_code in {404, 422}


def test_a_new_version_keeps_what_its_form_leaves_empty(tmp_path: Path, recording: bytes) -> None:
    folder = tmp_path / "voice"
    folder.mkdir()
    root = copied(make_shelved(tmp_path / "made", spoken(folder)), tmp_path / "station")
    with serving(root) as panel:
        browser = panel.signed_in(PRODUCER)
        form = browser.get(f"/library/receive?episode={THREE}").text
        assert 'name="again" value="yes"' in form
        said = {"again": "yes", "number": str(THREE), "title": "", "code": "", "consent": "", "helpline": ""}
        newer = spoken(folder, "newer.wav", times=2).read_bytes()
        page = becomes(browser, send(browser, newer, fields=said))
        assert "versión 2" in page
        admitted = events(panel, Admitted)[-1]
        assert (admitted.revision, admitted.consents, admitted.by) == (2, (CONSENT,), PRODUCER)
        assert send(browser, newer, fields={**said, "number": "9"}).status_code == 422
        assert send(browser, newer, fields={"number": str(THREE)}).status_code == 422
