"""The printed schedule as a PDF: A4, black on white. Pure: the same facts give the same bytes."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from broadcaster.locale import gettext as _
from broadcaster.reports.paper import (
    BODY,
    BOLD,
    HAIR,
    HEAD,
    LIGHT,
    LINE,
    PALE,
    PLAIN,
    PROGRAMME,
    QUIET,
    RULE,
    SECTION,
    SMALL,
    STRONG,
    SUBTITLE,
    WIDTH,
    Foot,
    plain,
    printed,
    said,
)
from broadcaster.reports.timetable import Line, Part, Place, Timetable

BY_HAND = "_" * 60
ITEM = ParagraphStyle("item", SMALL, leftIndent=16, spaceAfter=2, bulletFontName=BOLD, bulletFontSize=8)


def as_pdf(facts: Timetable) -> bytes:
    """The document's bytes."""
    made = _("Schedule {name} · made on {made}").format(name=facts.name, made=facts.made)
    note = _("This page is in force while the program shows the same schedule name: {name}.").format(name=facts.name)
    title = ": ".join((facts.programme, _("Airing schedule")))
    return printed(lambda: _story(facts), Foot(made, note), title=title, author=facts.programme)


def _story(facts: Timetable) -> Iterator[Any]:
    yield said(facts.programme, PROGRAMME)
    yield said(_("Airing schedule"), SUBTITLE)
    yield Spacer(0, 2 * mm)
    yield said(facts.organisations, QUIET)
    yield said(_("Markets"), SECTION)
    yield _places(facts.places)
    yield Spacer(0, 2 * mm)
    yield said(_("For questions or complaints: {contact}").format(contact=facts.contact or BY_HAND))
    for part in facts.parts:
        yield said(f"{part.title} · {part.period}", SECTION)
        yield _lines(part)
    if facts.amendments:
        numbered = [_numbered(number, one) for number, one in enumerate(facts.amendments, start=1)]
        yield KeepTogether([said(_("Amendments"), SECTION), numbered[0]])
        yield from numbered[1:]


def _numbered(number: int, text: str) -> Paragraph:
    return Paragraph(plain(text), ITEM, bulletText=f"{number}.")


def _places(places: Sequence[Place]) -> Table:
    heads = _("Market"), _("District"), _("Opening hours"), _("Quiet hours"), _("Authorisation number")
    rows = [
        [
            said(place.name, STRONG),
            said(place.district),
            said(place.hours),
            said(place.quiet or "—"),
            said(place.authorisation) if place.authorisation else said(_("unconfirmed"), QUIET),
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
    episode = said(line.episode or "—", STRONG) if line.sounds else _struck(line.episode or "—")
    when = said(line.time, STRONG) if line.sounds else _struck(line.time)
    return [said(line.day, words), when, episode, said(line.places, words), said(line.note, SMALL)]


def _table(heads: Sequence[str], rows: Sequence[Sequence[Paragraph]], shares: Sequence[float]) -> Table:
    """A table as wide as the page, its heading repeated on each page."""
    return Table(
        [[said(head, HEAD) for head in heads], *rows],
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


def _struck(text: str) -> Paragraph:
    return Paragraph(f"<strike>{plain(text)}</strike>", QUIET)
