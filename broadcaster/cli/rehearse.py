"""``broadcaster rehearse``: a moment of the schedule as it would go out, aloud nowhere."""

import math
from datetime import datetime, timedelta

import click

from broadcaster.cli import playlog
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_option, wanted_markets
from broadcaster.cli.show import json_option, say, show_json
from broadcaster.cli.teller import RehearsalTeller
from broadcaster.journal.fold import FOR_PLAYS, plays
from broadcaster.journal.reading import read
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Seconds
from broadcaster.playout.rehearsal import Rehearsal, Rehearsed
from broadcaster.playout.rehearsal import rehearse as perform
from broadcaster.reports import playlines
from broadcaster.schedule.load import load_plan

EARLY_ENOUGH = timedelta(seconds=15)
"""A player needs some seconds before its first word."""
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"])


def _long_enough(_ctx: click.Context, _parameter: click.Parameter, seconds: float) -> float:
    if not 1 <= seconds < math.inf:
        raise click.BadParameter(_("a rehearsal lasts 1 second or more, not {seconds:g}.").format(seconds=seconds))
    return seconds


@click.command(help=N_("Play a past or future moment on private outputs, aloud nowhere."))
@click.option(
    "--at", required=True, type=MOMENT, help=N_("Local moment at which it begins, such as 2021-06-18T09:59:45.")
)
@click.option(
    "--for", "for_s", required=True, type=float, callback=_long_enough, help=N_("How long it lasts, in seconds.")
)
@market_option
@click.option("--real-output", is_flag=True, help=N_("Aloud, on the markets' own outputs."))
@json_option
@pass_desk
def rehearse(
    desk: Desk, at: datetime, for_s: float, market: tuple[str, ...], *, real_output: bool, in_json: bool
) -> None:
    """Rehearse, then show the plays and where the recordings are."""
    station = desk.station
    rehearsal = Rehearsal(
        station=station,
        plan=load_plan(station),
        markets=wanted_markets(station, market),
        at=at.replace(tzinfo=station.timezone),
        for_s=Seconds(for_s),
        real_output=real_output,
    )
    done = perform(rehearsal, RehearsalTeller(station, err=in_json))
    lines = playlines.lines(plays(read(done.database, kinds=FOR_PLAYS)), station)
    if in_json:
        show_json({"plays": lines, "recordings": done.recordings, "folder": done.folder})
        return
    if lines:
        playlog.draw(lines, station)
    elif (missed := _just_before(rehearsal)) is not None:
        text = _("The airing of {due} was due before the rehearsal was ready. Begin earlier: --at {earlier}")
        say(text.format(due=f"{missed:%H:%M}", earlier=f"{missed - EARLY_ENOUGH:%Y-%m-%dT%H:%M:%S}"))
    else:
        say(_("Nothing was due in that time. `broadcaster schedule preview` shows what is to come."))
    _show_recordings(done)


def _just_before(rehearsal: Rehearsal) -> datetime | None:
    """When the airing was due that somebody meant who begins on its very minute."""
    earliest = rehearsal.at - timedelta(minutes=1)
    wanted = (each for each in rehearsal.plan.airings if each.market in rehearsal.markets and each.cancelled is None)
    return next((each.due for each in wanted if earliest < each.due <= rehearsal.at), None)


def _show_recordings(done: Rehearsed) -> None:
    if not done.recordings:
        return
    say(_("What each market would have heard is recorded here:"))
    for recording in done.recordings.values():
        say(f"  {recording}")
