"""The language a command line is answered in, found before anything is parsed."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from broadcaster.locale import LANGUAGES

CONFIG = "config.toml"


def spoken_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The ``--language`` asked for, else the station's, else Spanish. Whatever is wrong with either is said later."""
    asked = option(arguments, "--language")
    folder = station_folder(arguments, environment)
    for language in (asked, station_language(folder / CONFIG) if folder else None):
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def station_folder(arguments: Sequence[str], environment: Mapping[str, str]) -> Path | None:
    """The station's folder as far as it can be told without parsing, ``None`` where there is none."""
    named = option(arguments, "--station") or environment.get("BROADCASTER_STATION")
    if named:
        return Path(named)
    try:
        here = Path.cwd()
        return next((folder for folder in (here, *here.parents) if (folder / CONFIG).is_file()), None)
    except OSError:  # somebody has removed the current folder, or closed one above it
        return None


def option(arguments: Sequence[str], name: str) -> str | None:
    """The value of ``name`` among the words before the command, written ``--name value`` or ``--name=value``."""
    words = iter(arguments)
    for word in words:
        if word == name:
            return next(words, None)
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
        if not word.startswith("-"):
            return None
        if "=" not in word and word in {"--station", "--language"}:
            next(words, None)
    return None


def station_language(config: Path) -> str | None:
    """The language key of a ``config.toml``, ``None`` when it cannot be read."""
    try:
        station = tomllib.loads(config.read_text(encoding="utf-8-sig")).get("station", {})
    except (
        OSError,
        ValueError,
        RecursionError,
    ):  # as `read_document`, which is too heavy to be asked here, and tells them
        return None
    language = station.get("language") if isinstance(station, dict) else None
    return language if isinstance(language, str) else None
