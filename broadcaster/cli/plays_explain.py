"""``broadcaster plays explain``: why did it not sound? The whole chain of one airing, and where it broke."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import click
from rich.text import Text

from broadcaster.cli.airing_meant import airing_argument, known_airings
from broadcaster.cli.airing_named import SeveralAirings, airings_named, names_of
from broadcaster.cli.checklist import BROKEN, OK, Mark, draw_checklist
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_named
from broadcaster.cli.show import json_option, plain, say, show_json
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown

if TYPE_CHECKING:
    from broadcaster.config import Station
    from broadcaster.model import AiringId
    from broadcaster.reports.explanation import Explanation

MARKS: Mapping[str, Mark] = {
    "ok": OK,
    "broken": BROKEN,
    "note": Mark("·", "-", ""),
    "not_reached": Mark("–", "-", "dim"),
    "to_come": Mark("…", ".", "cyan"),
}
"""What stands before a step, by its mark."""


class OneInJson(SeveralAirings):
    """For people both are explained; a program is given one, in the form that it knows."""

    sentence: ClassVar[str] = N_(
        "With --json one airing is explained at a time, and «{words}» was missed and made good. Say which: {airings}."
    )


@click.command(help=N_("Why did it not sound? The whole chain of one airing, step by step, and where it broke."))
@airing_argument
@click.option(
    "--rehearsal", metavar=N_("NAME"), help=N_("Read a rehearsal's record instead: its folder's name, or latest.")
)
@json_option
@click.pass_context
@pass_desk
def explain(desk: Desk, ctx: click.Context, airing: tuple[str, ...], rehearsal: str | None, *, in_json: bool) -> None:
    """Explain one airing, or one that was missed and then what made it good. Makes nothing and writes nothing."""
    from broadcaster.cli.playlog import database  # noqa: PLC0415  the database is heavy
    from broadcaster.journal.reading import read  # noqa: PLC0415
    from broadcaster.reports.explanation import explain as explained  # noqa: PLC0415
    from broadcaster.reports.explanation.told import case_of  # noqa: PLC0415
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415  so is the calendar

    station = desk.station
    rows = read(database(station, rehearsal or ctx.meta.get("rehearsal")))
    plan, now = load_plan(station), desk.clock.now().utc
    known = known_airings(rows, plan, station)
    meant = airings_named(
        airing, known, now.astimezone(station.timezone), lambda said: market_named(station.markets, said)
    )
    if len(meant) > 1 and (in_json or not _is_one_story(meant)):
        several = OneInJson if _is_one_story(meant) else SeveralAirings
        raise several(words=shown(" ".join(airing)), airings=names_of(meant))
    found = [explained(case_of(each, rows, plan, station, now)) for each in meant]
    if in_json:
        show_json(as_plain(found[0], station))
        return
    for at, each in enumerate(found):
        if at:
            say("")
        _draw(each, station, is_over=each.outcome is not None or each.due <= now)


def _is_one_story(airings: "Sequence[AiringId]") -> bool:
    """Whether all of them are one airing and what was to make it good."""
    from broadcaster.journal.events import make_good_of  # noqa: PLC0415  the database is heavy

    return len({make_good_of(each) or each for each in airings}) == 1


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
    from broadcaster.reports.explanation import told  # noqa: PLC0415  the library is heavy

    lines = [
        (MARKS[line.mark], line.stage, line.when, Text(plain(line.said), style=_style(line.mark)))
        for line in told.lines(found, station)
    ]
    draw_checklist(told.title(found, station), lines)
    if broke := told.where_it_broke(found, is_over=is_over):
        say(broke)


def _style(mark: str) -> str:
    return "" if mark == "ok" else MARKS[mark].style
