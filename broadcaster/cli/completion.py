"""What the shell offers when a person presses Tab: click's own way, with the station's own words.

Cheap and silent: it reads one file or one folder's names, loads nothing heavy, and offers nothing where it cannot.
"""

import os
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem, shell_complete

from broadcaster.cli.language import CONFIG, station_folder

VARIABLE = "_BROADCASTER_COMPLETE"
"""Where the shell says what it wants: ``bash_source``, ``bash_complete``, and the same for ``zsh`` and ``fish``."""
EPISODE = re.compile(r"[0-9]{3}")


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
