"""What a person at a stall reads when she asks what goes on."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from spoken_to import listening

from broadcaster.cli.program import run
from broadcaster.playout.control import Answer
from broadcaster.playout.orders import Order

SHIPPED = Path(__file__).parents[2] / "config.toml"
SILENT = {"episode": None, "airing": None, "position_s": None, "expected_s": None, "until": None}
NEXT = {"airing": "a", "due": "2021-06-21T10:00:00-05:00", "episode": 2, "reason": None}
CENTRAL: Mapping[str, Any] = {
    "market": "mercado-central",
    "name": "Mercado Central",
    "state": "on_air",
    "episode": 3,
    "airing": "2021-06-18T10:00/mercado-central",
    "position_s": 190.4,
    "expected_s": 485.0,
    "until": "2021-06-18T10:08:05-05:00",
    "obstacle": None,
    "next": {**NEXT, "due": "2021-06-18T16:00:00-05:00"},
    "last": None,
}
BOSQUE: Mapping[str, Any] = {
    **SILENT,
    "market": "el-bosque",
    "name": "Mercado El Bosque",
    "state": "held",
    "obstacle": None,
    "next": {**NEXT, "reason": "held_by_operator"},
    "last": {
        "airing": "b",
        "due": "2021-06-18T10:00:00-05:00",
        "outcome": "partial",
        "reason": "stopped_by_operator",
    },
}
UNICACHI: Mapping[str, Any] = {
    **SILENT,
    "market": "unicachi",
    "name": "Mercado Unicachi",
    "state": "waiting",
    "obstacle": "no_audio_device",
    "next": None,
    "last": {"airing": "c", "due": "2021-06-17T10:00:00-05:00", "outcome": "missed", "reason": "power_loss"},
}
GOES_ON: Mapping[str, Any] = {
    "version": "0.1.0",
    "now": "2021-06-18T10:03:10-05:00",
    "clock": "synced",
    "plan_sha256": "0" * 64,
    "faults": [],
    "waiting": [],
    "markets": [CENTRAL, BOSQUE, UNICACHI],
}


def read(root: Path, answer: Mapping[str, Any], capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What ``status`` prints when the daemon answers so."""

    async def obey(order: Order, by: str) -> Answer:
        return answer

    (root / "data").mkdir(exist_ok=True)
    with listening(root / "data" / "control", obey):
        assert run(["--station", str(root), "status", *words]) == 0
    return capsys.readouterr().out


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copy(SHIPPED, tmp_path)
    return tmp_path


def test_it_says_for_each_market_what_sounds_what_comes_and_what_was(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = " ".join(read(root, GOES_ON, capsys).split())
    assert "viernes 18 de junio, 10:03 a. m." in shown
    assert "al aire: episodio 3" in shown
    assert "3:10 de 8:05, hasta las 10:08" in shown
    assert "4:00 p. m." in shown
    assert "en pausa lun 21 jun., 10:00 a. m." in shown
    assert "no saldrá" in shown
    assert "incompleta" in shown
    assert "no emitida" in shown
    assert "broadcaster resume --market el-bosque" in shown
    assert "broadcaster stop" in shown
    assert "fallas" not in shown


def test_a_third_of_the_way_a_third_of_the_bar_is_full(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = read(root, GOES_ON, capsys)
    assert (shown.count("█"), shown.count("░")) == (6, 10)


def test_what_somebody_must_mend_comes_first(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faults = ["schedules/otra.toml: rules[1].times[1]: se espera una hora"]
    shown = read(root, {**GOES_ON, "faults": faults, "waiting": ["mastering", "outputs"]}, capsys)
    first, second, third = shown.splitlines()[:3]
    assert "fallas" in first
    assert faults[0] in second
    assert third.endswith("reinicie el programa: mastering, outputs.")


def test_a_time_that_nothing_confirms_is_to_be_compared(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "celular" in read(root, {**GOES_ON, "clock": "unverified"}, capsys)
    assert "celular" not in read(root, GOES_ON, capsys)


def test_programs_get_the_answer_as_it_is(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(read(root, GOES_ON, capsys, "--json")) == {**GOES_ON, "switch_on": None, "doctor": None}


def test_it_needs_no_sound_configuration_to_say_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody has just spoilt the file: what goes on is asked of the daemon, which knows."""
    (root / "config.toml").write_text("[station\n", encoding="utf-8")
    assert "Mercado Central" in read(root, GOES_ON, capsys)
