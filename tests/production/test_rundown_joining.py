"""Parts joined: when each begins, how a bed goes down under voices, and that no joint clicks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rundowns import RATE_HZ, sharpest

from broadcaster.model import Lufs, Measure, PartRole, Seconds
from broadcaster.production.rundown.ducking import Loop, ducked, faded, mixed, spoken
from broadcaster.production.rundown.joining import join, placed
from broadcaster.production.rundown.levelling import Clip
from broadcaster.production.rundown.mono import OneChannel
from broadcaster.production.rundown.reading import BED, Bed, Item, Source
from broadcaster.sound.blocks import no_progress

NOTHING = Measure(None, None, None, None, None, Seconds(0.0), RATE_HZ, 1)


def clip(folder: Path, samples: np.ndarray) -> Clip:
    spool = folder / f"{len(list(folder.iterdir()))}.f32"
    samples.astype("<f4").tofile(spool)
    return Clip(OneChannel(spool, 0.0, len(samples)), 0, len(samples) // 48 * 48, NOTHING)


def tone(folder: Path, seconds: float, pitch_hz: float = 440.0, level: float = 0.5) -> Clip:
    """It begins and ends at the top of its wave: cut so, it clicks."""
    return clip(folder, level * np.cos(2 * np.pi * pitch_hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ))


def item(**said: float) -> Item:
    return replace(Item("parts[1]", PartRole.BLOCK, Source("a.wav")), **said)  # type: ignore[arg-type]


def bed(**said: object) -> Bed:
    plain = Bed("parts[1]", Source("m.mp3"), 0, 0, Seconds(0.0), None, **BED)  # type: ignore[arg-type]
    return replace(plain, **said)  # type: ignore[arg-type]


def joined(folder: Path, items: list[Item], clips: list[Clip]) -> np.ndarray:
    track = join(items, clips, folder / "voices", no_progress)
    assert track.frames == placed(items, clips)[-1].until
    return np.fromfile(track.spool, "<f4").astype(float)


def test_each_part_begins_after_the_pause_or_within_the_overlap(tmp_path: Path) -> None:
    items = [item(pause_after_s=0.5), item(crossfade_s=1.0, pause_after_s=0.0), item(pause_after_s=0.0)]
    places = placed(items, [tone(tmp_path, seconds) for seconds in (2, 3, 4)])
    assert [place.first / RATE_HZ for place in places] == [0, 2.5, 4.5]
    assert places[-1].until / RATE_HZ == 8.5


def test_every_cut_is_softened_and_what_lies_between_is_left_as_it_is(tmp_path: Path) -> None:
    sounds = [tone(tmp_path, 1.0), tone(tmp_path, 1.0, 300.0)]
    whole = joined(tmp_path, [item(pause_after_s=0.3), item(pause_after_s=0.0)], sounds)
    inside = sharpest(whole, 0.5)
    assert [sharpest(whole, at) <= 2 * inside for at in (0.0, 1.0, 1.3, 2.3)] == [True] * 4
    assert whole[RATE_HZ + 10 : round(1.3 * RATE_HZ) - 10].any() == np.False_
    assert np.allclose(whole[1000:40_000], sounds[0].read(1000, 39_000), atol=1e-7)
    hard = np.concatenate([sounds[0].read(0, RATE_HZ), np.zeros(RATE_HZ)])
    assert sharpest(hard, 1.0) > 100 * inside  # such a cut would be noticed


@pytest.mark.parametrize("overlap_s", [0.05, 0.8])
def test_parts_that_overlap_meet_without_a_click_or_a_hole(tmp_path: Path, overlap_s: float) -> None:
    sounds = [tone(tmp_path, 2.0), tone(tmp_path, 2.0)]
    whole = joined(tmp_path, [item(crossfade_s=overlap_s, pause_after_s=0.0), item(pause_after_s=0.0)], sounds)
    inside, begins = sharpest(whole, 1.0), 2 - overlap_s
    moments = np.arange(begins - 0.02, 2.02, 0.01)
    assert max(sharpest(whole, at) for at in moments) <= 1.1 * inside
    loudness = [np.abs(whole[round(at * RATE_HZ) : round((at + 0.01) * RATE_HZ)]).max() for at in moments]
    assert min(loudness) > 0.2


def test_a_part_of_minutes_is_the_same_as_one_that_is_held_whole(tmp_path: Path) -> None:
    """What lies between its ends goes by in blocks, and nobody can tell where."""
    noise = clip(tmp_path, 0.1 * np.random.default_rng(1).standard_normal(70 * RATE_HZ))
    whole = joined(tmp_path, [item(fade_in_s=2.0, fade_out_s=3.0, pause_after_s=0.0)], [noise])
    assert np.allclose(whole[3 * RATE_HZ : 66 * RATE_HZ], noise.read(3 * RATE_HZ, 63 * RATE_HZ), atol=1e-7)
    assert np.abs(whole[:480]).max() < 0.01 > np.abs(whole[-480:]).max()


# Beds


def test_a_bed_is_down_when_the_word_falls_and_comes_up_after_it(tmp_path: Path) -> None:
    moments, gains = ducked([(5.0, 8.0)], bed(duck_db=12.0, attack_s=0.3, release_s=1.0))
    at = [0.0, 4.7, 5.0, 8.0, 8.15, 9.15, 20.0]
    assert np.interp(at, moments, gains) == pytest.approx([0, 0, -12, -12, -12, 0, 0])


def test_a_breath_does_not_lift_a_bed_but_a_pause_does() -> None:
    moments, gains = ducked([(1.0, 2.0), (3.0, 4.0), (9.0, 10.0)], bed())
    assert np.interp([2.5, 6.5], moments, gains) == pytest.approx([-12, 0])


def test_where_nobody_speaks_a_bed_stays_up() -> None:
    moments, gains = ducked([], bed())
    assert np.interp([0.0, 100.0], moments, gains) == pytest.approx([0, 0])


def test_somebody_speaks_where_the_track_is_near_the_voices_loudness() -> None:
    levels = np.full(300, 1e-4, dtype=np.float32)
    levels[100:200] = 10 ** (-25 / 20)
    assert spoken(levels, Lufs(-23.0)) == [(1.0, 2.0)]


def test_a_bed_without_room_for_its_fades_shortens_both() -> None:
    moments, factors = faded(bed(fade_in_s=1.0, fade_out_s=2.0), 10.0, 11.5)
    assert list(moments) == pytest.approx([10, 10.5, 10.5, 11.5])
    assert list(factors) == [0, 1, 1, 0]


def test_a_bed_goes_round_without_a_click(tmp_path: Path) -> None:
    music = tone(tmp_path, 3.0, 220.5)
    loop = Loop.of(music)
    whole = np.concatenate([loop.read(first, 10_000) for first in range(0, 12 * RATE_HZ, 10_000)]).astype(float)
    assert np.allclose(whole[: 2 * RATE_HZ], music.read(0, 2 * RATE_HZ))
    inside = sharpest(whole, 0.5)
    assert np.abs(np.diff(whole, 2)).max() <= 1.2 * inside
    assert len(loop.read(5 * RATE_HZ + 17, 4 * RATE_HZ)) == 4 * RATE_HZ


def test_under_a_voice_a_bed_is_twenty_decibels_softer_than_it(tmp_path: Path) -> None:
    """By what the documented defaults give, mixed: 8 below the voice where nobody speaks, 12 more under it."""
    voice, silence = tone(tmp_path, 4.0, 440.0, 0.1), clip(tmp_path, np.zeros(4 * RATE_HZ))
    items = [item(pause_after_s=0.0), item(pause_after_s=0.0)]
    track = join(items, [voice, silence], tmp_path / "voices", no_progress)
    music = replace(tone(tmp_path, 3.0, 220.0, 0.1), gain_db=-8.0)
    lying = bed(last=1, fade_in_s=0.01, fade_out_s=0.01)
    mix = np.concatenate(list(mixed(track, placed(items, [voice, silence]), [lying], [music], Lufs(-23.0))))
    alone = mix - np.fromfile(track.spool, "<f4")
    under, after = (np.abs(alone[a * RATE_HZ : b * RATE_HZ]).max() for a, b in ((1, 3), (6, 7)))
    assert [20 * np.log10(level / 0.1) for level in (under, after)] == pytest.approx([-20, -8], abs=0.1)


def test_a_bed_without_fades_under_a_part_that_overlaps_whole_is_silent() -> None:
    moments, factors = faded(bed(fade_in_s=Seconds(0.0), fade_out_s=Seconds(0.0)), 2.0, 2.0)
    assert np.interp([1.0, 2.0, 3.0], moments, factors).tolist() == [0.0, 0.0, 0.0]
