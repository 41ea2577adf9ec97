"""One bench for the crashes: its scenario is traced once."""

import shutil
from collections.abc import Iterator

import pytest
from crash_bench import Bench
from crash_sweep import workshop


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    folder = workshop()
    try:
        with Bench(folder) as made:
            yield made
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def weak(bench: Bench, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The bench, with something deliberately broken in the lives that follow a crash."""
    bench.weakness = request.param
    yield bench
    bench.weakness = ""
