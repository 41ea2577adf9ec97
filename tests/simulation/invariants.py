"""The invariants of a market, each a pure check of what really happened against what is on record.

========  ======================  =====================================================================================
number    name                    what must hold
========  ======================  =====================================================================================
1         one end each            every airing has exactly one terminal row, with a reason that is true; nothing that was
                                  not promised sounds; what nothing hindered has played; made good is what failed, and once
2         record before sound     a durable intent precedes every sound
3         no claim above evidence claimed seconds ≤ sounded seconds + one heartbeat; ``played`` by a witness: ≥ 98 %
4         no under-claim          claimed ≥ sounded − one heartbeat, if the disk could be written; where another program holds
                                  the database, two
5         never withdrawn         nothing withdrawn starts once known, nor lasts more than 5 s after
6         only when allowed       sound lies inside the permitted window by the clock, or carries a named override
7         one voice               never two sounds on a device; at most one play of an airing that can be heard
8         what was approved       the bytes that played are those approved and on record; nothing else is opened, no socket
9         append-only             a row once acknowledged is there for ever; the chain verifies
11        no network              the same seed tells the same story: nothing outside the box has a say (a test of its own)
12        it fails loudly         what stands in the way is said within a minute; no secret leaks; no exception unmeant
========  ======================  =====================================================================================

Number 10, that stations converge, waits for stations that speak to each other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from case import LOUD_S, Case, Check, Violation, permitted
from made_good import by_rule, made_good_once, owed_and_promised, taken_back

from broadcaster.errors import ConfigurationError
from broadcaster.journal.events import (
    DAMAGED,
    DIVERGED,
    MANUAL,
    WENT_BACK,
    Ended,
    Intent,
    PlanAccepted,
    PlayOrdered,
    Promise,
    RecordIncident,
    Started,
    Stopped,
    TestOrdered,
)
from broadcaster.journal.row import Row
from broadcaster.model import REASONS, AiringId, ClockTrust, Evidence, MarketId, Outcome, Reason
from broadcaster.playout.simulated.truth import History, Life, Sound
from broadcaster.playout.soundcheck import SOUND

HEARTBEAT_S = 5.0
SLACK_S = 1.5
"""For rounding, a row's way to the disk, and a player that outlives its daemon by a fifth of a second."""
BUSY_S = 6.0
"""So much longer what sounded may wait for a database that somebody else holds, until the second copy takes it."""
AUDIBLE_S = 1.0
"""A sound shorter than this may be begun again: nobody has understood a word."""
HEARD_SHARE = 0.98
WITHDRAWN_S, KNOWN_S = 5.0, 2.0
"""A withdrawn voice falls silent within the one; once known for the other, none begins."""
PREPARED_S = 15.0
"""A sound is prepared so long before it begins; what the library says meanwhile may come too late for it."""
WINDOW_S = 2.0
"""How long a fade and the look at the clock may last past the window's end."""


def one_end_each(case: Case) -> Iterator[str]:
    """1."""
    over = max((life.ends_s for life in case.history.lives), default=0.0)
    for airing, promise in case.promised.items():
        rows = case.ends.get(airing, [])
        if len(rows) > 1:
            yield f"{airing} has {len(rows)} ends: {[_told(row) for row in rows]}"
        if not rows and case.moment_s(promise.due) + promise.grace_s < over:
            yield f"{airing} was promised and has no end"
    for airing, rows in case.ends.items():
        ended = rows[0].event
        assert isinstance(ended, Ended)
        if ended.reason not in REASONS[ended.outcome]:
            yield f"{airing}: {ended.outcome} cannot be for {ended.reason}"
        if airing not in case.promised and not _fell_due_unseen(case, rows[0]):
            yield f"{airing} has an end and was never promised"


def _fell_due_unseen(case: Case, row: Row) -> bool:
    """An edited file brought it in, and its minute went by with nobody there, or nobody sure of the time, to accept that."""
    ended = row.event
    assert isinstance(ended, Ended)
    due_s = case.moment_s(ended.due)
    there = any(life.begins_s <= due_s <= life.ends_s for life in case.history.lives)
    unsure = ended.reason is Reason.CLOCK_UNVERIFIED and "clock" in _troubles(case, ended)
    began_s = min(life.begins_s for life in case.history.lives)
    known_s = case.acknowledged_s(row)
    edited = known_s is None or any(0.0 < moment <= known_s for moment, _markets in case.history.settings)
    silent = ended.outcome in {Outcome.MISSED, Outcome.CANCELLED}
    return silent and (unsure or not there) and began_s <= due_s and edited


def nothing_unplanned(case: Case) -> Iterator[str]:
    """1: nothing sounds that was not promised, or ordered on record."""
    first: dict[AiringId, Row] = {}
    for row in case.history.rows:
        for promise in _promises_of(row):
            first.setdefault(promise.airing, row)
    for row in case.intents.values():
        assert isinstance(row.event, Intent)
        before = first.get(row.event.airing)
        if before is None or (before.epoch, before.seq) > (row.epoch, row.seq):
            yield f"{row.event.airing} sounded and was not promised before"


def _promises_of(row: Row) -> tuple[Promise, ...]:
    if isinstance(row.event, PlanAccepted):
        return row.event.promises
    promise = getattr(row.event, "promise", None)  # ordered by hand, made good, waiting for the clock
    return (promise,) if isinstance(promise, Promise) else ()


ABSENT = {"power": Reason.POWER_LOSS, "killed": Reason.PROCESS_DIED, "stopped": Reason.SWITCHED_OFF}


def true_reasons(case: Case) -> Iterator[str]:
    """1: why nobody was there is told as it was."""
    lives = case.history.lives
    for airing, rows in case.ends.items():
        ended = rows[0].event
        assert isinstance(ended, Ended)
        if ended.reason not in {*ABSENT.values(), Reason.ABSENT} or ended.outcome is not Outcome.MISSED:
            continue
        due_s = case.moment_s(ended.due)
        last = max((life for life in lives if life.begins_s <= due_s), key=lambda life: life.begins_s, default=None)
        if last is None or last.ends_s > due_s + LOUD_S or any(abs(case.off_s(t)) > 1 for t in (due_s, last.ends_s)):
            continue  # it was there for a while, or the clock spoke of another time
        known = _why_it_ended(case, last)
        if ended.reason is Reason.SWITCHED_OFF and _was_told_to_stop(case, last):
            continue  # and said so on record, before the light went
        if ended.reason is _before_it(case, last):
            continue  # it was over before it had put a row on record: nothing tells that it was
        if ended.reason is Reason.ABSENT and _in_the_dark(case, last):
            continue  # a later run may have been there then: nothing on record tells when it was
        if ended.reason in {_why_it_ended(case, life) for life in _late_for(case, rows[0])}:
            continue  # it was late only, until the run that was to play it ended too
        if known is not None and ended.reason is not known and last.ends_s < due_s:
            yield f"{airing}: missed for {ended.reason}, but the last life had ended by {last.how}"


def _why_it_ended(case: Case, life: Life) -> Reason | None:
    if life.how == "killed" and _next(case.history.lives, life) != life.boot:
        return Reason.POWER_LOSS  # the light went before anybody could start it again
    return ABSENT.get(life.how)


def _before_it(case: Case, life: Life) -> Reason | None:
    """Why the newest life before this one that is on record ended; ``None``: this one is on record itself."""
    for each in sorted(case.history.lives, key=lambda one: one.begins_s, reverse=True):
        if each.begins_s <= life.begins_s and _left_a_row(case, each):
            return None if each is life else _why_it_ended(case, each)
    return None


def _left_a_row(case: Case, life: Life) -> bool:
    rows = (row for row in case.history.rows if row.boot_id == life.boot)
    return any(life.begins_s - 0.01 <= _written_s(case, row) <= life.ends_s + 0.01 for row in rows)


def _was_told_to_stop(case: Case, life: Life) -> bool:
    rows = (row for row in case.history.rows if isinstance(row.event, Stopped) and row.boot_id == life.boot)
    return any(life.begins_s <= case.moment_s(row.utc) <= life.ends_s + 1 for row in rows)


def died_with_somebody(case: Case) -> Iterator[str]:
    """1: what is said to have died with the program was under way when a run of it ended."""
    for airing, rows in case.ends.items():
        ended, closed_s = rows[0].event, case.acknowledged_s(rows[0])
        assert isinstance(ended, Ended)
        begun = [row for row in case.intents.values() if isinstance(row.event, Intent) and row.event.airing == airing]
        died = (
            ended.reason is Reason.PROCESS_DIED and ended.outcome is Outcome.PARTIAL
        )  # missed: there was nobody at its minute
        if not (died or ended.reason is Reason.PROCESS_DIED_BEFORE_SOUND) or not begun or closed_s is None:
            continue
        since_s = min(_written_s(case, row) for row in begun) - 0.01
        if not any(since_s <= life.ends_s <= closed_s for life in case.history.lives):
            yield f"{airing}: {ended.outcome} for {ended.reason}, and the program lived all the while"


def _written_s(case: Case, row: Row) -> float:
    """When it was: by the clock that never jumps, for a row at which it was killed is acknowledged by the next life."""
    return min(life.begins_s for life in case.history.lives if life.boot == row.boot_id) + row.monotonic_s


def _late_for(case: Case, end: Row) -> Iterator[Life]:
    """The lives that would have played it late and were over before they could: begun within its grace, or it is on record."""
    ended, closed_s = end.event, case.acknowledged_s(end)
    assert isinstance(ended, Ended)
    due_s = case.moment_s(ended.due)
    after = [
        life for life in case.history.lives if due_s < life.begins_s and (closed_s is None or life.ends_s < closed_s)
    ]
    promise = case.promised.get(ended.airing)
    if promise is not None:
        yield from (life for life in after if life.begins_s <= due_s + promise.grace_s)
    for row in case.history.rows:
        known_s = case.acknowledged_s(row)
        if known_s is not None and any(promise.airing == ended.airing for promise in _promises_of(row)):
            yield from (life for life in after if life.begins_s <= known_s <= life.ends_s)


def _in_the_dark(case: Case, last: Life) -> bool:
    """Whether this life or one after it began by a clock that nobody vouched for."""
    boots = {life.boot for life in case.history.lives if life.begins_s >= last.begins_s}
    began = {
        row.boot_id
        for row in case.history.rows
        if isinstance(row.event, Started) and row.clock is ClockTrust.UNVERIFIED
    }
    return bool(boots & began)


def _next(lives: list[Life], last: Life) -> str:
    """The boot of the life that came after; a start that a broken file ended leaves nothing on record."""
    later = [life for life in lives if life.begins_s > last.begins_s and life.how != ConfigurationError.__name__]
    return later[0].boot if later else last.boot


def nothing_missed_without_a_cause(case: Case) -> Iterator[str]:
    """1: what nothing hindered has played, whole and on the minute."""
    for airing, rows in case.ends.items():
        ended = rows[0].event
        assert isinstance(ended, Ended)
        if ended.outcome is Outcome.PLAYED and ended.reason is Reason.ON_TIME:
            continue
        promise = case.promised.get(airing)
        if promise is not None and _unhindered(case, promise):
            yield f"{airing}: {ended.outcome}, {ended.reason}, though nothing stood in the way"


def _unhindered(case: Case, promise: Promise) -> bool:
    due_s = case.moment_s(promise.due)
    first, last = due_s - LOUD_S, due_s + 90.0
    status = case.status(promise.episode, due_s) if promise.episode else None
    if promise.cancelled or promise.airing.startswith(MANUAL) or status is None or status.reason is not None:
        return False
    if not case.lived(first, last) or case.troubled(first, last, promise.market) or case.off_s(due_s):
        return False
    ordered = case.make_goods.get(promise.airing)
    if ordered is not None and (case.acknowledged_s(ordered) or last) > first:  # for now, or nearly so
        return False
    if any(
        abs(case.moment_s(other.due) - due_s) < 240 and other != promise for other in case.promised_at(promise.market)
    ):
        return False
    local = promise.due.astimezone(case.zone)
    whole = (local, local + timedelta(seconds=(status.duration_s or 0.0) + 5))
    return all(
        permitted(market, moment.time()) for market in case.settings(promise.market, first, last) for moment in whole
    )


def record_before_sound(case: Case) -> Iterator[str]:
    """2."""
    for sound in case.episodes:
        row = case.intents.get(sound.pid)
        if row is None:
            yield f"a sound at {sound.market} ({sound.begins_s:.1f} s) has no intent on record"
            continue
        known_s = case.acknowledged_s(row)
        if known_s is None or known_s > sound.begins_s:
            yield f"{case.intent(sound).airing} began to sound at {sound.begins_s:.2f} s; its intent was durable at {known_s} s"
    orders = [row for row in case.history.rows if isinstance(row.event, TestOrdered)]
    for sound in case.history.sounds:
        if sound.master == str(SOUND) and not any(
            (case.acknowledged_s(row) or 1e99) <= sound.begins_s for row in orders
        ):
            yield f"a speaker's test sounded at {sound.begins_s:.1f} s without its order on record"


def no_claim_above(case: Case) -> Iterator[str]:
    """3."""
    for airing, rows in case.ends.items():
        ended = rows[0].event
        assert isinstance(ended, Ended)
        sounded_s = sum(sound.spoken_s for sound in case.heard[airing])
        if ended.played_s > sounded_s + HEARTBEAT_S + SLACK_S and not _nobody_could_know(case, ended):
            yield f"{airing} claims {ended.played_s:.1f} s of sound; {sounded_s:.1f} s sounded"
        if ended.evidence is Evidence.MONITOR and ended.played_s > sounded_s + SLACK_S:
            yield f"{airing} claims {ended.played_s:.1f} s heard on the output; {sounded_s:.1f} s sounded"
        if ended.outcome is Outcome.PLAYED and ended.evidence is Evidence.MONITOR and ended.expected_s:
            share = sounded_s / ended.expected_s
            if share < HEARD_SHARE - 0.3 / ended.expected_s:
                yield f"{airing} is played, and {100 * share:.0f} % of it sounded"


def _nobody_could_know(case: Case, ended: Ended) -> bool:
    """The player says what is not so, and the witness, which would have noticed, cannot hear: the row says whose word it is."""
    return ended.evidence is Evidence.PLAYER and {"faults", "deaf"} <= _troubles(case, ended)


def _troubles(case: Case, ended: Ended) -> set[str]:
    """What stood in the way at the market at that minute."""
    due_s = case.moment_s(ended.due)
    troubles = (one for one in case.history.troubles if one.market in {"", ended.market})
    return {one.kind for one in troubles if one.from_s <= due_s + LOUD_S and due_s <= one.until_s}


def no_under_claim(case: Case) -> Iterator[str]:
    """4."""
    for airing, rows in case.ends.items():
        ended = rows[0].event
        assert isinstance(ended, Ended)
        sounds = case.heard[airing]
        sounded_s = sum(sound.spoken_s for sound in sounds)
        if not sounds or ended.played_s >= sounded_s - HEARTBEAT_S - SLACK_S:
            continue
        from_s, until_s = min(sound.begins_s for sound in sounds), max(sound.ends_s for sound in sounds) + LOUD_S
        if case.busy(from_s, until_s) and ended.played_s >= sounded_s - HEARTBEAT_S - SLACK_S - BUSY_S:
            continue
        if ended.reason is Reason.SILENT_OUTPUT and "deaf" in _troubles(case, ended):
            continue  # it was silent once, and nobody could hear whether it sounded again: less is claimed
        if not case.unwritable(from_s, until_s):
            yield f"{airing} claims {ended.played_s:.1f} s ({ended.outcome}, {ended.reason}); {sounded_s:.1f} s sounded"


SILENCING = {Reason.WITHDRAWN, Reason.SUSPENDED}


def never_withdrawn(case: Case) -> Iterator[str]:
    """5."""
    for sound in case.episodes:
        if sound.pid not in case.intents or sound.spoken_s <= 0:
            continue
        intent = case.intent(sound)
        for from_s, until_s, reason in _forbidden(case, intent):
            began, lasted = sound.first_word_s - from_s, min(sound.last_word_s, until_s) - from_s
            if began > KNOWN_S and sound.first_word_s < until_s:
                yield f"{intent.airing} began {began:.1f} s after its episode was {reason}"
            elif lasted > WITHDRAWN_S and sound.first_word_s < until_s:
                yield f"{intent.airing} went on for {lasted:.1f} s after its episode was {reason}"


def _forbidden(case: Case, intent: Intent) -> Iterator[tuple[float, float, str]]:
    """The times in which this revision must not sound."""
    words = case.words.get(intent.episode, [])
    for place, (moment, word) in enumerate(words):
        later = words[place + 1][0] if place + 1 < len(words) else float("inf")
        if intent.revision <= word.withdrawn_through:
            yield moment, float("inf"), Reason.WITHDRAWN.value
            return
        if word.reason in SILENCING:
            yield moment, later, word.reason.value


def gates_hold(case: Case) -> Iterator[str]:
    """5: what the library keeps off the air for another reason does not begin either."""
    for sound in case.episodes:
        if sound.pid not in case.intents or sound.spoken_s <= 0:
            continue
        intent, decided_s = case.intent(sound), sound.begins_s - PREPARED_S
        word = case.status(intent.episode, decided_s)
        changed = any(decided_s < moment <= sound.first_word_s for moment, _word in case.words.get(intent.episode, ()))
        if word is not None and word.reason is not None and not changed:
            yield f"{intent.airing} sounded though its episode was {word.reason}"


def only_when_allowed(case: Case) -> Iterator[str]:
    """6."""
    ordered = {row.event.promise.airing: row.event for row in case.history.rows if isinstance(row.event, PlayOrdered)}
    for sound in case.episodes:
        if sound.pid not in case.intents or sound.spoken_s <= 0:
            continue
        intent = case.intent(sound)
        order = ordered.get(intent.airing)
        if order is None or order.override is None:
            outside_s = _outside_s(case, sound)
            if outside_s > WINDOW_S:
                yield f"{intent.airing} sounded {outside_s:.1f} s outside the permitted hours"
        if intent.airing in case.promised:
            yield from _off_its_minute(case, sound, case.promised[intent.airing], intent)


def _outside_s(case: Case, sound: Sound) -> float:
    """How many seconds of it lie outside every setting of the hours that was in force.

    By the clock, and by the clock as it was when the first word fell: set back meanwhile, it makes no hour longer.
    """
    rules = case.settings(sound.market, sound.begins_s - LOUD_S, sound.first_word_s)
    began, outside, at_s = case.wall(sound.first_word_s), 0.0, sound.first_word_s

    def allowed(moment: datetime) -> bool:
        return any(permitted(rule, moment.astimezone(case.zone).time()) for rule in rules)

    while at_s < sound.last_word_s:
        unmoved = began + timedelta(seconds=at_s - sound.first_word_s)
        outside += 0.0 if allowed(case.wall(at_s)) and allowed(unmoved) else 0.5
        at_s += 0.5
    return outside


def _off_its_minute(case: Case, sound: Sound, promise: Promise, intent: Intent) -> Iterator[str]:
    late_s = (case.wall(sound.first_word_s) - intent.due.astimezone(UTC)).total_seconds()
    if not -SLACK_S <= late_s <= promise.grace_s + SLACK_S:
        yield f"{intent.airing} began {late_s:.0f} s after its minute by the clock; its grace is {promise.grace_s:.0f} s"


def one_voice(case: Case) -> Iterator[str]:
    """7."""
    by_market: dict[MarketId, list[Sound]] = defaultdict(list)
    for sound in sorted(case.history.sounds, key=lambda one: one.begins_s):
        by_market[sound.market].append(sound)
    for market, sounds in by_market.items():
        until_s = float("-inf")
        for sound in sounds:
            if sound.begins_s < until_s - 1e-6 and sound.ends_s > sound.begins_s:
                yield f"two sounds at {market} at {sound.begins_s:.2f} s: the one before ended at {until_s:.2f} s"
            until_s = max(until_s, sound.ends_s)
    for airing, sounds in case.heard.items():
        audible = [sound for sound in sounds if sound.spoken_s > AUDIBLE_S]
        if len(audible) > 1:
            yield f"{airing} was heard {len(audible)} times: {[round(sound.spoken_s, 1) for sound in audible]} s"


def what_was_approved(case: Case) -> Iterator[str]:
    """8."""
    yield from case.history.opened
    for sound in case.episodes:
        if sound.pid not in case.intents:
            continue
        intent = case.intent(sound)
        if Path(sound.master).parent.name != f"{intent.episode:03d}":
            yield f"{intent.airing} of episode {intent.episode} opened {sound.master}"
        words = case.words.get(intent.episode, [])
        later = [moment for moment, _word in words[1:]] + [float("inf")]
        approved = {
            word.master_sha256
            for (moment, word), until_s in zip(words, later, strict=True)
            if word.reason is None and moment <= sound.begins_s and sound.begins_s - PREPARED_S <= until_s
        }
        if sound.sha256 != intent.master_sha256:
            yield f"{intent.airing} played other bytes than its intent says"
        if sound.spoken_s > 0 and sound.sha256 not in approved:
            yield f"{intent.airing} played bytes that nobody approved"


UNEXPLAINED = {WENT_BACK, DAMAGED, DIVERGED}
"""What befalls no record whose rows are synced."""


def append_only(case: Case) -> Iterator[str]:
    """9."""
    kept = {(row.epoch, row.seq): row.hash for row in case.history.rows}
    lost = [key for key, told in case.history.acknowledged.items() if kept.get(key) != told.hash]
    if lost:
        yield f"{len(lost)} acknowledged rows are gone or changed, the first {min(lost)}"
    for row in case.history.rows:
        if isinstance(row.event, RecordIncident) and row.event.what in UNEXPLAINED:
            yield f"the record had to be put right ({row.event.what}) on a disk that keeps its word"
    if not case.history.intact:
        yield "the chain does not verify"


def it_fails_loudly(case: Case) -> Iterator[str]:
    """12."""
    yield from case.history.problems
    known = {"RecordUnavailable", "ConfigurationError", "ended", "killed", "power", "stopped"}
    for how, number in Counter(life.how for life in case.history.lives).items():
        if how not in known:
            yield f"the daemon ended {number} times with {how}"
    said = defaultdict(list)
    for told in case.history.told:
        said[told.about].append(told)
    for airing, promise in case.promised.items():
        due_s = case.moment_s(promise.due)
        lived = any(life.begins_s < due_s - 10 and due_s + LOUD_S < life.ends_s for life in case.history.lives)
        steady = not any(due_s - 86400 < moment < due_s + LOUD_S for moment in case.set_at) and not case.off_s(due_s)
        if not lived or not steady or airing.startswith(MANUAL) or promise.due > case.wall(due_s + LOUD_S):
            continue
        if any((case.acknowledged_s(row) or due_s) < due_s for row in case.ends.get(airing, ())):
            continue  # taken back before its minute
        if airing in case.make_goods and (case.acknowledged_s(case.make_goods[airing]) or 0.0) > due_s:
            continue  # ordered by a clock that was behind, for a minute gone by
        words = {word.what for word in said[airing] if word.at_s <= due_s + LOUD_S}
        if not words and not case.unwritable(due_s - LOUD_S, due_s + LOUD_S):
            yield f"{airing}: a minute after its time nobody had been told anything"


CHECKS: tuple[tuple[int, Check], ...] = (
    (1, one_end_each),
    (1, nothing_unplanned),
    (1, true_reasons),
    (1, died_with_somebody),
    (1, nothing_missed_without_a_cause),
    (1, made_good_once),
    (1, by_rule),
    (1, owed_and_promised),
    (1, taken_back),
    (2, record_before_sound),
    (3, no_claim_above),
    (4, no_under_claim),
    (5, never_withdrawn),
    (5, gates_hold),
    (6, only_when_allowed),
    (7, one_voice),
    (8, what_was_approved),
    (9, append_only),
    (12, it_fails_loudly),
)


def violations(history: History, begins: datetime, *, remade: bool = False) -> Iterator[Violation]:
    """All that does not hold; ``begins``: the world's second 0; ``remade``: a rule makes good what was missed."""
    case = Case(history, begins, remade)
    for number, check in CHECKS:
        for said in check(case):
            yield Violation(number, said)


def _told(row: Row) -> str:
    assert isinstance(row.event, Ended)
    return f"{row.event.outcome}: {row.event.reason}"
