"""One bench for the crashes: its scenario is traced once."""

from collections.abc import Iterator

import crash_sweep
import pytest
from crash_bench import Bench


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with crash_sweep.bench() as made:
        yield made


@pytest.fixture
def weak(bench: Bench, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The bench, with something deliberately broken in the lives that follow a crash."""
    bench.weakness = request.param
    yield bench
    bench.weakness = ""
