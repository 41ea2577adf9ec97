"""The sweep can fail: what is deliberately broken in the lives after a crash is found."""

from collections.abc import Iterable

import pytest
from crash_bench import Bench, Point, Result
from crash_disk import NOTHING
from crash_story import Stage

pytestmark = pytest.mark.xdist_group("crash")


def found(results: Iterable[Result], fault: str) -> bool:
    """Whether the judge says it of one of them."""
    return any(fault in said for result in results for said in result.faults)


@pytest.mark.parametrize("weak", ["synced_now_and_then"], indirect=True)
def test_a_record_synced_now_and_then_is_found_to_lose_acknowledged_rows(weak: Bench) -> None:
    """``synchronous=NORMAL`` under the power-cut model; the kill model cannot show it."""
    assert found(weak.cut_again(playing(weak), [NOTHING]), "the acknowledged row")


@pytest.mark.parametrize("weak", ["row_after_sound"], indirect=True)
def test_a_row_written_after_the_sound_is_found(weak: Bench) -> None:
    assert found([weak.killed(playing(weak))], "was not on record")


@pytest.mark.parametrize("weak", ["migration_in_pieces"], indirect=True)
def test_a_migration_in_pieces_is_found_in_between(weak: Bench) -> None:
    assert found(weak.killed_again(playing(weak)), "in between")


@pytest.mark.parametrize("weak", ["claims_the_whole"], indirect=True)
def test_a_recovery_that_claims_more_than_sounded_is_found(weak: Bench) -> None:
    assert found([weak.killed(playing(weak))], "is said to be played")


@pytest.mark.parametrize("weak", ["ends_twice"], indirect=True)
def test_a_recovery_that_forgets_what_has_ended_is_found(weak: Bench) -> None:
    assert found([weak.killed(weak.points[-1])], "terminal rows, not 1")


def playing(bench: Bench) -> Point:
    """A sync in the middle of a play."""
    return next(point for point in bench.points if point.life == 1 and point.stage is Stage.IN_PLAY)
