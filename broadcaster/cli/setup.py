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
from broadcaster.care.boot import Boot
from broadcaster.cli import dialogue
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.dialogue import Back, Leave, ask, tell
from broadcaster.cli.setup_alone import take
from broadcaster.cli.setup_answers import Answers, present
from broadcaster.cli.setup_computer import start_by_itself, what_time
from broadcaster.cli.setup_finish import confirm_clock, draw, keep, missing, say_what_comes
from broadcaster.cli.setup_room import Room, Screen
from broadcaster.cli.setup_speakers import how_loud, which_markets, which_output
from broadcaster.cli.teller import TerminalTeller
from broadcaster.journal.events import Held, Resumed
from broadcaster.journal.fold import holds
from broadcaster.journal.reading import read
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Market, MarketId
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.messenger import me
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.stage import Equipment
from broadcaster.playout.tryout import TryOut
from broadcaster.playout.vlc import VlcPlayers


@click.command(help=N_("Prepare this computer for its market: it asks, you answer, nobody edits files."))
@pass_desk
def setup(desk: Desk) -> None:
    """Ask, write, and say what comes next."""
    dialogue.check_somebody_is_there()
    station = desk.station
    starter = boot.boot_here(station.root, os.environ)
    with ExitStack() as alone:
        try:
            take(alone, station, starter, desk.clock.now().utc)
            answers = walk(_room(desk, starter), present(station))
        except (Leave, KeyboardInterrupt):
            tell("\n" + _("You left; nothing was changed."))
            raise click.Abort from None
        prepared = keep(station, answers)
        if answers.clock_is_right:
            confirm_clock(prepared, desk.clock)
    say_what_comes(prepared, answers, starter, desk.clock)


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
    draw(room.station, answers)
    for lacking in missing(room.station, answers):
        tell(lacking, "yellow")
    tell(_("The program starts by itself.") if answers.starts_by_itself else _("The program does not start by itself."))
    if ask(_("Write it down?"), (dialogue.YES, dialogue.NO)) == dialogue.NO:
        raise Leave
    return answers
