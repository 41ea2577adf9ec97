"""What a life tells the witness outside, line by line."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One sound that came out of an output: the truth."""

    sink: str
    began: datetime
    """When its master, lead-in first, began."""
    for_s: float
    """How long it has sounded until the moment it is told."""


@dataclass(frozen=True)
class Told:
    """One line."""

    moment: datetime
    heard: tuple[Heard, ...] = ()
    """All sounds of this life so far."""
    row: str | None = None
    """Key of a row that was acknowledged just now."""
    digest: str = ""
    """Its hash."""
    kind: str = ""
    airing: str | None = None
    """What the row is about."""
    over: bool = False
    """The life has ended in order."""

    def line(self) -> bytes:
        packed: dict[str, Any] = {"moment": self.moment.isoformat()}
        if self.heard:
            packed["heard"] = [(heard.sink, heard.began.isoformat(), heard.for_s) for heard in self.heard]
        if self.row:
            packed.update(row=self.row, digest=self.digest, kind=self.kind, airing=self.airing)
        if self.over:
            packed["over"] = True
        return json.dumps(packed).encode() + b"\n"


def told(line: bytes) -> Told:
    packed = json.loads(line)
    heard = tuple(Heard(sink, datetime.fromisoformat(began), for_s) for sink, began, for_s in packed.pop("heard", ()))
    return Told(**{**packed, "moment": datetime.fromisoformat(packed["moment"]), "heard": heard})


def all_told(lines: Iterable[bytes]) -> tuple[Told, ...]:
    """Every whole line; what was cut off in the middle was not told."""
    return tuple(told(line) for line in lines if line.endswith(b"\n"))
