"""The sample episodes of the repository: what they are, what they say, and that they are what their scripts say."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from broadcaster.production.samples import LIST, RECORDING, SCRIPT, listing, make_samples, read_script

EPISODES = Path(__file__).parents[2] / "episodes"
NUMBERS = (1, 2, 3, 4)
PARTS = ["CARETA", "SALUDO", "BLOQUE", "RUTA DE AYUDA", "CRÉDITOS"]


def folder(number: int) -> Path:
    return EPISODES / f"{number:03d}"


def seconds(recording: Path) -> float:
    shown = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(recording)]
    return float(subprocess.run(shown, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_sample_is_marked_as_one_and_lasts_20_to_25_seconds(number: int) -> None:
    described = tomllib.loads((folder(number) / "episode.toml").read_text(encoding="utf-8"))
    assert described["number"] == number
    assert described["sample"] is True
    assert 20 <= seconds(folder(number) / RECORDING) <= 25
    assert (folder(number) / RECORDING).stat().st_size < 200_000


@pytest.mark.parametrize("number", NUMBERS)
def test_a_sample_has_all_its_parts_and_its_helpline_part_names_linea_100(number: int) -> None:
    script = read_script((folder(number) / SCRIPT).read_text(encoding="utf-8"))
    parts = dict(script.parts)
    assert list(parts) == PARTS
    assert "Línea 100" in parts["RUTA DE AYUDA"]
    assert "gratis" in parts["RUTA DE AYUDA"]
    assert "voz sintética" in parts["CRÉDITOS"]


def test_no_script_was_changed_without_its_recording() -> None:
    assert (EPISODES / LIST).read_text(encoding="utf-8") == listing(EPISODES)


def test_making_a_sample_again_from_its_script_gives_a_recording_of_the_same_length(tmp_path: Path) -> None:
    shutil.copytree(folder(1), tmp_path / "001", ignore=shutil.ignore_patterns(RECORDING))
    make_samples(tmp_path)
    assert seconds(tmp_path / "001" / RECORDING) == pytest.approx(seconds(folder(1) / RECORDING), abs=0.5)
