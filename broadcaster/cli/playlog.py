"""The play log in the terminal: which record, as a table or line by line."""

from collections.abc import Sequence
from pathlib import Path

import click

from broadcaster.cli.show import COLOURS, fitted, table
from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.library.hearings import word as there
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.locale import mark as N_
from broadcaster.reasons import proof, sentence, word
from broadcaster.reports.playlines import Line, heard_of, said_of, start_of, tie
from broadcaster.store.engine import url_of

LATEST = "latest"
ALWAYS = 8
"""Columns of the table that are there also when they are empty."""


class NoRehearsal(BadInput):
    """No rehearsal of that name left a record."""

    sentence = N_("There is no rehearsal {name} here. Make one with `broadcaster rehearse`, or name one of: {names}.")


class NoRehearsals(BadInput):
    """Nothing was ever rehearsed here."""

    sentence = N_("There is no rehearsal in {folder} yet. Make one with `broadcaster rehearse`.")


def database(station: Station, rehearsal: str | None) -> str:
    """The URL of the station's record, or of a rehearsal's.

    :raises NoRehearsal, NoRehearsals: no rehearsal of that name, or none at all, is there.
    """
    if rehearsal is None:
        return station.database
    found = _rehearsals(station)
    name = max(found, default=None) if rehearsal == LATEST else rehearsal
    if not found:
        raise NoRehearsals(folder=station.rehearsals)
    if name not in found:
        raise NoRehearsal(name=rehearsal, names=", ".join(sorted(found)))
    return url_of(found[name])


def _rehearsals(station: Station) -> dict[str, Path]:
    return {path.parent.name: path for path in station.rehearsals.glob("*/journal.db")}


def draw(shown: Sequence[Line], station: Station) -> None:
    """Print the lines as a table; what came after the ends has its columns where there is any of it."""
    columns = [_("Due"), _("Market"), _("Episode"), _("Outcome"), _("Reason"), _("Heard"), _("Start"), _("Proof")]
    columns += [_("Microphone"), _("Make-good"), _("People say")]
    rows = [_cells(line, station) for line in shown]
    kept = [at for at in range(len(columns)) if at < ALWAYS or any(str(row[at]) for row in rows)]
    table(_("Play log"), [columns[at] for at in kept], [[row[at] for at in kept] for row in rows])


def draw_line(line: Line, station: Station) -> None:
    """Print one line of the log by itself, as it comes."""
    when, market, episode, *rest = map(str, _cells(line, station))
    episode = episode and _("episode {episode}").format(episode=episode)
    said = " · ".join(text for text in (when, market, episode, *rest) if text)
    click.secho(fitted(said), fg=COLOURS[line.outcome])


def _cells(line: Line, station: Station) -> list[object]:
    from babel.dates import format_datetime  # noqa: PLC0415  only tables need it
    from rich.text import Text  # noqa: PLC0415

    market = station.markets.get(line.market)
    return [
        format_datetime(line.due, "EEE d MMM y, HH:mm", locale=language()),
        market.name if market else line.market,
        "" if line.episode is None else line.episode,
        Text(word(line.outcome), style=COLOURS[line.outcome]),
        sentence(line.reason),
        heard_of(line),
        start_of(line),
        proof(line.evidence) if line.started else "",
        there(line.listened.hearing, line.listened.talked_over) if line.listened else "",
        tie(line),
        said_of(line),
    ]
