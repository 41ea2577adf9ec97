"""Documents of the golden season, and readers that are not ours."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.table import Table
from golden import MADE, NODES, Golden

from broadcaster.model import MarketId, Role
from broadcaster.reports.documents import Request
from broadcaster.reports.summary import Period

CODE = "K7F3-9QXM"
ROLES: Mapping[str, tuple[Role, ...]] = {"d-07": (Role.PRODUCER,)}


def request(season: Golden, period: Period, market: MarketId | None = None) -> Request:
    """What the office asks for on the day on which it reports."""
    return Request(
        station=season.station,
        summary=season.summary(period),
        so_far=season.summary(Period(date(2021, 1, 1), period.last)),
        made=MADE.date(),
        codes=dict.fromkeys(NODES.values(), CODE),
        roles=ROLES,
        market=market,
    )


def pdf_pages(content: bytes, folder: Path) -> list[str]:
    """Each page's text, as poppler reads it; words that were hyphenated are whole again."""
    file = folder / "read.pdf"
    file.write_bytes(content)
    text = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True).stdout.decode()
    return text.split("\f")[:-1]


def words(text: str) -> str:
    """Without line breaks and runs of spaces."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Box:
    """A word and where it stands, in points."""

    word: str
    x0: float
    y0: float
    x1: float
    y1: float

    def overlaps(self, other: "Box") -> bool:
        """By more than a hair: letters' boxes are a little taller than their ink."""
        wide = min(self.x1, other.x1) - max(self.x0, other.x0)
        high = min(self.y1, other.y1) - max(self.y0, other.y0)
        return wide > 1 and high > 0.4 * min(self.y1 - self.y0, other.y1 - other.y0)


_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


def pdf_boxes(content: bytes, folder: Path) -> list[tuple[float, float, list[Box]]]:
    """Each page's width and height and the words on it."""
    file = folder / "boxes.pdf"
    file.write_bytes(content)
    text = subprocess.run(["pdftotext", "-bbox", file, "-"], check=True, capture_output=True).stdout.decode()
    return [
        (float(width), float(height), [Box(word, *map(float, place)) for *place, word in _WORD.findall(body)])
        for width, height, body in _PAGE.findall(text)
    ]


def crowded(content: bytes, folder: Path) -> list[str]:
    """Words that leave their page or run into one another."""
    found = []
    for width, height, boxes in pdf_boxes(content, folder):
        found += [box.word for box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]
        for at, box in enumerate(boxes):
            found += [f"{box.word} / {other.word}" for other in boxes[at + 1 :] if box.overlaps(other)]
    return found


def docx_tables(content: bytes) -> list[list[list[str]]]:
    """Every table's cells, row by row."""
    return [_cells(table) for table in Document(BytesIO(content)).tables]


def _cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def docx_text(content: bytes) -> str:
    """The document's words: paragraphs, then tables."""
    document = Document(BytesIO(content))
    told = [paragraph.text for paragraph in document.paragraphs]
    return words(" ".join([*told, *(cell for table in document.tables for row in _cells(table) for cell in row)]))


def named(tables: list[list[list[str]]], head: str) -> list[list[str]]:
    """The table whose first heading this is."""
    return next(table for table in tables if table[0][0] == head)
