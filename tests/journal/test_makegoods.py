"""What may be made good, under which name, and that it counts once: pure over rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import (
    Confirmed,
    Declared,
    Ended,
    Event,
    MakeGoodCancelled,
    MakeGoodOrdered,
    Promise,
    make_good_id,
    make_good_of,
)
from broadcaster.journal.fold import open_promises, plays, promises, terminal
from broadcaster.journal.makegood_refusals import (
    AlreadyMade,
    AlreadyOrdered,
    ByHand,
    NoEpisodeGiven,
    NotEnded,
    NothingOrdered,
    NotMissed,
)
from broadcaster.journal.makegoods import ATTEMPTS_BY_RULE, claim, owed, to_come
from broadcaster.journal.row import Row
from broadcaster.journal.sequel import sequels
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    HeardAs,
    MarketId,
    Outcome,
    Reason,
    Seconds,
)

LIMA = ZoneInfo("America/Lima")
TEN = datetime(2021, 6, 18, 10, tzinfo=LIMA)
MARKET = MarketId("unicachi")
MISSED = AiringId("2021-06-18T10:00/unicachi")
FIRST, SECOND = make_good_id(MISSED, 1), make_good_id(MISSED, 2)


def rows(*events: Event) -> list[Row]:
    """The events as rows of one node, a second apart."""
    start = TEN.astimezone(UTC)
    return [
        Row("n", 1, seq, start + timedelta(seconds=seq), -18000, float(seq), "b", ClockTrust.SYNCED, event, "", "")
        for seq, event in enumerate(events, start=1)
    ]


def ended(
    airing: AiringId = MISSED, outcome: Outcome = Outcome.MISSED, reason: Reason = Reason.POWER_LOSS, at: datetime = TEN
) -> Ended:
    return Ended(airing, MARKET, at, outcome, reason, EpisodeNumber(3), make_good_of=make_good_of(airing))


def played(airing: AiringId = MISSED, at: datetime = TEN) -> Ended:
    return ended(airing, Outcome.PLAYED, Reason.ON_TIME, at)


def ordered(attempt: int = 1, hour: int = 16, missed: AiringId = MISSED) -> MakeGoodOrdered:
    due = TEN.replace(hour=hour)
    promise = Promise(make_good_id(missed, attempt), MARKET, due, EpisodeNumber(3), Seconds(600))
    return MakeGoodOrdered(missed, promise, "uid:1000")


def test_a_make_good_is_named_after_what_it_makes_good() -> None:
    assert FIRST == "makegood/1/2021-06-18T10:00/unicachi"
    assert (make_good_of(FIRST), make_good_of(SECOND), make_good_of(MISSED)) == (MISSED, MISSED, None)
    assert make_good_of(AiringId("manual/2021-06-18T10:23:05/unicachi")) is None


@pytest.mark.parametrize("outcome", [(Outcome.MISSED, Reason.POWER_LOSS), (Outcome.PARTIAL, Reason.AUDIO_LOST)])
def test_what_was_missed_or_broke_off_may_be_made_good(outcome: tuple[Outcome, Reason]) -> None:
    found = claim(rows(ended(MISSED, *outcome)), MISSED, LIMA)
    assert (found.missed, found.airing, found.market, found.episode) == (MISSED, FIRST, MARKET, 3)


@pytest.mark.parametrize(
    ("history", "named", "refusal"),
    [
        ([], MISSED, NotEnded),
        ([ended(AiringId("2021-06-18T11:00/unicachi"))], MISSED, NotEnded),
        ([played()], MISSED, NotMissed),
        ([ended(MISSED, Outcome.CANCELLED, Reason.HOLIDAY)], MISSED, NotMissed),
        ([replace(ended(), episode=None)], MISSED, NoEpisodeGiven),
        ([ended(AiringId("manual/2021-06-18T10:00:05/unicachi"))], "manual/2021-06-18T10:00:05/unicachi", ByHand),
        ([ended(), ordered()], MISSED, AlreadyOrdered),
        ([ended(), ordered()], FIRST, AlreadyOrdered),
        ([ended(), ordered(), played(FIRST)], MISSED, AlreadyMade),
        ([ended(), ordered(), played(FIRST)], FIRST, AlreadyMade),
        ([ended(), ordered(), ended(FIRST), ordered(2), played(SECOND)], FIRST, AlreadyMade),
    ],
)
def test_nothing_else_is_made_good_nor_anything_twice(
    history: Sequence[Event], named: str, refusal: type[BroadcasterError]
) -> None:
    with pytest.raises(refusal):
        claim(rows(*history), AiringId(named), LIMA)


@pytest.mark.parametrize("named", [MISSED, FIRST])
def test_a_failed_make_good_is_made_good_under_the_name_of_the_airing_that_was_missed_first(named: AiringId) -> None:
    found = claim(rows(ended(), ordered(), ended(FIRST)), named, LIMA)
    assert (found.missed, found.airing) == (MISSED, SECOND)


def test_the_refusals_say_when_in_local_time() -> None:
    with pytest.raises(AlreadyOrdered) as refused:
        claim(rows(ended(), ordered()), MISSED, LIMA)
    assert refused.value.facts["time"] == "2021-06-18 16:00"


def test_a_make_good_is_a_promise_that_stands_until_its_end() -> None:
    history = [ended(), ordered()]
    assert list(open_promises(rows(*history))) == [FIRST]
    assert promises(rows(*history, ended(FIRST)))[FIRST].due == TEN.replace(hour=16)
    assert open_promises(rows(*history, ended(FIRST))) == {}


def cancelled(airing: AiringId = FIRST) -> tuple[MakeGoodCancelled, Ended]:
    return MakeGoodCancelled(airing, "uid:1000"), ended(airing, Outcome.CANCELLED, Reason.STOPPED_BY_OPERATOR)


@pytest.mark.parametrize("named", [MISSED, FIRST])
def test_what_is_to_come_may_be_taken_back_by_either_name(named: AiringId) -> None:
    assert to_come(rows(ended(), ordered()), named).airing == FIRST


@pytest.mark.parametrize(
    "history", [[], [ended()], [ended(), ordered(), ended(FIRST)], [ended(), ordered(), cancelled()[0]]]
)
def test_where_none_is_to_come_there_is_nothing_to_take_back(history: list[Event]) -> None:
    with pytest.raises(NothingOrdered):
        to_come(rows(*history), MISSED)


def test_taken_back_it_is_promised_no_longer_and_another_may_be_ordered() -> None:
    """Also between its two rows: whoever finds it then ends it at its minute, without a sound."""
    half = rows(ended(), ordered(), cancelled()[0])
    assert open_promises(half)[FIRST].cancelled is Reason.STOPPED_BY_OPERATOR
    whole = rows(ended(), ordered(), *cancelled())
    assert open_promises(whole) == {}
    assert claim(whole, MISSED, LIMA).airing == SECOND
    assert not sequels(whole)[MISSED].made_good
    assert owed(whole, RULE, TODAY, LIMA) == []


# By a season's rule

TODAY = TEN.date()
RULE = frozenset({MISSED})


def owes(*history: Event, today: date = TODAY, covered: frozenset[AiringId] = RULE) -> list[AiringId]:
    return [each.airing for each in owed(rows(*history), covered, today, LIMA)]


def test_a_rule_owes_what_failed_today_and_nobody_wanted_to_fail() -> None:
    assert owes(ended()) == [FIRST]
    assert owes(ended(MISSED, Outcome.PARTIAL, Reason.PROCESS_DIED)) == [FIRST]
    assert owes(ended(MISSED, Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR)) == []
    assert owes(ended(MISSED, Outcome.MISSED, Reason.NOT_APPROVED)) == []
    assert owes(played()) == []
    assert owes(ended(), covered=frozenset()) == []
    assert owes() == []


def test_it_lapses_with_the_local_day() -> None:
    late = ended(at=datetime(2021, 6, 18, 23, 50, tzinfo=LIMA))  # the next day in UTC
    assert owes(late) == [FIRST]
    assert owes(late, today=TODAY + timedelta(days=1)) == []


def test_it_is_owed_once_again_after_a_failure_but_not_for_ever_nor_after_somebody_said_no() -> None:
    assert owes(ended(), ordered()) == []
    assert owes(ended(), ordered(), played(FIRST)) == []
    history: list[Event] = [ended()]
    for attempt in range(1, ATTEMPTS_BY_RULE + 1):
        assert owes(*history) == [make_good_id(MISSED, attempt)]
        history += [ordered(attempt), ended(make_good_id(MISSED, attempt), Outcome.MISSED, Reason.NO_AUDIO_DEVICE)]
    assert owes(*history) == []
    stopped = ended(FIRST, Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR)
    assert owes(ended(), ordered(), stopped) == []
    held = ended(FIRST, Outcome.CANCELLED, Reason.HELD_BY_OPERATOR)
    assert owes(ended(), ordered(), held) == []


# It counts once, and nothing that comes after an end changes it

FATES = [
    (Outcome.PLAYED, Reason.ON_TIME),
    (Outcome.PARTIAL, Reason.AUDIO_LOST),
    (Outcome.MISSED, Reason.POWER_LOSS),
    (Outcome.CANCELLED, Reason.HELD_BY_OPERATOR),
]
AIRINGS = [MISSED, AiringId("2021-06-18T11:00/unicachi")]
ends = st.builds(
    lambda airing, attempt, fate: ended(make_good_id(airing, attempt) if attempt else airing, *fate),
    st.sampled_from(AIRINGS),
    st.integers(0, 2),
    st.sampled_from(FATES),
)
orders = st.builds(
    ordered,
    st.integers(1, 2),
    st.integers(11, 17),
    st.sampled_from(AIRINGS),
)
words: st.SearchStrategy[Event] = st.one_of(
    st.builds(Confirmed, st.sampled_from(AIRINGS), st.sampled_from(HeardAs), st.just("uid:1")),
    st.builds(Declared, st.sampled_from(AIRINGS), st.just("K7F3-9QXM"), st.sampled_from(HeardAs), st.just("uid:1")),
)


@given(history=st.lists(st.one_of(ends, orders, words), max_size=16))
def test_no_order_and_no_word_changes_an_outcome_and_no_airing_is_made_good_twice(history: list[Event]) -> None:
    only_ends = [event for event in history if isinstance(event, Ended)]
    whole, bare = plays(rows(*history)), plays(rows(*only_ends))
    assert [(each.airing, each.outcome, each.reason, each.evidence) for each in whole] == [
        (each.airing, each.outcome, each.reason, each.evidence) for each in bare
    ]
    for record in whole:
        assert record.sequel.made_good == any(each.outcome is Outcome.PLAYED for each in record.sequel.make_goods)
        assert {each.airing for each in record.sequel.make_goods} <= {make_good_id(record.airing, n) for n in (1, 2)}
    counted = {each.airing for each in whole if each.sequel.made_good}
    assert len(counted) <= len({each.airing for each in whole})


@given(history=st.lists(st.one_of(ends, orders), max_size=14))
def test_whatever_happened_a_claim_is_for_one_more_and_never_beside_one_that_is_to_come_or_was_played(
    history: list[Event],
) -> None:
    kept = rows(*history)
    for airing in AIRINGS:
        try:
            found = claim(kept, airing, LIMA)
        except BroadcasterError:
            continue
        made = sequels(kept).get(airing)
        states = [each.outcome for each in made.make_goods] if made else []
        assert found.missed == airing
        assert found.airing not in terminal(kept) or found.airing not in promises(kept)
        assert None not in states
        assert Outcome.PLAYED not in states


def test_the_newest_word_counts_and_all_are_kept() -> None:
    history = rows(
        ended(),
        Confirmed(MISSED, HeardAs.LOW, "uid:1"),
        Confirmed(MISSED, HeardAs.WELL, "d-07"),
        Declared(MISSED, "K7F3-9QXM", HeardAs.NO, "uid:1"),
    )
    (record,) = plays(history)
    assert record.sequel.confirmed is not None
    assert record.sequel.declared is not None
    assert (record.sequel.confirmed.said.heard, record.sequel.declared.said.heard) == (HeardAs.WELL, HeardAs.NO)
    assert (record.outcome, record.evidence.value) == (Outcome.MISSED, "none")
    assert len(history) == 4
