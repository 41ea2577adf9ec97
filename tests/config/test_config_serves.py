"""Which markets a computer serves is remembered by its station."""

import shutil
from pathlib import Path

import pytest

from broadcaster.config import load_station
from broadcaster.config.edit import set_value
from broadcaster.errors import ConfigurationError
from broadcaster.playout.reload import compare

SHIPPED = Path(__file__).parents[2] / "config.toml"


def test_none_named_means_all(tmp_path: Path) -> None:
    shutil.copy(SHIPPED, tmp_path)
    assert load_station(tmp_path).serves == ()


def test_a_market_that_the_station_has_not_is_a_fault(tmp_path: Path) -> None:
    shutil.copy(SHIPPED, tmp_path)
    assert set_value(tmp_path, "station.serves", ["unicachi"]).serves == ("unicachi",)
    with pytest.raises(ConfigurationError) as refused:
        set_value(tmp_path, "station.serves", ["unicachi", "el-bosqe"])
    assert [fault.key for fault in refused.value.faults] == ["station.serves[2]"]


def test_a_program_that_runs_goes_on_with_its_markets_until_a_restart(tmp_path: Path) -> None:
    shutil.copy(SHIPPED, tmp_path)
    change = compare(load_station(tmp_path), set_value(tmp_path, "station.serves", ["unicachi"]))
    assert (change.taken, change.waiting, change.station.serves) == ((), ("station.serves",), ())
