"""What the tests of sticks share: an office, a market's computer that belongs to it, a stick; copies of what is made once."""

import shutil
from pathlib import Path

import pytest
from stick_stations import Place, pair


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with three episodes, and the computer of one market, which know each other."""
    root = tmp_path_factory.mktemp("made")
    pair(Place.office(root / "office"), Place.new(root / "box", serves="unicachi"))
    return root


@pytest.fixture
def office(made_once: Path, tmp_path: Path) -> Place:
    return Place(Path(shutil.copytree(made_once / "office", tmp_path / "office")))


@pytest.fixture
def box(made_once: Path, tmp_path: Path) -> Place:
    return Place(Path(shutil.copytree(made_once / "box", tmp_path / "box")))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder
