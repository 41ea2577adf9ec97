"""A journal of a test's own, on real SQLite, and events of every kind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.store.engine import url_of

LIMA = ZoneInfo("America/Lima")

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the test's journal is to be."""
    return url_of(tmp_path / "data" / "broadcaster.db")


@pytest.fixture
def clock() -> ShiftedClock:
    """Friday 18 June 2021, just before ten in Lima."""
    return ShiftedClock(datetime(2021, 6, 18, 9, 59, 45, tzinfo=LIMA))


@pytest.fixture
def journal(url: str, clock: ShiftedClock) -> Iterator[Journal]:
    """A new journal."""
    with Journal.open(url, clock, LIMA) as opened:
        yield opened
