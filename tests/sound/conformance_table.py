"""Writes ``docs/loudness-conformance.md``'s tables from what the meters read: ``python tests/sound/conformance_table.py``."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from agreement import Agreement, Sample, compared
from conformance_cases import CASES, Case
from conformance_meters import Libebur128, Ours, ffmpeg_reads, readings

DOCUMENT = Path(__file__).parents[2] / "docs" / "loudness-conformance.md"
UNITS = {"LRA": "LU", "TP": "dBTP"}


def expected(case: Case, found: list[float]) -> list[float]:
    """What each reading should be."""
    return list(case.expected) if len(case.expected) == len(found) else list(case.expected) * len(found)


def passes(case: Case, found: list[float]) -> bool:
    """Whether every reading is within the document's tolerance."""
    pairs = zip(found, expected(case, found), strict=True)
    return all(-case.below <= value - wanted <= case.above for value, wanted in pairs)


def shown(case: Case, found: list[float]) -> str:
    """The reading; of many pieces, the least and the greatest; of pieces that differ, how far off they are."""
    if len(set(case.expected)) > 1:
        off = [value - wanted for value, wanted in zip(found, expected(case, found), strict=True)]
        return f"{_signed(min(off))} … {_signed(max(off))} off"
    low, high = _number(min(found)), _number(max(found))
    return low if low == high else f"{low} … {high}"


def _number(value: float) -> str:
    return f"{value + 0.0:.2f}".replace("-", "−") if round(value, 2) else "0.00"


def _signed(value: float) -> str:
    return ("+" if round(value, 2) > 0 else "") + _number(value)


def _wanted(case: Case) -> str:
    unit = UNITS.get(case.reading, "LUFS")
    first, last = case.expected[0], case.expected[-1]
    figure = _number(first) if first == last else f"{_number(first)}, … {_number(last)}"
    margin = f"± {case.above:g}" if case.above == case.below else f"+{case.above:g} / −{case.below:g}"
    return f"{figure} {unit} | {margin}"


def own_row(case: Case) -> tuple[str, list[float]]:
    """The table's line for a case up to our verdict, and what we read."""
    found = readings(case, Ours)
    verdict = "passes" if passes(case, found) else "**fails**"
    head = f"{case.document} {case.number} | {case.signal} | {case.reading}"
    return f"| {head} | {_wanted(case)} | {shown(case, found)} | {verdict} |", found


def _others(case: Case) -> str:
    by_ffmpeg = ffmpeg_reads(case)
    return f" {shown(case, readings(case, Libebur128))} | {'—' if by_ffmpeg is None else _number(by_ffmpeg)} |"


def conformance_lines() -> Iterator[str]:
    yield "| case | signal | reading | expected | tolerance | ours | verdict | libebur128 | ffmpeg |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for case in CASES:
        yield own_row(case)[0] + _others(case)


def agreement_lines() -> Iterator[str]:
    yield "| sound | sampled at | channels | ours | − libebur128 | − ffmpeg |"
    yield "|---|---|---|---|---|---|"
    for sample, said in compared():
        yield agreement_line(sample, said)


def agreement_line(sample: Sample, said: Agreement) -> str:
    """The table's line for a sound: our reading, and how far it is from the others'."""
    off = [
        f"{_signed(said.ours[0] - other[0])} LU, {_signed(said.ours[1] - other[1])} dB"
        for other in (said.libebur128, said.ffmpeg)
    ]
    ours = f"{_number(said.ours[0])} LUFS, {_number(said.ours[1])} dBTP"
    return f"| {sample.name} | {sample.rate_hz / 1000:g} kHz | {sample.channels} | {ours} | {off[0]} | {off[1]} |"


def replaced(text: str, name: str, lines: Iterable[str]) -> str:
    """``text`` with the table between the two comments of this name."""
    mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    assert mark.search(text), name
    table = "\n".join(lines) + "\n"
    return mark.sub(lambda found: found[1] + table + found[2], text)


def table_in(text: str, name: str) -> list[str]:
    """The lines of the table of this name, without its head."""
    inside = text.split(f"<!-- {name} -->\n")[1].split(f"<!-- end of {name} -->", maxsplit=1)[0]
    return inside.splitlines()[2:]


def main() -> None:
    """Measure everything and write the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    text = replaced(text, "conformance", conformance_lines())
    text = replaced(text, "agreement", agreement_lines())
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
