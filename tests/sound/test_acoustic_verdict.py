"""What a play's blocks come to: pure, from blocks made by hand."""

from dataclasses import replace
from math import log10, nan

import pytest

from broadcaster.model import Hearing
from broadcaster.sound.acoustic import FOUND, Block
from broadcaster.sound.acoustic_verdict import CERTAIN, Listening, conclude

MARKET_DB = -45.0


def block(number: int, level_db: float = 5.0, *, lag_s: float = 0.1, others_db: float = MARKET_DB) -> Block:
    """A block that was found, so far above a market of this level; the master comes 20 dB lower than it is."""
    power_db = others_db + 10 * log10(1 + 10 ** (level_db / 10))
    return Block(5.0 * number, True, lag_s, 20.0, level_db, power_db, others_db + level_db + 20)


def lost(number: int, power_db: float = MARKET_DB, *, master_db: float = MARKET_DB + 25, lag_s: float = 2.0) -> Block:
    """A block that was not found."""
    return Block(5.0 * number, False, lag_s, 4.5, nan, power_db, master_db)


def chance(number: int, lag_s: float) -> Block:
    """A block that something else made stand out."""
    return replace(lost(number, lag_s=lag_s), found=True, score=FOUND + 0.3, level_db=-18.0)


def said(*blocks: Block, background_db: float | None = MARKET_DB, usual_db: float | None = None) -> Listening:
    return conclude(blocks, background_db, usual_db)


def test_a_play_that_is_found_throughout_is_heard() -> None:
    listening = said(*(block(number) for number in range(12)))
    assert listening.hearing is Hearing.HEARD
    assert (listening.blocks, listening.found, listening.score, listening.missing) == (12, 12, 1.0, 0)
    assert (listening.level_db, listening.lag_s, listening.talked_over) == (5.0, 0.1, 0)
    assert listening.heard_db == pytest.approx(MARKET_DB + 5)


def test_half_a_minute_needs_three_blocks_that_are_late_by_the_same_time() -> None:
    drowned = [lost(number, power_db=MARKET_DB + 20) for number in range(3)]
    assert said(*drowned, *(block(number) for number in (3, 4, 5))).hearing is Hearing.HEARD
    assert said(*drowned, block(3), block(4), lost(5, MARKET_DB + 20)).hearing is not Hearing.HEARD
    apart = [block(number, lag_s=0.1 + 0.02 * number) for number in range(6)]
    assert said(*apart).hearing is not Hearing.HEARD


def test_lags_may_drift_by_as_much_as_clocks_do() -> None:
    assert said(*(block(number, lag_s=0.1 + 200e-6 * 5 * number) for number in range(120))).found == 120


def test_what_stands_out_by_chance_agrees_with_nothing() -> None:
    blocks = [chance(number, lag_s=0.3 * (number % 7)) if number % 4 == 0 else lost(number) for number in range(60)]
    listening = said(*blocks)
    assert (listening.hearing, listening.found) == (Hearing.SILENT, 0)


def test_nothing_found_and_no_louder_than_before_is_a_silent_amplifier() -> None:
    assert said(*(lost(number, MARKET_DB + number % 3 - 1) for number in range(8))).hearing is Hearing.SILENT


def test_nothing_found_and_louder_from_the_minute_on_is_another_sound() -> None:
    assert said(*(lost(number, MARKET_DB + 7) for number in range(8))).hearing is Hearing.OTHER


def test_a_market_that_grows_loud_later_on_is_not_another_sound() -> None:
    later = [lost(number, MARKET_DB + (8 if number > 3 else 0)) for number in range(10)]
    assert said(*later).hearing is Hearing.UNSURE


def test_a_little_louder_says_neither() -> None:
    assert said(*(lost(number, MARKET_DB + 3) for number in range(8))).hearing is Hearing.UNSURE


def test_without_a_background_what_was_not_found_says_nothing_and_what_was_found_says_all() -> None:
    assert said(*(lost(number) for number in range(8)), background_db=None).hearing is Hearing.UNSURE
    assert said(*(block(number) for number in range(8)), background_db=None).hearing is Hearing.HEARD


def test_a_muted_or_overdriven_microphone_says_nothing() -> None:
    for power_db in (-120.0, -90.0, -6.0):
        assert said(*(lost(number, power_db) for number in range(8)), background_db=power_db).hearing is Hearing.UNSURE


def test_where_the_usual_volume_would_have_been_drowned_nothing_is_said() -> None:
    silent = [lost(number) for number in range(8)]
    assert said(*silent, usual_db=MARKET_DB).hearing is Hearing.SILENT
    assert said(*silent, usual_db=MARKET_DB - 12).hearing is Hearing.UNSURE


def test_two_blocks_that_agree_are_a_trace_and_keep_a_play_from_being_called_silent() -> None:
    blocks = [lost(number) for number in range(8)]
    blocks[2], blocks[4] = chance(2, lag_s=0.4), chance(4, lag_s=0.405)
    assert said(*blocks).hearing is Hearing.UNSURE


def test_an_ident_that_another_episode_shares_is_not_the_episode() -> None:
    wrong = [lost(number, MARKET_DB + 8, master_db=MARKET_DB + 25) for number in range(4, 60)]
    listening = said(*(block(number) for number in range(4)), *wrong)
    assert (listening.hearing, listening.found, listening.missing) == (Hearing.OTHER, 4, 56)


def test_an_amplifier_that_goes_off_early_leaves_it_unsure_and_late_is_heard_with_what_is_missing() -> None:
    early = said(*(block(number) for number in range(4)), *(lost(number) for number in range(4, 60)))
    assert (early.hearing, early.found, early.missing) == (Hearing.UNSURE, 4, 56)
    late = said(*(block(number) for number in range(40)), *(lost(number) for number in range(40, 60)))
    assert (late.hearing, late.found, late.missing) == (Hearing.HEARD, 40, 20)


def test_somebody_over_it_is_counted_whether_the_master_is_found_below_or_drowned() -> None:
    below = [block(number, -8.0, others_db=MARKET_DB + 13) for number in (3, 4)]
    drowned = [lost(5, MARKET_DB + 22), lost(6, MARKET_DB + 22)]
    listening = said(*(block(number) for number in range(3)), *below, *drowned, *(block(n) for n in range(7, 12)))
    assert (listening.hearing, listening.talked_over, listening.missing) == (Hearing.HEARD, 4, 0)
    assert listening.found == 10


def test_a_market_that_is_always_loud_talks_over_nothing() -> None:
    listening = said(*(block(number, -8.0) for number in range(12)))
    assert (listening.hearing, listening.level_db, listening.talked_over) == (Hearing.HEARD, -8.0, 0)
    unknown = said(*(block(number, -8.0) for number in range(12)), background_db=None)
    assert unknown.talked_over == 0


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_a_short_play_needs_half_of_its_blocks_and_two(count: int) -> None:
    enough = max(2, -(-count // 2))
    good, bad = [block(number) for number in range(count)], [lost(number, MARKET_DB + 20) for number in range(count)]
    assert said(*good[:enough], *bad[enough:]).hearing is Hearing.HEARD
    assert said(*good[: enough - 1], *bad[enough - 1 :]).hearing is not Hearing.HEARD


def test_a_single_block_must_stand_out_far() -> None:
    assert said(replace(block(0), score=CERTAIN)).hearing is Hearing.HEARD
    assert said(replace(block(0), score=CERTAIN - 0.1)).hearing is not Hearing.HEARD


def test_a_play_without_a_block_to_judge_is_unsure() -> None:
    assert said() == Listening(Hearing.UNSURE, 0, 0, 0.0, None, 0, 0, None, None)
