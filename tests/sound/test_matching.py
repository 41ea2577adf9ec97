"""The witness's arithmetic on envelopes whose truth is known: pure, no sound server, no clock."""

import math
import random
from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.sound.envelope import RATE_HZ, EnvelopeMaker, active_blocks, envelope
from broadcaster.sound.matching import Matcher, Tally, Wanted, peak

LEAD_IN, TAIL = 300, 100


def speech(seconds: int, seed: int) -> "array[float]":
    """An envelope like a voice's: syllables of 100 to 300 ms of any loudness, with pauses; 3 s silence before, 1 s after."""
    chance = random.Random(seed)
    values = array("f", [0.0] * LEAD_IN)
    while len(values) < LEAD_IN + 100 * seconds:
        length, loud = chance.randrange(10, 30), chance.choice([0, 800, 2000, 4000, 6000])
        values.extend(loud * math.sin(math.pi * (i + 1) / (length + 1)) + chance.random() for i in range(length))
    del values[LEAD_IN + 100 * seconds :]
    values.extend([0.0] * TAIL)
    return values


def drifting(values: Sequence[float], ppm: float, late: float, gain: float = 1.0) -> "array[float]":
    """The envelope slowed by so many parts per million, and late by so many frames."""
    aired = array("f")
    for frame in range(int(len(values) * (1 + ppm * 1e-6) + late) + 60):
        place = (frame - late) / (1 + ppm * 1e-6)
        left, share = math.floor(place), place - math.floor(place)
        pair = [values[i] if 0 <= i < len(values) else 0.0 for i in (left, left + 1)]
        aired.append(gain * ((1 - share) * pair[0] + share * pair[1]))
    return aired


def match(master: "array[float]", aired: Sequence[float], origin: int = 0) -> Matcher:
    matcher = Matcher(master, LEAD_IN, len(master) - TAIL, origin)
    for start in range(0, len(aired), 7):
        matcher.hear(aired[start : start + 7])
    matcher.end()
    return matcher


@pytest.mark.parametrize("seconds", [4, 30, 600])
@pytest.mark.parametrize("gain", [1.0, 0.03])
def test_a_good_play_is_heard_whole_whatever_its_length_drift_and_volume(seconds: int, gain: float) -> None:
    master = speech(seconds, seed=seconds)
    tally = match(master, drifting(master, ppm=300 if seconds > 30 else 3000, late=3.3, gain=gain)).tally
    assert tally.heard >= 0.995 * tally.active > 20
    assert tally.heard_s == pytest.approx(seconds, abs=0.3 + 0.005 * seconds)


@pytest.mark.parametrize("seed", range(3))
def test_another_episode_is_not_heard(seed: int) -> None:
    master, other = speech(40, seed), speech(40, seed + 100)
    matcher = match(master, other)
    assert matcher.tally.heard <= 0.01 * matcher.tally.active


def test_the_right_words_at_the_wrong_time_are_not_heard() -> None:
    master = speech(30, seed=1)
    assert match(master, drifting(master, 0, late=120)).tally.heard == 0


def test_silence_and_hiss_are_not_heard_and_soon_wrong() -> None:
    master, chance = speech(30, seed=2), random.Random(3)
    for recording in ([0.0] * len(master), [300 + 60 * chance.gauss(0, 1) for _ in master]):
        matcher = Matcher(master, LEAD_IN, len(master) - TAIL, 0)
        matcher.hear(array("f", recording[: LEAD_IN + 500]))
        assert matcher.wrong
        assert matcher.tally.heard == 0


def test_a_good_play_is_at_no_moment_called_wrong() -> None:
    master = speech(30, seed=4)
    matcher = Matcher(master, LEAD_IN, len(master) - TAIL, 0)
    for value in drifting(master, 3000, late=4):
        matcher.hear([value])
        assert not matcher.wrong


@pytest.mark.parametrize("after_s", [1.3, 3.1, 10.0, 17.3, 28.0])
@pytest.mark.parametrize("kind", ["hole", "jump"])
def test_a_cut_of_300_ms_costs_the_blocks_it_swallowed(after_s: float, kind: str) -> None:
    master = speech(30, seed=5)
    active = active_blocks(master)
    block = next(b for b in range(30 + round(after_s * 10), len(active)) if all(active[b : b + 3]))
    begin, end = block * 10, block * 10 + 30
    aired = drifting(master, 3000, late=2)
    shifted = begin + 2 + round(0.003 * begin)
    middle = [0.0] * 30 if kind == "hole" else []
    tally = match(master, array("f", [*aired[:shifted], *middle, *aired[shifted + 30 :]])).tally
    assert end - begin == 30
    assert 2 <= tally.active - tally.heard <= 7


def test_a_pause_of_the_player_loses_nothing() -> None:
    master = speech(20, seed=6)
    aired = drifting(master, 0, late=0)
    tally = match(master, array("f", [*aired[:1203], *[0.0] * 20, *aired[1203:]])).tally
    assert tally.active - tally.heard <= 3


@given(late=st.floats(-30, 30))
def test_the_first_word_is_placed_to_a_few_milliseconds(late: float) -> None:
    master = speech(3, seed=7)
    lag = match(master, drifting(master, 0, late), origin=0).first_lag_s
    assert lag is not None
    assert lag == pytest.approx(late / 100, abs=0.003)


def test_what_was_not_due_yet_is_not_counted() -> None:
    master = speech(20, seed=8)
    tally = match(master, master[: LEAD_IN + 1000]).tally
    assert tally.heard == tally.active
    assert tally.heard_s == pytest.approx(10.0, abs=0.2)


def test_a_play_that_ended_early_is_heard_as_far_as_it_went() -> None:
    master = speech(20, seed=9)
    tally = match(master, array("f", [*master[: LEAD_IN + 1000], *[0.0] * 1100])).tally
    assert tally.heard_s == pytest.approx(10.0, abs=0.4)
    assert tally.active > 1.8 * tally.heard


def test_a_steady_tone_is_heard_where_it_is_steady_and_not_where_it_is_missing() -> None:
    tone = array("f", [*[0.0] * LEAD_IN, *[3000.0] * 1000, *[0.0] * TAIL])
    assert match(tone, drifting(tone, 3000, late=2)).tally == Tally(100, 100, 10.0)
    assert match(tone, [0.0] * len(tone)).tally.heard == 0


def test_an_empty_master_and_an_empty_recording_break_nothing() -> None:
    assert match(array("f"), [1.0] * 100).tally == Tally(0, 0, 0.0)
    assert match(speech(3, seed=1), []).tally == Tally(0, 0, 0.0)
    assert not match(speech(3, seed=1), []).done


def test_a_recording_that_began_too_late_has_only_its_rest() -> None:
    master = speech(20, seed=10)
    tally = match(master, master[LEAD_IN + 500 :], origin=-(LEAD_IN + 500)).tally
    assert 0 < tally.heard < tally.active


def test_correlation_knows_no_gain_but_gives_it() -> None:
    values = [1.0, 5.0, 2.0, 8.0, 3.0]
    score, gain = Wanted(values).correlate([0.5 * value for value in values])
    assert score == pytest.approx(1)
    assert gain == pytest.approx(0.5)


def test_a_parabola_finds_the_top_between_samples() -> None:
    assert peak(-((0.3 + 1) ** 2), -(0.3**2), -((0.3 - 1) ** 2)) == pytest.approx(0.3)
    assert peak(1.0, 1.0, 1.0) == 0.0


@given(st.binary(max_size=4000), st.lists(st.integers(1, 700), min_size=1))
def test_an_envelope_does_not_depend_on_how_its_samples_come(pcm: bytes, sizes: list[int]) -> None:
    pieces: list[bytes] = []
    place = 0
    while place < len(pcm):
        pieces.append(pcm[place : place + sizes[len(pieces) % len(sizes)]])
        place += len(pieces[-1])
    assert envelope(pieces) == envelope([pcm])


def test_an_envelope_is_the_root_mean_square() -> None:
    pcm = array("h", [1000, -1000] * (RATE_HZ // 2)).tobytes()
    values = EnvelopeMaker().feed(pcm)
    assert len(values) == 100
    assert all(value == pytest.approx(1000) for value in values[1:])
