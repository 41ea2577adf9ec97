"""Faults of real sound, each at a market of its own while an episode plays: noticed, told rightly, and the next airing plays.

All happen in one evening; each test judges one of them.
"""

import pytest
from sound_faults import ELSEWHERE, FAULT_S, FAULTS, SOUND_S, Broken, broken_evening

from broadcaster.model import Evidence, Outcome, Reason

pytestmark = pytest.mark.sound

NOTICED_S = 5.0
EVENINGS: list[Broken] = []


@pytest.fixture
def evening(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """Played once for all the tests; for a test that is tried again, once more."""
    if len(EVENINGS) < getattr(request.node, "execution_count", 1):
        EVENINGS.append(broken_evening(tmp_path_factory.mktemp("evening") / "station"))
    return EVENINGS[-1]


def judge(evening: Broken, market: str, reason: Reason) -> None:
    """Broken off two seconds after the first word: noticed in five, no more claimed than was heard."""
    first, _next = evening.ended(market)
    assert (first.outcome, first.reason) == (Outcome.PARTIAL, reason)
    assert first.played_s == pytest.approx(FAULT_S, abs=1.0)
    assert first.evidence is Evidence.MONITOR
    assert evening.noticed_after_s(market) <= NOTICED_S


@pytest.mark.parametrize("market", FAULTS)
def test_after_any_fault_the_next_airing_plays_whole(evening: Broken, market: str) -> None:
    _first, after = evening.ended(market)
    assert (after.outcome, after.reason, after.evidence) == (Outcome.PLAYED, Reason.ON_TIME, Evidence.MONITOR)
    assert after.played_s == pytest.approx(SOUND_S, abs=0.5)


def test_a_sound_server_killed_is_noticed(evening: Broken) -> None:
    judge(evening, "server-killed", Reason.AUDIO_LOST)


def test_a_sound_server_frozen_is_noticed(evening: Broken) -> None:
    judge(evening, "server-frozen", Reason.AUDIO_STALLED)


def test_an_output_that_vanishes_is_noticed(evening: Broken) -> None:
    judge(evening, "sink-unloaded", Reason.AUDIO_LOST)


def test_a_stream_moved_to_another_output_is_silenced_there(evening: Broken) -> None:
    judge(evening, "stream-moved", Reason.WRONG_DEVICE)
    moved = evening.markets["stream-moved"]
    assert moved.ears[ELSEWHERE].silent_from_s() - moved.fault_s <= NOTICED_S


def test_a_muted_output_is_noticed_though_the_play_goes_on(evening: Broken) -> None:
    """Somebody may turn it up again: the play is not ended, but nothing is counted as heard any more."""
    first, _next = evening.ended("sink-muted")
    assert (first.outcome, first.reason) == (Outcome.PARTIAL, Reason.SILENT_OUTPUT)
    assert first.played_s == pytest.approx(FAULT_S, abs=1.0)
    assert max(evening.believed_s("sink-muted")) <= FAULT_S + 1.0


def test_a_player_that_hangs_is_noticed(evening: Broken) -> None:
    judge(evening, "player-hung", Reason.PLAYER_HUNG)


def test_a_player_that_crashes_is_noticed(evening: Broken) -> None:
    judge(evening, "player-segfault", Reason.PLAYER_CRASHED)


def test_a_player_killed_for_want_of_memory_is_noticed(evening: Broken) -> None:
    judge(evening, "player-out-of-memory", Reason.PLAYER_CRASHED)


def test_a_player_without_memory_is_made_again_until_the_next_airing_needs_its_output(evening: Broken) -> None:
    first, _next = evening.ended("no-memory-at-all")
    assert (first.outcome, first.reason) == (Outcome.MISSED, Reason.PLAYER_FAILED)


def test_another_program_on_the_same_output_is_noted_and_ours_goes_on(evening: Broken) -> None:
    first, _next = evening.ended("whole")
    assert (first.outcome, first.reason) == (Outcome.PLAYED, Reason.ON_TIME)
    assert "mixed_output" in first.notes
