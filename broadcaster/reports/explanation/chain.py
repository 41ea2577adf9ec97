"""The whole chain of one airing: plan → program → clock → market → approval → file → device → evidence. Pure."""

from collections.abc import Callable, Iterator, Sequence

from broadcaster.locale import mark as N_
from broadcaster.reports.explanation.case import Case
from broadcaster.reports.explanation.circumstances import clock, market, planned, program
from broadcaster.reports.explanation.clearance import approved, whole
from broadcaster.reports.explanation.sound import evidence, sent
from broadcaster.reports.explanation.steps import Explanation, Mark, Stage, Step

CHAIN: dict[Stage, Callable[[Case], Iterator[Step]]] = {
    Stage.PLAN: planned,
    Stage.PROGRAM: program,
    Stage.CLOCK: clock,
    Stage.MARKET: market,
    Stage.APPROVAL: approved,
    Stage.FILE: whole,
    Stage.DEVICE: sent,
    Stage.EVIDENCE: evidence,
}
NOT_REACHED = N_("It did not get this far.")
STILL_TO_COME = N_("This is still to come.")


def explain(case: Case) -> Explanation:
    """Every step, and where the chain broke. ``case.is_known`` must hold."""
    ended = case.end[1] if case.end else None
    return Explanation(
        airing=case.airing,
        market=case.market,
        due=case.due,
        episode=case.episode,
        outcome=ended.outcome if ended else None,
        reason=ended.reason if ended else None,
        steps=tuple(_steps(case)),
    )


def _steps(case: Case) -> Iterator[Step]:
    out = False
    for stage, told in CHAIN.items():
        if stage is not Stage.PLAN and out and _needless(case):
            yield Step(stage, Mark.NOT_REACHED, NOT_REACHED)
            continue
        steps = list(told(case))
        if not steps or _only_said(case, steps):
            yield from _silence(case, stage, broken=out)
        yield from steps
        out = out or any(step.mark is Mark.BROKEN for step in steps)


def _only_said(case: Case, steps: Sequence[Step]) -> bool:
    """Whether people alone say something of a sound that never began."""
    silent = case.end is not None and case.end[1].started is None
    return silent and all(step.stage is Stage.EVIDENCE and step.mark is Mark.NOTE for step in steps)


def _needless(case: Case) -> bool:
    """Whether the schedule itself took it out: nothing else was ever asked."""
    return case.breaks_at(Stage.PLAN) or bool(case.promised and case.promised[-1][1].cancelled and not case.end)


def _silence(case: Case, stage: Stage, *, broken: bool) -> Iterator[Step]:
    """A stage of which nothing is known."""
    if not case.is_over:
        yield Step(stage, Mark.TO_COME, STILL_TO_COME)
    elif broken or stage in {Stage.FILE, Stage.DEVICE, Stage.EVIDENCE}:
        yield Step(stage, Mark.NOT_REACHED, NOT_REACHED)
