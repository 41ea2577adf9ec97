"""The printed schedule as a PDF: A4, black on white, its fonts inside. Pure: the same facts give the same bytes."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise
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
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.reports.timetable import Line, Part, Place, Timetable

MARGIN, TOP = 18 * mm, 14 * mm
WIDTH = A4[0] - 2 * MARGIN
FOOT = MARGIN + 6 * mm
"""Height of the lowest line of text; the footer stands below."""
FONTS = Path(reportlab.__file__).parent / "fonts"
PLAIN, BOLD = "Vera", "VeraBd"
FAINT, LIGHT, PALE = (colors.Color(grey, grey, grey) for grey in (0.35, 0.7, 0.93))
HAIR, LINE, RULE = 0.25, 0.6, 1.0
"""Widths of lines, in points: within a week, between weeks, beneath headings."""

BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=9, leading=12)
QUIET = ParagraphStyle("quiet", BODY, textColor=FAINT)
STRONG = ParagraphStyle("strong", BODY, fontName=BOLD)
HEAD = ParagraphStyle("head", BODY, fontName=BOLD, fontSize=8, leading=10)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=11)
PROGRAMME = ParagraphStyle("programme", BODY, fontName=BOLD, fontSize=20, leading=25)
SUBTITLE = ParagraphStyle("subtitle", BODY, fontSize=12, leading=16)
ITEM = ParagraphStyle("item", SMALL, leftIndent=16, spaceAfter=2, bulletFontName=BOLD, bulletFontSize=8)
SECTION = ParagraphStyle("section", BODY, fontName=BOLD, fontSize=12, leading=16, spaceBefore=11, spaceAfter=4)


def as_pdf(facts: Timetable) -> bytes:
    """The document's bytes. It is laid out twice: the first time tells how many pages it has."""
    pages = _built(facts, 0)[1]
    return _built(facts, pages)[0]


def _built(facts: Timetable, pages: int) -> tuple[bytes, int]:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=": ".join((facts.programme, _("Airing schedule"))),
        author=facts.programme,
        lang=language(),
        invariant=1,
        initialFontName=PLAIN,
    )

    def footer(canvas: Any, _document: Any) -> None:
        _footer(canvas, facts, pages)

    frame = Frame(MARGIN, FOOT, WIDTH, A4[1] - FOOT - TOP, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=footer))
    document.build(list(_story(facts)))
    return buffer.getvalue(), document.page


def _footer(canvas: Any, facts: Timetable, pages: int) -> None:
    made = _("Schedule {name} · made on {made}").format(name=facts.name, made=facts.made)
    note = _("This page is in force while the program shows the same schedule name: {name}.")
    page = _("page {page} of {pages}").format(page=canvas.getPageNumber(), pages=pages)
    canvas.saveState()
    canvas.setLineWidth(HAIR)
    canvas.line(MARGIN, MARGIN + 3 * mm, A4[0] - MARGIN, MARGIN + 3 * mm)
    canvas.setFont(BOLD, 8)
    canvas.drawString(MARGIN, MARGIN - 1 * mm, drawable(made))
    canvas.setFont(PLAIN, 8)
    canvas.drawRightString(A4[0] - MARGIN, MARGIN - 1 * mm, page)
    canvas.drawString(MARGIN, MARGIN - 5 * mm, note.format(name=facts.name))
    canvas.restoreState()


def _story(facts: Timetable) -> Iterator[Any]:
    yield _text(facts.programme, PROGRAMME)
    yield _text(_("Airing schedule"), SUBTITLE)
    yield Spacer(0, 2 * mm)
    yield _text(facts.organisations, QUIET)
    yield _text(_("Markets"), SECTION)
    yield _places(facts.places)
    for part in facts.parts:
        yield _text(f"{part.title} · {part.period}", SECTION)
        yield _lines(part)
    if facts.amendments:
        numbered = [_numbered(number, one) for number, one in enumerate(facts.amendments, start=1)]
        yield KeepTogether([_text(_("Amendments"), SECTION), numbered[0]])
        yield from numbered[1:]


def _numbered(number: int, text: str) -> Paragraph:
    return Paragraph(escape(drawable(text)), ITEM, bulletText=f"{number}.")


def _places(places: Sequence[Place]) -> Table:
    heads = _("Market"), _("District"), _("Opening hours"), _("Quiet hours"), _("Authorisation number")
    rows = [
        [
            _text(place.name, STRONG),
            _text(place.district),
            _text(place.hours),
            _text(place.quiet or "—"),
            _text(place.authorisation) if place.authorisation else _text(_("unconfirmed"), QUIET),
        ]
        for place in places
    ]
    return _table(heads, rows, (0.31, 0.18, 0.13, 0.14, 0.24))


def _lines(part: Part) -> Table:
    heads = _("Day"), _("Time"), _("Episode"), _("Markets"), _("Remarks")
    ends = [at for at, (line, following) in enumerate(pairwise(part.lines), start=1) if line.week != following.week]
    shares = (0.27, 0.09, 0.12, 0.27, 0.25) if any(line.note for line in part.lines) else (0.27, 0.09, 0.12, 0.37, 0.15)
    table = _table(heads, [_cells(line) for line in part.lines], shares)
    table.setStyle(TableStyle([("LINEBELOW", (0, row), (-1, row), LINE, colors.black) for row in ends]))
    return table


def _cells(line: Line) -> list[Paragraph]:
    words = BODY if line.sounds else QUIET
    episode = _text(line.episode or "—", STRONG) if line.sounds else _struck(line.episode or "—")
    when = _text(line.time, STRONG) if line.sounds else _struck(line.time)
    return [_text(line.day, words), when, episode, _text(line.places, words), _text(line.note, SMALL)]


def _table(heads: Sequence[str], rows: Sequence[Sequence[Paragraph]], shares: Sequence[float]) -> Table:
    """A table as wide as the page, its heading repeated on each page."""
    return Table(
        [[_text(head, HEAD) for head in heads], *rows],
        colWidths=[WIDTH * share for share in shares],
        repeatRows=1,
        splitInRow=1,  # a row that is taller than a page goes on on the next
        style=TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), PLAIN),  # else each cell names a font that is not in the file
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), PALE),
                ("LINEBELOW", (0, 0), (-1, 0), RULE, colors.black),
                ("LINEBELOW", (0, 1), (-1, -1), HAIR, LIGHT),
                ("LINEBELOW", (0, -1), (-1, -1), RULE, colors.black),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ]
        ),
    )


def _text(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    return Paragraph(escape(drawable(text)), style)


def _struck(text: str) -> Paragraph:
    return Paragraph(f"<strike>{escape(drawable(text))}</strike>", QUIET)


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
