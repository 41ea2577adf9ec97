"""What holds for every plan, whatever the rules, holidays, exceptions and zone."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from season_builders import GRACE, NORTH, SOUTH

from broadcaster.model import EpisodeNumber, HolidayPolicy, MarketId, NoteCode, Reason
from broadcaster.schedule.calendar import Calendar
from broadcaster.schedule.plan import airing_id, make_plan, plan_sha256, slots
from broadcaster.schedule.season import Action, Amendment, Rule, Season, SkippedEpisode

MARKETS = (NORTH, SOUTH, MarketId("west"))
ZONES = ("America/Lima", "America/Santiago", "Europe/Madrid", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia")

ORDERED = 900
"""Episodes that an exception orders are numbered from here, so that the series' own can be told from them."""

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))
some_markets = st.lists(st.sampled_from(MARKETS), min_size=1, max_size=3, unique=True).map(tuple)
rules = st.builds(
    Rule,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    times=st.lists(times, min_size=1, max_size=3).map(tuple),
    markets=some_markets,
)


@st.composite
def seasons(draw: st.DrawFn, *, plain: bool = False) -> Season:
    first = draw(st.dates(date(2011, 12, 1), date(2025, 12, 31)))
    last = first + timedelta(days=draw(st.integers(0, 20)))
    days = st.dates(first, last)
    of_slots = st.builds(
        Amendment,
        day=days,
        action=st.sampled_from([Action.SKIP, Action.MOVE]),
        reason=st.just("why"),
        amended=days,
        at=st.none() | times,
        markets=st.just(()) | some_markets,
        to_date=st.none() | st.dates(first - timedelta(days=3), last + timedelta(days=3)),
        to_time=st.none() | times,
    )
    orders = st.integers(ORDERED, 999).map(EpisodeNumber)
    places = st.just(()) | some_markets
    swaps = st.builds(
        Amendment, days, st.just(Action.REPLACE), st.just("why"), days, st.none() | times, places, episode=orders
    )
    extras = st.builds(Amendment, days, st.just(Action.EXTRA), st.just("why"), days, times, places, episode=orders)
    amendments = of_slots | swaps | extras
    return Season(
        name=draw(st.sampled_from(["a", "b", "c"])),
        title="",
        first=first,
        last=last,
        rules=tuple(draw(st.lists(rules, min_size=1, max_size=3))),
        first_episode=EpisodeNumber(draw(st.integers(1, 50))),
        order=() if plain else tuple(draw(st.lists(st.integers(1, 99).map(EpisodeNumber), max_size=10))),
        holidays=draw(st.sampled_from(HolidayPolicy)),
        skipped_episode=draw(st.sampled_from(SkippedEpisode)),
        exceptions=() if plain else tuple(draw(st.lists(amendments, max_size=5))),
    )


def extras_of(season: Season, market: MarketId) -> list[Amendment]:
    """The additional slots of one market."""
    return [
        one for one in season.exceptions if one.action is Action.EXTRA and market in (one.markets or season.markets)
    ]


@st.composite
def calendars(draw: st.DrawFn, season: Season) -> Calendar:
    return Calendar(dict.fromkeys(draw(st.lists(st.dates(season.first, season.last), max_size=4)), ""))


@st.composite
def cases(draw: st.DrawFn, *, plain: bool = False) -> tuple[Season, Calendar, ZoneInfo]:
    season = draw(seasons(plain=plain))
    zone = ZoneInfo("America/Lima" if plain else draw(st.sampled_from(ZONES)))
    return season, draw(calendars(season)), zone


@settings(max_examples=50)
@given(cases())
def test_every_airing_has_a_name_of_its_own_inside_the_season(case: tuple[Season, Calendar, ZoneInfo]) -> None:
    """Names are unique and say minute and market; no airing lies outside the season's dates, or in no market."""
    season, calendar, zone = case
    plan = make_plan([season], MARKETS, calendar, zone, GRACE)
    assert len({airing.id for airing in plan.airings}) == len(plan.airings)
    for airing in plan.airings:
        assert airing.id == airing_id(airing.due, airing.market)
        assert season.first <= airing.due.date() <= season.last
        assert airing.market in MARKETS
        assert airing.due == airing.due.astimezone(UTC).astimezone(zone)


@settings(max_examples=50)
@given(cases(), seasons(), st.randoms())
def test_the_order_of_files_rules_and_exceptions_changes_nothing(
    case: tuple[Season, Calendar, ZoneInfo], other: Season, random: Random
) -> None:
    """The same words in any order are the same plan, with the same hash."""
    season, calendar, zone = case
    both = [replace(season, name="a"), replace(other, name="b")]
    shuffled = [
        replace(
            one,
            rules=tuple(random.sample(one.rules, len(one.rules))),
            exceptions=tuple(random.sample(one.exceptions, len(one.exceptions))),
        )
        for one in reversed(both)
    ]
    plans = [
        make_plan(seasons_, markets, calendar, zone, GRACE)
        for seasons_, markets in ((both, MARKETS), (shuffled, tuple(reversed(MARKETS))))
    ]
    assert plans[0] == plans[1]
    assert plan_sha256(plans[0]) == plan_sha256(plans[1])


@settings(max_examples=50)
@given(cases())
def test_no_slot_is_lost_in_silence(case: tuple[Season, Calendar, ZoneInfo]) -> None:
    """Each slot of the rules or of an extra is an airing, a note, a shifted holiday, or cancelled beneath an airing."""
    season, calendar, zone = case
    plan = make_plan([season], MARKETS, calendar, zone, GRACE)
    for market in season.places:
        planned = sum(airing.market == market for airing in plan.airings)
        noted = Counter(note.code for note in plan.notes if note.market == market)
        meant = len(slots(season, market)) + len(extras_of(season, market))
        lost = meant - planned - noted[NoteCode.CLASH] - noted[NoteCode.OUTSIDE]
        silent = sum(
            calendar.is_holiday(slot.date())
            or any(
                one.action is Action.SKIP and one.speaks_of(slot.date(), slot.time(), market)
                for one in season.exceptions
            )
            for slot in slots(season, market)
        )
        assert 0 <= lost <= silent


@settings(max_examples=50)
@given(cases(plain=True))
def test_as_many_airings_as_slots(case: tuple[Season, Calendar, ZoneInfo]) -> None:
    """Without exceptions every slot is listed, but for the holidays that are shifted."""
    season, calendar, zone = case
    plan = make_plan([season], MARKETS, calendar, zone, GRACE)
    for market in season.markets:
        own = slots(season, market)
        gone = sum(calendar.is_holiday(slot.date()) for slot in own) if season.holidays is HolidayPolicy.SHIFT else 0
        assert sum(airing.market == market for airing in plan.airings) == len(own) - gone


@settings(max_examples=50)
@given(cases(plain=True))
def test_a_market_hears_the_series_in_order_and_nothing_twice(case: tuple[Season, Calendar, ZoneInfo]) -> None:
    """Episodes rise from first_episode; without loss they rise by one."""
    season, calendar, zone = case
    plan = make_plan([season], MARKETS, calendar, zone, GRACE)
    lossless = season.holidays is not HolidayPolicy.SKIP or season.skipped_episode is SkippedEpisode.NEXT_SLOT
    for market in season.markets:
        heard = [a.episode for a in plan.airings if a.market == market and a.cancelled is None]
        numbers = [episode for episode in heard if episode is not None]
        assert len(numbers) == len(heard)
        assert numbers == sorted(set(numbers))
        if lossless:
            assert numbers == list(range(season.first_episode, season.first_episode + len(numbers)))


@settings(max_examples=50)
@given(cases())
def test_only_the_calendar_cancels_a_planned_airing(case: tuple[Season, Calendar, ZoneInfo]) -> None:
    """A plan knows two reasons: a holiday under skip, and an exception."""
    season, calendar, zone = case
    plan = make_plan([season], MARKETS, calendar, zone, GRACE)
    for airing in plan.airings:
        if airing.cancelled is Reason.HOLIDAY:
            assert calendar.is_holiday(airing.due.date())
            assert season.holidays is HolidayPolicy.SKIP
        elif airing.cancelled is not None:
            assert airing.cancelled is Reason.SKIPPED
            assert any(one.action is Action.SKIP for one in season.exceptions)


@settings(max_examples=100)
@given(cases())
def test_no_episode_of_the_series_is_lost_or_doubled_unless_ordered(case: tuple[Season, Calendar, ZoneInfo]) -> None:
    """Every episode in turn is aired, cancelled with its slot, noted, or lost by order; none is there twice."""
    season, calendar, zone = case
    season = replace(season, order=())
    plan = make_plan([season], MARKETS, calendar, zone, GRACE)
    for market in season.places:
        own = [airing.episode for airing in plan.airings if airing.market == market]
        own += [note.episode for note in plan.notes if note.market == market and note.code is not NoteCode.GAP]
        series = sorted(episode for episode in own if episode is not None and episode < ORDERED)
        assert len(series) == len(set(series))
        missing = set(range(season.first_episode, max(series, default=0) + 1)) - set(series)
        may_be_lost = sum(lies_under_an_order(season, calendar, slot, market) for slot in slots(season, market))
        assert len(missing) <= may_be_lost
        if season.skipped_episode is SkippedEpisode.NEXT_SLOT:
            assert missing == set()


def lies_under_an_order(season: Season, calendar: Calendar, slot: datetime, market: MarketId) -> bool:
    """Whether a slot may lose its episode: a holiday, or an exception that takes the slot out or gives it another."""
    return calendar.is_holiday(slot.date()) or any(
        one.action in {Action.SKIP, Action.REPLACE} and one.speaks_of(slot.date(), slot.time(), market)
        for one in season.exceptions
    )


@settings(max_examples=50)
@given(cases())
def test_an_ordered_episode_airs_where_it_was_ordered_and_nowhere_else(case: tuple[Season, Calendar, ZoneInfo]) -> None:
    """Each such airing names its exception; each change speaks of an airing of the plan."""
    season, calendar, zone = case
    plan = make_plan([season], MARKETS, calendar, zone, GRACE)
    changes = {change.airing: change for change in plan.changes}
    assert set(changes) <= {airing.id for airing in plan.airings}
    for airing in plan.airings:
        change = changes.get(airing.id)
        ordered = airing.episode is not None and airing.episode >= ORDERED
        assert ordered == (change is not None and change.action in {"replace", "extra"})
        if change is not None and ordered:
            assert any(
                one.episode == airing.episode
                and (one.action, one.amended) == (change.action, change.amended)
                and one.speaks_of(change.slot.date(), change.slot.time(), airing.market)
                for one in season.exceptions
            )


@settings(max_examples=50)
@given(cases())
def test_an_extra_slot_takes_nothing_from_the_series(case: tuple[Season, Calendar, ZoneInfo]) -> None:
    """Without the extras, the others air the same episodes at the same minutes, but where an extra held the minute."""
    season, calendar, zone = case
    bare = replace(season, exceptions=tuple(one for one in season.exceptions if one.action is not Action.EXTRA))
    with_, without = (make_plan([one], MARKETS, calendar, zone, GRACE) for one in (season, bare))
    extras = {change.airing for change in with_.changes if change.action == "extra"}
    left = {airing.id: airing for airing in without.airings}
    assert {airing for airing in with_.airings if airing.id not in extras} <= set(left.values())
    assert set(left) - {airing.id for airing in with_.airings} == set()
