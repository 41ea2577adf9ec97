"""The control sheet as a PDF: A4 on its side, black on white, with room to write. Pure: the same facts, the same bytes."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, KeepTogether, PageTemplate, Paragraph, Spacer, Table, TableStyle
from reportlab.platypus.flowables import Flowable

from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.locale import mark as N_
from broadcaster.model import Cause
from broadcaster.reasons import cause
from broadcaster.reports.control_sheet import SPARE, ControlSheet, SheetLine
from broadcaster.reports.timetable_pdf import (
    BODY,
    BOLD,
    FONTS,
    HAIR,
    HEAD,
    LIGHT,
    LINE,
    PALE,
    PLAIN,
    QUIET,
    RULE,
    SMALL,
    drawable,
)

PAGE = landscape(A4)
MARGIN = 12 * mm
WIDTH = PAGE[0] - 2 * MARGIN
FOOT = MARGIN + 9 * mm
ROW_MM, BOX_MM = 8.4, 4.5
"""Height of a line that is written on by hand; a box to tick."""
TITLE = ParagraphStyle("sheet", BODY, fontName=BOLD, fontSize=15, leading=19)
NUMBER = ParagraphStyle("sheet-number", TITLE, alignment=2)
TINY = ParagraphStyle("sheet-tiny", SMALL, fontSize=6.5, leading=8)
CENTRED = ParagraphStyle("sheet-centred", HEAD, alignment=1)
STRONG = ParagraphStyle("sheet-strong", BODY, fontName=BOLD)
SHARES = (0.035, 0.235, 0.065, 0.085, 0.05, 0.05, 0.05, 0.075, 0.125, 0.23)
"""Of the columns, in their order."""
LETTERS = {
    Cause.POWER: N_("P"),
    Cause.AMPLIFIER: N_("A"),
    Cause.CLOSED: N_("C"),
    Cause.NOISE: N_("N"),
    Cause.OTHER: N_("O"),
}
"""What people write for a cause."""


class Box(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A square to tick by hand, in the middle of its cell."""

    hAlign = "CENTER"  # noqa: N815  reportlab's name

    def __init__(self) -> None:
        super().__init__()
        self.width = self.height = BOX_MM * mm

    def draw(self) -> None:
        self.canv.setLineWidth(1)
        self.canv.rect(0, 0, self.width, self.height)


def as_pdf(facts: ControlSheet) -> bytes:
    """The document's bytes. It is laid out twice: the first time tells how many pages it has."""
    pages = _built(facts, 0)[1]
    return _built(facts, pages)[0]


def _built(facts: ControlSheet, pages: int) -> tuple[bytes, int]:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=PAGE,
        title=_("Control sheet {number}").format(number=facts.number),
        author=facts.programme,
        lang=language(),
        invariant=1,
        initialFontName=PLAIN,
    )

    def footer(canvas: Any, _document: Any) -> None:
        _footer(canvas, facts, pages)

    frame = Frame(MARGIN, FOOT, WIDTH, PAGE[1] - FOOT - MARGIN, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=footer))
    document.build(list(_story(facts)))
    return buffer.getvalue(), document.page


def _footer(canvas: Any, facts: ControlSheet, pages: int) -> None:
    said = _("Sheet {number} · {market} · {month} · printed on {made}").format(
        number=facts.number, market=facts.market, month=facts.month, made=facts.made
    )
    name = _("AIRING")
    note = _("No person's name is written on this sheet but in the signatures. It is typed in with: {command}").format(
        command=f"broadcaster plays declare {name} --sheet {facts.number}"
    )
    page = _("page {page} of {pages}").format(page=canvas.getPageNumber(), pages=pages)
    canvas.saveState()
    canvas.setLineWidth(HAIR)
    canvas.line(MARGIN, MARGIN + 5.5 * mm, PAGE[0] - MARGIN, MARGIN + 5.5 * mm)
    canvas.setFont(BOLD, 8)
    canvas.drawString(MARGIN, MARGIN + 2 * mm, drawable(said))
    canvas.setFont(PLAIN, 8)
    canvas.drawRightString(PAGE[0] - MARGIN, MARGIN + 2 * mm, page)
    canvas.drawString(MARGIN, MARGIN - 2 * mm, drawable(note))
    canvas.restoreState()


def _story(facts: ControlSheet) -> Iterator[Any]:
    yield Table(
        [
            [
                _text(_("Control sheet of the airings"), TITLE),
                _text(_("Sheet {number}").format(number=facts.number), NUMBER),
            ]
        ],
        colWidths=[WIDTH * 0.62, WIDTH * 0.38],
        style=_bare(),
    )
    yield _text(f"{facts.programme} · {facts.organisations}" if facts.organisations else facts.programme, QUIET)
    yield Spacer(0, 2 * mm)
    yield _place(facts)
    yield Spacer(0, 3 * mm)
    yield _lines(facts)
    yield Spacer(0, 2 * mm)
    yield KeepTogether([_text(_legend(), SMALL), Spacer(0, 5 * mm), _signatures()])


def _place(facts: ControlSheet) -> Table:
    """Which market and month, its hours, and by whose leave it may sound."""
    heads = _("Market"), _("District"), _("Month"), _("Opening hours"), _("Quiet hours"), _("Authorisation number")
    authorisation = _text(facts.authorisation, STRONG) if facts.authorisation else _text(_("unconfirmed"), QUIET)
    cells = [
        _text(facts.market, STRONG),
        _text(facts.district),
        _text(facts.month, STRONG),
        _text(facts.hours),
        _text(facts.quiet or "—"),
        authorisation,
    ]
    return Table(
        [[_text(head, HEAD) for head in heads], cells],
        colWidths=[WIDTH * share for share in (0.27, 0.17, 0.14, 0.13, 0.12, 0.17)],
        style=TableStyle([*_COMMON, ("LINEBELOW", (0, -1), (-1, -1), RULE, colors.black)]),
    )


def _lines(facts: ControlSheet) -> Table:
    heads = [
        _text(_("No."), HEAD),
        _text(_("Airing"), HEAD),
        _text(_("Episode"), HEAD),
        _text(_("True time"), HEAD),
        *(_text(word, CENTRED) for word in (_("well"), _("softly"), _("no"))),
        _text(_("Cause (letter)"), HEAD),
        _text(_("Code of the day"), HEAD),
        _text(_("Signature"), HEAD),
    ]
    above = [""] * 4 + [_text(_("Was it heard?"), CENTRED)] + [""] * 5
    printed = [_cells(number, line) for number, line in enumerate(facts.lines, start=1)]
    spare = [_empty(number) for number in range(len(printed) + 1, len(printed) + 1 + SPARE)]
    return Table(
        [above, heads, *printed, *spare],
        colWidths=[WIDTH * share for share in SHARES],
        rowHeights=[None, None, *([ROW_MM * mm] * (len(printed) + len(spare)))],
        repeatRows=2,
        style=TableStyle(
            [
                *_COMMON,
                ("SPAN", (4, 0), (6, 0)),
                ("BACKGROUND", (0, 0), (-1, 1), PALE),
                ("LINEBELOW", (0, 1), (-1, 1), RULE, colors.black),
                ("LINEBELOW", (0, 2), (-1, -1), LINE, colors.black),
                ("LINEAFTER", (0, 2), (-2, -1), HAIR, LIGHT),
                ("BOX", (0, 0), (-1, -1), RULE, colors.black),
                ("VALIGN", (0, 2), (-1, -1), "MIDDLE"),
                ("ALIGN", (4, 2), (6, -1), "CENTER"),
            ]
        ),
    )


def _cells(number: int, line: SheetLine) -> list[Any]:
    when = f"{line.day}, {line.time}"
    airing = [_text(f"{when} · {line.note}" if line.note else when, STRONG), _text(line.airing, TINY)]
    return [_text(str(number)), airing, _text(line.episode or "—"), "", Box(), Box(), Box(), "", "", ""]


def _empty(number: int) -> list[Any]:
    return [_text(str(number), QUIET), "", "", "", Box(), Box(), Box(), "", "", ""]


def _legend() -> str:
    letters = "; ".join(" = ".join((_(letter), cause(why))) for why, letter in LETTERS.items())
    return _(
        "Tick one box for each airing. Cause, when it was heard softly or not at all: {letters}. If it was played from the "
        "amplifier's own USB, write USB beside the true time. Code of the day: the eight characters that the program shows."
    ).format(letters=letters)


def _signatures() -> Table:
    labels = _("For the market (signature and date)"), _("For the programme (signature and date)")
    return Table(
        [["", "", ""], [_text(labels[0], SMALL), "", _text(labels[1], SMALL)]],
        colWidths=[WIDTH * 0.42, WIDTH * 0.16, WIDTH * 0.42],
        rowHeights=[9 * mm, None],
        style=TableStyle([*_COMMON, *(("LINEABOVE", (at, 1), (at, 1), LINE, colors.black) for at in (0, 2))]),
    )


_COMMON = (
    ("FONTNAME", (0, 0), (-1, -1), PLAIN),  # else each cell names a font that is not in the file
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
)


def _bare() -> TableStyle:
    return TableStyle([*_COMMON, ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (-1, 0), (-1, -1), 0)])


def _text(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    return Paragraph(escape(drawable(text)), style)
