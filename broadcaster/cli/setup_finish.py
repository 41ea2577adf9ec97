"""The end of ``broadcaster setup``: what was answered, written in one go, and what comes of it."""

from collections.abc import Collection
from datetime import datetime

import click

from broadcaster.care.boot import Boot, BootNotKept
from broadcaster.care.checks import State
from broadcaster.care.doctor import look_at_start
from broadcaster.care.timekeeping import confirm
from broadcaster.cli import dialogue
from broadcaster.cli.dialogue import tell
from broadcaster.cli.service_install import set_up, start, tell_lacking
from broadcaster.cli.setup_answers import Answers, changes, volume_now
from broadcaster.cli.setup_computer import tell_commands
from broadcaster.cli.setup_speakers import percent
from broadcaster.cli.show import table
from broadcaster.cli.teller import TerminalTeller
from broadcaster.clock import Clock
from broadcaster.config import Station
from broadcaster.config.edit import set_values
from broadcaster.config.keys import FILE
from broadcaster.errors import BroadcasterError, ConfigurationError
from broadcaster.journal.events import Promise
from broadcaster.locale import gettext as _
from broadcaster.model import Market, MarketId, Plan
from broadcaster.playout.messenger import me
from broadcaster.schedule.load import load_plan


def draw(station: Station, answers: Answers) -> None:
    """What this computer serves, by which output, how loud."""
    lines = [_line(station.markets[id_], answers) for id_ in answers.markets]
    table(_("This computer"), (_("Market"), _("Loudspeaker"), _("Volume")), lines)
    click.echo()


def _line(market: Market, answers: Answers) -> tuple[str, str, str]:
    return market.name, answers.names.get(market.id, _("another day")), percent(volume_now(market, answers))


def missing(station: Station, answers: Answers) -> list[str]:
    """A sentence for each thing that she put off."""
    put_off = [station.markets[id_].name for id_ in answers.markets if id_ not in answers.outputs]
    said = [
        _("{market}: its loudspeaker was not heard yet, so an airing may stay silent there.").format(market=name)
        for name in put_off
    ]
    if not answers.clock_is_right:
        said.append(_("The date or the time is wrong, so airings come at the wrong moment. Correct it."))
    return said


def keep(station: Station, answers: Answers) -> Station:
    """Write down what she answered: all of it or none. The station as it then is."""
    return set_values(station.root, changes(station, answers), confirmed=True)


def confirm_clock(station: Station, clock: Clock) -> None:
    """Her yes to the time goes on record, as by ``broadcaster clock confirm``; where it cannot, that is said."""
    try:
        confirm(station, clock, me())
    except BroadcasterError as problem:
        tell(str(problem), "yellow")


def say_what_comes(station: Station, answers: Answers, starter: Boot, clock: Clock) -> None:
    """Have the program start by itself if she wants it, and say what was written, what is to come, what is missing."""
    dialogue.screen(_("Preparing this computer"), _("Done"))
    draw(station, answers)
    dialogue.tell_whole(_("Written: {path}").format(path=station.root / FILE))
    runs = answers.starts_by_itself is True and _starts(starter)
    click.echo()
    try:
        plan = load_plan(station)
    except ConfigurationError as error:
        tell("\n".join((*missing(station, answers), str(error))), "yellow")
    else:
        _say_next(station, answers, plan, clock.now().utc)
    if not runs:
        tell("\n" + _("The program is not running yet. To start it now: broadcaster run"), "yellow")


def _say_next(station: Station, answers: Answers, plan: Plan, now: datetime) -> None:
    lacking = missing(station, answers)
    coming = _next(plan, answers.markets, now)
    if coming is None:
        for each in lacking:
            tell(each, "yellow")
    else:
        lacking += [check.line for check in look_at_start(station, answers.markets, now).of(State.FAIL)]
    TerminalTeller(station, concerns=lacking, now=lambda: now).all_set(coming)


def _next(plan: Plan, markets: Collection[MarketId], now: datetime) -> Promise | None:
    for each in plan.airings:  # in the order in which they are due
        if each.market in markets and each.due >= now and each.cancelled is None:
            return Promise(each.id, each.market, each.due, each.episode, each.grace_s)
    return None


def _starts(starter: Boot) -> bool:
    """Write what starts it and make it count; say what was written and how to undo it. Whether the program runs now."""
    try:
        lacking = set_up(starter)
    except BootNotKept as problem:
        tell(str(problem), "yellow")
        return False
    dialogue.tell_whole(_("Written: {path}").format(path=starter.path))
    tell_lacking(lacking)
    tell(_("To undo it one day:"))
    tell_commands(starter.undo)
    return start(starter)
