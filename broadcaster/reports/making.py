"""A report as somebody asks for it: what there is to ask for, what it is made from, and what is still missing in it.

::

    asked ─▶ rows and schedule ─▶ summary ─▶ tables or a document ─▶ on record ─▶ handed over (by who asked)

The command line and the panel both ask here, so that a paper is the same whoever made it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from broadcaster.errors import UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.model import MarketId

if TYPE_CHECKING:
    from broadcaster.config import Station
    from broadcaster.journal.append import Journal
    from broadcaster.library.decisions import Decisions
    from broadcaster.reports.documents import Request
    from broadcaster.reports.summary import Summary

DATA = "data"
"""What an export of tables is called in the record."""
TABLES = ("csv", "json", "xlsx", "hxl", "r4v")
PAPERS: Mapping[str, tuple[str, ...]] = {
    "certificate": ("pdf", "docx"),
    "monthly": ("pdf", "docx"),
    "donor": ("pdf", "docx", "html"),
    "page": ("html",),
    "practice": ("docx",),
}
"""Documents and their formats, told here again: to read what there is must not load what makes it."""
OF_ONE_MARKET = "certificate"


class NothingPromised(UsageError):
    """No airing lies on the dates and in the markets asked for."""

    sentence: ClassVar[str] = N_("Nothing was scheduled there, so no report was made. Choose other dates or markets.")


@dataclass(frozen=True)
class Asked:
    """What is to be made."""

    document: str
    """:data:`DATA` or one of :data:`PAPERS`."""
    format: str
    first: date
    last: date
    markets: tuple[MarketId, ...] | None
    """``None``: all. Of a certificate exactly one."""
    others: tuple[Path, ...] = ()
    """Other stations' records, read beside this one's."""


@dataclass(frozen=True)
class Basis:
    """What any report of the period is made from, read once."""

    station: "Station"
    asked: Asked
    now: datetime
    """Local, aware."""

    @cached_property
    def summary(self) -> "Summary":
        """Of the period.

        :raises NothingPromised: there is nothing to report.
        """
        found = self._read[0]
        if not found.total.planned:
            raise NothingPromised
        return found

    @property
    def so_far(self) -> "Summary":
        """From the year's first day on; from the period's own where that began earlier. Tables have the period alone."""
        return self._read[-1]

    @cached_property
    def _read(self) -> "list[Summary]":
        from broadcaster.reports.gathering import summaries_of  # noqa: PLC0415  the database is heavy
        from broadcaster.reports.summary import Period  # noqa: PLC0415

        asked = self.asked
        begin = asked.first if asked.document == DATA else min(asked.first, asked.last.replace(month=1, day=1))
        periods = [Period(first, asked.last) for first in dict.fromkeys((asked.first, begin))]
        return summaries_of(self.station, periods, self.now, only=asked.markets, others=asked.others)


def made(station: "Station", journal: "Journal", asked: Asked, now: datetime) -> "tuple[bytes, Summary]":
    """The report's bytes in the language spoken now, and what it was made from; ``now``: local, aware.

    :raises NothingPromised: there is nothing to report.
    :raises MappingBroken, LayoutBroken, NoPdfHere: an office's own mapping or layout has a fault; no PDF can be made here.
    """
    basis = Basis(station, asked, now)
    summary = basis.summary
    if asked.document == DATA:
        from broadcaster.reports.tables import make  # noqa: PLC0415  only what is asked for is loaded

        return make(asked.format, station, summary), summary
    from broadcaster.library.decisions import decisions_of  # noqa: PLC0415  the library is heavy
    from broadcaster.reports import documents  # noqa: PLC0415

    request = requested(basis, decisions_of(journal))
    return documents.make(asked.document, asked.format, request), summary


def requested(basis: Basis, decisions: "Decisions") -> "Request":
    """A document's facts."""
    from broadcaster.reports import documents  # noqa: PLC0415  only what is asked for is loaded
    from broadcaster.reports.documents.certificate import computers  # noqa: PLC0415
    from broadcaster.reports.gathering import codes_of_day  # noqa: PLC0415

    asked, today = basis.asked, basis.now.date()
    market = asked.markets[0] if asked.document == OF_ONE_MARKET and asked.markets else None
    nodes = computers(basis.summary, market) if market else []  # no other paper has codes, and each takes a while
    return documents.Request(
        station=basis.station,
        summary=basis.summary,
        so_far=basis.so_far,
        made=today,
        codes=codes_of_day(basis.station, asked.others, min(asked.last, today), nodes),
        roles={each.code: each.roles for each in decisions.people.values()},
        market=market,
    )


def register(journal: "Journal", asked: Asked, summary: "Summary", content: bytes, by: str) -> None:
    """On record before it leaves: what, of which days and markets, in which bytes, by whom."""
    from broadcaster.reports import registering  # noqa: PLC0415  the record is heavy

    markets = [MarketId(group.key) for group in summary.markets]
    registering.register(journal, asked.document, asked.format, summary.period, markets, content, by)


def missing(summary: "Summary") -> Iterator[str]:
    """What is still missing in it, or stands otherwise than people may expect: a sentence each."""
    from broadcaster.reports.tables.facts import by_message  # noqa: PLC0415  only what is asked for is loaded

    if awaited := summary.total.awaited:
        text = ngettext(
            "It is provisional: of {n} airing no record has come yet. Bring the market's record and make it again.",
            "It is provisional: of {n} airings no record has come yet. Bring the markets' records and make it again.",
            awaited,
        )
        yield text.format(n=awaited)
    yield from by_message(summary.total)
    if contested := summary.total.contested:
        text = ngettext(
            "Two records tell different things of {n} airing; the one in which most was heard counts.",
            "Two records tell different things of {n} airings; the one in which most was heard counts.",
            contested,
        )
        yield text.format(n=contested)
    if summary.unpromised:
        yield _(
            "The schedule has airings from before its market's record began, or since added to the past: not counted."
        )
