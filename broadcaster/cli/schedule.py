"""``broadcaster schedule``: does the schedule make sense, what will air, and how does the office get it?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import days
from broadcaster.cli.schedule_files import export, from_option, print_, until_option
from broadcaster.cli.show import json_option, say, show_json
from broadcaster.errors import CheckFailed, ConfigurationError, Fault
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.model import EpisodeNumber, EpisodeStatus, Market, MarketId, Plan

if TYPE_CHECKING:
    from broadcaster.library.parts_decided import PartsDecided
    from broadcaster.schedule.check_airings import Announced
    from broadcaster.schedule.preview import Preview


@click.group(help=N_("Check the schedule, see what will air and what will not, print it."))
def schedule() -> None:
    """The noun."""


schedule.add_command(export)
schedule.add_command(print_)


@schedule.command(help=N_("Look for everything in the station's files that would go wrong on the air."))
@json_option
@pass_desk
def check(desk: Desk, *, in_json: bool) -> None:
    """One line a fault, with file and key; exit code 1 when there is one."""
    faults, plan = _judge(desk)
    if in_json:
        show_json(faults)
    else:
        _say_judged(desk, faults, plan)
    if faults or plan is None:
        raise CheckFailed


def _say_judged(desk: Desk, faults: Sequence[Fault], plan: Plan | None) -> None:
    for fault in faults:
        say(str(fault))
    if plan is not None:
        for sentence in (*(() if faults else (_in_order(plan),)), *_unmeasured(desk)):
            say(sentence)


def _unmeasured(desk: Desk) -> Iterator[str]:
    """What is counted in no length, for nobody has put it before an episode yet."""
    from broadcaster.library.announcements import recordings  # noqa: PLC0415  the record is heavy

    parts, known = _announced(desk)
    for market in desk.station.markets.values():
        meant = market.announcement
        if meant is not None and meant not in known and recordings(meant, parts) is not None:
            said = _(
                "What sounds before every episode at {market} is not ready yet, so its length was not counted. "
                "Make it ready, then check again: broadcaster part announcements."
            )
            yield said.format(market=market.name)


def _announced(desk: Desk) -> "tuple[PartsDecided, Announced]":
    """What is decided of the parts, and how long the announcements that are made of them last."""
    from broadcaster.journal.reading import read  # noqa: PLC0415  the record is heavy
    from broadcaster.library.announcements import lengths  # noqa: PLC0415
    from broadcaster.library.decisions import DECISIONS, decide  # noqa: PLC0415

    parts = decide(read(desk.station.database, kinds=DECISIONS)).parts
    return parts, lengths(parts)


@schedule.command(help=N_("Show what will air and what will not, and why."))
@from_option
@until_option
@json_option
@pass_desk
def preview(desk: Desk, first: datetime | None, last: datetime | None, *, in_json: bool) -> None:
    """A table by week, or a list of airings as JSON. Reads files only and creates none."""
    from broadcaster.cli.agenda import show_agenda  # noqa: PLC0415  drawing is heavy
    from broadcaster.reports.agenda import make_goods, previews  # noqa: PLC0415  so is the library
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415  and the calendar

    station = desk.station
    plan, known = load_plan(station), desk.read_rows()
    rows = previews(station, plan, known, *days(first, last), ordered=make_goods(station, known))
    if in_json:
        show_json(rows)
    elif not rows:
        say(_("Nothing is scheduled on these dates."))
    else:
        show_agenda(rows, tuple(station.markets))
        below = [*_amendments(plan, station.markets, rows), *_ordered(rows), *_flags(rows), *_gaps(plan, rows)]
        for sentence in [*below, _name(plan)]:
            say(sentence)


def _ordered(rows: "Sequence[Preview]") -> Iterator[str]:
    """What the airings shown are that no season has."""
    from broadcaster.cli.agenda import MADE_GOOD  # noqa: PLC0415  drawing is heavy

    if any(row.make_good_of is not None for row in rows):
        said = _("Ordered to make a missed airing good; `broadcaster plays` shows which.")
        yield f"{MADE_GOOD} {said}"


def _amendments(plan: Plan, markets: Mapping[MarketId, Market], rows: "Sequence[Preview]") -> Iterator[str]:
    """What was decided about the airings that the table marks."""
    from broadcaster.cli.agenda import AMENDED  # noqa: PLC0415  drawing is heavy
    from broadcaster.schedule.amendments import told  # noqa: PLC0415  words for dates are heavy

    shown = {row.airing for row in rows}
    airings = [airing for airing in plan.airings if airing.id in shown]
    for one in told(plan.changes, airings, {market.id: market.name for market in markets.values()}):
        yield f"{AMENDED} {one}"


def _flags(rows: "Sequence[Preview]") -> Iterator[str]:
    """What must still be done about episodes that will air."""
    from broadcaster.cli.agenda import FLAGGED  # noqa: PLC0415  drawing is heavy
    from broadcaster.library.words import flagged  # noqa: PLC0415  with the library

    for episode, flag in sorted({(row.episode, flag) for row in rows for flag in row.flags if row.episode}):
        yield f"{FLAGGED} {flagged(episode, flag)}"


def _name(plan: Plan) -> str:
    """What a printed page is matched with."""
    from broadcaster.schedule.plan import plan_sha256, short  # noqa: PLC0415  the calendar is heavy

    return _("Schedule {name}. A printed page that bears this name is in force.").format(name=short(plan_sha256(plan)))


def _gaps(plan: Plan, rows: "Sequence[Preview]") -> Iterator[str]:
    """What to say of the airings shown whose minute does not exist."""
    shown = {(row.market, row.due) for row in rows}
    for note in plan.notes:
        if note.slot is not None and note.due is not None and (note.market, note.due) in shown:
            problem = _("{slot} does not exist at {market}, because clocks go forward; it airs at {time}.")
            yield problem.format(slot=f"{note.slot:%Y-%m-%d %H:%M}", market=note.market, time=f"{note.due:%H:%M}")


def _judge(desk: Desk) -> tuple[Sequence[Fault], Plan | None]:
    """Every fault, those of the files' form included, and the plan where there can be one."""
    from broadcaster.schedule.check import faults  # noqa: PLC0415  heavy
    from broadcaster.schedule.load import plan_of  # noqa: PLC0415
    from broadcaster.schedule.season import read_seasons  # noqa: PLC0415

    _root = desk.root  # where there is no station at all, that is not a fault of its schedule
    try:
        seasons = read_seasons(desk.station)
        plan = plan_of(desk.station, seasons)
    except ConfigurationError as error:
        return error.faults, None
    return faults(plan, seasons, desk.station, _statuses(desk), _announced(desk)[1]), plan


def _statuses(desk: Desk) -> Mapping[EpisodeNumber, EpisodeStatus]:
    from broadcaster.library.catalogue import statuses  # noqa: PLC0415  the database is heavy

    today = desk.clock.now().utc.astimezone(desk.station.timezone).date()
    return statuses(desk.station, desk.read_rows(), today, samples_may_air=False)


def _in_order(plan: Plan) -> str:
    if not plan.airings:
        return _("There is no season in schedules/, so nothing will air.")
    number = len(plan.airings)
    sentence = ngettext(
        "The schedule is in order: {number} airing, on {first}.",
        "The schedule is in order: {number} airings, from {first} to {last}.",
        number,
    )
    return sentence.format(number=number, first=plan.airings[0].due.date(), last=plan.airings[-1].due.date())
