"""The picture behind a video: the programme's own drawing, or the station's, with the title and where to turn for help."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_
from broadcaster.production.pictures.png import font

NIGHT, DUSK, GOLD, PAPER, ROSE = "#2b1250", "#5b2a86", "#ffc845", "#ffffff", "#f3d9ff"
FINE = 2
SMALLEST = 16
LINE = 1.22
"""From line to line, in sizes."""
FOOT = 18
MOST_HELP = 2
MOST_PIXELS = 40_000_000
_MOUTH = ((0.2, 0.42), (0.32, 0.42), (0.56, 0.24), (0.56, 0.76), (0.32, 0.58), (0.2, 0.58))
"""The horn's outline, as shares of the drawing."""


class BadPicture(BadInput):
    """The station's own picture cannot be used."""

    sentence = N_(
        "The picture {name} cannot be opened, so no video was made. Use a PNG or JPEG picture, or take the key away."
    )


@dataclass(frozen=True)
class Layout:
    """Where things stand on a card of one shape, in pixels."""

    width: int
    height: int
    emblem: tuple[int, int, int]
    """Middle and size of the drawing."""
    text: tuple[int, int, int]
    """Left, top and width of the words."""
    title_height: int
    """The most that the title takes."""
    wave: tuple[int, int, int, int]
    """Left, top, width and height of the moving waveform."""
    captions_bottom: int
    caption_size: int


SQUARE = Layout(1080, 1080, (200, 190, 230), (370, 84, 640), 250, (70, 430, 940, 200), 176, 44)
WIDE = Layout(1920, 1080, (290, 270, 360), (560, 90, 1250), 270, (110, 480, 1700, 200), 212, 52)
SHAPES = {"1:1": SQUARE, "16:9": WIDE}


@dataclass(frozen=True)
class Words:
    """What stands on the card."""

    programme: str
    heading: str
    """«Episodio 3»."""
    title: str
    help: Sequence[str]
    """One line a helpline."""
    organisations: str


def card(layout: Layout, words: Words, picture: Path | None) -> Image.Image:
    """The whole card. ``picture``: the station's own, behind everything. Raises :class:`BadPicture`."""
    image = _behind(layout, picture) if picture else _drawn(layout)
    pen = ImageDraw.Draw(image)
    left, top, width = layout.text
    unit = 10 if layout is WIDE else 8
    y = _line(pen, (left, top), words.programme, width, _Look(4 * unit, GOLD))
    y = _line(pen, (left, y + unit), words.heading, width, _Look(3.6 * unit, ROSE))
    _fit(pen, (left, y + unit, width, layout.title_height), words.title, _Look(7 * unit, PAPER))
    _help(pen, layout, words, unit)
    return image


def _drawn(layout: Layout) -> Image.Image:
    """Dusk over the city, and a horn that speaks."""
    image = Image.linear_gradient("L").resize((layout.width, layout.height))
    image = ImageOps.colorize(image, NIGHT, DUSK)
    _horn(image, *layout.emblem)
    return image


def _horn(image: Image.Image, middle: int, height: int, size: int) -> None:
    fine = Image.new("RGBA", (size * FINE, size * FINE))
    pen, s = ImageDraw.Draw(fine), size * FINE
    pen.ellipse((0, 0, s - 1, s - 1), fill=GOLD)
    pen.polygon([(x * s, y * s) for x, y in _MOUTH], fill=NIGHT)
    pen.rounded_rectangle((0.27 * s, 0.56 * s, 0.36 * s, 0.76 * s), radius=0.02 * s, fill=NIGHT)
    for radius in (0.14, 0.23, 0.32):
        box = [(0.56 - radius) * s, (0.5 - radius) * s, (0.56 + radius) * s, (0.5 + radius) * s]
        pen.arc(box, -38, 38, fill=NIGHT, width=round(0.045 * s))
    small = fine.resize((size, size), Image.Resampling.LANCZOS)
    image.paste(small, (middle - size // 2, height - size // 2), small)


def _behind(layout: Layout, picture: Path) -> Image.Image:
    """The station's picture, filling the card, darkened so that words can be read."""
    try:
        with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadPicture(name=picture.name)
            whole = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadPicture(name=picture.name) from None
    filled = ImageOps.fit(whole, (layout.width, layout.height), Image.Resampling.LANCZOS)
    return Image.blend(filled, Image.new("RGB", filled.size, NIGHT), 0.62)


@dataclass(frozen=True)
class _Look:
    """Of one line."""

    size: float
    colour: str


def _line(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, width: int, look: _Look) -> float:
    """One line, smaller where it would be wider; answers where the next may begin."""
    size = look.size
    while size > SMALLEST and font(round(size), bold=True).getlength(text) > width:
        size -= 1
    pen.text(at, text, look.colour, font(round(size), bold=True))
    return at[1] + size * 1.25


def _fit(pen: ImageDraw.ImageDraw, box: tuple[float, float, float, float], text: str, look: _Look) -> None:
    """Lines of text, as large as the box allows; what fits at no size is cut."""
    left, top, width, height = box
    size = look.size
    while size > SMALLEST and len(wrapped(text, font(round(size), bold=True), width)) * size * LINE > height:
        size -= 1
    letters = font(round(size), bold=True)
    lines, room = wrapped(text, letters, width), max(1, int(height / (size * LINE)))
    if len(lines) > room:
        lines = [*lines[: room - 1], lines[room - 1].rstrip(" .,;:") + "…"]
    for line in lines:
        pen.text((left, top), line, look.colour, letters)
        top += size * LINE


def _help(pen: ImageDraw.ImageDraw, layout: Layout, words: Words, unit: int) -> None:
    """Where to turn, in a strip at the foot, and who stands behind it."""
    top = layout.height - FOOT * unit
    pen.rectangle((0, top, layout.width, layout.height), fill=GOLD)
    left, width, y = layout.wave[0], layout.wave[2], top + 1.8 * unit
    size = 5.2 * unit if len(words.help) == 1 else 3.6 * unit
    for line in words.help[:MOST_HELP]:
        y = _line(pen, (left, y), line, width, _Look(size, NIGHT))
    if words.organisations:
        box = (left, layout.height - 6.2 * unit, width, 5.4 * unit)
        _fit(pen, box, words.organisations, _Look(2.8 * unit, NIGHT))


def wrapped(text: str, letters: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Lines no wider than ``width``, broken between words; a word that alone is wider is broken within."""
    lines: list[str] = []
    for word in text.split():
        if lines and letters.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.extend(_pieces(word, letters, width))
    return lines


def _pieces(word: str, letters: ImageFont.FreeTypeFont, width: float) -> list[str]:
    if letters.getlength(word) <= width:
        return [word]
    most = max(1, math.floor(len(word) * width / letters.getlength(word)) - 1)
    return [word[at : at + most] for at in range(0, len(word), most)]
