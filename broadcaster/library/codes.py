"""Issued codes: how people, voices, forms and consents are known, so that no name can stand in their place."""

import re
from collections.abc import Collection

_CODE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?")
_SEASON = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")


def is_code(text: str) -> bool:
    """Whether it is letters, hyphens and at least one digit: an issued code, hardly a name."""
    return _CODE.fullmatch(text) is not None


def is_season(text: str) -> bool:
    """Whether it may be the name of a season's file, such as ``2021-junio-julio``."""
    return _SEASON.fullmatch(text) is not None


def alike(code: str, codes: Collection[str]) -> bool:
    """Whether one of ``codes`` is this one but for capital letters: nobody can tell the two apart aloud."""
    return code.casefold() in {known.casefold() for known in codes}
