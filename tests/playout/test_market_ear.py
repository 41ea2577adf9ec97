"""The ear of the tests finds what was played however it was stretched, and misses what was not there."""

from pathlib import Path

import numpy as np
import pytest
from alignment import BLOCK, RATE_HZ, Samples
from market_ear import look_for, pcm

ROOT = Path(__file__).parents[2]
SPEECH_S = 6
SILENCE = np.zeros(3 * RATE_HZ)
BEFORE_S = 2.0
"""How long the recordings here are silent before the master begins."""


def voice(episode: int) -> Samples:
    """A part of a shipped sample as a master, after the greeting that all begin with: silence, speech, silence."""
    speech = pcm(ROOT / "episodes" / f"{episode:03}" / "original.ogg")[4 * RATE_HZ :][: SPEECH_S * RATE_HZ]
    return np.concatenate((SILENCE, speech, SILENCE[:RATE_HZ]))


@pytest.fixture(scope="module")
def master() -> Samples:
    return voice(3)


def played(master: Samples, most: float = 0.0065) -> Samples:
    """As libvlc plays: half as loud, slower and slower by up to ``most``, then faster again; a little noise."""
    rate = 1 + most * np.sin(np.pi * np.linspace(0, 1, len(master)))
    moments = np.interp(np.arange(int(rate.sum())), np.cumsum(rate), np.arange(len(master)))
    sound = np.interp(moments, np.arange(len(master)), master) / 2
    still = np.zeros(int(BEFORE_S * RATE_HZ))
    return np.concatenate((still, sound, still)) + np.random.default_rng(1).normal(0, 1e-4, len(sound) + 2 * len(still))


def spots(master: Samples) -> list[int]:
    """Active blocks well apart from each other, with sound on both sides."""
    levels = np.sqrt(np.mean(master[: len(master) // BLOCK * BLOCK].reshape(-1, BLOCK) ** 2, axis=1))
    loud = levels > 0.1 * levels.max()
    return [block for block in range(35, len(levels) - 15, 11) if loud[block - 1 : block + 2].all()]


def begin(block: int) -> int:
    """Where a block begins in a recording that was not stretched."""
    return int(BEFORE_S * RATE_HZ) + block * BLOCK


def test_all_of_a_stretched_play_is_found_and_its_drift_measured(master: Samples) -> None:
    found = look_for(master, played(master))
    assert (found.found, found.missing, found.elsewhere_s) == (found.active, (), 0)
    assert found.first_s == pytest.approx(BEFORE_S + 0.009, abs=0.008)
    assert found.drift_s == pytest.approx(0.0065 * SPEECH_S * 0.75, abs=0.012)


def test_swallowed_blocks_are_missing_and_no_other(master: Samples) -> None:
    recording = played(master, 0.0)
    for block in spots(master):
        recording[begin(block) : begin(block + 1)] = 0
    assert look_for(master, recording).missing == tuple(spots(master))


def test_blocks_in_each_others_place_are_missing(master: Samples) -> None:
    recording = played(master, 0.0)
    gone = spots(master)
    for block, other in zip(gone, gone[1:] + gone[:1], strict=True):
        recording[begin(block) : begin(block + 1)] = master[other * BLOCK : (other + 1) * BLOCK] / 2
    assert look_for(master, recording).missing == tuple(gone)


def test_what_follows_a_cut_is_found_in_its_new_place(master: Samples) -> None:
    recording = played(master, 0.0)
    first = spots(master)[3]
    found = look_for(master, np.delete(recording, slice(begin(first), begin(first + 3))))
    assert set(found.missing) >= {first + 1}
    assert set(found.missing) <= set(range(first - 1, first + 4))
    assert found.drift_s == pytest.approx(-0.3, abs=0.005)


def test_a_stall_moves_what_follows_and_loses_nothing(master: Samples) -> None:
    recording = played(master, 0.0)
    found = look_for(master, np.insert(recording, begin(spots(master)[3]), np.zeros(RATE_HZ * 6 // 10)))
    assert len(found.missing) <= 1
    assert found.drift_s == pytest.approx(0.6, abs=0.005)


def test_next_to_nothing_of_what_was_not_played_is_found(master: Samples) -> None:
    backwards = played(master[::-1], 0.0)
    hiss = np.random.default_rng(2).normal(0, 0.1, len(backwards))
    for recording in (*(played(voice(other)) for other in (1, 2)), backwards, hiss, np.zeros(len(hiss))):
        found = look_for(master, recording)
        assert found.found <= 0.03 * found.active
