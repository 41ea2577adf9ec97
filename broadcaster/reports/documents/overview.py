"""What the reports of all markets say: the figures, what went wrong and what is done about it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Complaint, EpisodeNumber, Evidence, HeardAs, MarketId, Outcome, Reason
from broadcaster.reasons import heard, proof
from broadcaster.reasons import name as reason_name
from broadcaster.reports.documents import charts
from broadcaster.reports.documents.figures import Figures, episodes, figures
from broadcaster.reports.documents.headings import PeriodShown, period_shown
from broadcaster.reports.documents.listeners import Listeners, listeners
from broadcaster.reports.documents.measures import measure
from broadcaster.reports.documents.request import Request
from broadcaster.reports.documents.wording import day, listed, minute, whole
from broadcaster.reports.fates import Fate, fates
from broadcaster.reports.summary import OFF_CALENDAR, Summary
from broadcaster.reports.tables.facts import by_message

INCIDENTS = (Reason.STOPPED_FOR_SAFETY, Reason.SUSPENDED, Reason.WITHDRAWN)
"""What was stopped to protect somebody."""
COMPLAINTS: Mapping[Complaint, str] = {
    Complaint.NOISE: N_("complaints about noise"),
    Complaint.CONTENT: N_("complaints about the content"),
    Complaint.SAFETY: N_("complaints about somebody's safety"),
}


@dataclass(frozen=True)
class Place:
    """One market and its figures."""

    name: str
    district: str
    figures: Figures


@dataclass(frozen=True)
class ReasonRow:
    """One reason, how often, and what is done about it."""

    reason: str
    partial: str
    missed: str
    cancelled: str
    measure: str


@dataclass(frozen=True)
class Change:
    """Something that the schedule no longer asked for."""

    due: str
    market: str
    reason: str


@dataclass(frozen=True)
class Counted:
    """A word and its number."""

    word: str
    count: str


@dataclass(frozen=True)
class Overview:
    """All that the monthly report, the donor's report, the page and the good-practice sheet are made from."""

    programme: str
    organisations: str
    implements: str
    funds: str
    place: str
    made: str
    agreement: str
    objective: str
    baseline: str
    acknowledgement: str
    period: PeriodShown
    since: str
    """First day of ``so_far``."""
    figures: Figures
    so_far: Figures
    markets: tuple[Place, ...]
    markets_line: str
    reasons: tuple[ReasonRow, ...]
    measures: tuple[str, ...]
    changes: tuple[Change, ...]
    incidents: tuple[Counted, ...]
    complaints: tuple[Counted, ...]
    feedback: tuple[Counted, ...]
    """What people who were there said."""
    by_message: tuple[str, ...]
    """What messages say of what is awaited, in sentences."""
    reach: tuple[Listeners, ...]
    """How many people were within hearing, where somebody counted."""
    proofs: tuple[Counted, ...]
    """How far what was heard is proved."""
    legend: tuple[charts.Key, ...]
    calendar: tuple[charts.CalendarBlock, ...]
    weeks: tuple[charts.Bar, ...]
    reason_legend: tuple[charts.Key, ...]
    """The marks of :attr:`reason_bars` alone."""
    reason_bars: tuple[charts.Bar, ...]


def overview(request: Request) -> Overview:
    """The facts of a report, in the language spoken now."""
    station, summary = request.station, request.summary
    names, told = _names(request), fates(summary.lines)
    return Overview(
        programme=station.name,
        organisations=" · ".join(each.name for each in station.organisations),
        implements=listed([each.name for each in station.organisations if each.role == "implements"]),
        funds=listed([each.name for each in station.organisations if each.role == "funds"]),
        place=station.documents.place,
        made=day(request.made),
        agreement=station.documents.agreement,
        objective=station.documents.objective,
        baseline=station.documents.baseline,
        acknowledgement=station.documents.acknowledgement,
        period=period_shown(summary.period),
        since=day(request.so_far.period.first),
        figures=figures(summary.total, episodes(summary)),
        so_far=figures(request.so_far.total, episodes(request.so_far)),
        markets=_places(request, told),
        markets_line=listed([names[MarketId(group.key)] for group in summary.markets]),
        reasons=_reasons(summary),
        measures=_measures(summary),
        changes=_changes(told, names),
        incidents=tuple(Counted(reason_name(each), whole(_ended(summary, each))) for each in INCIDENTS),
        complaints=tuple(Counted(_(word), whole(summary.complaints.get(kind, 0))) for kind, word in COMPLAINTS.items()),
        feedback=_feedback(told),
        by_message=tuple(by_message(summary.total)),
        reach=listeners(summary, names),
        proofs=tuple(
            Counted(proof(level), whole(summary.total.evidence.get(level, 0))) for level in reversed(Evidence)
        ),
        legend=charts.legend(told),
        calendar=charts.calendar(told, names),
        weeks=charts.weeks(told),
        reason_legend=charts.legend(charts.failed(told)),
        reason_bars=charts.reasons(told),
    )


def _names(request: Request) -> dict[MarketId, str]:
    """The station's markets in its order, then those that it has no longer."""
    names = {id_: market.name for id_, market in request.station.markets.items()}
    return names | {id_: each.name for each in request.summary.markets if (id_ := MarketId(each.key)) not in names}


def _places(request: Request, told: Iterable[Fate]) -> tuple[Place, ...]:
    markets = request.station.markets
    heard: dict[str, set[EpisodeNumber | None]] = {}
    for fate in told:
        if fate.fulfilled:
            heard.setdefault(fate.market, set()).add(fate.episode)
    return tuple(
        Place(
            name=group.name,
            district=markets[id_].district if id_ in markets else "",
            figures=figures(group.counts, len(heard.get(id_, ()))),
        )
        for id_, group in ((MarketId(group.key), group) for group in request.summary.markets)
    )


def _reasons(summary: Summary) -> tuple[ReasonRow, ...]:
    """The reasons of all that was not played at its time, the most frequent first."""
    counted: dict[Reason, dict[Outcome, int]] = {}
    for each in summary.total.reasons:
        if each.outcome is not Outcome.PLAYED:
            counted.setdefault(each.reason, {})[each.outcome] = each.count
    often = sorted(counted.items(), key=lambda found: -sum(found[1].values()))
    return tuple(
        ReasonRow(
            reason=reason_name(reason),
            partial=whole(counts.get(Outcome.PARTIAL, 0)),
            missed=whole(counts.get(Outcome.MISSED, 0)),
            cancelled=whole(counts.get(Outcome.CANCELLED, 0)),
            measure=measure(reason),
        )
        for reason, counts in often
    )


def _measures(summary: Summary) -> tuple[str, ...]:
    """Each once, for what was missed or broke off; that a day was a holiday asks for none."""
    outcomes = Outcome.MISSED, Outcome.PARTIAL, Outcome.CANCELLED
    found = (each for outcome in outcomes for each in summary.total.of(outcome) if each.reason not in OFF_CALENDAR)
    return tuple(dict.fromkeys(measure(each.reason) for each in found))


def _changes(told: Sequence[Fate], names: Mapping[MarketId, str]) -> tuple[Change, ...]:
    """What the calendar took out, the markets of one minute and reason on one line."""

    def shared(fate: Fate) -> tuple[str, str]:
        return fate.due.isoformat(), fate.reason or ""

    off = sorted((fate for fate in told if fate.off_calendar), key=shared)
    everywhere = {fate.market for fate in told}
    return tuple(_change(list(together), everywhere, names) for _key, together in groupby(off, shared))


def _change(together: list[Fate], everywhere: set[MarketId], names: Mapping[MarketId, str]) -> Change:
    first, here = together[0], {fate.market for fate in together}
    assert first.reason is not None  # noqa: S101  what is off the calendar has one
    where = _("all markets") if here == everywhere else listed([name for id_, name in names.items() if id_ in here])
    return Change(f"{day(first.day)} {minute(first.due)}", where, reason_name(first.reason))


def _ended(summary: Summary, reason: Reason) -> int:
    return sum(each.count for each in summary.total.reasons if each.reason is reason)


def _feedback(told: Iterable[Fate]) -> tuple[Counted, ...]:
    """One word for each airing of which somebody spoke."""
    said = Counter(fate.heard for fate in told)
    return tuple(Counted(heard(each), whole(said[each])) for each in HeardAs)
