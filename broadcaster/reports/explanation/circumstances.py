"""Plan, program, clock and market: whether it was promised, somebody was there, knew the time, and was allowed to. Pure."""

from collections.abc import Iterator

from broadcaster.journal.events import (
    ClockConfirmed,
    ClockHeld,
    Held,
    MakeGoodCancelled,
    MakeGoodOrdered,
    PlayOrdered,
    Promise,
    Started,
    StopOrdered,
    Stopped,
)
from broadcaster.journal.fold import holds
from broadcaster.journal.row import Row
from broadcaster.locale import mark as N_
from broadcaster.model import ClockTrust, Reason
from broadcaster.reasons import SENTENCES
from broadcaster.reports.explanation.case import Case
from broadcaster.reports.explanation.steps import Mark, Stage, Step

TRUSTS = {
    ClockTrust.SYNCED: N_("The time came from the internet."),
    ClockTrust.RTC: N_("The time was that of the computer's own clock."),
    ClockTrust.OPERATOR: N_("The operator had compared the time with her phone."),
    ClockTrust.UNVERIFIED: N_("Nothing confirmed the computer's time."),
    ClockTrust.SHIFTED: N_("It was a rehearsal, on another day's time."),
}


def planned(case: Case) -> Iterator[Step]:
    """What was promised, by whom, and what became of it in later plans."""
    for place, (row, promise) in enumerate(case.promised):
        yield _changed(row, promise) if place else _promised(row, promise)
    if not case.promised and case.end is None:
        yield _only_planned(case)
    last = case.promised[-1][1] if case.promised else case.planned
    if last is not None and last.cancelled is not None:
        yield Step(Stage.PLAN, Mark.BROKEN, SENTENCES[last.cancelled])
    elif case.breaks_at(Stage.PLAN) and case.reason is not None and case.end is not None:
        yield Step(Stage.PLAN, Mark.BROKEN, SENTENCES[case.reason], when=case.end[0].utc)


def _promised(row: Row, promise: Promise) -> Step:
    facts: dict[str, object] = {"episode": promise.episode or "—"}
    who: tuple[str, ...] = ()
    match row.event:
        case PlayOrdered(by=by):
            text, who = N_("Somebody started it by hand: episode {episode}."), (by,)
        case MakeGoodOrdered(by=by, airing=missed):
            text, who = N_("It makes {airing} good: episode {episode}."), (by,)
            facts["airing"] = missed
        case _:
            text = N_("The program promised it: episode {episode}.")
    return Step(Stage.PLAN, Mark.OK, text, facts, row.utc, who)


def _changed(row: Row, promise: Promise) -> Step:
    return Step(
        Stage.PLAN,
        Mark.NOTE,
        N_("The schedule was changed: episode {episode}."),
        {"episode": promise.episode or "—"},
        row.utc,
    )


def _only_planned(case: Case) -> Step:
    if case.due > case.now:
        text = N_("It is in the schedule; the program promises it as soon as it runs.")
        return Step(Stage.PLAN, Mark.TO_COME, text)
    text = N_("It is in the schedule, but the program never promised it: it was not running with this schedule then.")
    return Step(Stage.PLAN, Mark.BROKEN, text)


def program(case: Case) -> Iterator[Step]:
    """Whether the program was there at its minute."""
    if not case.is_over:
        return
    started = max(case.of(Started, until=case.due), key=lambda found: found[0].utc, default=None)
    stopped = max(case.of(Stopped, until=case.due), key=lambda found: found[0].utc, default=None)
    back = next((row for row, _event in case.of(Started) if row.utc > case.due), None)
    broken = case.breaks_at(Stage.PROGRAM)
    away = started is None or (stopped is not None and stopped[0].utc > started[0].utc)
    if started is not None and not away:
        yield Step(Stage.PROGRAM, Mark.OK, N_("The program had been started."), when=started[0].utc)
    elif stopped is not None:
        text = N_("The program had been stopped.")
        yield Step(Stage.PROGRAM, Mark.NOTE, text, {"cause": stopped[1].cause}, stopped[0].utc)
    absent = broken and case.reason is not Reason.RECORD_UNAVAILABLE  # where only the record was wanting, it was there
    if broken and case.reason is not None:
        yield Step(Stage.PROGRAM, Mark.BROKEN, SENTENCES[case.reason])
    if absent and case.end is not None and not case.intents:
        until = min(row.utc for row in (case.end[0], back) if row is not None)
        if signs := [row.utc for row in case.rows if row.utc < until]:
            yield Step(Stage.PROGRAM, Mark.NOTE, N_("The last sign of the program before that."), when=max(signs))
    if back is not None and (absent or away):
        yield Step(Stage.PROGRAM, Mark.NOTE, N_("The program was there again."), when=back.utc)


def clock(case: Case) -> Iterator[Step]:
    """How far the computer's time was believed."""
    for row, held in case.of(ClockHeld):
        if held.promise.airing == case.airing:
            text = N_("Nobody confirmed the time, so it waited as long as it may start late.")
            yield Step(Stage.CLOCK, Mark.NOTE, text, when=row.utc)
            yes = next((found for found in case.of(ClockConfirmed) if found[0].utc >= row.utc), None)
            if yes is not None and case.intents and yes[0].utc <= case.judged:
                yield Step(Stage.CLOCK, Mark.OK, TRUSTS[ClockTrust.OPERATOR], when=yes[0].utc, who=(yes[1].by,))
    if case.breaks_at(Stage.CLOCK) and case.reason is not None:
        yield Step(Stage.CLOCK, Mark.BROKEN, SENTENCES[case.reason])
    elif case.intents:
        row = case.intents[-1][0]
        mark = Mark.NOTE if row.clock is ClockTrust.UNVERIFIED else Mark.OK
        yield Step(Stage.CLOCK, mark, TRUSTS[row.clock], when=row.utc)


def market(case: Case) -> Iterator[Step]:
    """Whether it was allowed to sound there: hours, pauses, somebody's stop."""
    stopped, held = case.breaks_at(Stage.MARKET), _pause(case)
    place = case.station.markets.get(case.market)
    open_ = place is None or place.may_sound(case.due.time())
    if held is not None:
        mark = Mark.BROKEN if not case.is_over or case.reason is Reason.HELD_BY_OPERATOR else Mark.NOTE
        yield Step(Stage.MARKET, mark, SENTENCES[Reason.HELD_BY_OPERATOR], when=held[0].utc, who=(held[1].by,))
    elif not open_ and not case.intents and case.reason in {None, Reason.MARKET_CLOSED}:
        yield Step(Stage.MARKET, Mark.BROKEN, SENTENCES[Reason.MARKET_CLOSED])
    elif stopped and case.reason is not None:
        order = _order(case) if case.reason is Reason.STOPPED_BY_OPERATOR else None
        if order is not None:
            row, event = order
            yield Step(Stage.MARKET, Mark.BROKEN, SENTENCES[case.reason], when=row.utc, who=(event.by,))
        else:
            ended = case.end[1].ended if case.end else None
            yield Step(Stage.MARKET, Mark.BROKEN, SENTENCES[case.reason], when=ended)
    elif open_:
        yield Step(Stage.MARKET, Mark.OK, N_("The market is open at that time, and nobody paused it."))


def _pause(case: Case) -> tuple[Row, Held] | None:
    """The pause in force at its minute, as far as was known when it was judged; one that ends by itself before is none."""
    row = holds(case.before, max(case.due, case.judged)).get(case.market)
    return (row, row.event) if row is not None and isinstance(row.event, Held) else None


def _order(case: Case) -> tuple[Row, StopOrdered | Held | MakeGoodCancelled] | None:
    """Who stopped it: whoever cancelled it, else the newest order for silence there before its end."""
    for found in case.of(MakeGoodCancelled):
        if found[1].airing == case.airing:
            return found
    ended = case.end[0].utc if case.end else case.now
    orders: list[tuple[Row, StopOrdered | Held]] = [
        found for found in case.of(StopOrdered, until=ended) if case.market in found[1].markets
    ]
    orders += [found for found in case.of(Held, until=ended) if found[1].market == case.market]
    recent = [found for found in orders if (ended - found[0].utc).total_seconds() < RECENT_S]
    return max(recent, key=lambda found: found[0].utc, default=None)


RECENT_S = 60.0
"""An order that silences a play is followed by its end within seconds."""
