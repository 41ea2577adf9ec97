"""What a picture is made of, in pixels from its upper left corner: drawn alike as SVG and as PNG."""

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle; ``striped``: with slanting lines in its colour instead of filled."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    striped: bool = False


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    points: Sequence[Point]
    colour: str


@dataclass(frozen=True)
class Line:
    """Straight pieces from point to point."""

    points: Sequence[Point]
    colour: str
    width: float
    dashed: bool = False


@dataclass(frozen=True)
class Text:
    """One line of text; ``y`` is its middle."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: str = "start"
    """``start``, ``middle`` or ``end`` is at ``x``."""
    bold: bool = False


Shape = Box | Area | Line | Text


@dataclass(frozen=True)
class Picture:
    """A whole picture."""

    width: int
    height: int
    shapes: Sequence[Shape]
