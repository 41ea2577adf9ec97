"""The made season of the reports, as an office with a panel has it; and what stands on its pages, as values."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from html import unescape
from pathlib import Path

from golden import MADE, Golden, golden
from lxml import html
from panel import Panel, WallClock, register_everybody, serving

from broadcaster.journal.append import Journal
from broadcaster.locale import speaking


@dataclass(frozen=True)
class Office:
    """Who serves, and what is on record."""

    panel: Panel
    season: Golden


@contextmanager
def office(root: Path, clock: WallClock | None = None) -> Iterator[Office]:
    """The season of the four markets, their records at hand; the clock stands at the day of the report unless one is given."""
    root.mkdir(parents=True)
    season = golden(root)
    (root / "episodes").mkdir(exist_ok=True)
    clock = clock or WallClock(MADE.astimezone(UTC))
    with Journal.open(season.station.database, clock, season.station.timezone) as journal:
        register_everybody(journal)
    with serving(root, clock) as panel, speaking("es"):
        yield Office(panel, season)


def tree(text: str) -> html.HtmlElement:
    """A page, read by another's parser."""
    return html.fromstring(text)


def words(element: html.HtmlElement) -> str:
    """What a person reads there."""
    return re.sub(r"\s+", " ", unescape(element.text_content())).strip()
