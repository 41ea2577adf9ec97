"""Any story: a state machine that tries the steps of :mod:`days` one after the other, and makes what it finds short.

What it prints of a failure is Python: the lines between ``begin`` and ``teardown`` are a story that :mod:`days` tells again.
"""

from days import Days, Violated
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from broadcaster.playout.simulated import Fault
from broadcaster.playout.simulated.disk import PLACES

STEPS = 5
"""At most, in one story."""
AT = st.sampled_from((-60, -20, -9, -7, -4, -2, -1, 1, 3, 6, 9, 12, 20, 400, 1300))
"""Around a slot: when it is woken, when its player is made, in its lead-in, while it sounds, after it, and after its grace."""
FOR_S = st.sampled_from((30, 5, 120, 900, 3000))
WRONG_S = st.sampled_from((-3600, 3600, 40, -86400, -1.6e9))
STEP_S = st.sampled_from((-60, 90, 4, -4, 500, -3600, 3600, 86400, -86400))


def stories(number: int, *, anew: bool = False, shrunk: bool = True) -> settings:
    """How many to try; ``anew``: others than the last time. ``shrunk``: what is found is made as short as can be."""
    phases = (Phase.generate, Phase.shrink) if shrunk else (Phase.generate,)
    return settings(
        max_examples=number,
        stateful_step_count=STEPS,
        derandomize=not anew,
        database=None,
        deadline=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


class AnyStory(Days, RuleBasedStateMachine):
    """A few steps, and then what must hold is held against what happened."""

    begin = initialize(same_day=st.booleans())(Days.begin)
    killed = rule(at=AT)(Days.killed)
    killed_at_a_row = rule(at=AT, rows=st.integers(0, 4), where=st.sampled_from(PLACES), power=st.booleans())(
        Days.killed_at_a_row
    )
    light_goes_out = rule(at=AT, for_s=FOR_S)(Days.light_goes_out)
    light_comes_back_to_a_wrong_clock = rule(at=AT, for_s=FOR_S, off_s=WRONG_S, set_in_s=FOR_S)(
        Days.light_comes_back_to_a_wrong_clock
    )
    switched_off = rule(at=AT, for_s=FOR_S)(Days.switched_off)
    clock_set = rule(at=AT, by_s=STEP_S, for_s=FOR_S)(Days.clock_set)
    nobody_vouches_for_the_clock = rule(at=AT, for_s=FOR_S)(Days.nobody_vouches_for_the_clock)
    unplugged = rule(at=AT, for_s=FOR_S)(Days.unplugged)
    next_player_fails = rule(at=AT, fault=st.sampled_from(list(Fault)[:6]), second=st.integers(0, 15))(
        Days.next_player_fails
    )
    disk_full = rule(at=AT, for_s=FOR_S)(Days.disk_full)
    withdrawn = rule(at=AT)(Days.withdrawn)
    suspended = rule(at=AT, for_s=FOR_S)(Days.suspended)
    stopped = rule(at=AT)(Days.stopped)
    paused = rule(at=AT, for_s=FOR_S)(Days.paused)
    played_by_hand = rule(at=AT, episode=st.integers(1, 3))(Days.played_by_hand)
    made_good = rule(at=AT, ahead_s=st.none() | st.sampled_from((61, 600, 7200)), written=st.booleans())(Days.made_good)
    make_good_taken_back = rule(at=AT, written=st.booleans())(Days.make_good_taken_back)

    def teardown(self) -> None:
        """The end of the days."""
        with self:
            pass
        if self.violations:
            raise Violated(self.violations)
