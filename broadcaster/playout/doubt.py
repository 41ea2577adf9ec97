"""What is promised while nothing vouches for the clock, and once something does again: pure, over the rows and the plan.

By a clock in doubt no plan is accepted and nothing that it says is past is ended: it may be a year off. The airings that
are due by it wait, each on record (``clock_held``), and are missed when their grace is over; by one that is known to be
wrong not even that. What a doubted clock left open is settled as soon as the clock is believed.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from broadcaster.clock import Instant
from broadcaster.journal.events import Ended, PlanAccepted, Promise
from broadcaster.journal.fold import last_started, open_intents
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, MarketId, Outcome, Plan, Reason
from broadcaster.playout.recovery import (
    Absences,
    Recovery,
    absence_at,
    closed_plays,
    may_be_kept,
    passed,
    recover,
    served,
    standing,
    waited_for_the_clock,
)
from broadcaster.schedule.plan import plan_sha256


def in_doubt(
    rows: Sequence[Row],
    plan: Plan,
    markets: Collection[MarketId],
    now: Instant,
    *,
    resting: Collection[MarketId] = (),
    wrong: bool,
) -> Recovery:
    """What to do at a start by a doubted clock: :func:`~broadcaster.playout.recovery.recover` without what the time decides.

    Its ``accepted`` is for the alarms alone, never for the record; by a clock that is ``wrong`` nothing is woken.
    """
    sounded = recover(rows, plan, markets, now, resting=resting)
    ends = tuple(ended for ended in sounded.endings if ended.play is not None and ended.outcome is not Outcome.MISSED)
    waiting = () if wrong else provisional(rows, plan, markets, now.utc, resting=resting)
    return Recovery(sounded.orphans, ends, PlanAccepted(sounded.accepted.plan_sha256, waiting), sounded.absences)


def provisional(
    rows: Sequence[Row], plan: Plan, markets: Collection[MarketId], now: datetime, *, resting: Collection[MarketId] = ()
) -> tuple[Promise, ...]:
    """What would be promised, were the clock right; what was begun before is left for when that is known."""
    begun = {play.intent.airing for play in open_intents(rows)}
    found = standing(rows, served(plan, markets), now, resting=resting)
    return tuple(each for each in found if each.airing not in begun and may_be_kept(each, markets, now))


def out_of_doubt(
    rows: Sequence[Row],
    plan: Plan,
    markets: Collection[MarketId],
    now: Instant,
    *,
    resting: Collection[MarketId] = (),
    begun: Mapping[AiringId, Promise],
    absences: Absences,
    since: datetime,
) -> tuple[tuple[Ended, ...], PlanAccepted]:
    """The ends of what went by, and the plan accepted by a clock that is believed at last.

    ``begun``: what is being performed, which ends by itself; ``since``: when the doubt began, by the clock that is believed
    now; ``absences``: why what was due before that found nobody.
    """
    plan = served(plan, markets)
    open_plays = closed_plays(rows, now.utc, living=last_started(rows))
    closed = {airing: ended for airing, ended in open_plays.items() if airing not in begun}
    waited = waited_for_the_clock(rows)
    promises, over = [], list(closed.values())
    for promise in standing(rows, plan, now.utc, resting=resting):
        if promise.airing in begun:
            promises.append(begun[promise.airing])
        elif promise.airing in closed:
            continue  # it has its end
        elif may_be_kept(promise, markets, now.utc):
            promises.append(promise)
        else:
            unsure = promise.due >= since or promise.airing in waited
            over.append(passed(promise, Reason.CLOCK_UNVERIFIED if unsure else absence_at(absences, promise.due)))
    endings = tuple(sorted(over, key=lambda ended: (ended.due, ended.market)))
    return endings, PlanAccepted(plan_sha256(plan), tuple(promises))
