"""The station that comes with the program says what is known of the programme, and marks what is not."""

import re
import tomllib
from datetime import time
from pathlib import Path

import pytest

from broadcaster.config import Station, load_station
from broadcaster.config.entries import flat
from broadcaster.config.keys import KEYS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "config.toml").read_text(encoding="utf-8")


@pytest.fixture
def station() -> Station:
    return load_station(ROOT)


def test_four_markets_stand_in_four_districts(station: Station) -> None:
    """Ids, districts and INEI codes are those of the programme's four markets."""
    assert {id_: (market.district, market.ubigeo_inei) for id_, market in station.markets.items()} == {
        "mercado-central": ("Lima", "150101"),
        "el-bosque": ("San Juan de Lurigancho", "150132"),
        "unicachi": ("Villa El Salvador", "150142"),
        "huamantanga": ("Puente Piedra", "150125"),
    }


def test_each_market_has_an_output_of_its_own(station: Station) -> None:
    """Four markets, four sinks, none shared."""
    sinks = {station.outputs[market.output].sink for market in station.markets.values()}
    assert sinks == {f"broadcaster-{id_}" for id_ in station.markets}


def test_an_airing_at_ten_is_allowed_everywhere_and_none_at_night(station: Station) -> None:
    """The markets may sound at 10:00; the quiet hours are 20:00 to 08:00."""
    for market in station.markets.values():
        moments = {
            hour: market.may_sound(time.fromisoformat(hour)) for hour in ("07:59", "08:00", "10:00", "17:59", "20:00")
        }
        assert moments == {"07:59": False, "08:00": True, "10:00": True, "17:59": True, "20:00": False}


def test_volume_never_exceeds_the_cap(station: Station) -> None:
    """Every market's volume is within its cap."""
    assert all(market.volume <= market.volume_cap <= 1 for market in station.markets.values())


def test_what_no_source_gives_is_marked_unconfirmed() -> None:
    """Hours, quiet hours, volumes, permits and sinks carry the mark on their own line."""
    supposed = re.compile(r"^(?:hours = \"06|quiet|volume|volume_cap|authorisation|sink) ?.*$", re.MULTILINE)
    lines = [line.group() for line in supposed.finditer(TEXT)]
    assert len(lines) == 4 * 6
    assert [line for line in lines if "unconfirmed" not in line] == []


def test_nobody_becomes_an_approver_in_a_text_file(tmp_path: Path) -> None:
    """What an older station's file says of its approvers is neither a fault nor read."""
    older = '\n[approvers.proteccion-1]\nrole = "Responsable de protección"\nofficer = true\n'
    assert "approvers" not in TEXT
    (tmp_path / "config.toml").write_text(TEXT + older, encoding="utf-8")
    assert not hasattr(load_station(tmp_path), "approvers")


def test_linea_100_is_registered_and_nothing_is_claimed_to_be_verified(station: Station) -> None:
    """The free line is there; no date of verification is invented."""
    line = station.helplines["linea-100"]
    assert (line.name, line.number, line.cost, line.wrong) == ("Línea 100", "100", "gratuita", False)
    assert all(helpline.verified_on is None for helpline in station.helplines.values())


def test_the_database_lies_in_the_station_wherever_the_command_runs(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative sqlite path starts at the station's folder."""
    monkeypatch.chdir(tmp_path)
    assert load_station(ROOT).database == station.database == f"sqlite:///{ROOT}/data/broadcaster.db"


def test_nothing_but_name_and_zone_need_be_said_of_a_station(tmp_path: Path) -> None:
    """A station of one market needs eleven lines; everything else has a default, the quiet hours included."""
    (tmp_path / "config.toml").write_text(
        '[station]\nname = "Prueba"\ntimezone = "America/Lima"\n[outputs.a]\nsink = "a"\n[markets.a]\nname = "A"\n'
        'district = "Lima"\nubigeo_inei = "150101"\noutput = "a"\nhours = "00:00-24:00"\n'
    )
    station = load_station(tmp_path)
    market = next(iter(station.markets.values()))
    assert station.grace_s == 600.0
    assert (station.mastering.loudness_lufs, station.mastering.true_peak_dbtp) == (-19.0, -1.5)
    assert not market.may_sound(time.fromisoformat("20:00"))
    assert market.may_sound(time.fromisoformat("19:59"))


def test_every_key_has_a_meaning_and_a_good_example() -> None:
    """Each example is itself accepted, so nobody copies a fault from a fault's sentence."""
    for path, key in flat(KEYS):
        value = tomllib.loads(f"value = {key.example}")["value"]
        key.kind.parse(value)
        for entry in value if key.kind.item else ():
            assert key.kind.item is not None
            key.kind.item.parse(entry)
        assert key.meaning.endswith("."), path
