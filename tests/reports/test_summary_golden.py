"""The golden season's totals, worked out by hand from its table, are what the summary says."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from golden import (
    BOSQUE,
    CENTRAL,
    DAYS,
    HUAMANTANGA,
    JULY,
    JUNE,
    LENGTH,
    LIMA,
    MADE,
    MARKETS,
    MOVED,
    SEASON,
    TABLE,
    UNICACHI,
    Golden,
    Told,
    as_record,
    end_of,
    golden,
    name,
    on,
    ten,
)

from broadcaster.journal.events import (
    Confirmed,
    Declared,
    Event,
    Listened,
    MakeGoodOrdered,
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
    Evidence,
    HeardAs,
    Hearing,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.reports.indicators import indicators
from broadcaster.reports.merging import JournalsDisagree
from broadcaster.reports.summary import Counts, Group, Line, Period, Standing, Summary
from broadcaster.reports.summing import summarise

OF_MARKETS = {  # planned, off the calendar, played, partial, missed, cancelled, made good
    CENTRAL: (16, 4, 5, 2, 5, 4, 1),
    BOSQUE: (15, 2, 3, 4, 4, 4, 1),
    UNICACHI: (15, 2, 5, 4, 3, 3, 2),
    HUAMANTANGA: (15, 1, 5, 3, 4, 3, 2),
}
OF_WEEKS = {  # planned, to be carried out, carried out
    "2021-W23": (4, 4, 4),
    "2021-W24": (8, 8, 6),
    "2021-W25": (8, 8, 5),
    "2021-W26": (8, 8, 4),
    "2021-W27": (8, 8, 2),
    "2021-W28": (9, 7, 2),
    "2021-W29": (8, 4, 1),
    "2021-W30": (8, 5, 0),
}
OF_EPISODES = {  # carried out
    1: 4,
    2: 3,
    3: 3,
    4: 3,
    5: 2,
    6: 3,
    7: 1,
    8: 0,
    9: 2,
    10: 0,
    11: 2,
    12: 1,
    13: 0,
    14: 0,
    15: 0,
}


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    return golden(tmp_path_factory.mktemp("golden"))


def test_every_outcome_and_reason_occurs() -> None:
    words = [
        word.lstrip("~-").removeprefix("x_").split("/")[0] for line in TABLE.split("\n") for word in line.split()[1:]
    ]
    assert {Reason(word) for word in words} == set().union(*REASONS.values())


def test_the_whole_season(season: Golden) -> None:
    total = season.summary().total
    assert (total.planned, total.off_calendar, total.due) == (61, 9, 52)
    assert (total.played, total.partial, total.missed, total.cancelled) == (18, 13, 16, 14)
    assert (total.on_time, total.late, total.delay_s, total.worst_delay_s) == (15, 3, 900, 300)
    assert (total.made_good, total.fulfilled) == (6, 24)
    assert (total.awaited, total.to_come, total.contested, total.contradicted) == (0, 0, 0, 0)
    assert (total.promised_s, total.unknown_length, total.heard_s) == (48 * LENGTH, 4, 12_630)
    assert total.evidence == {
        Evidence.NONE: 0,
        Evidence.PLAYER: 7,
        Evidence.MONITOR: 16,
        Evidence.MICROPHONE: 1,
    }
    assert total.confirmed == {HeardAs.WELL: 1, HeardAs.LOW: 1, HeardAs.NO: 1}
    assert total.declared == {HeardAs.WELL: 1, HeardAs.LOW: 1, HeardAs.NO: 1}
    assert total.attested == 4


def test_each_month(season: Golden) -> None:
    june, july = season.summary(JUNE).total, season.summary(JULY).total
    assert (june.planned, june.off_calendar, june.made_good, june.fulfilled) == (24, 0, 5, 18)
    assert (june.played, june.partial, june.missed, june.cancelled) == (13, 5, 5, 1)
    assert (june.promised_s, june.heard_s) == (11_520, 8_800)
    assert (july.planned, july.off_calendar, july.made_good, july.fulfilled) == (37, 9, 1, 6)
    assert (july.played, july.partial, july.missed, july.cancelled) == (5, 8, 11, 13)
    assert (july.promised_s, july.unknown_length, july.heard_s) == (11_520, 4, 3_830)
    assert [group.counts for group in season.summary().months] == [june, july]


def test_reasons_are_counted_one_by_one(season: Golden) -> None:
    found = {(each.outcome, each.reason): each.count for each in season.summary().total.reasons}
    more = {
        (Outcome.PLAYED, Reason.ON_TIME): 15,
        (Outcome.PLAYED, Reason.LATE): 3,
        (Outcome.CANCELLED, Reason.BLACKOUT): 4,
        (Outcome.CANCELLED, Reason.HOLIDAY): 2,
    }
    assert found == {
        (outcome, reason): more.get((outcome, reason), 1) for outcome in Outcome for reason in REASONS[outcome]
    }


def test_each_market_and_district(season: Golden) -> None:
    summary = season.summary()

    def row(counts: Counts) -> tuple[int, ...]:
        outcomes = counts.played, counts.partial, counts.missed, counts.cancelled
        return counts.planned, counts.off_calendar, *outcomes, counts.made_good

    assert {group.key: row(group.counts) for group in summary.markets} == OF_MARKETS
    assert {(group.key, group.name): row(group.counts) for group in summary.districts} == {
        ("150101", "Lima"): OF_MARKETS[CENTRAL],
        ("150132", "San Juan de Lurigancho"): OF_MARKETS[BOSQUE],
        ("150142", "Villa El Salvador"): OF_MARKETS[UNICACHI],
        ("150125", "Puente Piedra"): OF_MARKETS[HUAMANTANGA],
    }
    assert {group.key: group.name for group in summary.markets} == {
        market: season.station.markets[market].name for market in MARKETS
    }


def test_each_week_and_episode(season: Golden) -> None:
    summary = season.summary()
    weeks = {each.key: (each.counts.planned, each.counts.due, each.counts.fulfilled) for each in summary.weeks}
    assert weeks == OF_WEEKS
    assert {int(group.key): group.counts.fulfilled for group in summary.episodes} == OF_EPISODES


def test_indicators_of_the_season(season: Golden) -> None:
    found = {each.code: each.value for each in indicators(season.summary().total)}
    assert found == pytest.approx(
        {
            "due": 52,
            "fulfilled": 24,
            "fulfilment": 100 * 24 / 52,
            "at_its_time": 100 * 18 / 52,
            "recovery": 100 * 6 / 29,
            "punctuality": 100 * 15 / 18,
            "mean_delay": 50,
            "promised_minutes": 384,
            "heard_minutes": 210.5,
            "minutes": 100 * 210.5 / 384,
            "proof": 100 * 17 / 24,
            "heard_in_market": 100 * 1 / 24,
            "attested": 100 * 4 / 24,
            "coverage": 100,
        }
    )


def test_nothing_to_divide_by_is_no_number() -> None:
    assert {each.code for each in indicators(Counts()) if each.value is None} == {
        *("fulfilment", "at_its_time", "recovery", "punctuality", "mean_delay", "minutes"),
        *("proof", "heard_in_market", "attested", "coverage"),
    }


def test_make_goods_are_counted_once_with_what_they_make_good(season: Golden) -> None:
    lines = {line.airing: line for line in season.summary().lines}
    made = {airing for airing, line in lines.items() if line.made_good}
    assert made == {
        *(name(on("06-25"), CENTRAL), name(on("07-09"), BOSQUE)),
        *(name(on("06-16"), UNICACHI), name(on("06-18"), UNICACHI)),
        *(name(on("06-11"), HUAMANTANGA), name(on("06-30"), HUAMANTANGA)),
    }
    twice = lines[name(on("06-25"), CENTRAL)].redress
    assert twice is not None
    assert twice.due == ten(on("06-25"), 12)  # both were played: the first stands
    failed, waiting = (lines[name(on("07-02"), market)].redress for market in (BOSQUE, CENTRAL))
    assert failed is not None
    assert failed.outcome is Outcome.PARTIAL
    assert waiting is not None
    assert waiting.outcome is None
    assert not any(airing.startswith("makegood/") for airing in lines)


def test_a_make_good_in_july_belongs_to_the_june_airing_it_is_for(season: Golden) -> None:
    july = season.summary(JULY)
    assert season.summary(JUNE).total.made_good == 5
    assert july.total.made_good == 1
    assert july.make_good_tally.played == 2  # what sounded in July: one of them for June
    assert season.summary(JUNE).make_good_tally.played + july.make_good_tally.played == 7


def test_sounds_by_hand_stand_apart(season: Golden) -> None:
    summary = season.summary()
    assert (summary.by_hand_tally.played, summary.by_hand_tally.played_s) == (1, 480)
    assert [line.market for line in summary.by_hand] == [UNICACHI]
    assert not any(line.airing.startswith("manual/") for line in summary.lines)


def test_a_rehearsal_never_counts(season: Golden) -> None:
    rehearsed = next(line for line in season.summary().lines if line.airing == name(on("06-23"), CENTRAL))
    assert (rehearsed.outcome, rehearsed.reason) == (Outcome.MISSED, Reason.NO_EPISODE)


def test_what_was_moved_is_to_be_carried_out_once(season: Golden) -> None:
    lines = {line.airing: line for line in season.summary().lines}
    old, new = lines[name(on("07-16"), CENTRAL)], lines[MOVED]
    assert (old.off_calendar, new.outcome) == (True, Outcome.PLAYED)


def test_a_missed_airing_has_the_length_of_its_episode_elsewhere(season: Golden) -> None:
    missed = [line for line in season.summary().lines if line.outcome is Outcome.MISSED]
    lengths = {line.episode: line.expected_s for line in missed}
    assert lengths[EpisodeNumber(4)] == LENGTH
    assert lengths[EpisodeNumber(15)] is None


def test_listeners_are_not_added_and_small_numbers_are_not_shown(season: Golden) -> None:
    seen = [
        (each.month, each.market, each.women, each.men, each.people, each.method) for each in season.summary().reach
    ]
    assert seen == [
        ("2021-06", CENTRAL, 40, 12, 52, Counting.HEADCOUNT),  # not 70 women: the same come twice
        ("2021-06", UNICACHI, 25, None, None, Counting.ESTIMATE),
        ("2021-07", CENTRAL, 20, 10, 30, Counting.SAMPLE),
    ]


def test_complaints_are_counts(season: Golden) -> None:
    assert season.summary().complaints == {Complaint.NOISE: 2, Complaint.CONTENT: 1, Complaint.SAFETY: 1}
    assert season.summary(JULY).complaints == {Complaint.NOISE: 0, Complaint.CONTENT: 0, Complaint.SAFETY: 1}


def test_one_market_alone(season: Golden) -> None:
    only = summarise(season.journals, season.plan, season.markets, SEASON, MADE, only={UNICACHI})
    assert [group.key for group in only.markets] == [UNICACHI]
    whole = next(group.counts for group in season.summary().markets if group.key == UNICACHI)
    assert only.total == whole


def test_a_market_whose_journal_has_not_come_is_awaited_and_neither_played_nor_missed(season: Golden) -> None:
    without = summarise(season.journals[:3], season.plan, season.markets, SEASON, MADE)
    assert without.provisional
    assert without.silent == (HUAMANTANGA,)
    awaited = next(group.counts for group in without.markets if group.key == HUAMANTANGA)
    assert (awaited.planned, awaited.awaited, awaited.played, awaited.missed) == (15, 15, 0, 0)
    coverage = next(each for each in indicators(without.total) if each.code == "coverage")
    assert (coverage.numerator, coverage.denominator) == (
        61 - 8 - 15,
        61 - 8,
    )  # its blackout is known from its journal alone


def test_a_journal_that_ends_early_leaves_the_rest_awaited(season: Golden) -> None:
    until = ten(on("07-01")).astimezone(LIMA)
    short = [[row for row in journal if row.utc < until] for journal in season.journals]
    july = summarise(short, season.plan, season.markets, JULY, MADE).total
    assert (july.planned, july.awaited) == (36, 36)
    assert summarise(short, season.plan, season.markets, JUNE, MADE).total.awaited == 0


def test_what_is_not_yet_due_is_to_come(season: Golden) -> None:
    now = ten(on("07-01"), 12)
    known = [[row for row in journal if row.utc < now] for journal in season.journals]
    july = summarise(known, season.plan, season.markets, JULY, now)
    assert (july.total.to_come, july.total.awaited, july.provisional) == (36, 0, False)


def test_minutes_promised_are_of_what_fell_due_also_where_the_length_is_known(season: Golden) -> None:
    aired = end_of("on_time", name(on("06-11"), UNICACHI), UNICACHI, ten(on("06-11")), 3)
    total = summarise([accepted("a", aired)], (), season.markets, JUNE, ten(on("06-17"))).total
    assert (total.planned, total.to_come, total.promised_s, total.unknown_length) == (2, 1, LENGTH, 0)


def test_the_day_is_the_market_s_own_however_the_record_says_the_moment(season: Golden) -> None:
    """At nine in the evening of 30 June it is July by UTC."""
    nine = ten(on("06-30"), 21)
    aired = end_of("on_time", AiringId("2021-06-30T21:00/unicachi"), UNICACHI, nine.astimezone(UTC), 3)
    june = summarise([rows_of("a", Told(nine, aired))], (), season.markets, JUNE, MADE)
    assert [(line.due, line.month) for line in june.lines] == [(nine, "2021-06")]


def test_what_the_schedule_says_of_a_time_before_the_record_is_no_promise(season: Golden) -> None:
    late = replace(season.plan[0], id=AiringId("2021-06-09T10:00/unicachi"), market=UNICACHI, due=ten(on("06-09")))
    summary = summarise(season.journals, (late, *season.plan), season.markets, SEASON, MADE)
    assert summary.unpromised == 1
    assert summary.total == season.summary().total


def test_a_holiday_needs_no_news(season: Golden) -> None:
    holiday = [replace(each, cancelled=Reason.HOLIDAY) for each in season.plan if each.due.date() == on("07-28")]
    total = summarise([], holiday, season.markets, SEASON, MADE).total
    assert (total.planned, total.cancelled, total.off_calendar, total.awaited) == (4, 4, 4, 0)


def rows_of(node: str, *told: Told) -> list[Row]:
    return [understand(as_record((node, 1, seq), each)) for seq, each in enumerate(told, start=1)]


def accepted(node: str, *ends: Event) -> list[Row]:
    """A record that promised the airing of 18 June, and then says this."""
    day = on("06-18")
    at = ten(day, 12)
    promise = Promise(name(day, UNICACHI), UNICACHI, ten(day), EpisodeNumber(3), Seconds(600.0))
    begun = Told(ten(on("06-10")), PlanAccepted(Sha256("d" * 64), (promise,)))
    return rows_of(node, begun, *(Told(at + timedelta(minutes=place), end) for place, end in enumerate(ends)))


def of_18_june(season: Golden, *journals: Iterable[Row]) -> Line:
    day = on("06-18")
    summary = summarise(journals, (), season.markets, Period(day, day), MADE)
    return summary.lines[0]


def test_of_two_computers_the_one_that_played_stands(season: Golden) -> None:
    day = on("06-18")
    played = end_of("on_time", name(day, UNICACHI), UNICACHI, ten(day), 3)
    missed = end_of("-no_audio_device", name(day, UNICACHI), UNICACHI, ten(day), 3)
    for journals in (
        (accepted("a", missed), accepted("b", played)),
        (accepted("a", played), accepted("b", missed)),
    ):
        line = of_18_june(season, *journals)
        assert (line.outcome, line.contested) == (Outcome.PLAYED, True)
    assert not of_18_june(season, accepted("a", missed), accepted("b", missed)).contested


@pytest.mark.parametrize(
    ("one", "other", "heard_s"),
    [
        ("on_time", "on_time", 480),
        ("~audio_lost/200", "~process_died/100", 200),
        ("on_time", "~audio_lost/200", 480),
    ],
)
def test_what_two_computers_put_out_is_one_airing_and_its_seconds_are_not_added(
    season: Golden, one: str, other: str, heard_s: float
) -> None:
    day = on("06-18")
    ends = [end_of(word, name(day, UNICACHI), UNICACHI, ten(day), 3) for word in (one, other)]
    for first, second in (ends, reversed(ends)):
        journals = accepted("a", first), accepted("b", second)
        total = summarise(journals, (), season.markets, Period(day, day), MADE).total
        assert (total.planned, total.fulfilled, total.heard_s) == (1, int(one == "on_time"), heard_s)
        assert (total.promised_s, total.contested) == (LENGTH, int(one != other))


def test_within_one_record_the_first_end_stands(season: Golden) -> None:
    day = on("06-18")
    missed = end_of("-power_loss", name(day, UNICACHI), UNICACHI, ten(day), 3)
    played = end_of("on_time", name(day, UNICACHI), UNICACHI, ten(day), 3)
    line = of_18_june(season, accepted("a", missed, played))
    assert (line.outcome, line.contested) == (Outcome.MISSED, False)


@pytest.mark.parametrize(("word", "heard"), [("-power_loss", "well"), ("~audio_lost/200", "well"), ("on_time", "no")])
def test_what_people_say_stands_beside_the_outcome_and_never_over_it(season: Golden, word: str, heard: str) -> None:
    """A sheet that says heard well makes nothing of what was missed, nor one that says not heard of what was played."""
    airing, said = name(on("06-18"), UNICACHI), HeardAs(heard)
    end = end_of(word, airing, UNICACHI, ten(on("06-18")), 3)
    told = Declared(airing, "K7F3-9QXM", said, "d-07"), Confirmed(airing, said, "uid:1000")
    for words in ((), told[:1], told[1:], told):
        day = on("06-18")
        total = summarise([accepted("a", end, *words)], (), season.markets, Period(day, day), MADE).total
        alone = summarise([accepted("a", end)], (), season.markets, Period(day, day), MADE).total
        assert replace(total, confirmed=alone.confirmed, declared=alone.declared) == alone
        assert sum(total.confirmed.values()) + sum(total.declared.values()) == len(words)


def test_a_promise_without_an_end_is_awaited(season: Golden) -> None:
    line = of_18_june(season, accepted("a"))
    assert (line.standing, line.outcome, line.provisional) == (Standing.AWAITED, None, True)


def test_a_make_good_that_was_taken_back_makes_nothing_good_and_is_no_promise(season: Golden) -> None:
    day = on("06-18")
    missed, again = name(day, UNICACHI), make_good_id(name(day, UNICACHI), 1)
    promise = Promise(again, UNICACHI, ten(day, 15), EpisodeNumber(3), Seconds(600.0))
    line = of_18_june(
        season,
        accepted(
            "a",
            end_of("-power_loss", missed, UNICACHI, ten(day), 3),
            MakeGoodOrdered(missed, promise, "uid:1000"),
            end_of("x_stopped_by_operator", again, UNICACHI, ten(day, 15), 3, of=missed),
        ),
    )
    assert (line.outcome, line.redress, line.made_good) == (Outcome.MISSED, None, False)


def test_a_microphone_that_did_not_hear_it_is_counted_beside_and_changes_no_outcome(season: Golden) -> None:
    day = on("06-18")
    played = end_of("on_time", name(day, UNICACHI), UNICACHI, ten(day), 3)
    assert played.play
    silent = Listened(played.airing, UNICACHI, ten(day), played.play, "mic", Hearing.SILENT, 90, 0)
    line = of_18_june(season, accepted("a", played, silent))
    assert (line.outcome, line.contradicted, line.evidence) == (Outcome.PLAYED, True, Evidence.MONITOR)
    other = replace(silent, play=PlayId("a-1-99"))
    assert not of_18_june(season, accepted("a", played, other)).contradicted


def test_a_shifted_clock_counts_for_nothing(season: Golden) -> None:
    day = on("06-18")
    played = end_of("on_time", name(day, UNICACHI), UNICACHI, ten(day), 3)
    begun = Told(ten(on("06-10")), Started("0.1.0", 1, (UNICACHI,)))
    rows = rows_of("a", begun, Told(ten(day, 11), played, ClockTrust.SHIFTED))
    assert summarise([rows], (), season.markets, SEASON, MADE).total == summarise([], (), {}, SEASON, MADE).total


def test_journals_that_contradict_each_other_row_by_row_are_refused(season: Golden) -> None:
    day = on("06-18")
    one = accepted("a", end_of("-power_loss", name(day, UNICACHI), UNICACHI, ten(day), 3))
    other = accepted("a", end_of("on_time", name(day, UNICACHI), UNICACHI, ten(day), 3))
    with pytest.raises(JournalsDisagree) as refused:
        summarise([one, other], (), season.markets, SEASON, MADE)
    assert "a-1-2" in str(refused.value)


def test_the_records_say_how_far_they_reach(season: Golden) -> None:
    records = {record.node: record for record in season.summary().records}
    assert {node: record.markets for node, record in records.items()} == {
        "central": (CENTRAL,),
        "bosque": (BOSQUE,),
        "unicachi": (UNICACHI,),
        "huamantanga": (HUAMANTANGA,),
    }
    assert records["unicachi"].newest == datetime(2021, 7, 30, 10, 1, tzinfo=LIMA)


def groups(summary: Summary) -> list[tuple[Group, ...]]:
    return [summary.markets, summary.districts, summary.episodes, summary.weeks, summary.months]


def test_every_grouping_has_all_of_it(season: Golden) -> None:
    summary = season.summary()
    for grouping in groups(summary):
        assert sum(group.counts.planned for group in grouping) == 61
        assert sum(group.counts.fulfilled for group in grouping) == 24
    assert len(DAYS) == 15
