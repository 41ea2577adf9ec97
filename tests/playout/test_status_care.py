"""What ``status`` and the terminal say of the care of the box: the amplifier, the last look, what a look found."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from spoken_to import listening

from broadcaster.care.checks import State, broken, doubtful, well
from broadcaster.care.doctor import Report, as_row
from broadcaster.care.look_program import program
from broadcaster.cli.program import run
from broadcaster.cli.teller import TerminalTeller
from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.model import MarketId
from broadcaster.playout import lock
from broadcaster.playout.control import Answer
from broadcaster.playout.orders import Order

LIMA = ZoneInfo("America/Lima")
SHIPPED = Path(__file__).parents[2] / "config.toml"
EVE = datetime(2021, 6, 17, 19, tzinfo=LIMA)
DUE = datetime(2021, 6, 18, 10, tzinfo=LIMA)
MARKET: Mapping[str, Any] = {
    "market": "unicachi",
    "name": "Mercado Unicachi",
    "state": "waiting",
    "episode": None,
    "airing": None,
    "position_s": None,
    "expected_s": None,
    "until": None,
    "obstacle": None,
    "next": {"airing": "a", "due": DUE.isoformat(), "episode": 3, "reason": None, "make_good_of": None},
    "last": None,
}
ANSWER: Mapping[str, Any] = {
    "version": "0.1.0",
    "now": "2021-06-18T09:52:00-05:00",
    "clock": "synced",
    "plan_sha256": "0" * 64,
    "faults": [],
    "waiting": [],
    "failing": [],
    "markets": [MARKET],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copy(SHIPPED, tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def status(root: Path, capsys: pytest.CaptureFixture[str], answer: Mapping[str, Any], *words: str) -> str:
    """What ``status`` prints when the daemon answers so."""

    async def obey(_order: Order, _by: str) -> Answer:
        return answer

    with listening(root / "data" / "control", obey):
        assert run(["--station", str(root), "status", *words]) == 0
    return " ".join(capsys.readouterr().out.split())


def look(root: Path, *checks: Any) -> None:
    """A look that the program took the evening before, on record."""
    station = load_station(root)
    with Journal.open(station.database, ShiftedClock(EVE), station.timezone) as journal:
        journal.append(as_row(Report(EVE, checks, DUE), "evening"))


def test_ten_minutes_before_status_says_what_only_she_can_do(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "A las 10:00 hay emisión en Mercado Unicachi. Encienda el amplificador y baje la música."
    assert said in status(root, capsys, ANSWER)
    assert said not in status(root, capsys, {**ANSWER, "now": "2021-06-18T09:40:00-05:00"})
    held = {**MARKET, "next": {**MARKET["next"], "reason": "held_by_operator"}}
    assert said not in status(root, capsys, {**ANSWER, "markets": [held]})
    told = json.loads(status(root, capsys, ANSWER, "--json"))
    assert told["switch_on"] == {"due": DUE.isoformat(), "markets": ["unicachi"]}
    assert told["doctor"] is None


def test_status_says_what_the_last_look_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    look(root, well("plan", "Bien."))
    assert "✔ En la revisión del jue 17 jun., 7:00 p. m. todo estaba listo." in status(root, capsys, ANSWER).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    look(root, broken("output", "No está.", "Búsquela.", subject="unicachi"))
    shown = status(root, capsys, ANSWER)
    assert "algo no estaba listo (Salida de sonido). Vea qué hacer: «broadcaster doctor»." in shown
    assert json.loads(status(root, capsys, ANSWER, "--json"))["doctor"]["ready"] is False


def test_the_terminal_is_told_what_the_evening_look_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    teller = TerminalTeller(load_station(root), remarks=["Vea esto."], now=lambda: EVE)
    teller.looked_over(Report(EVE, (well("plan", "Bien."),), DUE))
    teller.looked_over(Report(EVE, (broken("output", "No está.", "Búsquela."), doubtful("x", "Quizá.", "Mire.")), DUE))
    teller.switch_on(DUE, [MarketId("unicachi")])
    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert said[0] == "Revisado para la emisión del viernes 18 de junio, 10:00 a. m.: todo está listo."
    assert "no todo está listo" in said[1]
    assert said[2:4] == ["  No está. Búsquela.", "  Quizá. Mire."]
    assert said[4].endswith("Encienda el amplificador y baje la música.")


# Whether somebody is there to play


def test_no_program_is_told_and_one_that_answers_is_well(root: Path) -> None:
    station = load_station(root)
    now = datetime(2021, 6, 18, tzinfo=UTC)
    (nobody,) = program(station, now)
    assert (nobody.state, nobody.detail["running"]) == (State.WARN, False)
    with lock.StationLock(root):
        (rehearsal,) = program(station, now)
        assert rehearsal.state is State.WARN
        for answer, state in (
            (ANSWER, State.OK),
            ({**ANSWER, "faults": ["schedules/x.toml: mal"]}, State.FAIL),
            ({**ANSWER, "failing": ["alarms"]}, State.FAIL),
            ({**ANSWER, "waiting": ["mastering"]}, State.WARN),
        ):

            async def obey(_order: Order, _by: str, said: Mapping[str, Any] = answer) -> Answer:
                return said

            with listening(root / "data" / "control", obey):
                (check,) = program(station, now)
            assert check.state is state
