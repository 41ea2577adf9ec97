"""Who accepts the plan: at the start and whenever the clock comes to be believed, never by a clock in doubt."""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta

from broadcaster.clock import Instant
from broadcaster.clock.belief import Belief
from broadcaster.clock.keeper import Timekeeper
from broadcaster.journal.events import ClockConfirmed, PlanAccepted
from broadcaster.journal.fold import WITHOUT_HEARTBEATS
from broadcaster.journal.recovering import newest_of
from broadcaster.journal.row import Row
from broadcaster.journal.timeline import learn
from broadcaster.model import MarketId, Plan
from broadcaster.playout.doubt import in_doubt, out_of_doubt, provisional
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.record import RecordWriter
from broadcaster.playout.recovery import Absences, Recovery, recover
from broadcaster.playout.stage import Teller

log = logging.getLogger(__name__)


class Acceptance:
    """One for each run of the daemon; ``clock`` is asked why it is believed or not."""

    def __init__(self, clock: Timekeeper, record: RecordWriter, teller: Teller) -> None:
        self._clock = clock
        self._record = record
        self._teller = teller
        self._absences: Absences = ()
        self._plan: Plan | None = None
        self._in_doubt_since, self._belief = clock.judged()
        self._heeded: tuple[int, int] = (0, 0)

    def at_the_start(
        self, rows: Sequence[Row], plan: Plan, markets: Collection[MarketId], resting: Collection[MarketId]
    ) -> Recovery:
        """What the last run left open and what is promised now, as far as the clock is believed."""
        now, self._belief = self._clock.judged()
        self._in_doubt_since, self._plan = now, plan
        self._heeded = newest_of(rows)
        if self._belief.doubt is None:
            return recover(rows, plan, markets, now, resting=resting)
        recovery = in_doubt(rows, plan, markets, now, resting=resting, wrong=self._belief.doubt.wrong)
        self._absences = recovery.absences
        return recovery

    async def put_on_record(self, accepted: PlanAccepted) -> None:
        """The plan, unless the clock is in doubt."""
        if not self.in_doubt:
            await self._record.append(accepted)

    @property
    def in_doubt(self) -> bool:
        """Whether the plan waits to be accepted."""
        return self._belief.doubt is not None

    def ask(self) -> None:
        """The operator, where only she can say what time it is."""
        if self._belief.doubt is not None:
            self._teller.clock_doubted(self._clock.now().utc, certain=self._belief.doubt.wrong)

    async def hear(self) -> None:
        """Heed what somebody has confirmed in the record since the last look."""
        rows = [row for row in await self._record.rows((ClockConfirmed,)) if (row.epoch, row.seq) > self._heeded]
        if rows:
            self._heeded = max((row.epoch, row.seq) for row in rows)
            self._clock.learn(lambda known: learn(known, rows))

    async def look(self, bill: Playbill, plan: Plan) -> None:
        """Whether the clock has come to be believed, or has lost what vouched for it.

        :raises RecordUnavailable: it could not be put on record; the next look tries again.
        """
        now, belief = self._clock.judged()
        changed = belief.doubt is not self._belief.doubt
        if changed and belief.doubt is None:
            await self._take_up(bill, plan, now)
        elif belief.doubt is not None and (changed or plan is not self._plan):
            await self._doubt(bill, plan, now, belief)
        self._belief, self._plan = belief, plan
        bill.in_doubt = self.in_doubt
        if changed:
            log.info("the clock is %s", belief.doubt or belief.trust)
            self.ask()

    async def _take_up(self, bill: Playbill, plan: Plan, now: Instant) -> None:
        """Settle what went by in doubt, and accept the plan."""
        since = now.utc - timedelta(seconds=now.monotonic_s - self._in_doubt_since.monotonic_s)
        begun = {promise.airing: promise for promise in bill.begun()}
        rows = await self._record.rows_to_recover()
        begun |= {promise.airing: promise for promise in bill.begun()}  # what ended meanwhile has its row by now
        endings, accepted = out_of_doubt(
            rows,
            plan,
            bill.markets,
            now,
            resting=bill.resting,
            begun=begun,
            absences=self._absences,
            since=since,
        )
        for ending in endings:
            await self._record.append(ending)
        await self._record.append(accepted)
        bill.promise_anew(accepted.promises)
        self._absences = ()
        self._teller.settled(endings)
        self._teller.all_set(bill.coming())

    async def _doubt(self, bill: Playbill, plan: Plan, now: Instant, belief: Belief) -> None:
        """By a clock that is wrong nothing is woken; by one that may be right, what is due waits, each on record."""
        if self._belief.doubt is None:
            self._in_doubt_since = now
            bill.in_doubt = True
        if belief.doubt is not None and belief.doubt.wrong:
            bill.promise_anew(())
        else:
            rows = await self._record.rows(WITHOUT_HEARTBEATS)
            bill.promise_anew(provisional(rows, plan, bill.markets, now.utc, resting=bill.resting))
