"""A stick's list: who wrote it for whom, which rows, which files. Signed and sealed; the last thing that is written.

::

    broadcaster/to-MARKET/      from the office
    broadcaster/from-MARKET/    from that market's box
        list                    sealed: what is in it, the key of each part
        <32 hex digits>.part    rows or a file, sealed

A list that does not say exactly what such a list may say is refused: names of files that a stick may put anywhere, sizes, keys.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from broadcaster.hub.refusals import Tampered
from broadcaster.model import MarketId, Sha256

NAME = "list"
FORMAT = 1
LARGEST = 1 << 33
"""Bytes of one file: 8 GB."""
MOST_ROWS = 1 << 30
"""Bytes of rows: some millions."""
ROWS = "rows"
_FILE = re.compile(
    r"schedules/[a-z0-9][a-z0-9_-]*\.toml|episodes/[0-9]{3}/(master\.flac|episode\.toml)|"
    r"episodes/_parts/[a-z0-9][a-z0-9_-]*/[0-9a-f]{16}\.[a-z0-9]{1,5}"
)
"""The only names that a stick puts anywhere. No original is among them."""
_HEX64, _HEX32 = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")


class Way(StrEnum):
    """Which way a stick goes."""

    TO = "to"
    """From the office to a market's box."""
    FROM = "from"


@dataclass(frozen=True)
class Part:
    """One sealed file of a stick."""

    name: str
    """What it is: :data:`ROWS`, or its name in the station."""
    sha256: Sha256
    """Of what is sealed in it."""
    size: int
    part: str
    """Its name on the stick, without ending."""
    key: str
    """Hexadecimal; empty for one that is not on the stick, since the other station said that it has it."""


@dataclass(frozen=True)
class Listing:
    """All of it."""

    way: Way
    market: MarketId
    node: str
    """Who wrote it."""
    to: str
    """For which node."""
    made_utc: str
    after: tuple[int, int]
    """Its rows begin after this one, epoch and number; zeros: with the first."""
    head: tuple[int, int]
    """Its newest row."""
    rows: Part
    files: tuple[Part, ...] = ()
    helplines: Mapping[str, Mapping[str, Any]] | None = None
    """Of the office's settings."""
    holds: tuple[Sha256, ...] = ()
    """Masters that the box has."""
    format: int = FORMAT


def folder_of(room: Path, way: Way, market: str) -> Path:
    """Where it lies on a stick, whether or not it is there."""
    return room / f"{way.value}-{market}"


def path_of(folder: Path, part: Part) -> Path:
    """Where a part lies on a stick."""
    return folder / f"{part.part}.part"


def as_text(listing: Listing) -> bytes:
    """What is signed and sealed."""
    return json.dumps(asdict(listing), ensure_ascii=False, sort_keys=True).encode()


def listing_from(text: bytes) -> Listing:
    """The list that a text is.

    :raises Tampered: it is none, or says what no list may say.
    """
    try:
        listing = _listing(json.loads(text))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise Tampered(problem=NAME) from error
    parts = (listing.rows, *listing.files)
    names = [part.name for part in parts]
    if listing.format != FORMAT or len(set(names)) != len(names) or not all(map(_is_good, parts)):
        raise Tampered(problem=NAME)
    if listing.rows.name != ROWS or not listing.rows.key or any(part.name == ROWS for part in listing.files):
        raise Tampered(problem=NAME)
    return listing


def _listing(given: Any) -> Listing:
    values = dict(given)
    values["way"] = Way(values["way"])
    values["after"], values["head"] = _place(values["after"]), _place(values["head"])
    values["rows"] = Part(**values["rows"])
    values["files"] = tuple(Part(**each) for each in values["files"])
    values["holds"] = tuple(Sha256(_matching(each, _HEX64)) for each in values["holds"])
    return Listing(**values)


def _place(given: Any) -> tuple[int, int]:
    epoch, seq = given
    if type(epoch) is not int or type(seq) is not int:
        raise TypeError(given)
    return epoch, seq


def _matching(text: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _is_good(part: Part) -> bool:
    texts = (part.name, part.sha256, part.part, part.key)
    if type(part.size) is not int or not all(isinstance(each, str) for each in texts):
        return False
    named = part.name == ROWS or _FILE.fullmatch(part.name) is not None
    most = MOST_ROWS if part.name == ROWS else LARGEST
    keyed = not part.key or _HEX64.fullmatch(part.key) is not None
    return bool(
        named and keyed and 0 <= part.size <= most and _HEX64.fullmatch(part.sha256) and _HEX32.fullmatch(part.part)
    )
