"""The operator's commands where something is missing: one sentence in Spanish, the right number, and nothing half done."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.cli.program import run
from broadcaster.config import load_station
from broadcaster.journal.events import Event, Held, Resumed, StopOrdered, Tested, TestOrdered, VolumeSet
from broadcaster.journal.reading import read
from broadcaster.model import Evidence, MarketId, Reason
from broadcaster.playout.lock import StationLock

SHIPPED = Path(__file__).parents[2] / "config.toml"
UNICACHI = MarketId("unicachi")
ME = f"uid:{os.geteuid()}"
ABSENT = "no está en marcha"
ANSWERED = {
    "status": ("status",),
    "play": ("play", "1", "--market", "unicachi"),
    "stop": ("stop",),
}
"""What only a daemon that runs can do."""
KEPT = {
    "pause": ("pause", "--market", "unicachi"),
    "volume": ("speaker", "volume", "unicachi", "70"),
    "test": ("speaker", "test", "unicachi", "--override", "--reason", "prueba"),
}
"""What writes into the record, also without one."""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station as it is shipped, on a computer without sound."""
    station = tmp_path / "station"
    (station / "schedules").mkdir(parents=True)
    shutil.copy(SHIPPED, station)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return station


@pytest.fixture
def taken(root: Path) -> Iterator[Path]:
    """The station while somebody holds it."""
    with StationLock(root):
        yield root


class Spoken:
    """Types commands at a station and keeps what they said."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        code = run(["--station", str(self.root), *words])
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.err
        return code

    @property
    def complaint(self) -> str:
        """The one sentence of what went wrong."""
        return self.err.strip().splitlines()[-1]

    def rows(self, *kinds: type[Event]) -> list[Event]:
        return [row.event for row in read(load_station(self.root).database, kinds=kinds or None)]


@pytest.fixture
def say(root: Path, capsys: pytest.CaptureFixture[str]) -> Spoken:
    return Spoken(root, capsys)


def break_(path: Path) -> bytes:
    """Leave a file as a bad editor would."""
    path.write_bytes(b"[station\n")
    return path.read_bytes()


# Without a daemon


@pytest.mark.parametrize("words", ANSWERED.values(), ids=ANSWERED)
def test_without_a_daemon_it_says_so_and_what_to_do_and_makes_no_record(say: Spoken, words: tuple[str, ...]) -> None:
    assert say(*words) == 1
    assert say.out == ""
    assert len(say.err.splitlines()) == 1
    assert ABSENT in say.complaint
    assert "broadcaster " in say.complaint
    assert not (say.root / "data" / "broadcaster.db").exists()


@pytest.mark.parametrize("words", ANSWERED.values(), ids=ANSWERED)
def test_a_broken_file_changes_nothing_about_that(say: Spoken, words: tuple[str, ...]) -> None:
    """A box whose ``config.toml`` somebody has just spoilt must still be silenced: the daemon knows its markets."""
    break_(say.root / "schedules" / "otra.toml")
    assert (say(*words), ABSENT in say.complaint) == (1, True)
    break_(say.root / "config.toml")
    assert (say(*words), ABSENT in say.complaint) == (1, True)


def test_a_pause_without_a_daemon_is_on_record_for_the_next_start(say: Spoken) -> None:
    assert say("pause", "--market", "UNICÁCHI", "--reason", " visita ") == 0
    assert "también cuando se inicie el programa" in say.out
    assert say("pause", "--market", "unicachi") == 0
    assert "Ya estaba en pausa" in say.out
    assert say.rows(Held, Resumed) == [Held(UNICACHI, ME, "visita")]
    assert say("resume", "--market", "el-bosque") == 0
    assert "Nada estaba en pausa" in say.out
    assert say("resume") == 0
    assert "Mercado Unicachi: ya sin pausa" in say.out
    assert say.rows(Held, Resumed)[1:] == [Resumed(UNICACHI, ME)]


def test_a_pause_everywhere_holds_every_market(say: Spoken) -> None:
    assert say("pause") == 0
    assert "Todos los mercados: en pausa" in say.out
    assert {event.market for event in say.rows(Held) if isinstance(event, Held)} == set(load_station(say.root).markets)


def test_a_volume_without_a_daemon_is_in_the_file_and_on_record(say: Spoken) -> None:
    assert say("speaker", "volume", "unicachi", "65") == 0
    assert load_station(say.root).markets[UNICACHI].volume == 0.65
    assert say.rows(VolumeSet) == [VolumeSet(UNICACHI, 0.65, ME)]
    assert say("speaker", "volume", "unicachi") == 0
    assert "65 %" in say.out
    assert "tope 90 %" in say.out


def test_a_volume_above_the_cap_is_refused_and_the_cap_named(say: Spoken) -> None:
    assert say("speaker", "volume", "unicachi", "95") == 65
    assert "90 %" in say.complaint
    assert (say.root / "config.toml").read_bytes() == SHIPPED.read_bytes()
    assert not (say.root / "data").exists()


def test_a_volume_that_cannot_stand_in_the_file_leaves_no_row(say: Spoken) -> None:
    break_(say.root / "config.toml")
    assert say("speaker", "volume", "unicachi", "50") == 78
    assert not (say.root / "data").exists()


# Without sound


def test_without_a_sound_server_the_speakers_are_not_found(say: Spoken) -> None:
    assert say("speaker", "list") == 1
    assert len(say.err.splitlines()) == 1
    assert "no encuentro ningún parlante" in say.complaint
    assert say("speaker", "volume", "unicachi") == 0
    assert "No encuentro su salida de sonido" in say.out


def test_a_test_that_nobody_hears_says_so_and_is_on_record(say: Spoken) -> None:
    assert say(*KEPT["test"]) == 1
    assert say.complaint.startswith("Mercado Unicachi: la prueba no se escuchó.")
    (ordered, tested) = say.rows(TestOrdered, Tested)
    assert ordered == TestOrdered(UNICACHI, "broadcaster-unicachi", ME, "prueba")
    assert isinstance(tested, Tested)
    assert (tested.heard, tested.evidence, tested.reason) == (False, Evidence.NONE, Reason.NO_AUDIO_DEVICE)


def test_a_test_at_a_silent_hour_or_a_paused_market_is_refused_and_leaves_no_row(say: Spoken) -> None:
    later = datetime.now(ZoneInfo("America/Lima")) + timedelta(hours=2)
    config = say.root / "config.toml"
    open_later = f'hours = "{later:%H}:00-{later + timedelta(hours=1):%H}:00"'
    config.write_text(config.read_text(encoding="utf-8").replace('hours = "06:00-18:00"', open_later), encoding="utf-8")
    config.write_text(config.read_text(encoding="utf-8").replace('quiet = ["20:00-08:00"]', "quiet = []"), "utf-8")
    assert say("speaker", "test", "unicachi") == 1
    assert "--override" in say.complaint
    assert say("pause", "--market", "unicachi") == 0
    assert say(*KEPT["test"]) == 1
    assert "está en pausa" in say.complaint
    assert say.rows(TestOrdered) == []


# Without room


def full_disk(root: Path, *words: str) -> tuple[int, list[str]]:
    """A command that may write no more than a kilobyte into any file, and its complaints."""
    limited = ["prlimit", "--fsize=1024", sys.executable, "-m", "broadcaster", "--station", str(root), *words]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.strip().splitlines()


@pytest.mark.parametrize("words", KEPT.values(), ids=KEPT)
def test_on_a_full_disk_nothing_is_done_that_must_be_on_record(say: Spoken, words: tuple[str, ...]) -> None:
    assert say("pause", "--market", "el-bosque") == 0, "there is a record"
    before = len(say.rows())
    code, complaints = full_disk(say.root, *words)
    assert code == 74
    assert "coordinadora" in complaints[-1]
    assert len(say.rows()) == before
    assert (say.root / "config.toml").read_bytes() == SHIPPED.read_bytes()


@pytest.mark.parametrize("words", ANSWERED.values(), ids=ANSWERED)
def test_a_full_disk_changes_nothing_where_nothing_is_written(say: Spoken, words: tuple[str, ...]) -> None:
    code, complaints = full_disk(say.root, *words)
    assert (code, len(complaints), ABSENT in complaints[0]) == (1, 1, True)


# Where a daemon lives and cannot be spoken to


def test_where_somebody_holds_the_station_and_hears_nothing_silence_is_ordered_by_the_record(
    taken: Path, say: Spoken
) -> None:
    """A disk without sockets: the daemon finds it within two seconds."""
    for words in (("stop", "--market", "unicachi"), ("pause", "--market", "unicachi"), ("resume",)):
        assert say(*words) == 0
        assert "quedó en el registro" in say.out
        assert "amplificador" in say.out
    assert say.rows() == [StopOrdered((UNICACHI,), ME), Held(UNICACHI, ME), Resumed(UNICACHI, ME)]


def test_where_somebody_holds_the_station_and_hears_nothing_no_sound_is_ordered(taken: Path, say: Spoken) -> None:
    for words in (ANSWERED["status"], ANSWERED["play"], KEPT["test"]):
        assert say(*words) == 1
        assert "no recibe órdenes" in say.complaint
    assert not (say.root / "data" / "broadcaster.db").exists()


def test_a_volume_that_nobody_hears_of_is_taken_from_the_file(taken: Path, say: Spoken) -> None:
    assert say(*KEPT["volume"]) == 0
    assert "diez segundos" in say.out
    assert say.rows() == [VolumeSet(UNICACHI, 0.7, ME)]


def test_a_daemon_that_hangs_is_silenced_by_the_amplifier_and_the_order_is_kept(taken: Path, say: Spoken) -> None:
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(taken / "data" / "control"))
        hanging.listen(5)
        assert say("stop") == 1
    assert "apague el amplificador" in say.complaint
    assert say.rows() == [StopOrdered(tuple(load_station(taken).markets), ME)]


def test_a_stranger_is_told_so(taken: Path, say: Spoken) -> None:
    """Nobody else on the computer may give orders."""
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(taken / "data" / "control"))
        other.listen(5)
        asked = [sys.executable, "-m", "broadcaster", "--station", str(say.root), "stop"]
        with subprocess.Popen(asked, stderr=subprocess.PIPE, text=True) as command:
            peer, _address = other.accept()
            peer.makefile("rb").readline()
            peer.sendall(json.dumps({"refused": "NotAllowed", "facts": {}}).encode() + b"\n")
            peer.close()
            assert command.stderr is not None
            complaint = command.stderr.read()
    assert command.returncode == 1
    assert "usuario" in complaint


# Words


@pytest.mark.parametrize(
    "words",
    [
        ("stop", "--market", "mercado"),
        ("stop", "--market", ""),
        ("pause", "--market", "lima"),
        ("play", "1"),
        ("play", "--market", "unicachi"),
        ("play", "uno", "--market", "unicachi"),
        ("play", "1", "--market", "unicachi", "--override"),
        ("play", "1", "--market", "unicachi", "--reason", "porque sí"),
        ("play", "1", "--market", "unicachi", "--override", "--reason", "x" * 201),
        ("pause", "--reason", "a\x1b[2Jb"),
        ("speaker", "volume", "unicachi", "101"),
        ("speaker", "volume", "unicachi", "-1"),
        ("speaker", "volume", "unicachi", "nan"),
        ("speaker", "volume", "unicachi", "50.5"),
        ("speaker", "test", "nowhere"),
    ],
)
def test_words_that_do_not_fit_are_refused_before_anything_is_done(say: Spoken, words: tuple[str, ...]) -> None:
    assert say(*words) == 64
    assert not (say.root / "data").exists()


@pytest.mark.parametrize(
    "word", ["el-bosque", "El Bosque", "MERCADO EL BOSQUE", "zarate", "Zárate", "mercado el bosque - zarate"]
)
def test_a_market_is_known_by_any_of_its_names(say: Spoken, word: str) -> None:
    assert say("pause", "--market", word) == 0
    assert say.rows(Held) == [Held(MarketId("el-bosque"), ME)]


def test_a_folder_that_is_no_station_is_said_to_be_none(say: Spoken, tmp_path: Path) -> None:
    for words in (*ANSWERED.values(), *KEPT.values()):
        assert run(["--station", str(tmp_path), *words]) == 78
