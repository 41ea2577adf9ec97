"""Where the layouts are: an office's own, in its station, stand before the program's.

A layout is a web page or a Word document with words in braces, in ``templates/es`` or ``templates/en`` of the station. What
the braces may hold is told in ``docs/documents.md``.
"""

from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.locale import language
from broadcaster.locale import mark as N_

SHIPPED = Path(__file__).parent / "templates"
FOLDER = "templates"
"""Of a station, for the layouts that its office changed."""


WHAT_A_LAYOUT_RAISES = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, OSError)
"""Braces hold expressions, and an expression may go wrong in any way: a sum of words, a division by nothing."""


class LayoutBroken(BadInput):
    """A layout that somebody changed cannot be filled in."""

    sentence: ClassVar[str] = N_(
        "The layout {name} cannot be filled in ({problem}). Correct it, or delete it and the program's own serves again."
    )


def own(station: Station) -> Path:
    """Where an office puts its own layouts."""
    return station.root / FOLDER


def named(name: str) -> str:
    """A layout's place below the folders of layouts, in the language spoken now: ``es/certificate.html``."""
    return f"{language()}/{name}"


def found(station: Station, name: str) -> Path:
    """The file that serves: the office's or, where it has none, the program's."""
    mine = own(station) / named(name)
    return mine if mine.is_file() else SHIPPED / named(name)


def is_changed(station: Station, name: str) -> bool:
    """Whether the office has this layout, and it is not the program's, byte for byte."""
    mine, shipped = own(station) / name, SHIPPED / name
    return mine.is_file() and not (shipped.is_file() and mine.read_bytes() == shipped.read_bytes())


def environment(station: Station) -> SandboxedEnvironment:
    """What fills layouts in: letters that mean something to a page are escaped, and a layout can do nothing but print."""
    mine = own(station)
    found = ((path, path.stat()) for path in sorted(mine.rglob("*")))
    return _environment(mine, tuple((path, seen.st_mtime_ns, seen.st_size, seen.st_ino) for path, seen in found))


@lru_cache(4)
def _environment(mine: Path, _files: tuple[tuple[Path, int, int, int], ...]) -> SandboxedEnvironment:
    """Kept with the layouts that it has read, as long as the office's are the same files: to read them takes a while."""
    return SandboxedEnvironment(
        loader=FileSystemLoader([mine, SHIPPED]),
        autoescape=True,
        undefined=StrictUndefined,  # a word that the program does not know is a fault, not an empty place
        trim_blocks=True,
        lstrip_blocks=True,
    )
