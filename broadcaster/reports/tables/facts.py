"""What stands above the tables: of what and when they are, what is still missing, and what they do not say. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.model import Complaint
from broadcaster.reasons import word
from broadcaster.reports.reach import HIDDEN, METHODS
from broadcaster.reports.summary import Counts, Reach, RecordSeen, Summary
from broadcaster.reports.tables.columns import market_name

COMPLAINTS = {
    Complaint.NOISE: N_("noise"),
    Complaint.CONTENT: N_("content"),
    Complaint.SAFETY: N_("safety"),
}


def facts(station: Station, summary: Summary) -> list[tuple[str, str]]:
    """Name and text, line by line, in the language spoken now."""
    return [*about(station, summary), *sources(station, summary)]


def about(station: Station, summary: Summary) -> list[tuple[str, str]]:
    """The few that nobody may read the table without."""
    period = summary.period
    return [
        (_("Programme"), station.name),
        (_("Organisations"), " · ".join(each.name for each in station.organisations)),
        (_("Period"), f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}"),
        (_("As of"), f"{summary.made:%d/%m/%Y %H:%M} ({station.timezone.key})"),
        *_cut(summary),
        *_missing(station, summary),
        (_("Complaints"), ", ".join(_complaints(summary))),
        (_("What this does not say"), _("It counts what went out. How many people listened, it does not say.")),
    ]


def sources(station: Station, summary: Summary) -> list[tuple[str, str]]:
    """A line for each record, and for each market and month of which somebody counted listeners: there may be many."""
    return [
        *((_("Listeners (estimate)"), told(station, each)) for each in summary.reach),
        *((_("Record"), _record(station, each)) for each in summary.records),
    ]


def _record(station: Station, each: RecordSeen) -> str:
    markets = "; ".join(market_name(station, market) for market in each.markets)
    return f"{each.node}, {each.newest:%d/%m/%Y %H:%M} ({markets})"


def _cut(summary: Summary) -> Iterator[tuple[str, str]]:
    """The months of which only some days are told, by the period or since it is not over: their rows are not whole."""
    for month in summary.months:
        first = date.fromisoformat(f"{month.key}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        counted = max(first, summary.period.first), min(last, summary.period.last)
        if counted != (first, last):
            text = _("{month}: only its days from {first} to {last} are counted.")
            days = {"first": f"{counted[0]:%d/%m/%Y}", "last": f"{counted[1]:%d/%m/%Y}"}
            yield _("Not a whole month"), text.format(month=month.key, **days)
        if month.counts.to_come:
            text = _("{month}: it is not over yet; it is told as it stood on {day}.")
            yield _("Not a whole month"), text.format(month=month.key, day=f"{summary.made:%d/%m/%Y}")


def _complaints(summary: Summary) -> Iterator[str]:
    for about, said in COMPLAINTS.items():
        word = _(said)
        yield f"{word}: {summary.complaints[about]}"


def _missing(station: Station, summary: Summary) -> Iterator[tuple[str, str]]:
    if summary.provisional:
        awaited = summary.total.awaited
        text = ngettext(
            "{n} airing whose market's record has not come yet is counted as neither aired nor missed.",
            "{n} airings whose market's record has not come yet are counted as neither aired nor missed.",
            awaited,
        )
        yield _("Provisional"), text.format(n=awaited)
    yield from ((_("By message"), said) for said in by_message(summary.total))
    if summary.silent:
        yield _("No record yet from"), "; ".join(market_name(station, each) for each in summary.silent)


def by_message(counts: Counts) -> Iterator[str]:
    """What messages say of what is awaited, and of how many the record says otherwise; in the language spoken now."""
    told = "; ".join(f"{word(outcome)}: {n}" for outcome, n in counts.reported.items() if n)
    if told:
        text = _(
            "Of those awaited, messages from the markets say: {told}. They are counted as neither aired nor missed."
        )
        yield text.format(told=told)
    if counts.reported_otherwise:
        text = ngettext(
            "Of {n} airing the record says something else than a message had said; the record counts.",
            "Of {n} airings the record says something else than messages had said; the record counts.",
            counts.reported_otherwise,
        )
        yield text.format(n=counts.reported_otherwise)


def told(station: Station, reach: Reach) -> str:
    """One market's listeners of one month, with the method beside them: never to be added."""
    text = _("{month}, {market}: {women} women, {men} men at the airing with most; {method}. Not to be added up.")
    return text.format(
        month=reach.month,
        market=market_name(station, reach.market),
        women=_shown(reach.women),
        men=_shown(reach.men),
        method=_(METHODS[reach.method]),
    )


def _shown(people: int | None) -> str:
    return _(HIDDEN) if people is None else str(people)
