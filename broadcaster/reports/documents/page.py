"""A layout of a web page, filled in: one file that needs no other, to be read on a screen or printed."""

from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb

from jinja2 import TemplateSyntaxError

from broadcaster.config import Station
from broadcaster.reports.documents.layouts import (
    SHIPPED,
    WHAT_A_LAYOUT_RAISES,
    LayoutBroken,
    environment,
    is_changed,
    named,
    own,
)


def as_html(station: Station, name: str, words: Mapping[str, object]) -> str:
    """The page ``name`` (``certificate``, …) in the language spoken now.

    :raises LayoutBroken: the office's own layout has a fault.
    """
    layout = named(f"{name}.html")
    try:
        return environment(station).get_template(layout).render(words)
    except TemplateSyntaxError as error:
        raise LayoutBroken(name=error.name or layout, problem=f"{error.lineno}: {error.message}") from error
    except WHAT_A_LAYOUT_RAISES as error:
        raise LayoutBroken(
            name=_at_fault(station, error) or layout, problem=str(error) or type(error).__name__
        ) from error


def _at_fault(station: Station, error: Exception) -> str:
    """The layout in which it went wrong, which may be a part that another takes in; empty where that cannot be told.

    Where the office's layout asks a part of the program's for what is not there, the office's is the one to correct.
    """
    paths = [Path(frame.filename) for frame in extract_tb(error.__traceback__)]
    tops = own(station), SHIPPED
    found = [path.relative_to(top).as_posix() for path in paths for top in tops if path.is_relative_to(top)]
    theirs = [name for name in found if is_changed(station, name)]
    return next(reversed(theirs or found), "")
