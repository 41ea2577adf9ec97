"""An explanation as people read it: its first sentence, its lines, and where it broke."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from broadcaster.config import Station
from broadcaster.journal.events import (
    ClockConfirmed,
    ClockHeld,
    Event,
    Held,
    MakeGoodCancelled,
    MakeGoodOrdered,
    PlayOrdered,
    Resumed,
    Started,
    StopOrdered,
    Stopped,
)
from broadcaster.journal.row import Row
from broadcaster.library.catalogue import intact
from broadcaster.library.decisions import DECISIONS
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.moments import complete, date_and_time, short_date_and_time
from broadcaster.model import AiringId, Plan
from broadcaster.reasons import sentence, word
from broadcaster.reports.explanation.case import Case
from broadcaster.reports.explanation.chain import NOT_REACHED, STILL_TO_COME
from broadcaster.reports.explanation.steps import Explanation, Mark, Stage, Step

STAGES: Mapping[Stage, str] = {
    Stage.PLAN: N_("Schedule"),
    Stage.PROGRAM: N_("Program"),
    Stage.CLOCK: N_("Clock"),
    Stage.MARKET: N_("Market"),
    Stage.APPROVAL: N_("Approvals"),
    Stage.FILE: N_("Audio"),
    Stage.DEVICE: N_("Sound output"),
    Stage.EVIDENCE: N_("Proof"),
}
"""What people call each stage."""

BESIDE: tuple[type[Event], ...] = (
    *(Started, Stopped, ClockHeld, ClockConfirmed, Held, Resumed, StopOrdered),
    *(PlayOrdered, MakeGoodOrdered, MakeGoodCancelled, *DECISIONS),
)
"""What explains an airing beside the rows about it: when the program ran, who paused what, what was decided."""


@dataclass(frozen=True)
class Told:
    """One line, in the language spoken."""

    mark: Mark
    stage: str
    """Empty where several stages are told together."""
    when: str
    said: str


def case_of(airing: AiringId, rows: Iterable[Row], plan: Plan, station: Station, now: datetime) -> Case:
    """The airing and all that is known of it; of one that is to come, whether its audio is whole.

    Of one that neither the rows nor the plan know nothing more can be asked than that. ``now``: aware.
    """
    case = Case(airing, tuple(rows), plan, station, now, {})
    if not case.is_known:
        return case
    admitted = None if case.is_over or case.episode is None else case.decisions.newest(case.episode)
    if admitted is None:
        return case
    return Case(airing, case.rows, plan, station, case.now, {admitted.episode: intact(station, admitted)})


def title(found: Explanation, station: Station) -> str:
    """Where, when, which episode, and how it ended."""
    market = station.markets.get(found.market)
    name = market.name if market else found.market
    facts = {"market": name, "when": date_and_time(found.due), "episode": found.episode or "—"}
    if found.outcome is None or found.reason is None:
        return complete(_("{market}, {when}, episode {episode}: no result is on record yet.").format(**facts))
    said = _("{market}, {when}, episode {episode}: {outcome}. {sentence}")
    return complete(said.format(**facts, outcome=word(found.outcome), sentence=sentence(found.reason)))


def lines(found: Explanation, station: Station) -> Iterator[Told]:
    """Step by step; stages that nothing is known of are told together."""
    for empty, steps in groupby(found.steps, key=lambda step: step.mark if _is_empty(step) else None):
        if empty is not None:
            stages = ", ".join(_(STAGES[step.stage]).lower() for step in steps)
            said = _("Still to come: {stages}.") if empty is Mark.TO_COME else _("It did not get as far as: {stages}.")
            yield Told(empty, "", "", said.format(stages=stages))
            continue
        for step in steps:
            when = ""
            if step.when is not None:
                when = short_date_and_time(step.when.astimezone(station.timezone), found.due)
            who = f" ({', '.join(step.who)})" if step.who else ""
            yield Told(step.mark, _(STAGES[step.stage]), when, step.sentence + who)


def where_it_broke(found: Explanation, *, is_over: bool) -> str:
    """One sentence; empty where the chain holds."""
    if found.broke_at is None:
        return ""
    said = _("It broke here: {stage}.") if is_over else _("It will break here, as things stand: {stage}.")
    return said.format(stage=_(STAGES[found.broke_at]))


def _is_empty(step: Step) -> bool:
    return step.text in {NOT_REACHED, STILL_TO_COME}
