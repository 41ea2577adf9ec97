"""The control sheet as a PDF: A4 on its side, black on white, with room to write. Pure: the same facts, the same bytes."""

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Spacer, Table, TableStyle

from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Cause
from broadcaster.reasons import cause
from broadcaster.reports.control_sheet import SPARE, ControlSheet, SheetLine
from broadcaster.reports.paper import (
    BODY,
    BOLD,
    HAIR,
    HEAD,
    LIGHT,
    LINE,
    PALE,
    PLAIN,
    QUIET,
    RULE,
    SMALL,
    STRONG,
    Box,
    Foot,
    Page,
    printed,
    said,
)

PAGE = Page(landscape(A4), margin=12 * mm, top=12 * mm, rise=3 * mm)
WIDTH = PAGE.width
ROW_MM = 8.4
"""Height of a line that is written on by hand."""
ON_ONE_PAGE = 12
"""Lines that stand on one page with what is below them."""
TAKEN_OVER = 2
"""Of a longer sheet, how many airings stand on the page of the signatures, below a heading of their own."""
TITLE = ParagraphStyle("sheet", BODY, fontName=BOLD, fontSize=15, leading=19)
NUMBER = ParagraphStyle("sheet-number", TITLE, alignment=2)
TINY = ParagraphStyle("sheet-tiny", SMALL, fontSize=6.5, leading=8)
CENTRED = ParagraphStyle("sheet-centred", HEAD, alignment=1)
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


def as_pdf(facts: ControlSheet) -> bytes:
    """The document's bytes."""
    title = _("Control sheet {number}").format(number=facts.number)
    return printed(lambda: _story(facts), _foot(facts), title=title, author=facts.programme, page=PAGE)


def _foot(facts: ControlSheet) -> Foot:
    name = _("AIRING")
    return Foot(
        _("Sheet {number} · {market} · {month} · printed on {made}").format(
            number=facts.number, market=facts.market, month=facts.month, made=facts.made
        ),
        _("No person's name is written on this sheet but in the signatures. It is typed in with: {command}").format(
            command=f"broadcaster plays declare {name} --sheet {facts.number}"
        ),
    )


def _story(facts: ControlSheet) -> Iterator[Any]:
    yield Table(
        [
            [
                said(_("Control sheet of the airings"), TITLE),
                said(_("Sheet {number}").format(number=facts.number), NUMBER),
            ]
        ],
        colWidths=[WIDTH * 0.62, WIDTH * 0.38],
        style=_bare(),
    )
    yield said(f"{facts.programme} · {facts.organisations}" if facts.organisations else facts.programme, QUIET)
    yield Spacer(0, 2 * mm)
    yield _place(facts)
    yield Spacer(0, 3 * mm)
    lines, spare = facts.lines, spare_of(len(facts.lines))
    last = [Spacer(0, 2 * mm), said(_legend(), SMALL), Spacer(0, 5 * mm), _signatures()]
    if len(lines) + spare <= ON_ONE_PAGE:
        yield _lines(lines, 0, spare)
        yield KeepTogether(last)
    else:  # the signatures do not stand alone on their page
        yield _lines(lines[:-TAKEN_OVER], 0, 0)
        yield KeepTogether([_lines(lines[-TAKEN_OVER:], len(lines) - TAKEN_OVER, spare), *last])


def spare_of(lines: int) -> int:
    """How many empty lines a sheet of so many airings has: as many as are left on its page, at least one."""
    return min(SPARE, ON_ONE_PAGE - lines) if lines < ON_ONE_PAGE else SPARE


def _place(facts: ControlSheet) -> Table:
    """Which market and month, its hours, and by whose leave it may sound."""
    heads = _("Market"), _("District"), _("Month"), _("Opening hours"), _("Quiet hours"), _("Authorisation number")
    authorisation = said(facts.authorisation, STRONG) if facts.authorisation else said(_("unconfirmed"), QUIET)
    cells = [
        said(facts.market, STRONG),
        said(facts.district),
        said(facts.month, STRONG),
        said(facts.hours),
        said(facts.quiet or "—"),
        authorisation,
    ]
    return Table(
        [[said(head, HEAD) for head in heads], cells],
        colWidths=[WIDTH * share for share in (0.27, 0.17, 0.14, 0.13, 0.12, 0.17)],
        style=TableStyle([*_COMMON, ("LINEBELOW", (0, -1), (-1, -1), RULE, colors.black)]),
    )


def _lines(lines: Sequence[SheetLine], before: int, spare: int) -> Table:
    """These lines, numbered on after so many, and empty ones."""
    heads = [
        said(_("No."), HEAD),
        said(_("Airing"), HEAD),
        said(_("Episode"), HEAD),
        said(_("True time"), HEAD),
        *(said(word, CENTRED) for word in (_("well"), _("softly"), _("no"))),
        said(_("Cause (letter)"), HEAD),
        said(_("Code of the day"), HEAD),
        said(_("Signature"), HEAD),
    ]
    above = [""] * 4 + [said(_("Was it heard?"), CENTRED)] + [""] * 5
    printed = [_cells(number, line) for number, line in enumerate(lines, start=before + 1)]
    last = before + len(printed)
    empty = [_empty(number) for number in range(last + 1, last + 1 + spare)]
    return Table(
        [above, heads, *printed, *empty],
        colWidths=[WIDTH * share for share in SHARES],
        rowHeights=[None, None, *([ROW_MM * mm] * (len(printed) + len(empty)))],
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
    airing = [said(f"{when} · {line.note}" if line.note else when, STRONG), said(line.airing, TINY)]
    return [said(str(number)), airing, said(line.episode or "—"), "", _box(), _box(), _box(), "", "", ""]


def _empty(number: int) -> list[Any]:
    return [said(str(number), QUIET), "", "", "", _box(), _box(), _box(), "", "", ""]


def _box() -> Box:
    """In the middle of its cell."""
    return Box("CENTER")


def _legend() -> str:
    letters = "; ".join(" = ".join((_(letter), cause(why))) for why, letter in LETTERS.items())
    return _(
        "Tick one box for each airing. Cause, when it was heard softly or not at all: {letters}. If it was played from the "
        "amplifier's own USB, write USB beside the true time. Code of the day: the eight characters that the program shows."
    ).format(letters=letters)


def _signatures() -> Table:
    labels = _("For the market (signature and date)"), _("For the programme (signature and date)")
    return Table(
        [["", "", ""], [said(labels[0], SMALL), "", said(labels[1], SMALL)]],
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
