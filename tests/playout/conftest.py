"""A private sound server, and masters to play on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playing import make_master

from broadcaster.playout.virtual import VirtualOutputs

WORDS = "Vecinas y vecinos del mercado, si usted o alguien que conoce vive violencia, no está sola."
OTHER_WORDS = "Hoy conversamos de cómo pedir ayuda: escuche con calma, guarde este número, llame cuando pueda."


@pytest.fixture
def outputs() -> Iterator[VirtualOutputs]:
    """Two outputs that nobody else uses, ``uno`` and ``dos``."""
    with VirtualOutputs(["uno", "dos"]) as virtual:
        yield virtual


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An episode of four seconds as it airs: three seconds of silence before it, one after."""
    return make_master(WORDS, tmp_path_factory.mktemp("master") / "master.flac")


@pytest.fixture(scope="session")
def other_master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another episode of the same voice and length."""
    return make_master(OTHER_WORDS, tmp_path_factory.mktemp("other") / "master.flac")
