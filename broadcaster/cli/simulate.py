"""``broadcaster simulate``: a whole season in seconds, silent: what would play, what would not, and why."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import click

from broadcaster.cli.completion import market_ids
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_named, market_option, wanted_markets
from broadcaster.cli.show import json_option, progress, say, show_json
from broadcaster.errors import UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.model import Outcome, Plan, Seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadcaster.config import Station
    from broadcaster.reports.playlines import Line
    from broadcaster.schedule.preview import Preview

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"])


class NoSeason(UsageError):
    """The schedule has no airing of that season."""

    sentence: ClassVar[str] = N_("There is no season {name} in schedules/. There is: {names}.")


class OutsideTheSeason(UsageError):
    """Nothing is simulated at that moment."""

    sentence: ClassVar[str] = N_("{moment} lies outside what is simulated, from {first} to {last}.")


@click.command(help=N_("Go through a whole season in seconds, silent: what would play, what would not, and why."))
@click.option(
    "--season", metavar="NAME", help=N_("Only this season: the name of its file in schedules/ without .toml.")
)
@market_option
@click.option(
    "--power-cut", "cuts", multiple=True, type=MOMENT, help=N_("What if the power went out then? A local moment.")
)
@click.option(
    "--power-back",
    "minutes",
    type=click.FloatRange(min=0.1),
    default=30.0,
    show_default=True,
    metavar="MIN",
    help=N_("After how many minutes it comes back."),
)
@click.option(
    "--no-device",
    "absent",
    multiple=True,
    metavar="ID",
    shell_complete=market_ids,
    help=N_("What if this market's output were missing?"),
)
@json_option
@pass_desk
def simulate(
    desk: Desk,
    *,
    season: str | None,
    market: tuple[str, ...],
    cuts: tuple[datetime, ...],
    minutes: float,
    absent: tuple[str, ...],
    in_json: bool,
) -> None:
    """The real daemon, on simulated time and sound; the station is only read."""
    from broadcaster.playout.simulated.season import Asked  # noqa: PLC0415  the daemon is heavy
    from broadcaster.playout.simulated.season import simulate as go_through  # noqa: PLC0415
    from broadcaster.reports import playlines  # noqa: PLC0415  so is the database

    station = desk.station
    markets = wanted_markets(station, market)
    plan = _plan(station, season, markets)
    if not plan.airings:
        show_json([]) if in_json else say(_("There is no season in schedules/, so nothing will air."))
        return
    asked = Asked(
        station=station,
        plan=plan,
        markets=markets,
        power_cuts=tuple(_inside(plan, cut.replace(tzinfo=station.timezone)) for cut in cuts),
        outage_s=Seconds(60 * minutes),
        absent=tuple(market_named(station.markets, each) for each in absent),
    )
    with progress(_("Going through the season")) as bar:
        lines = playlines.lines(go_through(asked, bar), station)
    if in_json:
        show_json(lines)
    else:
        _show(lines, station)


def _plan(station: "Station", season: str | None, markets: tuple[str, ...]) -> Plan:
    """The season's, at these markets."""
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415  the calendar is heavy

    plan = load_plan(station)
    names = sorted({airing.season for airing in plan.airings})
    if season is not None and season not in names:
        raise NoSeason(name=season, names=", ".join(names))
    wanted = tuple(airing for airing in plan.airings if airing.market in markets and season in (None, airing.season))
    return Plan(wanted, same_day=plan.same_day.intersection(airing.id for airing in wanted))


def _inside(plan: Plan, moment: datetime) -> datetime:
    first, last = plan.airings[0].due - timedelta(minutes=9), plan.airings[-1].due + timedelta(hours=1)
    if not first <= moment <= last:
        raise OutsideTheSeason(moment=f"{moment:%Y-%m-%dT%H:%M}", first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}")
    return moment


def _show(lines: "Sequence[Line]", station: "Station") -> None:
    """Week by week, as the schedule's preview is shown, and what it comes to."""
    from broadcaster.cli.agenda import MADE_GOOD, show_agenda  # noqa: PLC0415  drawing is heavy

    show_agenda([_row(line) for line in lines], tuple(station.markets))
    promised = [line for line in lines if line.make_good_of is None]
    if len(promised) < len(lines):
        said = _("Would make good, the same day, what was missed: the season's own rule.")
        say(f"{MADE_GOOD} {said}")
    made_good = sum(line.made_good for line in promised)
    if made_good:
        said = ngettext(
            "{number} missed airing would be made good.", "{number} missed airings would be made good.", made_good
        )
        say(said.format(number=made_good))
    played = sum(line.outcome is Outcome.PLAYED for line in promised)
    sentence = ngettext(
        "{played} of {number} airing would play. Nothing sounded and nothing went on record.",
        "{played} of {number} airings would play. Nothing sounded and nothing went on record.",
        len(promised),
    )
    say(sentence.format(played=played, number=len(promised)))


def _row(line: "Line") -> "Preview":
    from broadcaster.reasons import sentence  # noqa: PLC0415
    from broadcaster.schedule.preview import Preview  # noqa: PLC0415

    return Preview(
        airing=line.airing,
        market=line.market,
        due=line.due,
        episode=line.episode,
        state=line.reason.value,
        reason=sentence(line.reason),
        make_good_of=line.make_good_of,
    )
