"""``broadcaster episode picture`` and the small picture of ``episode show``."""

import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from broadcaster.cli.completion import episode_numbers
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import fitted, say
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import intact, master_path
from broadcaster.library.decisions import DECISIONS, Decisions, decide
from broadcaster.library.refusals import EpisodeWithdrawn, NothingAdmitted
from broadcaster.library.shelf import read_episode
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber

if TYPE_CHECKING:
    from broadcaster.production.pictures.strip import Piece
    from broadcaster.production.pictures.waveform import Shown

NARROWEST, WIDEST = 24, 100
LONGEST_S = 1800.0
"""A longer episode is not read through for a small picture."""


@click.command(help=N_("Draw an episode's waveform and loudness, beside its master, as PNG and SVG."))
@click.argument("number", type=int, shell_complete=episode_numbers)
@pass_desk
def picture(desk: Desk, number: int) -> None:
    """Draw it anew."""
    from broadcaster.production import pictures  # noqa: PLC0415  numpy is heavy

    decisions = decide(read(desk.station.database, kinds=DECISIONS))
    shown = look(desk, number, decisions)
    if shown is None:
        raise NothingAdmitted(number=number)
    if decisions.is_withdrawn(EpisodeNumber(number)):
        raise EpisodeWithdrawn(number=number)
    _svg, png = pictures.draw(shown, master_path(desk.station, number).parent)
    say(_("The picture of episode {number} is {path}.").format(number=number, path=png))
    small(shown)


def look(desk: Desk, number: int, decisions: Decisions) -> "Shown | None":
    """What its picture shows; ``None`` when nothing was admitted or the master is not what was admitted."""
    from broadcaster.production import pictures  # noqa: PLC0415

    admitted, episode = decisions.newest(EpisodeNumber(number)), read_episode(desk.station, number)
    if admitted is None or episode is None or episode.newest is None or not intact(desk.station, admitted):
        return None
    made = replace(desk.station.mastering, lead_in_s=admitted.lead_in_s, tail_s=admitted.tail_s)
    newest = episode.newest
    return pictures.shown_of(master_path(desk.station, number), made, newest.master.measure, newest.findings)


def small_picture(desk: Desk, number: int) -> None:
    """The small picture of an episode, unless it is long, withdrawn or not there. Reads only."""
    number = EpisodeNumber(number)
    decisions = decide(read(desk.station.database, kinds=DECISIONS))
    admitted = decisions.newest(number)
    if admitted is None or admitted.duration_s > LONGEST_S or decisions.is_withdrawn(number):
        return
    shown = look(desk, number, decisions)
    if shown is not None:
        small(shown)


def small(shown: "Shown") -> None:
    """Print the small picture, as wide as the terminal; without colour where there is none."""
    from broadcaster.production.pictures.strip import strip  # noqa: PLC0415

    width = min(max(shutil.get_terminal_size().columns - 1, NARROWEST), WIDEST)
    for line in strip(shown, width):
        click.echo("".join(map(_painted, line)).rstrip())
    if sys.stdout.isatty():
        click.secho(fitted(_("Green: as it should be. Blue: softer. Purple: louder. Dots: silence.")), dim=True)


def _painted(piece: "Piece") -> str:
    from broadcaster.production.pictures.strip import PLAIN  # noqa: PLC0415

    text = piece.text
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = PLAIN.get(text, "?")
    return click.style(text, fg=piece.colour) if piece.colour else text
