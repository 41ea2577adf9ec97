"""The papers that offices sign, each from the one summary.

::

    summary ─┬─▶ certificate ─┐
             └─▶ overview ────┴─▶ words ─▶ layout (an office's own, or ours) ─▶ page ─▶ pdf
                                                                             └▶ word

What is said is decided here; how it looks, and all the words around the figures, stand in the layouts (``templates``), which
an office changes without code. No layout is given a person's name or code, a title, or anything that somebody typed freely.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from broadcaster.reports.documents.request import Request

if TYPE_CHECKING:
    from broadcaster.reports.documents.certificate import Certificate
    from broadcaster.reports.documents.overview import Overview

__all__ = ["CERTIFICATE", "FORMATS", "Request", "make"]

CERTIFICATE = "certificate"
FORMATS: Mapping[str, tuple[str, ...]] = {
    CERTIFICATE: ("pdf", "docx"),
    "monthly": ("docx", "pdf"),
    "donor": ("docx", "pdf", "html"),
    "page": ("html",),
    "practice": ("docx",),
}
"""Every document, with the formats it comes in, the usual one first."""


def make(document: str, format_: str, request: Request) -> bytes:
    """``document`` in ``format_``, both of :data:`FORMATS`, in the language spoken now.

    :raises LayoutBroken: the office's own layout has a fault.
    :raises NoPdfHere: the system cannot make PDF files.
    """
    from broadcaster.reports.documents.page import as_html  # noqa: PLC0415  what fills layouts in is heavy
    from broadcaster.reports.documents.pdf import as_pdf  # noqa: PLC0415
    from broadcaster.reports.documents.word import as_docx  # noqa: PLC0415

    facts = _facts(document, request)
    words = {each.name: getattr(facts, each.name) for each in fields(facts)}
    if format_ == "docx":
        return as_docx(request.station, document, words)
    page = as_html(request.station, document, words)
    return as_pdf(request.station, page) if format_ == "pdf" else page.encode()


def _facts(document: str, request: Request) -> "Certificate | Overview":
    from broadcaster.reports.documents.certificate import certificate  # noqa: PLC0415
    from broadcaster.reports.documents.overview import overview  # noqa: PLC0415

    if document != CERTIFICATE:
        return overview(request)
    if request.market is None:
        raise ValueError(request.market)  # who asks chooses the market first
    return certificate(request, request.market)
