"""A layout of a web page, filled in: one file that needs no other, to be read on a screen or printed."""

from collections.abc import Mapping

from jinja2 import TemplateError, TemplateSyntaxError

from broadcaster.config import Station
from broadcaster.reports.documents.layouts import LayoutBroken, environment, named


def as_html(station: Station, name: str, words: Mapping[str, object]) -> str:
    """The page ``name`` (``certificate``, …) in the language spoken now.

    :raises LayoutBroken: the office's own layout has a fault.
    """
    layout = named(f"{name}.html")
    try:
        return environment(station).get_template(layout).render(words)
    except TemplateSyntaxError as error:
        raise LayoutBroken(name=error.name or layout, problem=f"{error.lineno}: {error.message}") from error
    except (TemplateError, UnicodeDecodeError) as error:
        raise LayoutBroken(name=layout, problem=str(error)) from error
