"""An office's own layouts: the program's copied to where they are changed, which are changed, whether each can be filled in."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from broadcaster import locale
from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.model import AiringId, Counting, EpisodeNumber, MarketId, Outcome, Reason
from broadcaster.reports.counting import count
from broadcaster.reports.delivery import deliver
from broadcaster.reports.documents import FORMATS, Request, make
from broadcaster.reports.documents.layouts import SHIPPED, is_changed, own
from broadcaster.reports.summary import Kind, Line, Period, Reach, RecordSeen, Reported, Standing
from broadcaster.reports.summing import summarise
from broadcaster.schedule.load import load_plan

FORMS = (".docx", ".html")


class State(StrEnum):
    """Whose layout a document is made with."""

    PROGRAM = "program"
    """The program's own: the office has none."""
    COPIED = "copied"
    """The office's, which is the program's still, byte for byte."""
    CHANGED = "changed"
    """The office's."""
    UNKNOWN = "unknown"
    """A file that no document is made with: its name is no layout's."""


@dataclass(frozen=True)
class Layout:
    """One layout."""

    name: str
    """Below the folder of layouts: ``es/certificate.docx``."""
    state: State

    @property
    def document(self) -> str:
        """``certificate``."""
        return Path(self.name).stem

    @property
    def language(self) -> str:
        """``es``; empty for what all languages share."""
        return self.name.partition("/")[0] if "/" in self.name else ""


def layouts(station: Station) -> list[Layout]:
    """All there are, the program's and the office's, by name."""
    mine, shipped = set(_names(own(station))), set(_names(SHIPPED))
    return [Layout(name, _state(station, name, mine, shipped)) for name in sorted(mine | shipped)]


def copy_to(folder: Path, documents: Collection[str] = (), languages: Collection[str] = ()) -> list[str]:
    """Write the program's layouts below a folder; of these documents and languages, else all. What is there is left alone.

    :returns: what was written, by name.
    :raises DocumentNotWritten: the disk would not take one.
    """
    written = []
    for name in sorted(_names(SHIPPED)):
        language, _slash, file = name.rpartition("/")
        wanted = not documents or Path(file).stem in documents
        if wanted and (not languages or not language or language in languages) and not (folder / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            deliver((SHIPPED / name).read_bytes(), folder / name)
            written.append(name)
    return written


def faults(station: Station, now: datetime) -> Iterator[tuple[str, BadInput]]:
    """Each of the office's own layouts that cannot be filled in, once, with its fault: tried with a season made up for it.

    :param now: local, aware.
    """
    request, told = _sample(station, now), set[str]()
    for layout in layouts(station):
        for language, document, form in _to_try(layout) if layout.state is State.CHANGED else ():
            try:
                with locale.speaking(language):
                    make(document, form, request)  # what is printed is a page first
            except BadInput as fault:
                if (name := str(fault.facts.get("name", layout.name))) not in told:  # a part is tried with every page
                    told.add(name)
                    yield name, fault


def _to_try(layout: Layout) -> Iterator[tuple[str, str, str]]:
    """Language, document and format of what is made with a layout; of a part that pages share, every page."""
    if layout.document in FORMATS and layout.language in locale.LANGUAGES:
        yield layout.language, layout.document, Path(layout.name).suffix[1:]
    elif layout.document not in FORMATS:
        yield from ((language, document, "html") for language in _languages(layout) for document in _pages())


def _languages(layout: Layout) -> Collection[str]:
    return (layout.language,) if layout.language in locale.LANGUAGES else locale.LANGUAGES


def _pages() -> list[str]:
    """The documents that are laid out as a page."""
    return [document for document in FORMATS if (SHIPPED / locale.LANGUAGES[0] / f"{document}.html").is_file()]


def _sample(station: Station, now: datetime) -> Request:
    """Every airing of the schedule, as before the first day, and one of each thing that a layout has a row for."""
    plan = load_plan(station).airings
    days = [airing.due.date() for airing in plan] or [now.date()]
    summary = summarise([], plan, station.markets, Period(min(days), max(days)), now)
    market = next(iter(station.markets), None)
    if market is None:
        return Request(station, summary, summary, now.date())
    lines = (*summary.lines, *_happened(market, now))
    seen = Reach(f"{now:%Y-%m}", market, 1, 20, None, None, Counting.HEADCOUNT)
    record = RecordSeen("sample", (market,), 1, now, "sample-1-1")
    summary = replace(summary, lines=lines, total=count(lines), reach=(seen,), records=(record,))
    return Request(station, summary, summary, now.date(), codes={record.node: "K7F3-9QXM"}, market=market)


def _happened(market: MarketId, now: datetime) -> Iterator[Line]:
    """One that failed, one that the calendar took out, one that only a message tells of."""
    said = Reported(Outcome.PLAYED, Reason.ON_TIME, now, proved=False)
    open_ = Line(AiringId("sample"), Kind.AIRING, market, now, EpisodeNumber(1), Standing.AWAITED)
    ended = replace(open_, standing=Standing.RECORDED)
    yield replace(ended, outcome=Outcome.MISSED, reason=Reason.POWER_LOSS)
    yield replace(ended, outcome=Outcome.CANCELLED, reason=Reason.HOLIDAY)
    yield replace(open_, reported=said)


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if (
            path.is_file()
            and (path.suffix in FORMS or path.name == "style.css")
            and not path.name.startswith((".", "~"))
        ):
            yield path.relative_to(folder).as_posix()


def _state(station: Station, name: str, mine: Collection[str], shipped: Collection[str]) -> State:
    if name not in mine:
        return State.PROGRAM
    if name not in shipped and not _is_taken_in(station, name, mine):
        return State.UNKNOWN
    return State.CHANGED if is_changed(station, name) else State.COPIED


def _is_taken_in(station: Station, name: str, mine: Collection[str]) -> bool:
    """Whether a page of the office's names it: a part of her own."""
    pages = (own(station) / each for each in mine if each.endswith(".html") and each != name)
    return any(
        quoted in page.read_text(encoding="utf-8", errors="replace") for page in pages for quoted in _quoted(name)
    )


def _quoted(name: str) -> tuple[str, str]:
    return f'"{name}"', f"'{name}'"
