"""Whatever the journals say: however the rows are dealt out, the summary is the same, and its parts add up to the whole."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta

import pytest
from golden import LIMA, MADE, MARKETS, Told, as_record, end_of, ten
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.journal.events import (
    MANUAL,
    Complained,
    Confirmed,
    Event,
    MakeGoodOrdered,
    Observed,
    PlanAccepted,
    Promise,
    Started,
    make_good_id,
)
from broadcaster.journal.row import Row, understand
from broadcaster.model import (
    REASONS,
    AiringId,
    ClockTrust,
    Complaint,
    Counting,
    EpisodeNumber,
    HeardAs,
    MarketId,
    Outcome,
    Seconds,
    Sha256,
)
from broadcaster.reports.indicators import indicators
from broadcaster.reports.summary import Counts, Line, Period, Summary
from broadcaster.reports.summing import summarise

DAYS = [date(2021, 6, 28) + timedelta(days=day) for day in range(8)]
WHOLE = Period(DAYS[0], DAYS[-1])
PREFIX = {Outcome.PLAYED: "", Outcome.PARTIAL: "~", Outcome.MISSED: "-", Outcome.CANCELLED: "x_"}
WORDS = sorted(
    f"{PREFIX[outcome]}{reason.value}{'/120' if outcome is Outcome.PARTIAL else ''}"
    for outcome, reasons in REASONS.items()
    for reason in reasons
)

markets = st.sampled_from(MARKETS)
airings = st.builds(lambda day, market: (day, market), st.sampled_from(DAYS), markets)


def slot(at: tuple[date, MarketId]) -> AiringId:
    return AiringId(f"{at[0]}T10:00/{at[1]}")


def promise(airing: AiringId, market: MarketId, due: datetime) -> Promise:
    return Promise(airing, market, due, EpisodeNumber(1 + due.day % 3), Seconds(600.0))


@st.composite
def events(draw: st.DrawFn) -> Event:
    """One thing that a journal may say of one of a few airings."""
    at = draw(airings)
    missed, due, market = slot(at), ten(at[0]), at[1]
    word = draw(st.sampled_from(WORDS))
    match draw(st.integers(0, 9)):
        case 0:
            some = draw(st.lists(airings, max_size=6))
            return PlanAccepted(Sha256("a" * 64), tuple(promise(slot(each), each[1], ten(each[0])) for each in some))
        case 1:
            again = make_good_id(missed, draw(st.integers(1, 2)))
            return MakeGoodOrdered(
                missed, promise(again, market, due + timedelta(days=draw(st.integers(0, 2)))), "uid:1"
            )
        case 2:
            again = make_good_id(missed, draw(st.integers(1, 2)))
            return end_of(word, again, market, due + timedelta(days=1), 1, of=missed)
        case 3:
            return Confirmed(missed, draw(st.sampled_from(HeardAs)), "uid:1")
        case 4:
            return Observed(missed, draw(st.integers(0, 30)), draw(st.integers(0, 30)), Counting.HEADCOUNT, "uid:1")
        case 5:
            return Complained(missed, draw(st.sampled_from(Complaint)), "uid:1")
        case 6:
            return end_of("on_time", AiringId(f"{MANUAL}{at[0]}T12:00:00/{market}"), market, ten(at[0], 12), 1)
        case 7:
            return Started("0.1.0", 1, (market,), rehearsal=draw(st.booleans()))
    return end_of(word, missed, market, due, 1 + at[0].day % 3)


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """The rows of up to three computers."""
    rows = []
    for node in ("a", "b", "c")[: draw(st.integers(1, 3))]:
        for seq, event in enumerate(draw(st.lists(events(), max_size=25)), start=1):
            at = ten(DAYS[0]) + timedelta(hours=draw(st.integers(0, 200)))
            clock = draw(st.sampled_from([ClockTrust.SYNCED] * 9 + [ClockTrust.SHIFTED]))
            rows.append(understand(as_record((node, 1, seq), Told(at, event, clock))))
    return rows


def of(*journals: Sequence[Row], period: Period = WHOLE) -> Summary:
    return summarise(journals, (), {}, period, MADE)


@given(histories(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_split_of_the_rows_in_any_order_and_repeated_gives_the_same(
    rows: list[Row], chance: random.Random, parts: int
) -> None:
    dealt: list[list[Row]] = [[] for _ in range(parts)]
    for row in [*rows, *chance.choices(rows, k=len(rows) // 2)] if rows else []:
        chance.choice(dealt).append(row)
    for part in dealt:
        chance.shuffle(part)
    assert of(*dealt) == of(rows)


def flat(*counts: Counts) -> dict[str, float]:
    """All that can be added, by a name of its own each, added; what is nought is left out."""
    found: Counter[str] = Counter()
    for each in counts:
        found.update({f"{one.outcome} {one.reason}": one.count for one in each.reasons})
        for field in fields(Counts):
            value = getattr(each, field.name)
            if isinstance(value, dict):
                found.update({f"{field.name} {word}": number for word, number in value.items()})
            elif field.name not in {"reasons", "worst_delay_s"}:
                found[field.name] += value
    return {name: number for name, number in found.items() if number}


@given(histories())
def test_the_sums_over_any_grouping_are_the_total(rows: list[Row]) -> None:
    summary = of(rows)
    for grouping in (summary.markets, summary.districts, summary.episodes, summary.weeks, summary.months):
        assert flat(*(group.counts for group in grouping)) == pytest.approx(flat(summary.total))
        assert max((group.counts.worst_delay_s for group in grouping), default=0.0) == summary.total.worst_delay_s


@given(histories(), st.integers(0, len(DAYS) - 2))
def test_two_neighbouring_periods_add_up_to_both_together(rows: list[Row], cut: int) -> None:
    first, second = Period(DAYS[0], DAYS[cut]), Period(DAYS[cut + 1], DAYS[-1])
    one, other, both = of(rows, period=first), of(rows, period=second), of(rows)
    assert (*one.lines, *other.lines) == both.lines
    assert flat(one.total, other.total) == pytest.approx(flat(both.total))
    assert one.make_good_tally.played + other.make_good_tally.played == both.make_good_tally.played


@given(histories())
def test_every_promise_is_counted_in_exactly_one_way(rows: list[Row]) -> None:
    total = of(rows).total
    ended = total.played + total.partial + total.missed + total.cancelled
    assert total.planned == ended + total.awaited + total.to_come
    assert sum(each.count for each in total.reasons) == ended
    assert sum(total.evidence.values()) == total.fulfilled <= total.due <= total.planned
    assert total.played == total.on_time + total.late
    assert total.made_good <= total.partial + total.missed


@given(histories())
def test_no_airing_stands_twice_and_no_make_good_is_a_promise(rows: list[Row]) -> None:
    summary = of(rows)
    names = [line.airing for line in summary.lines]
    assert len(names) == len(set(names))
    assert not any(name.startswith((MANUAL, "makegood/")) for name in names)


@given(histories())
def test_indicators_are_numbers_within_their_range(rows: list[Row]) -> None:
    for each in indicators(of(rows).total):
        assert each.value is None or each.value >= 0
        if each.unit.value == "percent" and each.code != "minutes" and each.value is not None:
            assert each.value <= 100


@given(histories(), st.integers(1, 4))
def test_no_small_number_of_people_is_told(rows: list[Row], small: int) -> None:
    told = [number for each in of(rows).reach for number in (each.women, each.men, each.people)]
    assert small not in told


@given(histories())
def test_a_rehearsal_changes_nothing(rows: list[Row]) -> None:
    """A computer that only rehearsed beside them."""
    airing = slot((DAYS[0], MARKETS[0]))
    rehearsed = [
        Told(ten(DAYS[0], 9), Started("0.1.0", 1, MARKETS, rehearsal=True)),
        Told(ten(DAYS[0], 11), end_of("on_time", airing, MARKETS[0], ten(DAYS[0]), 1)),
    ]
    beside = [understand(as_record(("d", 1, seq), told)) for seq, told in enumerate(rehearsed, start=1)]
    assert of(rows, beside) == of(rows)


def key(line: Line) -> tuple[datetime, str]:
    return line.due, line.market


@given(histories())
def test_lines_are_in_order_and_local(rows: list[Row]) -> None:
    lines = of(rows).lines
    assert list(lines) == sorted(lines, key=key)
    assert all(line.due.tzinfo is LIMA for line in lines)
