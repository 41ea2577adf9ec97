"""A picture as PNG, by Pillow: drawn twice as large and made smaller, so that lines are smooth; text at its own size."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from math import dist
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from broadcaster.production.pictures.shapes import Area, Box, Line, Picture, Point, Text

FINE = 2
"""How much larger it is drawn."""
DASH, GAP = 14.0, 9.0
STRIPE_EVERY, STRIPE = 14, 5
_ANCHORS = {"start": "lm", "middle": "mm", "end": "rm"}


@cache
def font_file(*, bold: bool) -> Path:
    """Bitstream Vera, which comes with reportlab and has every Spanish letter: no machine lacks it."""
    found = find_spec("reportlab")
    if found is None or found.origin is None:
        raise ImportError("reportlab")
    return Path(found.origin).parent / "fonts" / ("VeraBd.ttf" if bold else "Vera.ttf")


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    return ImageFont.truetype(font_file(bold=bold), size)


def as_png(picture: Picture) -> bytes:
    """The picture as the bytes of a PNG file, without any metadata."""
    drawn = draw(picture).quantize(64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)  # a third of the bytes
    out = BytesIO()
    drawn.save(out, "PNG", compress_level=6)
    return out.getvalue()


def draw(picture: Picture) -> Image.Image:
    """The picture as an image."""
    fine = Image.new("RGB", (picture.width * FINE, picture.height * FINE), "white")
    pen = ImageDraw.Draw(fine)
    for shape in picture.shapes:
        match shape:
            case Box(striped=True):
                _stripe(fine, shape)
            case Box(x, y, width, height, colour):
                pen.rectangle(_fine([(x, y), (x + width, y + height)]), fill=colour)
            case Area(points, colour):
                pen.polygon(_fine(points), fill=colour)
            case Line():
                for piece in _dashes(shape) if shape.dashed else [list(shape.points)]:
                    pen.line(_fine(piece), fill=shape.colour, width=round(shape.width * FINE), joint="curve")
            case _:
                pass
    image = fine.reduce(FINE)
    pen = ImageDraw.Draw(image)
    for shape in picture.shapes:
        if isinstance(shape, Text):
            letters = font(round(shape.size), bold=shape.bold)
            pen.text((shape.x, shape.y), shape.text, shape.colour, letters, anchor=_ANCHORS[shape.anchor])
    return image


def _fine(points: Sequence[Point]) -> list[Point]:
    return [(x * FINE, y * FINE) for x, y in points]


def _stripe(image: Image.Image, box: Box) -> None:
    """Slanting lines, cut at the box's edges."""
    left, top = round(box.x * FINE), round(box.y * FINE)
    width, height = max(1, round(box.width * FINE)), max(1, round(box.height * FINE))
    mask = Image.new("1", (width, height))
    pen = ImageDraw.Draw(mask)
    for x in range(-height, width, STRIPE_EVERY * FINE):
        pen.line([(x, height), (x + height, 0)], fill=1, width=STRIPE * FINE)
    image.paste(box.colour, (left, top), mask)


def _dashes(line: Line) -> list[list[Point]]:
    """A straight line's dashes."""
    (x0, y0), (x1, y1) = line.points[0], line.points[-1]
    length = max(dist((x0, y0), (x1, y1)), 1.0)
    pieces, at = [], 0.0
    while at < length:
        begin, end = at / length, min(at + DASH, length) / length
        pieces.append([(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share) for share in (begin, end)])
        at += DASH + GAP
    return pieces
