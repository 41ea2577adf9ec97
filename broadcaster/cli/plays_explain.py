"""``broadcaster plays explain``: why did it not sound? The whole chain of one airing, and where it broke."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from broadcaster.cli.airing_named import Known, airing_named
from broadcaster.cli.checklist import BROKEN, OK, Mark, draw_checklist
from broadcaster.cli.completion import airing_words
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_named
from broadcaster.cli.show import json_option, plain, say, show_json
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.moments import complete, date_and_time, short_date_and_time
from broadcaster.model import AiringId
from broadcaster.reasons import sentence, word

if TYPE_CHECKING:
    from broadcaster.config import Station
    from broadcaster.journal.row import Row
    from broadcaster.model import Plan
    from broadcaster.reports.explanation import Case, Explanation, Step

STAGES: Mapping[str, str] = {
    "plan": N_("Schedule"),
    "program": N_("Program"),
    "clock": N_("Clock"),
    "market": N_("Market"),
    "approval": N_("Approvals"),
    "file": N_("Audio"),
    "device": N_("Sound output"),
    "evidence": N_("Proof"),
}
"""What people call each stage."""
MARKS: Mapping[str, Mark] = {
    "ok": OK,
    "broken": BROKEN,
    "note": Mark("·", "-", ""),
    "not_reached": Mark("–", "-", "dim"),
    "to_come": Mark("…", ".", "cyan"),
}
"""What stands before a step, by its mark."""


@click.command(help=N_("Why did it not sound? The whole chain of one airing, step by step, and where it broke."))
@click.argument("airing", nargs=-1, required=True, metavar=N_("AIRING"), shell_complete=airing_words)
@click.option(
    "--rehearsal", metavar=N_("NAME"), help=N_("Read a rehearsal's record instead: its folder's name, or latest.")
)
@json_option
@click.pass_context
@pass_desk
def explain(desk: Desk, ctx: click.Context, airing: tuple[str, ...], rehearsal: str | None, *, in_json: bool) -> None:
    """Explain one airing. Makes nothing and writes nothing."""
    from broadcaster.cli.playlog import database  # noqa: PLC0415  the database is heavy
    from broadcaster.journal.append import read  # noqa: PLC0415
    from broadcaster.reports.explanation import explain as explained  # noqa: PLC0415
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415  so is the calendar

    station = desk.station
    rows = read(database(station, rehearsal or ctx.meta.get("rehearsal")))
    plan, now = load_plan(station), desk.clock.now().utc
    known = _known(rows, plan, station)
    meant = airing_named(
        airing, known, now.astimezone(station.timezone), lambda said: market_named(station.markets, said)
    )
    found = explained(_case(meant, rows, plan, desk))
    if in_json:
        show_json(as_plain(found, station))
    else:
        _draw(found, station, is_over=found.outcome is not None or found.due <= now)


def _known(rows: "Iterable[Row]", plan: "Plan", station: "Station") -> dict[AiringId, Known]:
    """Whatever was ever promised, ended or planned, by its name."""
    from broadcaster.journal.fold import promises, terminal  # noqa: PLC0415  the database is heavy

    rows = list(rows)
    found = {each.id: Known(each.market, each.due) for each in plan.airings}
    found |= {id_: Known(each.market, each.due) for id_, each in terminal(rows).items()}
    found |= {id_: Known(each.market, each.due) for id_, each in promises(rows).items()}
    return {id_: Known(each.market, each.due.astimezone(station.timezone)) for id_, each in found.items()}


def _case(airing: AiringId, rows: "Iterable[Row]", plan: "Plan", desk: Desk) -> "Case":
    """The airing and all that is known of it; of one that is to come, whether its audio is whole."""
    from broadcaster.library.catalogue import intact  # noqa: PLC0415  the database is heavy
    from broadcaster.reports.explanation import Case  # noqa: PLC0415

    case = Case(airing, tuple(rows), plan, desk.station, desk.clock.now().utc, {})
    admitted = None if case.is_over or case.episode is None else case.decisions.newest(case.episode)
    if admitted is None:
        return case
    return Case(airing, case.rows, plan, desk.station, case.now, {admitted.episode: intact(desk.station, admitted)})


def as_plain(found: "Explanation", station: "Station") -> dict[str, Any]:
    """The explanation with stable field names; moments local."""
    return {
        "airing": found.airing,
        "market": found.market,
        "due": found.due,
        "episode": found.episode,
        "outcome": found.outcome,
        "reason": found.reason,
        "broke_at": found.broke_at,
        "steps": [
            {
                "stage": step.stage,
                "mark": step.mark,
                "when": step.when and step.when.astimezone(station.timezone),
                "who": step.who,
                "sentence": step.sentence,
            }
            for step in found.steps
        ],
    }


# For people


def _draw(found: "Explanation", station: "Station", *, is_over: bool) -> None:
    lines = [
        (MARKS[mark], label, when, Text(plain(said), style="" if mark == "ok" else MARKS[mark].style))
        for mark, label, when, said in _lines(found, station)
    ]
    draw_checklist(_title(found, station), lines)
    if found.broke_at is not None:
        said = _("It broke here: {stage}.") if is_over else _("It will break here, as things stand: {stage}.")
        say(said.format(stage=_(STAGES[found.broke_at])))


def _title(found: "Explanation", station: "Station") -> str:
    market = station.markets.get(found.market)
    name = market.name if market else found.market
    facts = {"market": name, "when": date_and_time(found.due), "episode": found.episode or "—"}
    if found.outcome is None or found.reason is None:
        return complete(_("{market}, {when}, episode {episode}: it has no end on record.").format(**facts))
    said = _("{market}, {when}, episode {episode}: {outcome}. {sentence}")
    return complete(said.format(**facts, outcome=word(found.outcome), sentence=sentence(found.reason)))


def _lines(found: "Explanation", station: "Station") -> Iterator[tuple[str, str, str, str]]:
    """Mark, stage, when, what; stages that nothing is known of are told together."""
    for empty, steps in groupby(found.steps, key=lambda step: step.mark if _is_empty(step) else None):
        if empty is not None:
            stages = ", ".join(_(STAGES[step.stage]).lower() for step in steps)
            said = _("Still to come: {stages}.") if empty == "to_come" else _("It did not come to: {stages}.")
            yield empty.value, "", "", said.format(stages=stages)
            continue
        for step in steps:
            when = ""
            if step.when is not None:
                when = short_date_and_time(step.when.astimezone(station.timezone), found.due)
            who = f" ({', '.join(step.who)})" if step.who else ""
            yield step.mark.value, _(STAGES[step.stage]), when, step.sentence + who


def _is_empty(step: "Step") -> bool:
    from broadcaster.reports.explanation.chain import NOT_REACHED, STILL_TO_COME  # noqa: PLC0415  heavy

    return step.text in {NOT_REACHED, STILL_TO_COME}
