"""The picture of a master: its waveform above, its loudness over time below, silences and findings marked in both.

Colours are Okabe and Ito's, told apart by those who see no red or no green; each thing also has a form of its own. Letters
are large enough for a telephone. No title and no name stands in it: pictures travel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from broadcaster.locale import gettext as _
from broadcaster.model import Finding, Lufs, Severity
from broadcaster.production.pictures.profile import QUIETEST_LUFS, Profile
from broadcaster.production.pictures.shapes import Area, Box, Line, Picture, Shape, Text

WIDTH = 1080
LEFT, RIGHT = 118, 1050
COLUMNS = RIGHT - LEFT
TOP = 168
WAVE = 280
LOUD_TOP, LOUD = TOP + WAVE + 84, 260
BOTTOM = LOUD_TOP + LOUD
LOUDEST_LUFS = -10.0
LETTERS = 30
FLAG = 40
LEGEND = 4
"""Entries of the legend."""
LISTED = 6
"""Findings listed below; the rest are only marked."""

INK, PALE, RASTER = "#222222", "#f1f1f1", "#d0d0d0"
BLUE, RED, GREEN, GREY = "#0072b2", "#d55e00", "#007a5a", "#8a8a8a"
ORANGE, SKY, BLACK = "#e69f00", "#56b4e9", "#000000"
COLOURS = {Severity.REFUSE: BLACK, Severity.WARN: ORANGE, Severity.NOTE: SKY}
TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MOST_TICKS = 6


@dataclass(frozen=True)
class Shown:
    """What is drawn."""

    profile: Profile
    target: Lufs
    """What every master is to reach."""
    reached: Lufs | None
    """What this one measures."""
    findings: tuple[Finding, ...] = ()

    def x(self, at_s: float) -> float:
        """Where a second of the sound stands."""
        return LEFT + (RIGHT - LEFT) * min(max(at_s / max(self.profile.duration_s, 0.001), 0.0), 1.0)

    @property
    def placed(self) -> tuple[tuple[Finding, float], ...]:
        """The findings that have their second, in order."""
        found = [(finding, float(finding.at_s)) for finding in self.findings if finding.at_s is not None]
        return tuple(sorted(found, key=lambda each: each[1]))


def waveform(shown: Shown) -> Picture:
    """The whole picture."""
    shapes = [
        Box(0, 0, WIDTH, _height(shown), "#ffffff"),
        *_heading(shown),
        *_panels(shown),
        *_silences(shown),
        *_wave(shown),
        *_loudness(shown),
        *_seconds(shown),
        *_marks(shown),
        *_legend(shown),
    ]
    return Picture(WIDTH, _height(shown), shapes)


def clock(seconds: float) -> str:
    """Minutes and seconds, hours where there are some."""
    whole = int(seconds + 0.5)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def decibels(value: float, digits: int = 1) -> str:
    """With a true minus sign."""
    return f"{value:.{digits}f}".replace("-", "−")


def _height(shown: Shown) -> int:
    listed = LEGEND + min(len(shown.placed), LISTED)
    return BOTTOM + 92 + 44 * ((listed + 1) // 2)


def _heading(shown: Shown) -> Iterator[Shape]:
    text = _("Length {length}").format(length=clock(shown.profile.duration_s))
    if shown.reached is not None:
        text += "  ·  " + _("loudness {reached} LUFS").format(reached=decibels(shown.reached))
    yield Text(LEFT, 44, text, LETTERS + 4, INK, bold=True)
    yield Text(LEFT, LOUD_TOP - 32, _("How loud it is heard, LUFS"), LETTERS, INK)


def _panels(shown: Shown) -> Iterator[Shape]:
    for top, height in ((TOP, WAVE), (LOUD_TOP, LOUD)):
        yield Box(LEFT, top, RIGHT - LEFT, height, PALE)
    for level in range(-50, 0, 10):
        y = _level(level)
        yield Line([(LEFT, y), (RIGHT, y)], RASTER, 2)
        yield Text(LEFT - 14, y, decibels(level, 0), LETTERS, INK, "end")
    for at_s in _ticks(shown.profile.duration_s):
        for top, height in ((TOP, WAVE), (LOUD_TOP, LOUD)):
            yield Line([(shown.x(at_s), top), (shown.x(at_s), top + height)], RASTER, 2)


def _level(lufs: float) -> float:
    share = (LOUDEST_LUFS - lufs) / (LOUDEST_LUFS - QUIETEST_LUFS)
    return LOUD_TOP + LOUD * min(max(share, 0.0), 1.0)


def _ticks(duration_s: float) -> Iterator[float]:
    step = next((step for step in TICKS_S if duration_s / step <= MOST_TICKS), TICKS_S[-1])
    for number in range(int(duration_s / step) + 1):
        yield float(number * step)


def _silences(shown: Shown) -> Iterator[Shape]:
    for begin, end in shown.profile.silences:
        x, width = shown.x(begin), max(shown.x(end) - shown.x(begin), 3)
        yield Box(x, TOP, width, WAVE, GREY, striped=True)
        yield Box(x, LOUD_TOP, width, LOUD, GREY, striped=True)


def _wave(shown: Shown) -> Iterator[Shape]:
    profile, middle = shown.profile, TOP + WAVE / 2
    xs = np.linspace(LEFT, RIGHT, len(profile.highs))
    above = [(float(x), float(middle - high * WAVE / 2) - 1) for x, high in zip(xs, profile.highs, strict=True)]
    below = [(float(x), float(middle - low * WAVE / 2) + 1) for x, low in zip(xs, profile.lows, strict=True)]
    yield Area([*above, *reversed(below)], BLUE)


def _loudness(shown: Shown) -> Iterator[Shape]:
    y = _level(shown.target)
    yield Line([(LEFT, y), (RIGHT, y)], GREEN, 5, dashed=True)
    xs = np.linspace(LEFT, RIGHT, len(shown.profile.loudness))
    points = [(float(x), _level(float(value))) for x, value in zip(xs, shown.profile.loudness, strict=True)]
    yield Line(points if len(points) > 1 else [points[0], (RIGHT, points[0][1])], RED, 5)


def _seconds(shown: Shown) -> Iterator[Shape]:
    for at_s in _ticks(shown.profile.duration_s):
        yield Text(shown.x(at_s), BOTTOM + 30, clock(at_s), LETTERS, INK, "middle")


def _marks(shown: Shown) -> Iterator[Shape]:
    """A flag with its number over each finding, those too near one another in two rows; and below, what stands where."""
    rows = _rows([shown.x(at_s) for _finding, at_s in shown.placed])
    for (_finding, at_s), row in zip(shown.placed, rows, strict=True):
        yield Line([(shown.x(at_s), TOP - 12 - 42 * row), (shown.x(at_s), TOP + WAVE)], INK, 2)
    for number, ((finding, at_s), row) in enumerate(zip(shown.placed, rows, strict=True), start=1):
        yield from _flag(shown.x(at_s), TOP - 12 - 42 * row, str(number), COLOURS[finding.severity])
    for number, (finding, at_s) in enumerate(shown.placed[:LISTED], start=1):
        x, y = _cell(LEGEND + number - 1)
        yield from _flag(x + 22, y + 18, str(number), COLOURS[finding.severity])
        text = _word(finding.severity).format(time=clock(at_s))
        yield Text(x + 64, y, text, LETTERS, INK)


def _rows(xs: Sequence[float]) -> list[int]:
    """In which of two rows each flag stands."""
    last, rows = [-1e9, -1e9], []
    for x in xs:
        row = 0 if x - last[0] >= FLAG + 4 else 1
        last[row] = x
        rows.append(row)
    return rows


def _word(severity: Severity) -> str:
    if severity is Severity.NOTE:
        return _("at {time}: note")
    return _("at {time}: warning") if severity is Severity.WARN else _("at {time}: refused")


def _flag(x: float, y: float, number: str, colour: str) -> Iterator[Shape]:
    """A marker that points down to ``(x, y)``."""
    half = FLAG / 2
    yield Area([(x - half, y - 38), (x + half, y - 38), (x + half, y - 12), (x, y), (x - half, y - 12)], colour)
    yield Text(x, y - 24, number, 24, "#ffffff" if colour == BLACK else BLACK, "middle", bold=True)


def _cell(number: int) -> tuple[float, float]:
    """Where the legend's entries stand, two in a row."""
    row, column = divmod(number, 2)
    return LEFT - 80 + column * 510, BOTTOM + 92 + 44 * row


def _legend(shown: Shown) -> Iterator[Shape]:
    entries: Sequence[tuple[str, str]] = (
        ("wave", _("waveform")),
        ("loudness", _("loudness of 3 seconds")),
        ("target", _("aim: {target} LUFS").format(target=decibels(shown.target))),
        ("silence", _("silence")),
    )
    for number, (kind, text) in enumerate(entries):
        x, y = _cell(number)
        yield from _sample(kind, x, y)
        yield Text(x + 64, y, text, LETTERS, INK)


def _sample(kind: str, x: float, y: float) -> Iterator[Shape]:
    match kind:
        case "wave":
            yield Area([(x, y), (x + 22, y - 16), (x + 44, y), (x + 22, y + 16)], BLUE)
        case "loudness":
            yield Line([(x, y + 8), (x + 16, y - 8), (x + 30, y + 4), (x + 46, y - 6)], RED, 5)
        case "target":
            yield Line([(x, y), (x + 46, y)], GREEN, 5, dashed=True)
        case _:
            yield Box(x, y - 15, 44, 30, GREY, striped=True)
