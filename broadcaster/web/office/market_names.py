"""A market by its name, where they are too many for a list: what somebody meant, and what fits what she typed so far. Pure.

A country has thousands of markets: a page that offered them all would be larger than all else on it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from broadcaster.web.office.asked import chosen

FEW = 24
"""Markets that a page offers as a list."""
OFFERED = 12
"""Names at a time, while somebody types."""


def meant(text: str, names: Mapping[str, str]) -> str:
    """The id of the market of this id or this name; nothing for nothing. ``names``: by id.

    :raises NotAChoice: there is none, or more than one of that name.
    """
    wanted = _plain(text)
    found = [id_ for id_, name in names.items() if wanted in {_plain(id_), _plain(name)}] if wanted else []
    return found[0] if len(found) == 1 else chosen(text.strip(), names)


def fitting(part: str, names: Mapping[str, str]) -> list[str]:
    """Names that hold this part, those that begin with it first; where several markets share a name, their ids."""
    wanted, of_name = _plain(part), Counter(names.values())
    fits = ((name if of_name[name] == 1 else id_) for id_, name in names.items() if wanted in _plain(f"{name} {id_}"))
    return list(islice(sorted(fits, key=lambda name: (not _plain(name).startswith(wanted), _plain(name))), OFFERED))


def _plain(text: str) -> str:
    """As people type it: no accents, no capitals."""
    return "".join(_letters(text)).strip()


def _letters(text: str) -> Iterator[str]:
    return (letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter))
