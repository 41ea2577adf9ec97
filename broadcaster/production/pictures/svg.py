"""A picture as SVG: plain shapes, no script, no reference to anything outside, no name."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from broadcaster.production.pictures.shapes import Area, Box, Line, Picture, Point, Shape, Text

FONTS = "'Bitstream Vera Sans','DejaVu Sans',Verdana,sans-serif"
STRIPES = (
    '<pattern id="stripes-{name}" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="4" height="10" fill="{colour}"/></pattern>'
)


def as_svg(picture: Picture) -> str:
    """The picture as the text of an SVG file."""
    striped = sorted({shape.colour for shape in picture.shapes if isinstance(shape, Box) and shape.striped})
    size = f'viewBox="0 0 {picture.width} {picture.height}" width="{picture.width}" height="{picture.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONTS}">',
        *(STRIPES.format(name=colour.lstrip("#"), colour=colour) for colour in striped),
        *map(_drawn, picture.shapes),
        "</svg>\n",
    ]
    return "\n".join(lines)


def _drawn(shape: Shape) -> str:
    match shape:
        case Box(x, y, width, height, colour, striped):
            fill = f"url(#stripes-{colour.lstrip('#')})" if striped else colour
            return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'
        case Area(points, colour):
            return f'<polygon points="{_points(points)}" fill="{colour}"/>'
        case Line(points, colour, width, dashed):
            dash = ' stroke-dasharray="14 9"' if dashed else ""
            return (
                f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
                f'stroke-linejoin="round"{dash}/>'
            )
        case Text(x, y, text, size, colour, anchor, bold):
            weight = ' font-weight="bold"' if bold else ""
            return (
                f'<text x="{x:.1f}" y="{y:.1f}" dominant-baseline="central" font-size="{size:g}" fill="{colour}" '
                f'text-anchor="{anchor}"{weight}>{escape(text)}</text>'
            )


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
