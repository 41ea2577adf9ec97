"""What is said of a play, from what the player said and the witness heard."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model import REASONS, Evidence, Milliseconds, Outcome, Reason, Seconds
from broadcaster.playout.player import Beat, Finished, PlayerFailed, PlayerGone, Playing, Ready
from broadcaster.playout.verdict import FATAL, Cut, Facts, Happening, after, trouble, verdict
from broadcaster.playout.witness import Alarm, Heard, Noticed, Watching, WitnessFailed, WitnessGone

BLANK = Facts(starts_s=100.0, lead_in_s=Seconds(3), expected_s=Seconds(20), tail_s=Seconds(1))
WATCHED = replace(BLANK, ready=True, watching=True)
PLAYED_OUT = replace(BLANK, ready=True, seen_s=124.0, finished_s=124.0, position_s=Seconds(24))


def heard(blocks: int, of: int = 200, *, final: bool = True) -> Heard:
    return Heard(Seconds(blocks / 10), of, blocks, Milliseconds(12.0), final=final)


@pytest.mark.parametrize(
    ("blocks", "outcome", "reason"),
    [
        (200, Outcome.PLAYED, Reason.ON_TIME),
        (196, Outcome.PLAYED, Reason.ON_TIME),
        (195, Outcome.PARTIAL, Reason.NOT_HEARD),
        (0, Outcome.PARTIAL, Reason.NOT_HEARD),
    ],
)
def test_with_a_witness_played_needs_98_percent_of_the_active_blocks(
    blocks: int, outcome: Outcome, reason: Reason
) -> None:
    said = verdict(replace(WATCHED, heard=heard(blocks)), None, Seconds(0))
    assert (said.outcome, said.reason, said.evidence) == (outcome, reason, Evidence.MONITOR)
    assert said.played_s == blocks / 10


def test_a_late_start_that_was_heard_whole_is_played_late() -> None:
    assert verdict(replace(WATCHED, heard=heard(200)), None, Seconds(70)).reason is Reason.LATE


def test_the_players_word_counts_nothing_where_the_witness_heard_less() -> None:
    facts = replace(PLAYED_OUT, watching=True, heard=heard(100), alarm=Reason.SILENT_OUTPUT)
    said = verdict(facts, None, Seconds(0))
    assert (said.outcome, said.reason, said.played_s) == (Outcome.PARTIAL, Reason.SILENT_OUTPUT, 10.0)


@pytest.mark.parametrize(
    ("finished_s", "outcome"),
    [
        (124.0, Outcome.PLAYED),
        (125.0, Outcome.PLAYED),
        (123.0, Outcome.PLAYED),
        (125.1, Outcome.PARTIAL),
        (122.9, Outcome.PARTIAL),
        (101.0, Outcome.PARTIAL),
    ],
)
def test_without_a_witness_the_player_must_end_within_a_second_of_the_expected_length(
    finished_s: float, outcome: Outcome
) -> None:
    said = verdict(replace(PLAYED_OUT, finished_s=finished_s, witness_failed=True), None, Seconds(0))
    assert said.outcome is outcome
    assert said.evidence is Evidence.PLAYER
    assert "witness_failed" in said.notes


@pytest.mark.parametrize(
    ("missed", "outcome", "reason"),
    [
        (3, Outcome.PLAYED, Reason.ON_TIME),
        (5, Outcome.PARTIAL, Reason.NOT_HEARD),
        (90, Outcome.PARTIAL, Reason.NOT_HEARD),
    ],
)
def test_what_a_witness_missed_before_it_failed_stays_missing(missed: int, outcome: Outcome, reason: Reason) -> None:
    facts = replace(PLAYED_OUT, watching=True, witness_failed=True, heard=heard(100 - missed, of=100, final=False))
    said = verdict(facts, None, Seconds(0))
    assert (said.outcome, said.reason, said.evidence) == (outcome, reason, Evidence.PLAYER)
    assert said.played_s == pytest.approx(20 - missed / 10)


def test_a_play_broken_off_counts_as_played_only_when_its_end_had_been_heard() -> None:
    cut_short = replace(WATCHED, heard=heard(100, of=100), cut=Reason.WITHDRAWN)
    assert verdict(cut_short, Reason.WITHDRAWN, Seconds(0)).reason is Reason.WITHDRAWN
    cut_in_the_tail = replace(WATCHED, heard=heard(200), cut=Reason.WITHDRAWN)
    assert verdict(cut_in_the_tail, Reason.WITHDRAWN, Seconds(0)).outcome is Outcome.PLAYED


def test_the_players_own_death_explains_the_silence_the_witness_reports() -> None:
    facts = replace(WATCHED, alarm=Reason.AUDIO_LOST, gone=True)
    assert trouble(facts, 110.0) is Reason.PLAYER_CRASHED


@pytest.mark.parametrize("reason", sorted(FATAL))
def test_a_sound_that_is_lost_or_goes_elsewhere_ends_the_play(reason: Reason) -> None:
    assert trouble(after(replace(WATCHED, seen_s=110.0), Alarm(reason), 110.0), 110.0) is reason


@pytest.mark.parametrize("reason", [Reason.SILENT_OUTPUT, Reason.NOT_HEARD])
def test_a_muted_or_drowned_play_goes_on(reason: Reason) -> None:
    assert trouble(after(replace(WATCHED, seen_s=110.0), Alarm(reason), 110.0), 110.0) is None


def test_a_player_without_a_sign_of_life_for_three_seconds_hangs() -> None:
    facts = replace(WATCHED, seen_s=110.0)
    assert trouble(facts, 113.0) is None
    assert trouble(facts, 113.1) is Reason.PLAYER_HUNG


def test_a_position_told_after_the_sound_was_lost_is_not_believed() -> None:
    facts = BLANK
    for happening in (Playing(), Beat(Seconds(8)), WitnessFailed("gone"), Alarm(Reason.AUDIO_LOST), Beat(Seconds(20))):
        facts = after(facts, happening, 110.0)
    assert verdict(facts, Reason.AUDIO_LOST, Seconds(0)).played_s == 5.0


def test_what_a_player_claims_after_its_output_was_found_muted_counts_for_nothing_where_no_witness_hears() -> None:
    facts = BLANK
    told = (Playing(), WitnessFailed("gone"), Beat(Seconds(8)), Alarm(Reason.SILENT_OUTPUT), Beat(Seconds(20)))
    for happening in (*told, Finished(Seconds(24))):
        facts = after(facts, happening, facts.over_s)
    said = verdict(facts, None, Seconds(0))
    assert facts.on_length
    assert (said.outcome, said.reason) == (Outcome.PARTIAL, Reason.SILENT_OUTPUT)
    assert said.played_s == Seconds(8) - facts.lead_in_s


def test_a_witness_that_leaves_unasked_has_failed_and_one_that_was_dismissed_has_not() -> None:
    heard_some = replace(WATCHED, heard=heard(50, of=50, final=False))
    assert after(heard_some, WitnessGone(1), 110.0).witness_failed
    assert not after(replace(heard_some, witness_dismissed=True), WitnessGone(0), 110.0).witness_failed


happenings: st.SearchStrategy[Happening] = st.one_of(
    st.sampled_from([Ready(), Playing(), PlayerFailed("x"), PlayerGone(1), Watching(Seconds(0)), WitnessGone(0)]),
    st.sampled_from([WitnessFailed("x"), Noticed("mixed_output")]),
    st.floats(0, 30).map(lambda s: Beat(Seconds(s))),
    st.floats(0, 30).map(lambda s: Finished(Seconds(s))),
    st.sampled_from([*FATAL, Reason.SILENT_OUTPUT, Reason.NOT_HEARD]).map(Alarm),
    st.sampled_from([Reason.WITHDRAWN, Reason.SUSPENDED, Reason.STOPPED_BY_OPERATOR, Reason.WINDOW_CLOSED]).map(Cut),
    st.builds(
        lambda due, share, final: heard(int(due * share), of=due, final=final),
        st.integers(0, 200),
        st.floats(0, 1),
        st.booleans(),
    ),
)


@given(st.lists(st.tuples(happenings, st.floats(0, 3)), max_size=40))
def test_whatever_happens_the_verdict_is_one_that_the_record_admits_and_claims_no_more_than_the_whole(
    story: list[tuple[Happening, float]],
) -> None:
    facts, now_s = BLANK, BLANK.first_word_s
    ended_by: Reason | None = None
    for happening, pause_s in story:
        now_s += pause_s
        facts = after(facts, happening, now_s)
        ended_by = trouble(facts, now_s)
        if ended_by is not None:
            break
    said = verdict(facts, ended_by, Seconds(0))
    assert said.reason in REASONS[said.outcome]
    assert 0 <= said.played_s <= BLANK.expected_s
    if said.outcome is Outcome.PLAYED and facts.witnessed:
        assert facts.heard is not None
        assert facts.heard.heard_blocks >= 0.98 * facts.heard.active_blocks
