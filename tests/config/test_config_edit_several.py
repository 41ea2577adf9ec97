"""Several settings changed at once: keys that go, remarks that values are supposed, all or nothing."""

import shutil
from pathlib import Path

import pytest

from broadcaster.config.edit import set_values
from broadcaster.errors import ConfigurationError

SHIPPED = Path(__file__).parents[2] / "config.toml"


@pytest.fixture
def station(tmp_path: Path) -> Path:
    shutil.copy(SHIPPED, tmp_path)
    return tmp_path


def written(station: Path) -> list[str]:
    return (station / "config.toml").read_text(encoding="utf-8").splitlines()


def differing(station: Path) -> list[str]:
    before = SHIPPED.read_text(encoding="utf-8").splitlines()
    return [line for line in written(station) if line not in before]


def test_what_somebody_confirmed_is_no_longer_marked_as_supposed(station: Path) -> None:
    set_values(station, {"outputs.unicachi.sink": "usb", "station.grace_s": 300}, confirmed=True)
    assert [line.rstrip() for line in differing(station)] == [
        "grace_s = 300               # tolerancia: una emisión puede empezar hasta 600 segundos (10 minutos) tarde, no más",
        'sink = "usb"',
    ]


def test_without_her_word_the_mark_stays(station: Path) -> None:
    set_values(station, {"outputs.unicachi.sink": "usb"})
    assert [line.split("#")[1] for line in differing(station)] == [" unconfirmed"]


def test_a_value_that_is_confirmed_as_it_stands_loses_only_its_mark(station: Path) -> None:
    set_values(station, {"markets.unicachi.volume": 0.8}, confirmed=True)
    assert [line.rstrip() for line in differing(station)] == ["volume = 0.8"]


def test_a_key_without_value_goes_and_one_that_is_not_there_is_no_fault(station: Path) -> None:
    before = len(written(station))
    set_values(station, {"markets.unicachi.authorisation": None, "markets.unicachi.nothing": None})
    assert len(written(station)) == before - 1


def test_one_bad_value_of_several_leaves_the_file_as_it_was(station: Path) -> None:
    with pytest.raises(ConfigurationError):
        set_values(station, {"markets.unicachi.volume": 0.5, "markets.el-bosque.volume": 7.0}, confirmed=True)
    assert (station / "config.toml").read_bytes() == SHIPPED.read_bytes()


def test_a_new_key_stands_below_its_table_and_not_below_the_next_ones_remarks(station: Path) -> None:
    set_values(station, {"station.grace_s": None})
    set_values(station, {"station.grace_s": 300})
    lines = written(station)
    assert lines[lines.index("grace_s = 300") - 1].startswith("database = ")
    assert lines[lines.index("grace_s = 300") + 2].startswith("# ── Salidas de sonido")
