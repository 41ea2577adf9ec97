"""``broadcaster rehearse``: a moment of the schedule as it would go out, aloud nowhere."""

from datetime import datetime

import click

from broadcaster.cli import playlog
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_option, wanted_markets
from broadcaster.cli.show import json_option, say, show_json
from broadcaster.cli.teller import RehearsalTeller
from broadcaster.journal.append import read
from broadcaster.journal.fold import FOR_PLAYS, plays
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Seconds
from broadcaster.playout.rehearsal import Rehearsal, Rehearsed
from broadcaster.playout.rehearsal import rehearse as perform
from broadcaster.schedule.load import load_plan

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"])


@click.command(help=N_("Play a past or future moment on private outputs, aloud nowhere."))
@click.option("--at", required=True, type=MOMENT, help=N_("Local moment at which the rehearsal begins."))
@click.option("--for", "for_s", required=True, type=click.FloatRange(1), help=N_("How long it lasts, in seconds."))
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
    lines = playlog.lines(plays(read(done.database, kinds=FOR_PLAYS)), station)
    if in_json:
        show_json({"plays": lines, "recordings": done.recordings, "folder": done.folder})
        return
    if lines:
        playlog.draw(lines, station)
    else:
        say(_("Nothing was due in that time. `broadcaster schedule preview` shows what is to come."))
    _show_recordings(done)


def _show_recordings(done: Rehearsed) -> None:
    if not done.recordings:
        return
    say(_("What each market would have heard is recorded here:"))
    for recording in done.recordings.values():
        say(f"  {recording}")
