"""A master is found in what a microphone heard: where, how late, how far above the rest; and is not where it is not."""

import tracemalloc
from itertools import islice
from math import isnan

import numpy as np
import pytest
from acoustic_market import (
    AFTER_S,
    BEFORE_S,
    RATE_HZ,
    VOICES,
    Way,
    arrived,
    as_pcm,
    beside,
    crowd,
    excerpt,
    in_band,
    master_of,
    rms,
)
from acoustic_trials import BEGINS, SECONDS, Take, heard, nulls, played, verdict

from broadcaster.model import Hearing
from broadcaster.sound.acoustic import FOUND, Block, Seeker
from broadcaster.sound.acoustic_level import above_everything_else_db, power_db
from broadcaster.sound.acoustic_search import EARLIEST, PIECE, SPAN, Peak, correlogram, find
from broadcaster.sound.acoustic_verdict import conclude

VOICE = VOICES[0]


def simple(seconds: float = 15, way: Way | None = None, level_db: float = 5.0, seed: int = 1) -> Take:
    """A play whose way to the microphone is known."""
    chance = np.random.default_rng(seed)
    sound = excerpt(VOICE, seed, seconds, chance)
    there = arrived(sound, way or Way(), chance)
    return Take(master_of(sound), *beside(there, crowd(BEFORE_S + seconds + AFTER_S, chance), level_db))


def alike(some: list[Block], others: list[Block]) -> bool:
    """Whether the same was found; a level that is not known equals itself."""
    return repr(some) == repr(others)


@pytest.mark.parametrize("level_db", [10.0, 0.0])
@pytest.mark.parametrize("voice", [VOICES[1], VOICES[-1]])
def test_an_episode_above_or_as_loud_as_the_crowd_is_heard_in_every_block(voice: str, level_db: float) -> None:
    take = played(voice, level_db, seed=3)
    listening = verdict(take)
    assert listening.hearing is Hearing.HEARD
    assert listening.found == listening.blocks == SECONDS // 5
    assert listening.level_db == pytest.approx(level_db, abs=2)


def test_ten_decibels_below_the_crowd_it_is_still_heard() -> None:
    assert verdict(played(VOICES[-1], -10.0, seed=4)).hearing is Hearing.HEARD


def test_other_episodes_of_the_voice_and_crowds_are_never_heard() -> None:
    for _kind, make in islice(nulls(1000), 0, 1000, 143):
        assert verdict(make()).hearing is not Hearing.HEARD


@pytest.mark.parametrize(("late_s", "ppm"), [(0.03, 0.0), (1.9, 100.0), (0.4, -150.0)])
def test_how_late_it_comes_is_known_to_milliseconds(late_s: float, ppm: float) -> None:
    blocks, _background = heard(simple(way=Way(delay_s=late_s, ppm=ppm)))
    for block in blocks:
        true_s = late_s + 1e-6 * ppm * (late_s + block.at_s + 2.5)
        assert block.lag_s == pytest.approx(true_s, abs=0.002)


def test_sound_that_comes_before_its_moment_is_found_too() -> None:
    take = simple()
    early = take.recording[2400:]
    blocks, _background = heard(take, early)
    assert [round(block.lag_s, 2) for block in blocks] == [-0.24, -0.24, -0.24]


def test_a_loudspeaker_wired_the_other_way_round_is_heard() -> None:
    take = simple()
    assert verdict(take, -take.recording).found == 3


def test_the_pieces_in_which_a_recording_comes_change_nothing() -> None:
    take = simple(10)
    whole, background_db = heard(take, piece=10**9)
    for piece in (160, 801, 70_001):
        again = heard(take, piece=piece)
        assert alike(again[0], whole)
        assert again[1] == background_db


def test_a_master_may_be_integers_or_floats() -> None:
    take = simple(10)
    blocks, _background = heard(take)
    floats = Seeker(take.master.astype(np.float32) / np.float32(32768), take.first, take.last, BEGINS)
    assert alike(floats.hear(take.recording), blocks)


def test_a_play_that_is_cut_is_judged_as_far_as_it_went() -> None:
    take = simple(30)
    seeker = Seeker(take.master, take.first, take.last, BEGINS)
    until = (BEFORE_S + 14) * RATE_HZ
    there = take.ours.copy()
    there[until:] = 0
    sound = as_pcm(there + take.others)
    blocks = seeker.hear(sound[:until])
    seeker.cut(take.first + 14 * RATE_HZ)
    blocks += seeker.hear(sound[until:])
    assert [block.at_s for block in blocks] == [0.0, 5.0, 10.0]
    assert all(block.found for block in blocks)


def test_a_play_shorter_than_half_a_minute_is_heard_and_one_of_two_seconds_cannot_be() -> None:
    assert verdict(simple(4.5, seed=2)).hearing is Hearing.HEARD
    assert verdict(simple(12, seed=3)).hearing is Hearing.HEARD
    assert verdict(simple(2)).blocks == 0


def test_pauses_in_the_master_are_not_judged() -> None:
    take = simple(25)
    pause = slice(take.first + 5 * RATE_HZ, take.first + 15 * RATE_HZ)
    master, ours = take.master.copy(), take.ours.copy()
    master[pause] = 0
    ours[(BEFORE_S + 5) * RATE_HZ : (BEFORE_S + 15) * RATE_HZ] = 0
    listening = verdict(Take(master, ours, take.others))
    assert (listening.blocks, listening.found, listening.missing) == (3, 3, 0)


def test_a_recording_that_began_late_is_judged_from_there_on() -> None:
    take = simple(25)
    seeker = Seeker(take.master, take.first, take.last, BEGINS - (BEFORE_S + 7) * RATE_HZ)
    blocks = seeker.hear(take.recording[(BEFORE_S + 7) * RATE_HZ :])
    assert [block.at_s for block in blocks] == [10.0, 15.0, 20.0]
    assert all(block.found for block in blocks)
    assert seeker.background_db is None


def test_the_background_is_what_the_band_held_before_the_first_word() -> None:
    take = simple(10, level_db=20.0)
    _blocks, background_db = heard(take)
    before = take.others[: BEFORE_S * RATE_HZ]
    assert background_db == pytest.approx(20 * np.log10(rms(in_band(before))), abs=2)


def test_the_background_is_known_before_the_play_and_not_from_two_seconds() -> None:
    take = simple(10)
    for seconds, known in ((2, False), (5, True)):
        seeker = Seeker(take.master, take.first, take.last, (seconds - 3) * RATE_HZ)
        seeker.hear(take.recording[: seconds * RATE_HZ])
        assert (seeker.background_db is not None) == known


def test_a_microphone_that_gives_nothing_says_nothing() -> None:
    take = simple(10)
    blocks, background_db = heard(take, np.zeros_like(take.recording))
    assert [block.found for block in blocks] == [False, False]
    assert all(isnan(block.level_db) for block in blocks)
    assert conclude(blocks, background_db).hearing is Hearing.UNSURE


def test_what_was_heard_is_forgotten() -> None:
    take = simple(10)
    seeker = Seeker(take.master, take.first, take.last, 300 * RATE_HZ)
    noise = np.random.default_rng(1).integers(-900, 900, 60 * RATE_HZ).astype(np.int16)
    tracemalloc.start()
    for _ in range(10):  # five minutes before, the play, and five minutes after
        seeker.hear(noise)
    held, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 10 * 2 * RATE_HZ


def test_a_correlogram_of_noise_has_the_root_mean_square_it_is_counted_in() -> None:
    chance = np.random.default_rng(2)
    wanted, there = (chance.standard_normal(size).astype(np.float32) for size in (PIECE, SPAN))
    assert rms(correlogram(wanted, there).astype(np.float64)) == pytest.approx(1, abs=0.15)


def test_noise_gives_a_score_below_the_limit_and_a_known_sound_its_place_and_slope() -> None:
    chance = np.random.default_rng(3)
    wanted = chance.standard_normal((5, PIECE)).astype(np.float32)
    there = chance.standard_normal((5, SPAN)).astype(np.float32)
    assert find(list(zip(wanted, there, strict=True))).score < FOUND
    late = 1000
    for at, piece in enumerate(wanted):
        place = late - EARLIEST + 2 * (at - 2)  # two samples a second are 250 ppm
        there[at, place : place + PIECE] += piece
    peak = find(list(zip(wanted, there, strict=True)))
    assert peak.lag == pytest.approx(late, abs=1)
    assert 180 < peak.ppm < 220
    assert peak.score > 3 * FOUND


@pytest.mark.parametrize("level_db", [10.0, 0.0, -10.0])
def test_the_level_above_everything_else_is_measured(level_db: float) -> None:
    chance = np.random.default_rng(4)
    wanted = excerpt(VOICE, 1, 5, chance)
    noise = in_band(chance.standard_normal(len(wanted)))
    ours = in_band(wanted)
    there = ours / rms(ours) * 10 ** (level_db / 20) + noise / rms(noise)
    measured = above_everything_else_db(wanted.astype(np.float32), there.astype(np.float32), Peak(0.0, 0.0, 20.0))
    assert measured == pytest.approx(level_db, abs=1)


def test_what_does_not_come_from_the_master_has_no_level() -> None:
    chance = np.random.default_rng(5)
    wanted, other = (excerpt(VOICE, number, 5, chance).astype(np.float32) for number in (1, 2))
    assert above_everything_else_db(wanted, other, Peak(0.0, 0.0, 6.0)) < -12


def test_power_is_that_of_the_band() -> None:
    moments = np.arange(RATE_HZ) / RATE_HZ
    tone, hum = (np.sin(2 * np.pi * hz * moments).astype(np.float32) for hz in (1000, 60))
    assert power_db(tone) == pytest.approx(-3.01, abs=0.05)
    assert power_db(hum) < -60
    assert power_db(np.zeros(RATE_HZ, dtype=np.float32)) == -120
