"""The form that a voice signs, as a PDF: A4, both sides of one sheet, black on white. Pure: the same facts, the same bytes."""

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak, Paragraph, Spacer, Table, TableStyle
from reportlab.platypus.flowables import HRFlowable

from broadcaster.locale import gettext as _
from broadcaster.reports.consent_form import SCOPES, ConsentForm
from broadcaster.reports.paper import (
    BOLD,
    HAIR,
    LIGHT,
    LINE,
    PALE,
    PLAIN,
    PROGRAMME,
    QUIET,
    SECTION,
    SUBTITLE,
    WIDTH,
    Box,
    Foot,
    plain,
    printed,
    said,
)

BODY = ParagraphStyle("form", fontName=PLAIN, fontSize=10, leading=14)
STRONG = ParagraphStyle("form-strong", BODY, fontName=BOLD)
ITEM = ParagraphStyle("form-item", BODY, leftIndent=12, bulletIndent=2, spaceAfter=2)
LABEL = ParagraphStyle("form-label", BODY, fontSize=8, leading=10)
WRITING_MM = 11.0
"""A line to write on."""


def as_pdf(facts: ConsentForm) -> bytes:
    """The form's bytes, two pages."""
    kept = _("This sheet is kept locked away by the programme. No name is ever typed into the computer.")
    foot = Foot(kept, _("Form made on {made}").format(made=facts.made), font=PLAIN)
    return printed(
        lambda: [*_explained(facts), PageBreak(), *_signed()],
        foot,
        title=_("Consent to use my voice"),
        author=facts.programme,
    )


# The first page: what it is about


def _explained(facts: ConsentForm) -> Iterator[Any]:
    yield _text(_("Consent to use my voice"), PROGRAMME)
    yield _text(facts.programme, SUBTITLE)
    yield _text(facts.organisations, QUIET)
    yield Spacer(0, 3 * mm)
    yield _codes(facts)
    yield _text(_("1. What it is for"), SECTION)
    yield _text(
        _(
            "Community defenders make short radio episodes that are played by loudspeakers in markets: {markets}. "
            "They ask me to let my voice be heard in them, in this season and for nothing else."
        ).format(markets="; ".join(facts.markets))
    )
    yield _text(_("2. What I should know first"), SECTION)
    yield from _points(
        _("Taking part is my choice. If I say no, nothing happens to me and I lose no help."),
        _("Somebody who knows me may recognise my voice, even though my name is not said."),
        _("My name is never said or written in the program: it knows me by a code. Only this sheet has my signature."),
        _("No names, addresses, workplaces or times at which somebody can be found are said, mine or anybody's."),
        _("If I lived through violence, my own story is not told in my voice: another person acts it."),
        _("Nobody who asks a defender for help is recorded."),
    )
    yield _text(_("3. Where my voice may be heard"), SECTION)
    yield _text(
        _("I tick only what I want. If nothing but the first box is ticked, it is the loudspeakers and nothing else.")
    )
    yield Spacer(0, 1.5 * mm)
    yield _scopes()


def _codes(facts: ConsentForm) -> Table:
    """What the programme fills in by hand, as codes."""
    cells = [
        [_text(label, LABEL) for label in (_("Code of the voice"), _("Code of this form"))],
        ["", ""],
        [_text(label, LABEL) for label in (_("Season"), _("Good until (date)"))],
        [_text(facts.season, STRONG), ""],
    ]
    return _boxed(cells, (0.5, 0.5), {1: WRITING_MM, 3: WRITING_MM})


def _scopes() -> Table:
    told = [(plain(_(name)), plain(_(meaning))) for name, meaning in SCOPES.values()]
    rows = [[Box(), Paragraph(f'<font name="{BOLD}">{name}</font> {meaning}', BODY)] for name, meaning in told]
    return Table(
        rows,
        colWidths=[9 * mm, WIDTH - 9 * mm],
        style=TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), PLAIN),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), PALE),
                ("LINEBELOW", (0, 0), (-1, -1), HAIR, LIGHT),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ]
        ),
    )


# The second page: how it ends, and who signs


def _signed() -> Iterator[Any]:
    yield _text(_("4. I can change my mind"), SECTION)
    yield from _points(
        _(
            "I can take this consent back whenever I want, before or after it was played, without saying why and at no cost."
        ),
        _("It is enough to tell any defender, or the person named below, by word of mouth, and to give my code."),
        _(
            "My voice then stops at once in every market. I am told where and when it was heard and which copies are being "
            "taken down, and the recording is erased from the programme's computers, at once if I ask for it."
        ),
        _("What others recorded or passed on cannot be called back; the programme deletes what it can reach."),
    )
    yield _text(_("5. My data"), SECTION)
    yield _text(
        _(
            "In Peru a voice is personal data (Ley 29733; the authority is the ANPD, Autoridad Nacional de Protección de Datos "
            "Personales). The programme uses mine only for what I ticked and until the date above, keeps this sheet apart from "
            "the recordings, and tells me what it keeps of me when I ask."
        )
    )
    yield _text(_("6. Signatures"), SECTION)
    yield _text(_("I read this sheet, or it was read to me, and what I asked was answered. Signature or fingerprint:"))
    yield Spacer(0, 1.5 * mm)
    yield _signatures(_("Whose voice it is (name by hand)"), _("Signature"), _("Date"))
    yield Spacer(0, 2.5 * mm)
    yield _signatures(_("Who explained it (code)"), _("Signature"), _("Date"))
    yield _text(_("7. Only for minors"), SECTION)
    yield _text(
        _(
            "A minor's voice needs her own yes, above, and that of her mother, father or guardian, who signs here and was told "
            "the same. Either of them may take it back, alone."
        )
    )
    yield Spacer(0, 1.5 * mm)
    yield _signatures(_("Mother, father or guardian (name by hand)"), _("Signature"), _("Date"))
    yield Spacer(0, 5 * mm)
    yield from _slip()


def _slip() -> Iterator[Any]:
    """What whoever signs takes along, which tells a stranger nothing."""
    yield HRFlowable(width=WIDTH, thickness=LINE, color=colors.black, dash=(3, 3))
    yield Spacer(0, 1.5 * mm)
    yield _text(
        _("To cut off and keep. If it is not safe to have it with you, learn the code and leave the paper here."), LABEL
    )
    yield Spacer(0, 1 * mm)
    cells = [[_text(label, LABEL) for label in (_("My code"), _("Whom to tell: telephone or place"))], ["", ""]]
    yield _boxed(cells, (0.3, 0.7), {1: WRITING_MM})


def _signatures(*labels: str) -> Table:
    return _boxed([[_text(label, LABEL) for label in labels], [""] * len(labels)], (0.45, 0.35, 0.2), {1: 13.0})


def _boxed(cells: Sequence[Sequence[Any]], shares: Sequence[float], heights: dict[int, float]) -> Table:
    """Labels with room to write beneath each; ``heights`` in mm, by row."""
    tall = [heights[row] * mm if row in heights else None for row in range(len(cells))]
    lines = [("LINEBELOW", (0, row), (-1, row), LINE, colors.black) for row in heights]
    return Table(
        [list(row) for row in cells],
        colWidths=[WIDTH * share for share in shares],
        rowHeights=tall,
        style=TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), PLAIN),
                ("BOX", (0, 0), (-1, -1), LINE, colors.black),
                ("LINEAFTER", (0, 0), (-2, -1), HAIR, colors.black),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                *lines,
            ]
        ),
    )


def _points(*sentences: str) -> Iterator[Paragraph]:
    return (Paragraph(plain(sentence), ITEM, bulletText="•") for sentence in sentences)


def _text(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    return said(text, style)
