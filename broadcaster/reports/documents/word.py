"""A layout of a Word document, filled in: offices number and edit their papers."""

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import BadZipFile

from broadcaster.config import Station
from broadcaster.reports.documents.layouts import WHAT_A_LAYOUT_RAISES, LayoutBroken, environment, found, named

_LINES = re.compile(r"\s*\n\s*")


def as_docx(station: Station, name: str, words: Mapping[str, object]) -> bytes:
    """The document ``name`` in the language spoken now.

    :raises LayoutBroken: the office's own layout has a fault.
    """
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415  heavy
    from docxtpl import DocxTemplate  # noqa: PLC0415

    file = f"{name}.docx"
    try:
        template = DocxTemplate(found(station, file))
        template.render(dict(words), jinja_env=environment(station), autoescape=True)
    except (*WHAT_A_LAYOUT_RAISES, BadZipFile, PackageNotFoundError) as error:
        problem = _LINES.sub(" ", str(error)) or type(error).__name__
        raise LayoutBroken(name=named(file), problem=problem) from error
    buffer = BytesIO()
    template.save(buffer)
    return buffer.getvalue()
