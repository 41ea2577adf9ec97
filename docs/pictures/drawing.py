"""A screen as a small SVG: readable on white and on dark, in whatever fixed-width letters the reader's machine has."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from screen import Style

LETTER, LINE, SIZE = 7.2, 15, 12
MARGIN = 11
HARD = "\N{NO-BREAK SPACE}"
"""Of several plain ones in a row a picture would show one."""
PAPER, INK, FRAME, FAINT = "#1d2330", "#e8eaee", "#7d8798", "#a3acba"
COLOURS = {"": INK, "red": "#ff8f80", "green": "#8ed68e", "yellow": "#f0cb69", "cyan": "#7fd3e6", "grey": FAINT}
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"

Line = Sequence[tuple[str, Style]]


def svg(lines: Sequence[Line], columns: int, title: str) -> str:
    """The picture; ``title`` is what a screen reader says of it."""
    width, height = round(columns * LETTER + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN
    runs = [run for row, line in enumerate(lines) for run in _runs(line, MARGIN + row * LINE + SIZE)]
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(title)}>',
            f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="{PAPER}" stroke="{FRAME}"/>',
            f'<g font-family="{FONT}" font-size="{SIZE}" fill="{INK}">',
            *runs,
            "</g>",
            "</svg>\n",
        ]
    )


def _runs(line: Line, y: int) -> Iterator[str]:
    """Letters of one style together, each run held to the width of its cells, whatever the font."""
    column = 0
    for style, cells in groupby(line, key=lambda cell: cell[1]):
        text = "".join(letter for letter, _ in cells)
        start, column = column, column + len(text)
        shown = text.strip()
        if not shown:
            continue
        x = MARGIN + (start + len(text) - len(text.lstrip())) * LETTER
        weight = ' font-weight="bold"' if style.bold else ""
        colour = FAINT if style.dim and not style.colour else COLOURS[style.colour]
        fill = "" if colour == INK else f' fill="{colour}"'
        span = f'textLength="{len(shown) * LETTER:.1f}" lengthAdjust="spacingAndGlyphs"'
        yield f'<text x="{x:.1f}" y="{y}" {span}{weight}{fill}>{escape(shown).replace(" ", HARD)}</text>'
