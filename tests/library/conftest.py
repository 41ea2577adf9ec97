"""A station of a test's own, with episodes as if they had been admitted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from library_station import CEM, CLEAN, LINEA_100, PEOPLE, Approve, SetClock, Shelf, everybody, pin_of
from sqlmodel import insert

from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.library.approving import approve as approve_
from broadcaster.store.tables import Credential

SHIPPED = Path(__file__).parents[2] / "config.toml"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """The shipped station's configuration with helplines of the test's own."""
    (tmp_path / "config.toml").write_bytes(SHIPPED.read_bytes())
    return replace(load_station(tmp_path), helplines={"linea-100": LINEA_100, "cem": CEM})


@pytest.fixture
def journal(station: Station, clock: SetClock) -> Iterator[Journal]:
    """A record on which everybody is registered; nobody has a PIN."""
    with Journal.open(station.database, clock, station.timezone) as opened:
        for event in everybody():
            opened.append(event)
        yield opened


@pytest.fixture
def hands(journal: Journal) -> None:
    """Everybody has a PIN, hashed with less work than the program's own: a hash says how it was made."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with journal.store.writing() as connection:
        for code in PEOPLE:
            connection.execute(insert(Credential).values(code=code, pin_hash=quick.hash(pin_of(code))))


@pytest.fixture
def shelf(station: Station, journal: Journal) -> Shelf:
    return Shelf(station, journal)


@pytest.fixture
def approve(station: Station, journal: Journal, hands: None) -> Approve:
    """Let these hands approve an episode."""

    def all_of(number: int, *codes: str) -> None:
        for code in codes:
            approve_(journal, station, number, code, pin_of(code), answers=CLEAN)

    return all_of
