"""What stands above the tables: of what and when they are, what is still missing, and what they do not say. Pure."""

from collections.abc import Iterator

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.model import Complaint, Counting
from broadcaster.reports.summary import Reach, Summary
from broadcaster.reports.tables.columns import market_name

METHODS = {
    Counting.HEADCOUNT: N_("counted one by one"),
    Counting.SAMPLE: N_("counted in a part of the market and multiplied"),
    Counting.ESTIMATE: N_("estimated by eye"),
}
COMPLAINTS = {
    Complaint.NOISE: N_("noise"),
    Complaint.CONTENT: N_("content"),
    Complaint.SAFETY: N_("safety"),
}
HIDDEN = N_("fewer than 5")


def facts(station: Station, summary: Summary) -> list[tuple[str, str]]:
    """Name and text, line by line, in the language spoken now."""
    period = summary.period
    return [
        (_("Programme"), station.name),
        (_("Organisations"), " · ".join(each.name for each in station.organisations)),
        (_("Period"), f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}"),
        (_("As of"), f"{summary.made:%d/%m/%Y %H:%M} ({station.timezone.key})"),
        *_missing(station, summary),
        (_("Complaints"), ", ".join(_complaints(summary))),
        *((_("Listeners (estimate)"), told(station, each)) for each in summary.reach),
        (_("What this does not say"), _("It counts what went out. How many people listened, it does not say.")),
    ]


def _complaints(summary: Summary) -> Iterator[str]:
    for about, said in COMPLAINTS.items():
        word = _(said)
        yield f"{word}: {summary.complaints[about]}"


def _missing(station: Station, summary: Summary) -> Iterator[tuple[str, str]]:
    if summary.provisional:
        awaited = summary.total.awaited
        text = ngettext(
            "{n} airing whose market's record has not come yet is counted as neither played nor missed.",
            "{n} airings whose market's record has not come yet are counted as neither played nor missed.",
            awaited,
        )
        yield _("Provisional"), text.format(n=awaited)
    if summary.silent:
        yield _("No record yet from"), "; ".join(market_name(station, each) for each in summary.silent)
    for each in summary.records:
        markets = "; ".join(market_name(station, market) for market in each.markets)
        yield _("Record"), f"{each.node}, {each.newest:%d/%m/%Y %H:%M} ({markets})"


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
