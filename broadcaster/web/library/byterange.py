"""Which bytes a browser wants of a file (RFC 9110, section 14). Pure."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")


@dataclass(frozen=True)
class Span:
    """Bytes ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def wanted(header: str | None, size: int) -> Span | None:
    """What to send of a file of ``size`` bytes; ``None``: it ends before the range begins.

    Without a range, with several, or with one that is not understood, all of it, as the standard allows.
    """
    found = _ONE.fullmatch(header or "")
    whole = Span(0, size - 1)
    if found is None or not any(found.groups()):
        return whole
    first, last = found.groups()
    if not first:
        return Span(max(size - int(last), 0), size - 1) if int(last) else None
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < begin:
        return whole
    return Span(begin, end) if begin < size else None
