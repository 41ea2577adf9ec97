"""What the shell offers when a person presses Tab: click's own way, with the station's own words.

Cheap and silent: it reads one file or one folder's names, loads nothing heavy, and offers nothing where it cannot.
"""

import os
import re
import sqlite3
import tomllib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import click
from click.shell_completion import CompletionItem, shell_complete

from broadcaster.cli.language import CONFIG, station_folder

VARIABLE = "_BROADCASTER_COMPLETE"
"""Where the shell says what it wants: ``bash_source``, ``bash_complete``, and the same for ``zsh`` and ``fish``."""
EPISODE = re.compile(r"[0-9]{3}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAYS_OFFERED = 10
LATELY = "SELECT airing FROM journal WHERE kind = 'ended' ORDER BY epoch DESC, seq DESC LIMIT 200"


def answer(program: click.Command, instruction: str) -> int:
    """Print what the shell asked for; the exit code. Whatever goes wrong, a person who types must not be disturbed by it."""
    try:
        return shell_complete(program, {}, "broadcaster", VARIABLE, instruction)
    except Exception:
        return 1


def market_ids(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of the station's markets, each with its name."""
    folder = _station(ctx)
    if folder is None:
        return []
    try:
        markets = tomllib.loads((folder / CONFIG).read_text(encoding="utf-8-sig")).get("markets")
    except (OSError, ValueError):
        return []
    entries = markets.items() if isinstance(markets, dict) else ()
    named = ((id_, market.get("name") if isinstance(market, dict) else None) for id_, market in entries)
    return _beginning(incomplete, named)


def episode_numbers(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The numbers of the station's episodes."""
    folder = _station(ctx)
    try:
        names = sorted(each.name for each in (folder / "episodes").iterdir()) if folder is not None else []
    except OSError:
        return []
    return _beginning(incomplete, ((str(int(name)), None) for name in names if EPISODE.fullmatch(name)))


def airing_words(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The days on which something aired lately, then the markets: together they name an airing."""
    before = ctx.params.get("airing") or ()
    if any(DAY.fullmatch(str(word)) for word in before):
        return market_ids(ctx, _parameter, incomplete)
    return _beginning(incomplete, ((day, None) for day in _days_on_record(_station(ctx))))


def _days_on_record(folder: Path | None) -> list[str]:
    """The newest first. The record is only read, and not waited for."""
    database = folder / "data" / "broadcaster.db" if folder is not None else None
    if database is None or not database.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)) as record:
            found = record.execute(LATELY).fetchall()
    except sqlite3.Error:
        return []
    days = (str(airing)[:10] for (airing,) in found)
    return list(dict.fromkeys(day for day in days if DAY.fullmatch(day)))[:DAYS_OFFERED]


def _beginning(incomplete: str, offered: Iterable[tuple[str, object]]) -> list[CompletionItem]:
    return [
        CompletionItem(word, help=str(meaning) if meaning else None)
        for word, meaning in offered
        if word.startswith(incomplete)
    ]


def _station(ctx: click.Context) -> Path | None:
    """The folder, without checking it."""
    named = ctx.find_root().params.get("station")
    return Path(named) if named else station_folder((), os.environ)
