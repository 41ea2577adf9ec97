"""A small picture for the terminal: one block a column for the loudness, a mark under each finding."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from broadcaster.model import Severity
from broadcaster.production.pictures.waveform import Shown, clock

BLOCKS = "▁▂▃▄▅▆▇█"
SILENT, MARK = "·", "▲"
PLAIN = {**{block: str(step) for step, block in enumerate(BLOCKS, start=1)}, SILENT: ".", MARK: "^"}
"""For a terminal that lacks the letters: loudness from 1 to 8."""
ROWS = 2
SOFTEST, LOUDEST = -42.0, -12.0
"""What the lowest and the highest block stand for, LUFS."""
NEAR_LU = 3.0
COLOURS = {Severity.REFUSE: "red", Severity.WARN: "yellow", Severity.NOTE: "cyan"}


@dataclass(frozen=True)
class Piece:
    """Some text in one colour."""

    text: str
    colour: str | None = None


def strip(shown: Shown, width: int) -> Iterator[list[Piece]]:
    """The lines of the picture, ``width`` columns wide, each as its coloured pieces.

    Green: within 3 LU of the aim; blue: softer; magenta: louder.
    """
    profile = shown.profile
    columns = max(10, width)
    edges = np.linspace(0, len(profile.loudness), columns + 1).astype(int)
    values = [float(profile.loudness[a : max(b, a + 1)].mean()) for a, b in pairwise(edges)]
    silent = [_is_silent(shown, (column + 0.5) / columns) for column in range(columns)]
    for row in reversed(range(ROWS)):
        yield _row(shown, values, silent, row)
    if shown.placed:
        yield _marks(shown, columns)
    end = clock(profile.duration_s)
    yield [Piece("0:00" + end.rjust(columns - 4))]


def _is_silent(shown: Shown, share: float) -> bool:
    at_s = share * shown.profile.duration_s
    return any(begin <= at_s < end for begin, end in shown.profile.silences)


def _row(shown: Shown, values: list[float], silent: list[bool], row: int) -> list[Piece]:
    pieces = []
    for value, quiet in zip(values, silent, strict=True):
        steps = round((value - SOFTEST) / (LOUDEST - SOFTEST) * ROWS * len(BLOCKS)) - row * len(BLOCKS)
        if quiet:
            pieces.append(Piece(SILENT if row == 0 else " "))
        elif steps < 1:
            pieces.append(Piece(BLOCKS[0] if row == 0 else " ", _colour(shown, value)))
        else:
            pieces.append(Piece(BLOCKS[min(steps, len(BLOCKS)) - 1], _colour(shown, value)))
    return pieces


def _colour(shown: Shown, value: float) -> str:
    if value < shown.target - NEAR_LU:
        return "blue"
    return "magenta" if value > shown.target + NEAR_LU else "green"


def _marks(shown: Shown, columns: int) -> list[Piece]:
    marks = [Piece(" ")] * columns
    for finding, at_s in shown.placed:
        column = min(int(at_s / max(shown.profile.duration_s, 0.001) * columns), columns - 1)
        marks[max(column, 0)] = Piece(MARK, COLOURS[finding.severity])
    return marks
