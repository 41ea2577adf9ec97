"""A TOML file as it stands, or one fault that says where it stops being one."""

import re
import tomllib
from pathlib import Path
from typing import Any

from broadcaster.errors import ConfigurationError, Fault
from broadcaster.locale import gettext as _
from broadcaster.locale.system import clause

_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_document(path: Path, name: str) -> dict[str, Any]:
    """The tables of ``path``; faults call it ``name``. Raises :class:`ConfigurationError`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = _("line {line} is not UTF-8 text; save the file again as UTF-8").format(line=line)
        raise ConfigurationError([Fault(name, "", problem)]) from None
    except (ValueError, RecursionError) as error:  # the parser's own, numbers of thousands of digits, endless nesting
        raise ConfigurationError([Fault(name, "", _syntax(str(error)))]) from None
    except OSError as error:
        problem = _("cannot be read ({problem})").format(problem=clause(error))
        raise ConfigurationError([Fault(name, "", problem)]) from None


def _syntax(message: str) -> str:
    """Where the parser stumbled. Its own words are English and about grammar, so they are left out."""
    place = _PLACE.search(message)
    if place and place["line"]:
        return _("line {line}, column {column} is not valid TOML; look there for a missing quote or bracket").format(
            line=place["line"], column=place["column"]
        )
    return _("the end of the file is not valid TOML; look for a missing quote or bracket")
