"""Where received recordings become episodes: a fault of the station loses none, and what became of each outlasts the panel."""

import errno
import stat
import time
from pathlib import Path

import pytest
from panel import PRODUCER, WallClock, make_station, serving
from shelved import CONSENT, HELPLINE, LIMIT_S, becomes, left, send, spoken

from broadcaster.journal.events import Admitted
from broadcaster.model import EpisodeNumber
from broadcaster.production import received
from broadcaster.production.received import RECORDING, Received, forget, keep
from broadcaster.production.submission import Submission
from broadcaster.web.desk import Desk
from broadcaster.web.library import progress, workshop
from broadcaster.web.library.progress import Phase, Progress


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return spoken(tmp_path_factory.mktemp("voice")).read_bytes()


def received_at(desk: Desk, number: int, recording: bytes) -> Received:
    coming = desk.station.data / "coming"
    coming.mkdir(parents=True)
    (coming / RECORDING).write_bytes(recording)
    said = Submission(
        EpisodeNumber(number), "Nuestra voz", (PRODUCER,), (CONSENT,), (HELPLINE,), sample=False, by=PRODUCER
    )
    return keep(desk.station, coming, said, called="voz.wav", again=False)


def admitted_at(desk: Desk) -> list[int]:
    return [row.event.episode for row in desk.rows((Admitted,)) if isinstance(row.event, Admitted)]


def test_what_was_received_outlasts_a_fault_of_the_station_and_what_another_panel_took_stops_nobody(
    tmp_path: Path, recording: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes nonsense into the settings while a recording waits, and puts it right later."""
    tried: list[Received] = []
    later = workshop.Workshop._later

    def put_off(works: workshop.Workshop, received: Received) -> None:
        tried.append(received)
        later(works, received)

    monkeypatch.setattr(workshop, "AGAIN_S", 0.05)
    monkeypatch.setattr(workshop.Workshop, "_later", put_off)
    desk = Desk(make_station(tmp_path / "station"), WallClock())
    gone, waits = received_at(desk, 4, recording), received_at(desk, 5, recording)
    forget(gone)
    settings = desk.root / "config.toml"
    good = settings.read_text(encoding="utf-8")
    settings.write_text("nonsense", encoding="utf-8")
    works = workshop.Workshop(desk)
    works.begin()
    try:
        works.take(gone)
        works.take(waits)
        until_s = time.monotonic() + LIMIT_S
        while len(tried) < 3:
            assert time.monotonic() < until_s
            time.sleep(0.02)
        now = works.progress(waits.id)
        assert now is not None
        assert now.phase is Phase.WAITING
        assert waits.recording.read_bytes() == recording
        settings.write_text(good, encoding="utf-8")
        while (now := works.progress(waits.id)) is None or not now.over:
            assert time.monotonic() < until_s
            time.sleep(0.05)
        assert now.phase is Phase.ADMITTED
        assert works.progress(gone.id) is None
        assert admitted_at(desk) == [5]
    finally:
        works.end()
        desk.close()


def test_what_became_of_a_recording_is_told_by_the_next_panel_too_and_the_name_of_its_file_is_not_kept(
    tmp_path: Path,
) -> None:
    root = make_station(tmp_path / "station")
    with serving(root) as panel:
        answer = send(panel.signed_in(PRODUCER), b"no sound at all", "Rosa Quispe.wav")
        assert "Rosa Quispe.wav no es una grabación" in becomes(panel.signed_in(PRODUCER), answer)
        assert left(panel) == []
    written = root / "data" / progress.FILE
    assert b"Quispe" not in written.read_bytes()
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    with serving(root) as panel:
        page = panel.signed_in(PRODUCER).get(answer.headers["location"])
        assert page.status_code == 200
        assert "El archivo no es una grabación" in page.text
        assert "Nada de ella se guardó" in page.text
        written.write_text("[torn", encoding="utf-8")
        assert panel.signed_in(PRODUCER).get(answer.headers["location"]).status_code == 422


def test_a_recording_whose_end_is_written_down_is_not_listened_to_again(tmp_path: Path, recording: bytes) -> None:
    """The power went after that and before the recording was taken away."""
    root = make_station(tmp_path / "station")
    desk = Desk(root, WallClock())
    waits = received_at(desk, 5, recording)
    progress.keep(root / "data", Progress(waits.id, PRODUCER, 5, Phase.REFUSED, refusal="voz.wav."), "voz.wav")
    with serving(root) as panel:
        assert "El archivo." in panel.signed_in(PRODUCER).get(f"/library/receive/{waits.id}").text
        until_s = time.monotonic() + LIMIT_S
        while waits.folder.exists():
            assert time.monotonic() < until_s
            time.sleep(0.02)
    assert admitted_at(desk) == []
    desk.close()


def test_only_the_newest_ends_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "KEPT", 3)
    for number in range(1, 6):
        progress.keep(tmp_path, Progress(f"word-{number}", PRODUCER, number, Phase.ADMITTED, 1.0, 1), "")
    assert [each.number for each in progress.kept(tmp_path).values()] == [3, 4, 5]


def test_what_the_disk_would_not_keep_is_not_taken_up_later_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sender is told that it did not arrive, and sends it again."""
    desk = Desk(make_station(tmp_path / "station"), WallClock())

    def refused(folder: Path) -> None:
        if folder.name == received.FOLDER:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(received, "sync_folder", refused)
    with pytest.raises(OSError, match="Input/output"):
        received_at(desk, 5, b"a recording")
    assert list(received.waiting(desk.station)) == []
    desk.close()
