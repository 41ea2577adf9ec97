"""Paper: fonts, styles, page and footer of everything that is printed, black on white. Pure: the same facts, the same bytes."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph
from reportlab.platypus.flowables import Flowable

from broadcaster.locale import gettext as _
from broadcaster.locale import language

FONTS = Path(reportlab.__file__).parent / "fonts"
PLAIN, BOLD = "Vera", "VeraBd"
FAINT, LIGHT, PALE = (colors.Color(grey, grey, grey) for grey in (0.35, 0.7, 0.93))
HAIR, LINE, RULE = 0.25, 0.6, 1.0
"""Widths of lines, in points: within a group, between groups, beneath headings."""

BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=9, leading=12)
QUIET = ParagraphStyle("quiet", BODY, textColor=FAINT)
STRONG = ParagraphStyle("strong", BODY, fontName=BOLD)
HEAD = ParagraphStyle("head", BODY, fontName=BOLD, fontSize=8, leading=10)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=11)
PROGRAMME = ParagraphStyle("programme", BODY, fontName=BOLD, fontSize=20, leading=25)
SUBTITLE = ParagraphStyle("subtitle", BODY, fontSize=12, leading=16)
SECTION = ParagraphStyle("section", BODY, fontName=BOLD, fontSize=12, leading=16, spaceBefore=11, spaceAfter=4)

_FOOTER: float = 6 * mm


@dataclass(frozen=True)
class Page:
    """A sheet and what is left free on it, in points."""

    size: tuple[float, float] = A4
    margin: float = 18 * mm
    top: float = 14 * mm
    rise: float = 0.0
    """How much higher than elsewhere the footer stands."""

    @property
    def width(self) -> float:
        """Of what is printed."""
        return self.size[0] - 2 * self.margin

    @property
    def foot(self) -> float:
        """Height of the lowest line of text; the footer stands below."""
        return self.margin + self.rise + _FOOTER


UPRIGHT = Page()
WIDTH = UPRIGHT.width


@dataclass(frozen=True)
class Foot:
    """Two lines beneath every page; its number stands at the end of the first."""

    first: str
    second: str
    font: str = BOLD
    """Of the first."""


class Box(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A square to tick by hand."""

    def __init__(self, align: str = "LEFT", size_mm: float = 4.5) -> None:
        super().__init__()
        self.hAlign = align
        self.width = self.height = size_mm * mm

    def draw(self) -> None:
        self.canv.setLineWidth(1)
        self.canv.rect(0, 0, self.width, self.height)


def printed(story: Callable[[], Iterable[Any]], foot: Foot, *, title: str, author: str, page: Page = UPRIGHT) -> bytes:
    """The document's bytes, its fonts inside. It is laid out twice: the first time tells how many pages it has."""
    for name in (PLAIN, BOLD):  # before any paragraph is made
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    pages = _built(story(), foot, title, author, page, 0)[1]
    return _built(story(), foot, title, author, page, pages)[0]


def _built(  # noqa: PLR0917  a document and its page
    story: Iterable[Any], foot: Foot, title: str, author: str, page: Page, pages: int
) -> tuple[bytes, int]:
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=page.size,
        title=title,
        author=author,
        lang=language(),
        invariant=1,
        initialFontName=PLAIN,
    )

    def footer(canvas: Any, _document: Any) -> None:
        _footer(canvas, foot, page, pages)

    frame = Frame(page.margin, page.foot, page.width, page.size[1] - page.foot - page.top, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=footer))
    document.build(list(story))
    return buffer.getvalue(), document.page


def _footer(canvas: Any, foot: Foot, page: Page, pages: int) -> None:
    number = _("page {page} of {pages}").format(page=canvas.getPageNumber(), pages=pages)
    left, right, height = page.margin, page.size[0] - page.margin, page.margin + page.rise
    canvas.saveState()
    canvas.setLineWidth(HAIR)
    canvas.line(left, height + 3 * mm, right, height + 3 * mm)
    canvas.setFont(foot.font, 8)
    canvas.drawString(left, height - 1 * mm, drawable(foot.first))
    canvas.setFont(PLAIN, 8)
    canvas.drawRightString(right, height - 1 * mm, number)
    canvas.drawString(left, height - 5 * mm, drawable(foot.second))
    canvas.restoreState()


def said(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A text as it stands, whatever signs of markup it holds."""
    return Paragraph(plain(text), style)


def plain(text: str) -> str:
    """A text without markup, for a paragraph that has some of its own."""
    return escape(drawable(text))


def drawable(text: str) -> str:
    """``text`` in the letters the font has: an accent it lacks is left away, anything else becomes «?»."""
    known = _known()
    return "".join(letter if ord(letter) in known else _nearest(letter, known) for letter in text)


def _nearest(letter: str, known: frozenset[int]) -> str:
    base = "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))
    return base if base and all(ord(one) in known for one in base) else "?"


@cache
def _known() -> frozenset[int]:
    """The characters that both fonts draw."""
    faces = [TTFont(name, str(FONTS / f"{name}.ttf")).face.charToGlyph for name in (PLAIN, BOLD)]
    return frozenset(faces[0]).intersection(faces[1])
