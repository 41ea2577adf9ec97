"""``broadcaster setup``: a computer is prepared for its market in ten minutes, and nobody edits a file.

Every screen asks one thing; the answers are collected, and written at the end in one go. Until then nothing is changed but
the record, which has every test that sounded.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import click

from broadcaster.care import boot
from broadcaster.care.boot import Boot, Way
from broadcaster.cli import dialogue
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.dialogue import Back, Leave, ask, tell
from broadcaster.cli.readiness import concerns
from broadcaster.cli.setup_answers import Answers, changes, present, volume_now
from broadcaster.cli.setup_computer import start_by_itself, tell_commands, what_time
from broadcaster.cli.setup_room import Room, Screen
from broadcaster.cli.setup_speakers import how_loud, percent, which_markets, which_output
from broadcaster.cli.show import table
from broadcaster.cli.teller import TerminalTeller
from broadcaster.clock import Clock
from broadcaster.config import Station
from broadcaster.config.edit import set_values
from broadcaster.config.keys import FILE
from broadcaster.errors import ConfigurationError, StationLocked
from broadcaster.journal.append import read
from broadcaster.journal.events import Held, Promise, Resumed
from broadcaster.journal.fold import holds
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Market, MarketId
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.lock import StationLock
from broadcaster.playout.messenger import me
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.stage import Equipment
from broadcaster.playout.tryout import TryOut
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.schedule.load import load_plan


class StillRunning(StationLocked):
    """The daemon holds the loudspeakers."""

    sentence = N_(
        "The program is running and has the loudspeakers, so nothing was changed. Stop it with Ctrl+C where it runs, "
        "or with: systemctl --user stop broadcaster. Then try again."
    )


@click.command(help=N_("Prepare this computer for its market: it asks, you answer, nobody edits files."))
@pass_desk
def setup(desk: Desk) -> None:
    """Ask, write, and say what comes next."""
    dialogue.check_somebody_is_there()
    station = desk.station
    starter = boot.boot(boot.way_here(os.environ), station.root, os.environ)
    with ExitStack() as alone:
        try:
            alone.enter_context(StationLock(station.root))
        except StationLocked as locked:
            raise StillRunning from locked
        try:
            answers = walk(_room(desk, starter), present(station))
        except (Leave, KeyboardInterrupt):
            tell("\n" + _("You left; nothing was changed."))
            raise click.Abort from None
        prepared = _keep(station, answers, starter)
    _say_what_comes(prepared, answers, starter, desk.clock)


def _room(desk: Desk, starter: Boot) -> Room:
    station, speakers = desk.station, MachineSpeakers()
    tryout = TryOut(
        desk.clock,
        Equipment(VlcPlayers(), MonitorWitnesses(), speakers),
        TerminalTeller(station),
        by=me(),
        why=_("preparing the computer"),
    )
    return Room(
        station=station,
        now=desk.clock.now,
        outputs=lambda: asyncio.run(speakers.every_output()),
        sound=tryout.sound,
        held=holds(read(station.database, kinds=(Held, Resumed))),
        boot=starter,
    )


def walk(room: Room, answers: Answers) -> Answers:
    """From the first screen to her yes on the last one.

    :raises Leave: she leaves.
    """
    position = 0
    while position < len(coming := list(screens(answers))):
        try:
            answers = coming[position](room, answers)
        except Back:
            position = max(position - 1, 0)
        else:
            position += 1
    return answers


def screens(answers: Answers) -> Iterator[Screen]:
    """Those that follow from what was answered so far: two for each market that this computer serves."""
    yield which_markets
    yield from (_at(which_output, market) for market in answers.markets)
    yield from (_at(how_loud, market) for market in answers.markets if market in answers.outputs)
    yield what_time
    yield start_by_itself
    yield is_it_right


def _at(screen: Callable[[Room, Market, Answers], Answers], market: MarketId) -> Screen:
    return lambda room, answers: screen(room, room.station.markets[market], answers)


def is_it_right(room: Room, answers: Answers) -> Answers:
    """All her answers; with her yes they are written."""
    dialogue.screen(_("Preparing this computer"), _("Is it right so?"))
    _draw(room.station, answers)
    for lacking in missing(room.station, answers):
        tell(lacking, "yellow")
    tell(_("It starts by itself.") if answers.starts_by_itself else _("It does not start by itself."))
    if ask(_("Write it down?"), (dialogue.YES, dialogue.NO)) == dialogue.NO:
        raise Leave
    return answers


def _draw(station: Station, answers: Answers) -> None:
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


def _keep(station: Station, answers: Answers, starter: Boot) -> Station:
    """Write everything down."""
    prepared = set_values(station.root, changes(station, answers), confirmed=True)
    if answers.starts_by_itself:
        boot.write(starter)
    return prepared


def _say_what_comes(station: Station, answers: Answers, starter: Boot, clock: Clock) -> None:
    dialogue.screen(_("Preparing this computer"), _("Done"))
    _draw(station, answers)
    dialogue.tell_whole(_("Written: {path}").format(path=station.root / FILE))
    runs = _started(starter) if answers.starts_by_itself else False
    click.echo()
    lacking = missing(station, answers)
    try:
        plan = load_plan(station)
    except ConfigurationError as error:
        tell(str(error), "yellow")
        return
    now = clock.now().utc
    lacking += concerns(station, plan, answers.markets, now)
    coming = min(
        (each for each in plan.airings if each.market in answers.markets and each.due >= now and not each.cancelled),
        key=lambda each: each.due,
        default=None,
    )
    promise = None if coming is None else Promise(coming.id, coming.market, coming.due, coming.episode, coming.grace_s)
    TerminalTeller(station, concerns=lacking, now=lambda: now).all_set(promise)
    if not runs:
        tell(_("It does not run yet. To start it now: broadcaster run"), "yellow")


def _started(starter: Boot) -> bool:
    """Make what was written count, and say what was written and how to undo it; whether the program runs now."""
    dialogue.tell_whole(_("Written: {path}").format(path=starter.path))
    failed = list(boot.failing(starter.enable))
    if starter.way is Way.COMPUTER and (missing_right := boot.before_anybody_logs_in()) is not None:
        failed.append(missing_right)
    if failed:
        tell(_("So that it starts with the computer, somebody with the right to it still has to type:"), "yellow")
        tell_commands([boot.as_administrator(command) for command in failed])
    tell(_("To undo it one day:"))
    tell_commands(starter.undo)
    return bool(starter.start) and not list(boot.failing([starter.start]))
