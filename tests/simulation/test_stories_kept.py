"""Stories that found something, told again: each as it was when it was made short."""

from days import Days

from broadcaster.journal.events import make_good_id
from broadcaster.model import AiringId, Reason

FIRST, SECOND = AiringId("2021-06-11T10:00/norte"), AiringId("2021-06-16T10:00/norte")


def test_what_a_power_cut_left_open_is_not_played_after_it_was_closed_when_the_clock_is_believed_again() -> None:
    """The light goes out in a lead-in, the box comes back an hour too early, and is set right within the grace."""
    with Days() as days:
        days.begin()
        days.light_comes_back_to_a_wrong_clock(at=-2, for_s=60, off_s=-3600, set_in_s=120)
    assert days.violations == ()
    assert days.fates == [(FIRST, Reason.PROCESS_DIED_BEFORE_SOUND), (SECOND, Reason.ON_TIME)]


def test_what_went_by_while_the_clock_was_wrong_is_made_good_by_the_rule_once_it_is_right() -> None:
    """Nothing had ended since the last look, for what went by in doubt is settled by nobody's performance."""
    with Days() as days:
        days.begin(same_day=True)
        days.clock_set(at=-60, by_s=-200000, for_s=1500)
    assert days.violations == ()
    assert days.fates == [
        (FIRST, Reason.CLOCK_UNVERIFIED),
        (make_good_id(FIRST, 1), Reason.ON_TIME),
        (SECOND, Reason.ON_TIME),
    ]


def test_a_light_that_fails_before_the_clock_was_ever_right_is_not_told_as_why_a_box_switched_off_was_silent() -> None:
    """Switched off over a slot, back by a wrong clock, and dark again: nothing tells when that was."""
    with Days() as days:
        days.begin()
        days.light_comes_back_to_a_wrong_clock(at=-2000, for_s=3000, off_s=-1e7, set_in_s=600, in_order=True)
        days.light_goes_out(at=1100, for_s=60)
    assert days.violations == ()
    assert days.fates == [(FIRST, Reason.ABSENT), (SECOND, Reason.ON_TIME)]


def test_what_went_by_while_it_was_switched_off_is_told_as_that_though_the_light_failed_before_it_could_be_settled() -> (
    None
):
    """Switched off over a slot, back by a wrong clock; it is put right, and the light goes out at the second row from there."""
    with Days() as days:
        days.begin()
        days.light_comes_back_to_a_wrong_clock(at=-2000, for_s=3000, off_s=-1e7, set_in_s=50, in_order=True)
        days.killed_at_a_row(at=1049, rows=1, where="before", power=True)
    assert days.violations == ()
    assert days.fates == [(FIRST, Reason.SWITCHED_OFF), (SECOND, Reason.ON_TIME)]
