"""A text as a QR code: on a page, in a terminal, in a file. Black on white with its quiet zone, whatever is around it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

QUIET = 4
"""Modules of white around it, as ISO/IEC 18004 wants."""
QUIET_IN_TERMINAL = 2
"""Enough for every reader tried, and a window may be small."""
PIXELS = 8
"""Of a module, in a picture."""
_BLACK, _WHITE = "16", "231"
"""Of the 256 colours: a terminal's own «white» is grey in many themes."""
_UPPER_HALF = "▀"
_END = "\x1b[0m"


def as_svg(content: str, said: str) -> str:
    """An ``<svg class="qr">`` for a page, without styles and without a size of its own; ``said``: to who does not see it."""
    drawn = _made(content).svg_inline(
        border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None, title=said
    )
    return str(drawn).replace("<svg ", '<svg role="img" ', 1)


def as_file(content: str, kind: str) -> bytes:
    """The bytes of a picture, ``svg`` or ``png``."""
    buffer = BytesIO()
    _made(content).save(buffer, kind=kind, border=QUIET, scale=PIXELS, dark="#000", light="#fff")
    return buffer.getvalue()


def columns(content: str) -> int:
    """How wide it is in a terminal."""
    return int(_made(content).symbol_size(border=QUIET_IN_TERMINAL)[0])


def as_lines(content: str, *, halves: bool = True) -> list[str]:
    """It as lines for a terminal of 256 colours. ``halves``: two modules a letter, where the terminal can write «▀»."""
    rows = [list(row) for row in _made(content).matrix_iter(border=QUIET_IN_TERMINAL)]
    if not halves:
        return ["".join(_pair(cell) for cell in row) + _END for row in rows]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)  # the quiet zone grows by half a line
    return ["".join(_halves(upper, lower)) + _END for upper, lower in zip(rows[::2], rows[1::2], strict=True)]


def _pair(cell: int) -> str:
    return f"\x1b[48;5;{_BLACK if cell else _WHITE}m  "


def _halves(upper: list[int], lower: list[int]) -> Iterator[str]:
    for above, below in zip(upper, lower, strict=True):
        yield f"\x1b[38;5;{_BLACK if above else _WHITE};48;5;{_BLACK if below else _WHITE}m{_UPPER_HALF}"


def _made(content: str) -> Any:
    import segno  # noqa: PLC0415  who only sends the text needs no picture

    return segno.make(content, error="l", micro=False)
