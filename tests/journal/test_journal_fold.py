"""What rows come to: every airing once, promises as promised last, what is open."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.journal import fold
from broadcaster.journal.events import (
    Ended,
    Event,
    Heartbeat,
    Intent,
    PlanAccepted,
    ProcessId,
    Promise,
    Started,
    Stopped,
)
from broadcaster.journal.row import Row
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    MarketId,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)

START = datetime(2021, 6, 18, 15, tzinfo=UTC)
MARKETS = ("mercado-central", "unicachi")


def airing(slot: int) -> tuple[AiringId, MarketId, datetime]:
    """The slot-th airing: the two markets take turns, two a day."""
    due, market = START + timedelta(days=slot // 2), MARKETS[slot % 2]
    return AiringId(f"{due:%Y-%m-%d}T10:00/{market}"), MarketId(market), due


def rows(events: Iterable[Event], clock: ClockTrust = ClockTrust.SYNCED) -> list[Row]:
    """The events as rows of one node, a second apart."""
    return [
        Row("n", 1, seq, START + timedelta(seconds=seq), -18000, float(seq), "boot", clock, event, "", "")
        for seq, event in enumerate(events, start=1)
    ]


def intent(slot: int) -> Intent:
    id_, market, due = airing(slot)
    player = ProcessId(100 + slot, 5)
    return Intent(
        id_, market, EpisodeNumber(3), 1, Sha256("m"), due, Seconds(0), Seconds(20), "sink", player, witness=None
    )


def ended(slot: int, outcome: Outcome, reason: Reason, play: PlayId | None = None) -> Ended:
    id_, market, due = airing(slot)
    return Ended(id_, market, due, outcome, reason, play=play)


def accepted(slots: Iterable[int], grace_s: float = 600) -> PlanAccepted:
    promises = []
    for slot in slots:
        id_, market, due = airing(slot)
        promises.append(Promise(id_, market, due, EpisodeNumber(3), Seconds(grace_s)))
    return PlanAccepted(Sha256("p"), tuple(promises))


SLOTS = st.integers(0, 7)
PLANS = st.builds(accepted, st.frozensets(SLOTS), st.sampled_from([60.0, 600.0]))
ENDS = st.builds(ended, SLOTS, st.just(Outcome.MISSED), st.sampled_from([Reason.POWER_LOSS, Reason.SWITCHED_OFF]))
BEATS = st.builds(
    Heartbeat, st.integers(1, 20).map(lambda seq: PlayId(f"n-1-{seq}")), st.floats(0, 20), st.just(Evidence.MONITOR)
)
HISTORIES = st.lists(st.one_of(PLANS, ENDS, BEATS, st.builds(intent, SLOTS), st.just(Stopped("sigterm"))), max_size=20)


@given(HISTORIES)
def test_every_airing_that_ended_is_in_the_log_once(history: Sequence[Event]) -> None:
    """Should there be two terminal rows, the first stands: a prefix once seen is a prefix for ever."""
    log = fold.plays(rows(history))
    ends = [event for event in history if isinstance(event, Ended)]
    assert {record.airing for record in log} == {end.airing for end in ends}
    assert len(log) == len({end.airing for end in ends})
    for record in log:
        assert record.reason is next(end.reason for end in ends if end.airing == record.airing)


@given(HISTORIES)
def test_the_log_is_in_order_of_time_and_market(history: Sequence[Event]) -> None:
    keys = [(record.due, record.market) for record in fold.plays(rows(history))]
    assert keys == sorted(keys)


@given(HISTORIES)
def test_the_log_needs_no_heartbeats(history: Sequence[Event]) -> None:
    all_rows = rows(history)
    assert fold.plays(row for row in all_rows if type(row.event) in fold.FOR_PLAYS) == fold.plays(all_rows)


@given(HISTORIES)
def test_promises_are_as_they_were_promised_last(history: Sequence[Event]) -> None:
    promised = fold.promises(rows(history))
    for id_, promise in promised.items():
        versions = [
            each for plan in history if isinstance(plan, PlanAccepted) for each in plan.promises if each.airing == id_
        ]
        assert promise == versions[-1]


@given(HISTORIES)
def test_an_open_promise_is_one_without_an_end(history: Sequence[Event]) -> None:
    all_rows = rows(history)
    opened = fold.open_promises(all_rows)
    assert opened.keys() == fold.promises(all_rows).keys() - fold.terminal(all_rows).keys()


@given(HISTORIES, st.integers(0, 20))
def test_what_has_ended_stays_ended(history: Sequence[Event], upto: int) -> None:
    """The log of a prefix is part of the log of the whole."""
    all_rows = rows(history)
    earlier = {(each.airing, each.outcome, each.reason) for each in fold.plays(all_rows[:upto])}
    assert earlier <= {(each.airing, each.outcome, each.reason) for each in fold.plays(all_rows)}


@given(HISTORIES)
def test_an_open_sound_has_its_newest_heartbeat(history: Sequence[Event]) -> None:
    all_rows = rows(history)
    for found in fold.open_intents(all_rows):
        beats = [row for row in all_rows if isinstance(row.event, Heartbeat) and row.event.play == found.play]
        assert found.last == (beats[-1] if beats else None)
        assert found.intent.airing not in fold.terminal(all_rows)


def test_a_sound_that_has_ended_is_not_open() -> None:
    play = PlayId("n-1-1")
    history = [intent(0), Heartbeat(play, Seconds(9), Evidence.MONITOR)]
    [found] = fold.open_intents(rows(history))
    assert (found.play, found.boot_id, found.heartbeat) == (play, "boot", history[1])
    assert fold.open_intents(rows([*history, ended(0, Outcome.PARTIAL, Reason.PROCESS_DIED, play)])) == []


def test_trust_in_the_clock_is_that_of_the_moment_of_sound() -> None:
    """An end written after a restart does not lend the play a better clock than it had."""
    before = rows([intent(0)], ClockTrust.UNVERIFIED)
    after = rows([intent(0), ended(0, Outcome.PLAYED, Reason.ON_TIME, before[0].play)], ClockTrust.SYNCED)
    [record] = fold.plays([before[0], after[1]])
    assert record.clock is ClockTrust.UNVERIFIED


def test_a_rehearsals_plays_say_so() -> None:
    started = Started("1", 7, (), rehearsal=True)
    [record] = fold.plays(rows([started, ended(0, Outcome.MISSED, Reason.NO_EPISODE)]))
    assert record.rehearsal
    [record] = fold.plays(rows([ended(0, Outcome.MISSED, Reason.NO_EPISODE)], ClockTrust.SHIFTED))
    assert record.rehearsal
    [record] = fold.plays(rows([ended(0, Outcome.MISSED, Reason.NO_EPISODE)]))
    assert not record.rehearsal


def test_the_newest_start_and_stop_are_found() -> None:
    history = [Started("1", 7, ()), Stopped("sigterm"), Started("1", 8, ()), Stopped("sigint")]
    found = rows(history)
    assert (fold.last_started(found), fold.last_stopped(found)) == (found[2], found[3])
    assert (fold.last_started([]), fold.last_stopped([])) == (None, None)
