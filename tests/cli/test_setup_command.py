"""``broadcaster setup`` as a person meets it: at a terminal, with real outputs that she hears."""

import difflib
import os
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from terminal import Terminal

from broadcaster.config import load_station
from broadcaster.journal import events
from broadcaster.journal.reading import read
from broadcaster.playout.lock import StationLock
from broadcaster.playout.virtual import VirtualOutputs

SHIPPED = Path(__file__).parents[2]
ALWAYS = {'hours = "06:00-18:00"': 'hours = "00:00-24:00"', 'quiet = ["20:00-08:00"]': "quiet = []"}
NO_SERVER = {"PULSE_SERVER": "unix:/nonexistent", "PULSE_RUNTIME_PATH": "/nonexistent"}


@pytest.fixture
def station(tmp_path: Path) -> Path:
    """The shipped station, in markets that never close."""
    root = tmp_path / "station"
    shutil.copytree(SHIPPED / "schedules", root / "schedules")
    text = (SHIPPED / "config.toml").read_text(encoding="utf-8")
    for shipped, always in ALWAYS.items():
        text = text.replace(shipped, always)
    (root / "config.toml").write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def outputs() -> Iterator[VirtualOutputs]:
    with VirtualOutputs(["uno", "dos"], low_latency=True) as virtual:
        yield virtual


def command(station: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "broadcaster", "--station", str(station), "--language", "es", *words]


def setup(station: Path, environment: Mapping[str, str]) -> Terminal:
    """She starts the command. The folder of her settings, and of the session, are the test's own."""
    own = {"HOME": str(station.parent), "XDG_RUNTIME_DIR": str(station.parent), "XDG_CONFIG_HOME": "", **environment}
    return Terminal(command(station, "setup"), own)


def text(station: Path) -> str:
    return (station / "config.toml").read_text(encoding="utf-8")


def sounded(wav: Path) -> bool:
    """Whether anything but silence was recorded."""
    with wave.open(str(wav)) as recorded:
        return any(recorded.readframes(recorded.getnframes()))


@pytest.mark.sound
def test_a_computer_is_prepared_from_start_to_end_and_the_second_time_begins_there(
    station: Path, outputs: VirtualOutputs, tmp_path: Path
) -> None:
    before = text(station)
    with (
        outputs.record("uno", tmp_path / "uno.wav"),
        outputs.record("dos", tmp_path / "dos.wav"),
        setup(station, outputs.environment) as terminal,
    ):
        terminal.answer("¿A qué mercado atiende este equipo?", "3")
        terminal.answer("¿Pruebo por «uno»?", "n")
        terminal.answer("¿Pruebo por «dos»?", "")
        terminal.answer("El sonido salió de la computadora. ¿Se escuchó en el parlante de Mercado Unicachi?", "s")
        terminal.answer("¿Cómo se escuchó en el mercado?", "")
        terminal.answer("Mire su celular: ¿son las", "s")
        terminal.answer("¿Que empiece solo?", "s")
        terminal.wait_for("¿Lo guardo?")
        assert text(station) == before
        terminal.answer("¿Lo guardo?", "s")
        assert terminal.wait() == 0
        assert "todavía no está funcionando. Para empezar ahora: «broadcaster run»" in terminal.screen
    what_was_heard_is_in_the_file(station, before)
    what_sounded_is_on_record(station)
    assert (sounded(tmp_path / "uno.wav"), sounded(tmp_path / "dos.wav")) == (False, True)
    what_starts_it_serves_the_market(station, Path(outputs.environment["XDG_CONFIG_HOME"]), outputs.environment)
    with setup(station, outputs.environment) as again:
        again.wait_for("[3]")
        again.answer("¿A qué mercado atiende este equipo?", "")
        again.answer("¿Pruebo por «dos»?", "x")
        assert again.wait() == 130


def what_was_heard_is_in_the_file(station: Path, before: str) -> None:
    changed = difflib.unified_diff(before.splitlines(), text(station).splitlines(), n=0, lineterm="")
    assert [line.split("#")[0].strip() for line in changed if line[0] == "+" and line[1] != "+"] == [
        '+serves = ["unicachi"]',
        '+sink = "dos"',
        "+volume = 0.8",
    ]
    assert text(station).count("#") == before.count("#") - 2  # the marks of what was supposed, now found right


def what_sounded_is_on_record(station: Path) -> None:
    *rows, yes = [row.event for row in read(load_station(station).database)]
    assert [type(event) for event in rows] == [events.TestOrdered, events.Tested] * 2
    assert isinstance(yes, events.ClockConfirmed), "she compared it with her phone"
    for ordered, tested in zip(rows[::2], rows[1::2], strict=True):
        assert isinstance(ordered, events.TestOrdered)
        assert isinstance(tested, events.Tested)
        assert (ordered.market, ordered.sink, ordered.override) == ("unicachi", "dos", "preparación del equipo")
        assert tested.heard


def what_starts_it_serves_the_market(station: Path, settings: Path, environment: Mapping[str, str]) -> None:
    """The desktop's entry, started as a desktop does."""
    entry = settings / "autostart" / "broadcaster.desktop"
    daemon = subprocess.Popen(
        ["sh", "-c", f"exec {exec_of(entry)}"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    daemon.stdout.readline()
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(20) == 0
    (started,) = read(load_station(station).database, kinds=[events.Started])
    assert isinstance(started.event, events.Started)
    assert started.event.markets == ("unicachi",)


def exec_of(entry: Path) -> str:
    (line,) = [line for line in entry.read_text(encoding="utf-8").splitlines() if line.startswith("Exec=")]
    return line.removeprefix("Exec=")


@pytest.mark.sound
def test_ctrl_c_while_it_sounds_ends_the_sound_on_record_and_changes_nothing(
    station: Path, outputs: VirtualOutputs
) -> None:
    before = text(station)
    with setup(station, outputs.environment) as terminal:
        terminal.answer("¿A qué mercado atiende este equipo?", "1")
        terminal.answer("¿Pruebo por «uno»?", "p")
        terminal.wait_for("50%")
        terminal.press_ctrl_c()
        assert terminal.wait() == 130
        assert "Usted salió; no se cambió nada." in terminal.screen
    assert text(station) == before
    ordered, tested = (row.event for row in read(load_station(station).database))
    assert isinstance(ordered, events.TestOrdered)
    assert isinstance(tested, events.Tested)
    assert not tested.heard


def test_with_no_output_yet_the_rest_is_prepared_and_what_is_missing_is_said(station: Path) -> None:
    with setup(station, NO_SERVER) as terminal:
        terminal.answer("¿A qué mercado atiende este equipo?", "2 3")
        for _market in range(2):
            terminal.answer("No se encontró la salida de sonido. Revise el cable del parlante.", "d")
        terminal.answer("Mire su celular", "s")
        terminal.answer("¿Que empiece solo?", "n")
        terminal.answer("todavía no se escuchó su parlante", "s")
        assert terminal.wait() == 0
        assert "Mercado El Bosque – Zárate: todavía no se escuchó su parlante" in " ".join(terminal.screen.split())
    assert load_station(station).serves == ("el-bosque", "unicachi")


def test_while_the_program_runs_it_must_be_stopped_first(station: Path) -> None:
    with StationLock(station), setup(station, NO_SERVER) as terminal:
        assert terminal.wait() == 75
        assert "El programa está funcionando y tiene ocupados los parlantes" in terminal.screen


def test_without_a_person_to_answer_nothing_is_done(station: Path) -> None:
    done = subprocess.run(
        command(station, "setup"), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr == (
        "Este comando hace preguntas y aquí no hay quien las conteste, así que no se cambió nada. Ábralo en una terminal.\n"
    )
    assert not (station / "data").exists()
