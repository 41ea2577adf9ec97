"""A report as the office asks for it on a page: what there is to choose from, what was chosen, and its figures."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from broadcaster.errors import UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId
from broadcaster.reports.indicators import Indicator, Unit, indicators
from broadcaster.reports.making import DATA, OF_ONE_MARKET, PAPERS, TABLES, Asked, Basis, requested
from broadcaster.reports.summary import Counts, Summary
from broadcaster.web.desk import Desk
from broadcaster.web.office import asked
from broadcaster.web.office.market_names import meant

NAMES: Mapping[str, str] = {
    "certificate": N_("Certificate for one market (constancia)"),
    "monthly": N_("Monthly report"),
    "donor": N_("Report for the donor (OIM)"),
    "page": N_("Page for everybody"),
    "practice": N_("Good practice sheet"),
    DATA: N_("Tables (XLSX, CSV, JSON, HXL, 5W)"),
}
"""What there is to choose from, as people call it."""
FORMATS: Mapping[str, str] = {
    "pdf": "PDF",
    "docx": "Word",
    "html": N_("web page"),
    "xlsx": "Excel",
    "csv": "CSV",
    "json": "JSON",
    "hxl": "HXL (CSV)",
    "r4v": "5W R4V (Excel)",
}
ENDINGS: Mapping[str, str] = {"hxl": "csv", "r4v": "xlsx"}
"""Of a file's name, where it is not the format's own."""
ON_A_PAGE = frozenset({"certificate", "monthly", "donor", "page"})
"""Those that have the layout of a web page, and can be shown as one."""
EARLY = 10
"""Until this day of a month people still report on the last one."""


class WhichMarket(UsageError):
    """A certificate is of one market."""

    sentence = N_("A certificate is for one market, so none was made. Choose which.")


@dataclass(frozen=True)
class Chosen:
    """What the form says."""

    document: str
    first: date
    last: date
    market: str = ""
    """Empty: all."""

    @property
    def words(self) -> dict[str, str]:
        """The same, as it stands in an address or a form."""
        return {"document": self.document, "first": str(self.first), "last": str(self.last), "market": self.market}

    @property
    def address(self) -> str:
        return urlencode(self.words)

    @property
    def formats(self) -> dict[str, str]:
        """Those that it comes in, with what people call them."""
        return {each: _(FORMATS[each]) for each in (TABLES if self.document == DATA else PAPERS[self.document])}

    @property
    def shows_as_page(self) -> bool:
        return self.document in ON_A_PAGE

    def as_asked(self, format_: str, desk: Desk) -> Asked:
        """What is to be made.

        :raises WhichMarket: a certificate, and no market was chosen.
        """
        if self.document == OF_ONE_MARKET and not self.market:
            raise WhichMarket
        markets = (MarketId(self.market),) if self.market else desk.station.serves or None
        return Asked(self.document, format_, self.first, self.last, markets)

    def file_name(self, format_: str) -> str:
        """Of days, ids and our own words alone."""
        ending = ENDINGS.get(format_, format_)
        kind = format_ if format_ in ENDINGS else self.document
        parts = [kind, self.market, str(self.first), str(self.last)]
        return f"{'-'.join(part for part in parts if part)}.{ending}"


def chosen(words: Mapping[str, str], desk: Desk) -> Chosen:
    """What an address or a form asks for; nothing asks for the month that is usually reported on.

    :raises UsageError: it holds something that cannot be asked for.
    """
    first, last = asked.days(words)
    begin, end = usual(desk.now().date())
    document = asked.chosen(words.get("document", ""), NAMES) or "monthly"
    market = meant(words.get("market", ""), places(desk))
    if first is None or last is None:  # one of the two says which month is meant
        known = first or last
        begin, end = month_of(known) if known else (begin, end)
    return Chosen(document, first or begin, last or end, market)


def places(desk: Desk) -> dict[str, str]:
    """Every market of the station, with the name that people call it by."""
    return {str(id_): market.name for id_, market in desk.station.markets.items()}


def usual(today: date) -> tuple[date, date]:
    """The month that people report on at that day."""
    return month_of(today.replace(day=1) - timedelta(days=1) if today.day <= EARLY else today)


def month_of(day: date) -> tuple[date, date]:
    """Its first and its last day."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def told(desk: Desk, wanted: Chosen) -> Summary:
    """What it tells of its period.

    :raises NothingPromised: there is nothing to report.
    """
    return Basis(desk.station, replace(wanted.as_asked("html", desk), document=DATA), desk.now()).summary


def as_page(desk: Desk, wanted: Chosen) -> bytes:
    """The document as a web page, as it would leave.

    :raises NothingPromised: there is nothing to report.
    :raises LayoutBroken: the office's own layout has a fault.
    """
    from broadcaster.reports import documents  # noqa: PLC0415  what fills layouts in is heavy

    basis = Basis(desk.station, wanted.as_asked("html", desk), desk.now())
    return documents.make(wanted.document, "html", requested(basis, desk.decisions()))


@dataclass(frozen=True)
class Figure:
    """One indicator, in words."""

    name: str
    value: str


def figures(counts: Counts) -> Iterator[Figure]:
    """The indicators that a report begins with."""
    return (Figure(_(each.name), _value(each)) for each in indicators(counts))


def _value(each: Indicator) -> str:
    if each.value is None:
        return "—"
    match each.unit:
        case Unit.PERCENT:
            return f"{each.value:.1f} %"
        case Unit.MINUTES:
            return _("{n} min").format(n=f"{each.value:.1f}")
        case Unit.SECONDS:
            return _("{n} s").format(n=f"{each.value:.1f}")
    return f"{each.value:.0f}"
