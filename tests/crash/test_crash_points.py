"""Forty crashes of the sweep: killed or without power at a sync, in each of the stages that a play and a start go through.

Each is the whole thing: a real process on a real record is ended there, another one follows to the season's end, and what
both had acknowledged and sounded, noted outside, is compared with the record. ``make crash-sweep`` runs every sync.
"""

from collections.abc import Iterable
from itertools import islice

import pytest
from crash_bench import LATE_S, SOON_S, Bench, Point, Result
from crash_disk import EVERYTHING, LEAVES, NOTHING, SECTORS
from crash_season import airing
from crash_story import Stage

from broadcaster.model import Outcome, Reason

pytestmark = pytest.mark.xdist_group("crash")

BACK_AT_ONCE_S = 3.0
"""Before the minute of what was on record already."""
OVERSLEPT_S = 150.0
"""From the first life's end past the grace of the airing after it."""
DIED_BEFORE_SOUND = Outcome.MISSED, Reason.PROCESS_DIED_BEFORE_SOUND
DIED_IN_PLAY = Outcome.PARTIAL, Reason.PROCESS_DIED


def at(bench: Bench, life: int, stage: Stage) -> list[Point]:
    """The syncs of a life in a stage, in order."""
    return [point for point in bench.points if point.life == life and point.stage is stage]


def some(points: list[Point], number: int) -> list[Point]:
    """So many of them, from the first to the last, at even distances."""
    return [points[place * (len(points) - 1) // (number - 1)] for place in range(number)]


def without_fault(results: Iterable[Result]) -> list[Result]:
    """All of them; the judge had nothing to say."""
    found = list(results)
    assert [(result.name, result.model, result.faults) for result in found if result.faults] == []
    return found


def ends(results: Iterable[Result], minute: str) -> list[tuple[Outcome, Reason]]:
    """What became of the airing of that minute each time."""
    key = airing("norte", minute).id
    return [(result.ends[key].outcome, result.ends[key].reason) for result in without_fault(results)]


def test_the_scenario_syncs_in_every_stage_and_moves_its_log_into_the_database_meanwhile(bench: Bench) -> None:
    assert {point.stage for point in bench.points} == set(Stage)
    assert any(point.path.endswith(".db") for point in bench.points if point.stage is Stage.IN_PLAY)


def test_killed_before_it_was_on_record_an_airing_plays_late_or_is_missed_for_the_reason_that_fits(
    bench: Bench,
) -> None:
    """A1. The next life is there within the grace, or not; after a kill, a power cut, an end in order."""
    point, closing = at(bench, 1, Stage.BEFORE_RECORD)[0], at(bench, 0, Stage.BEFORE_RECORD)[-1]
    results = [bench.killed(point, SOON_S), bench.killed(point, LATE_S), bench.cut(point, NOTHING, LATE_S)]
    assert ends(results, "10:05") == [
        (Outcome.PLAYED, Reason.LATE),
        (Outcome.MISSED, Reason.PROCESS_DIED),
        (Outcome.MISSED, Reason.POWER_LOSS),
    ]
    results = [
        bench.killed(closing, SOON_S),
        bench.killed(closing, OVERSLEPT_S),
        bench.cut(closing, EVERYTHING, OVERSLEPT_S),
    ]
    off = (Outcome.MISSED, Reason.SWITCHED_OFF)
    assert ends(results, "10:02") == [(Outcome.PLAYED, Reason.ON_TIME), off, off]


def test_killed_between_its_record_and_its_sound_an_airing_is_closed_or_tried_again(bench: Bench) -> None:
    """A2. Before its first word it is tried again; after it nobody could know what sounded."""
    waiting, first_word = at(bench, 2, Stage.BEFORE_SOUND)[0], at(bench, 1, Stage.BEFORE_SOUND)[0]
    again = [bench.killed(waiting, BACK_AT_ONCE_S), bench.cut(waiting, NOTHING, BACK_AT_ONCE_S)]
    assert ends(again, "10:09") == [(Outcome.PLAYED, Reason.ON_TIME)] * 2
    closed = [bench.killed(waiting), bench.cut(waiting, SECTORS)]
    assert ends(closed, "10:09") == [DIED_BEFORE_SOUND] * 2
    assert ends([bench.cut(first_word), bench.killed(first_word)], "10:05") == [DIED_BEFORE_SOUND, DIED_IN_PLAY]


def test_killed_during_a_play_what_its_last_heartbeat_says_was_heard_is_claimed_and_nothing_resumed(
    bench: Bench,
) -> None:
    """A3. The judge compares the claim with what sounded: no second more, at most a heartbeat less."""
    points = some(at(bench, 1, Stage.IN_PLAY), 3)
    results = [
        *(bench.killed(point, delay_s) for point, delay_s in zip(points, (SOON_S, LATE_S, SOON_S), strict=True)),
        *(bench.cut(point, leave) for point, leave in zip(points, (NOTHING, EVERYTHING, SECTORS), strict=True)),
    ]
    assert ends(results, "10:05") == [DIED_IN_PLAY] * 6


def test_killed_after_the_sound_it_is_played_only_if_the_last_heartbeat_covers_the_end(bench: Bench) -> None:
    """A4. The heartbeat of the tenth second covers ten seconds; that of the fifth does not cover seven."""
    covered = next(point for point in at(bench, 0, Stage.BEFORE_END) if beats(point) == len((0, 5, 10)))
    late = airing("norte", "10:11")
    uncovered = next(point for point in at(bench, 2, Stage.BEFORE_END) if point.crashed.at > late.due)
    assert ends([bench.killed(covered), bench.cut(covered)], "10:00") == [(Outcome.PLAYED, Reason.ON_TIME)] * 2
    assert ends([bench.killed(uncovered)], "10:11") == [(Outcome.PLAYED, Reason.ON_TIME)]  # its end was written
    assert ends([bench.cut(uncovered)], "10:11") == [DIED_IN_PLAY]


def beats(point: Point) -> int:
    """How many heartbeats had been acknowledged."""
    return len(point.crashed.acknowledged("heartbeat"))


def test_killed_again_during_recovery_the_ends_are_those_of_a_recovery_that_nothing_interrupted(bench: Bench) -> None:
    """A5. Four syncs of a recovery are the last one once more, under each model."""
    point = at(bench, 1, Stage.IN_PLAY)[-1]
    results = [*islice(bench.killed_again(point, every=3), 4), *islice(bench.cut_again(point, [NOTHING], every=3), 4)]
    assert ends(results, "10:05") == [DIED_IN_PLAY] * 8
    assert {result.crashes for result in results} == {2}


def test_a_power_cut_takes_no_acknowledged_row_whatever_it_leaves_of_what_was_not_synced(bench: Bench) -> None:
    """A6. Nothing, everything, names without contents, torn and reordered writes."""
    without_fault(bench.cut(point, leave) for point, leave in zip(some(bench.points, 6), LEAVES[::2], strict=True))


def test_a_crash_while_migrating_leaves_the_old_layout_or_the_new_one(bench: Bench) -> None:
    """A7. Of an empty database and of one with rows."""
    first, next_release = at(bench, 0, Stage.MIGRATING), at(bench, 2, Stage.MIGRATING)
    without_fault([bench.killed(first[1]), bench.cut(first[-2], SECTORS)])
    without_fault([bench.killed(next_release[-2]), bench.cut(next_release[-2], SECTORS)])
