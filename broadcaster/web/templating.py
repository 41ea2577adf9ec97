"""The templates, and what stands ready in them: sentences, moments, the addresses of styles and scripts.

Whatever is put into a page is escaped; a name that a page does not know is a fault, not an empty place.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from broadcaster import __version__
from broadcaster.locale import LANGUAGES, gettext, language, moments, ngettext

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
STATIC_PATH = "/static"


@cache
def environment() -> Environment:
    """Read once; the same for everybody: the language is asked for while a page is made."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(
        _=gettext, ngettext=ngettext, language=language, languages=LANGUAGES, static=static, version=__version__
    )
    made.filters.update(
        date_and_time=moments.date_and_time,
        short_date_and_time=moments.short_date_and_time,
        date_with_year=moments.date_with_year,
        time_of_day=moments.time_of_day,
        weekday_and_time=moments.weekday_and_time,
        hour=moments.hour,
        day=moments.day,
    )
    return made


@cache
def static(name: str) -> str:
    """The address of a file under ``static/``, which changes with its content: browsers keep it for a year."""
    mark = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PATH}/{name}?v={mark}"
