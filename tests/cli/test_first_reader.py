"""What a person meets who was shown nothing before: her own language, one sentence, the thing that is really wrong."""

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
import wave
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.care.checks import State
from broadcaster.care.doctor import look_at_start
from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.config import load_station
from broadcaster.schedule.load import load_plan

ROOT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Path]:
    """The shipped station without episodes."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    shutil.copytree(ROOT / "schedules", tmp_path / "schedules")
    yield tmp_path
    speak("es")


def typed(station: Path, capsys: Capture, *words: str) -> tuple[int, str]:
    """The exit code and what was said on standard error."""
    code = run(["--station", str(station), *words])
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [("episode", "show", "x"), ("plays", "--episode", "x"), ("rehearse", "--at", "2021-06-18T10:00", "--for", "mucho")],
)
def test_what_is_no_number_is_said_without_an_english_word(
    words: tuple[str, ...], station: Path, capsys: Capture
) -> None:
    code, said = typed(station, capsys, *words)
    assert code == 64
    assert "no es un número válido." in said


def test_a_file_that_is_no_toml_is_said_without_an_english_word(station: Path, capsys: Capture) -> None:
    (station / "config.toml").write_text("[station\n")
    code, said = typed(station, capsys, "plays")
    assert code == 78
    assert "config.toml: la línea 1, columna 9, no es TOML válido; busque ahí" in said


@pytest.mark.parametrize("words", [("plays",), ("schedule", "preview")])
def test_days_the_wrong_way_round_are_no_empty_answer(words: tuple[str, ...], station: Path, capsys: Capture) -> None:
    code, said = typed(station, capsys, *words, "--from", "2021-06-20", "--until", "2021-06-10")
    assert code == 64
    assert "2021-06-20" in said
    assert "2021-06-10" in said


def test_a_market_that_is_none_is_no_empty_play_log(station: Path, capsys: Capture) -> None:
    code, said = typed(station, capsys, "plays", "--market", "el-bosqe")
    assert code == 64
    assert "el-bosque" in said


def test_a_station_that_is_not_there_is_named(station: Path, capsys: Capture) -> None:
    code, said = typed(station / "nowhere", capsys, "plays")
    assert code == 78
    assert str(station / "nowhere") in said


def test_a_recording_may_begin_with_a_dash_and_a_mistyped_option_is_no_recording(
    station: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(station)
    with wave.open("-rf.wav", "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 48_000))
    assert typed(station, capsys, "audio", "measure", "-rf.wav") == (0, "")
    code, said = typed(station, capsys, "audio", "measure", "--jso", "-rf.wav")
    assert code == 64
    assert "«--jso»" in said


def test_a_folder_for_the_record_that_cannot_be_made_is_no_fault_of_the_program(station: Path, capsys: Capture) -> None:
    (station / "data").write_text("a file where the folder should be")
    code, said = typed(station, capsys, "run")
    assert code == 74
    assert str(station / "data") in said


def test_before_the_next_airing_run_knows_which_outputs_and_episodes_are_missing(
    station: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{station}/nobody")
    here = load_station(station)
    plan = load_plan(here)
    first = plan.airings[0].due
    speak("es")
    red = look_at_start(here, list(here.markets), first - timedelta(minutes=30)).of(State.FAIL)
    said = {check.code: check.line for check in red}
    assert set(said) == {"output", "next"}
    assert said["output"].startswith("El sonido de esta computadora no responde")
    assert all(market.name in said["next"] for market in here.markets.values())
    assert said["next"].endswith("Falta el episodio. Avise a la coordinadora.")


def test_a_terminal_breaks_no_word(station: Path) -> None:
    said = at_a_terminal(station, 60, "episode", "show", "99")
    assert all(len(line) <= 60 for line in said.splitlines())
    assert " ".join(said.split()) == (
        "No se recibió ninguna grabación del episodio 99, así que no hay nada que mostrar ni cambiar. "
        "Vea «broadcaster episode list»."
    )


def at_a_terminal(station: Path, columns: int, *words: str) -> str:
    """What the program writes on a terminal that wide."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    subprocess.run(
        [sys.executable, "-m", "broadcaster", "--station", str(station), *words],
        stdin=its, stdout=its, stderr=its, check=False, timeout=60,
        env={name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}},
    )  # fmt: skip
    os.close(its)
    said = b""
    with suppress(OSError):  # the terminal's end is told by an error
        while chunk := os.read(ours, 4096):
            said += chunk
    os.close(ours)
    return said.decode()


@pytest.mark.parametrize("option", ["--language", "--station"])
def test_an_option_of_the_program_after_the_command_is_told_its_place(
    option: str, station: Path, capsys: Capture
) -> None:
    code, said = typed(station, capsys, "plays", option, "en")
    assert code == 64
    assert "va antes del comando" in said


def test_no_colour_is_used_where_none_is_wanted(station: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "episodes" / "001", station / "episodes" / "001")
    yellow = "\x1b[33m"
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert yellow in at_a_terminal(station, 100, "episode", "show", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert yellow not in at_a_terminal(station, 100, "episode", "show", "1")


@pytest.mark.parametrize("length", ["0", "-3", "nan", "inf"])
def test_a_rehearsal_has_a_length(length: str, station: Path, capsys: Capture) -> None:
    code, said = typed(station, capsys, "rehearse", "--at", "2021-06-18T10:00", "--for", length)
    assert code == 64
    assert "1 segundo o más" in said


def test_who_rehearses_from_the_minute_itself_is_told_to_begin_earlier(station: Path, capsys: Capture) -> None:
    words = ("rehearse", "--at", "2021-06-18T10:00", "--for", "1", "--market", "unicachi")
    assert run(["--station", str(station), *words]) == 0
    said = capsys.readouterr().out
    assert "no había nada programado" not in said
    assert "--at 2021-06-18T09:59:45" in said


def test_a_record_that_cannot_be_read_is_left_to_the_daemon_to_refuse(station: Path, capsys: Capture) -> None:
    (station / "data").mkdir()
    (station / "data" / "broadcaster.db").write_text("no database")
    here = load_station(station)
    plan = load_plan(here)
    red = look_at_start(here, list(here.markets), plan.airings[0].due).of(State.FAIL)
    assert "broadcaster.db" in " ".join(check.sentence for check in red)
    code, said = typed(station, capsys, "run")
    assert code == 74
    assert "broadcaster.db" in said


def test_an_answer_that_finds_no_room_is_no_fault_of_the_program(station: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "broadcaster", "--station", str(station), "schedule", "preview", "--json"],
            stdout=full, stderr=subprocess.PIPE, check=False, timeout=60, text=True,
        )  # fmt: skip
    assert done.returncode == 74
    assert done.stderr == (
        "No se pudo escribir la respuesta (no queda espacio en el disco). "
        "Libere espacio o elija otro disco y vuelva a intentarlo.\n"
    )
