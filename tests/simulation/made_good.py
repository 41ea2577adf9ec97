"""What must hold of make-goods: invariants of a market, as those beside them.

An airing that was missed, or broke off, may be promised once more: by somebody's order, or by its season's rule. Each attempt
is an airing like any other, with one end, an intent before its sound and permitted hours around it; what is judged here is that
it counts once, that what was missed stays missed, and that a rule does what it says and no more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from case import LOUD_S, Case, permitted

from broadcaster.journal.events import BY_RULE, MANUAL, Ended, MakeGoodCancelled, MakeGoodOrdered, Promise, make_good_of
from broadcaster.journal.fold import plays
from broadcaster.model import AiringId, Outcome, Reason

MOST_BY_RULE = 3
NOTICE_S = 300.0
"""A rule leaves people so long to switch the amplifier on."""
ROOM_S = 1200.0
"""A day in which nothing else is promised for so long has room for one more."""
FAILED = {Outcome.MISSED, Outcome.PARTIAL}
OF_PEOPLE = {
    Reason.STOPPED_BY_OPERATOR,
    Reason.STOPPED_FOR_SAFETY,
    Reason.WITHDRAWN,
    Reason.SUSPENDED,
    Reason.NO_EPISODE,
    Reason.NOT_APPROVED,
    Reason.NO_CONSENT,
    Reason.NO_HELPLINE,
    Reason.BAD_FILE,
}
"""What people decided or left undone."""


def made_good_once(case: Case) -> Iterator[str]:
    """1: made good is what had failed, under its own name, and never twice; the missed one stays as it was."""
    ended: dict[AiringId, Ended] = {}
    attempts: dict[AiringId, list[Promise]] = defaultdict(list)
    for row in case.history.rows:
        if isinstance(row.event, Ended):
            ended.setdefault(row.event.airing, row.event)
        elif isinstance(row.event, MakeGoodOrdered):
            yield from _may_be_ordered(row.event, ended, attempts[row.event.airing])
            attempts[row.event.airing].append(row.event.promise)
    yield from _counted_once(case, attempts)


def _may_be_ordered(order: MakeGoodOrdered, ended: dict[AiringId, Ended], before: list[Promise]) -> Iterator[str]:
    missed, name = ended.get(order.airing), order.promise.airing
    if missed is None or missed.outcome not in FAILED:
        yield f"{name} makes good what {missed.outcome if missed else 'has no end'}"
    elif (make_good_of(name), order.promise.market, order.promise.episode) != (
        missed.airing,
        missed.market,
        missed.episode,
    ):
        yield f"{name} is another than {missed.airing}"
    for other in before:
        end = ended.get(other.airing)
        if end is None:
            yield f"{name} was ordered while {other.airing} was to come"
        elif end.outcome is Outcome.PLAYED:
            yield f"{name} was ordered though {other.airing} had played"


def _counted_once(case: Case, attempts: dict[AiringId, list[Promise]]) -> Iterator[str]:
    played = {
        missed: sum(end is not None and end.outcome is Outcome.PLAYED for end in map(case.end, names))
        for missed, names in ((one, [each.airing for each in each_of]) for one, each_of in attempts.items())
    }
    yield from (f"{missed} was made good {times} times" for missed, times in played.items() if times > 1)
    for airing, rows in case.ends.items():
        ended = rows[0].event
        if isinstance(ended, Ended) and ended.make_good_of != make_good_of(airing):
            yield f"the end of {airing} says that it makes good {ended.make_good_of}"
    for record in plays(case.history.rows):
        end = case.end(record.airing)
        if end is None or (record.outcome, record.reason) != (end.outcome, end.reason):
            yield f"{record.airing} is {record.outcome} in the play log, and its end is another"
        if record.sequel.made_good != bool(played.get(record.airing)):
            yield f"{record.airing} counts as made good: {record.sequel.made_good}"


def by_rule(case: Case) -> Iterator[str]:
    """1: a rule makes good the same day, with notice, three times at most, and never what people decided."""
    tries: Counter[AiringId] = Counter()
    for name, row in case.make_goods.items():
        order = row.event
        assert isinstance(order, MakeGoodOrdered)
        missed = case.end(order.airing)
        if order.by != BY_RULE or missed is None:
            continue
        tries[order.airing] += 1
        if not case.remade:
            yield f"{name} was ordered by a rule that there is not"
        if order.promise.due.astimezone(case.zone).date() != missed.due.astimezone(case.zone).date():
            yield f"{name} is promised for another day than {missed.airing}"
        if missed.reason in OF_PEOPLE:
            yield f"{name} makes good what people decided: {missed.reason}"
        if (order.promise.due - row.utc).total_seconds() < NOTICE_S - 1:
            yield f"{name} leaves {(order.promise.due - row.utc).total_seconds():.0f} s of notice"
    yield from (
        f"a rule tried {many} times to make {missed} good" for missed, many in tries.items() if many > MOST_BY_RULE
    )


def taken_back(case: Case) -> Iterator[str]:
    """1: a make-good that was taken back ends so, and is not heard."""
    for row in case.history.rows:
        if isinstance(row.event, MakeGoodCancelled):
            name = row.event.airing
            end, sounded_s = case.end(name), sum(sound.spoken_s for sound in case.heard[name])
            if end is not None and end.outcome is not Outcome.CANCELLED:
                yield f"{name} was taken back and ended {end.outcome}, {end.reason}"
            if sounded_s > 0:
                yield f"{name} was taken back and sounded for {sounded_s:.1f} s"


def owed_and_promised(case: Case) -> Iterator[str]:
    """1: what the box missed is promised again within the minute, where a rule says so and nothing stands in the way."""
    if not case.remade:
        return
    ordered = {row.event.airing for row in case.make_goods.values() if isinstance(row.event, MakeGoodOrdered)}
    for airing in case.ends:
        end = case.end(airing)
        assert end is not None
        if end.outcome in FAILED and end.reason not in OF_PEOPLE and airing not in ordered and _owed(case, end):
            yield f"{airing}: {end.outcome}, {end.reason}, and nobody promised to make it good"


def _owed(case: Case, end: Ended) -> bool:
    """Whether it is the machine's to make good, and there is room, and the time to see to it."""
    known_s = case.acknowledged_s(case.ends[end.airing][0])
    if known_s is None or end.episode is None or end.airing.startswith(MANUAL) or make_good_of(end.airing):
        return False
    until_s, now = known_s + LOUD_S, case.wall(known_s).astimezone(case.zone)
    status = case.status(end.episode, known_s)
    return (
        case.lived(known_s - 1, until_s)
        and not case.troubled(known_s - 1, until_s, end.market)
        and not case.off_s(known_s)
        and now.date() == end.due.astimezone(case.zone).date() == (now + timedelta(seconds=ROOM_S)).date()
        and status is not None
        and status.reason is None
        and not any(
            -ROOM_S < (other.due - now).total_seconds() < ROOM_S + NOTICE_S and other.airing != end.airing
            for other in case.promised_at(end.market)
        )
        and all(
            permitted(market, (now + timedelta(seconds=ahead_s)).time())
            for market in case.settings(end.market, known_s, until_s)
            for ahead_s in range(0, int(ROOM_S), 60)
        )
    )
