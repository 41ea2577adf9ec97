"""A market by its name, where they are too many for a list: what somebody meant, and what fits what she typed so far. Pure.

A country has thousands of markets: a page that offered them all would be larger than all else on it.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from broadcaster.web.office.asked import NotAChoice, chosen

FEW = 24
"""Markets that a page offers as a list."""
OFFERED = 12
"""Names at a time, while somebody types."""


def meant(text: str, names: Mapping[str, str]) -> str:
    """The id of the market of this id, else of exactly this name, else as people type either; nothing for nothing.

    ``names``: by id.

    :raises NotAChoice: there is none, or more than one of that name.
    """
    typed, wanted = text.strip(), _plain(text)
    if not wanted or typed in names:
        return chosen(typed, names)
    exact = [id_ for id_, name in names.items() if name == typed]
    found = exact or [id_ for id_, name in names.items() if wanted in {_plain(id_), _plain(name)}]
    return found[0] if len(found) == 1 else chosen(typed, names)


def typed(id_: str, names: Mapping[str, str]) -> str:
    """What stands for a market where it is typed: its name or, where that would not bring it back, its id."""
    name = names.get(id_, id_)
    try:
        return name if meant(name, names) == id_ else id_
    except NotAChoice:
        return id_


def fitting(part: str, names: Mapping[str, str]) -> list[str]:
    """Names that hold this part, those that begin with it first; where a name would not do, the market's id."""
    wanted = _plain(part)
    fits = [(_plain(name), id_) for id_, name in names.items() if wanted in _plain(f"{name} {id_}")]
    nearest = sorted(fits, key=lambda fit: (not fit[0].startswith(wanted), fit))
    return [typed(id_, names) for _name, id_ in nearest[:OFFERED]]


def _plain(text: str) -> str:
    """As people type it: no accents, no capitals."""
    return "".join(_letters(text)).strip()


def _letters(text: str) -> Iterator[str]:
    return (letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter))
