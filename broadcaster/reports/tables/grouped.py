"""The counts of every group as one flat table, and the indicators of each: what can be filtered and added. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Evidence, HeardAs, MarketId, Outcome
from broadcaster.reports.indicators import Indicator, Unit, indicators
from broadcaster.reports.summary import Counts, Summary
from broadcaster.reports.tables.columns import Cell, Column, market_name

UNITS = {
    Unit.AIRINGS: N_("airings"),
    Unit.PERCENT: N_("%"),
    Unit.MINUTES: N_("minutes"),
    Unit.SECONDS: N_("seconds"),
}


@dataclass(frozen=True)
class Grouped:
    """The counts of one group."""

    by: str
    """What it is a group of, as people say."""
    key: str
    name: str
    counts: Counts


@dataclass(frozen=True)
class Measured:
    """One indicator of one group."""

    group: Grouped
    indicator: Indicator


def groups(station: Station, summary: Summary) -> Iterator[Grouped]:
    """The whole first, then every group, kind by kind."""
    yield Grouped(_("total"), "", "", summary.total)
    for each in summary.markets:
        yield Grouped(_("market"), each.key, market_name(station, MarketId(each.key)), each.counts)
    kinds = (
        (_("district"), summary.districts),
        (_("episode"), summary.episodes),
        (_("week"), summary.weeks),
        (_("month"), summary.months),
    )
    for by, found in kinds:
        for each in found:
            yield Grouped(by, each.key, each.name, each.counts)


def measured(station: Station, summary: Summary) -> Iterator[Measured]:
    """The indicators of the whole, of each market and of each month."""
    wanted = (_("total"), _("market"), _("month"))
    for group in groups(station, summary):
        if group.by in wanted:
            for indicator in indicators(group.counts):
                yield Measured(group, indicator)


def group_columns() -> tuple[Column[Grouped], ...]:
    """One line a group."""
    return (
        Column(N_("Group"), Cell.TEXT, lambda each: each.by, 10),
        Column(N_("Code"), Cell.TEXT, lambda each: each.key, 16),
        Column(N_("Name"), Cell.TEXT, lambda each: each.name, 36),
        Column(N_("Scheduled"), Cell.WHOLE, lambda each: each.counts.planned),
        Column(N_("Off the calendar"), Cell.WHOLE, lambda each: each.counts.off_calendar),
        Column(N_("To be carried out"), Cell.WHOLE, lambda each: each.counts.due),
        Column(N_("Aired"), Cell.WHOLE, lambda each: each.counts.played),
        Column(N_("Incomplete"), Cell.WHOLE, lambda each: each.counts.partial),
        Column(N_("Missed"), Cell.WHOLE, lambda each: each.counts.missed),
        Column(N_("Cancelled"), Cell.WHOLE, lambda each: each.counts.cancelled),
        Column(N_("Record awaited"), Cell.WHOLE, lambda each: each.counts.awaited),
        Column(N_("To come"), Cell.WHOLE, lambda each: each.counts.to_come),
        Column(N_("Made good"), Cell.WHOLE, lambda each: each.counts.made_good),
        Column(N_("Carried out"), Cell.WHOLE, lambda each: each.counts.fulfilled),
        Column(N_("On time"), Cell.WHOLE, lambda each: each.counts.on_time),
        Column(N_("Late"), Cell.WHOLE, lambda each: each.counts.late),
        Column(N_("Minutes scheduled"), Cell.NUMBER, lambda each: each.counts.promised_min),
        Column(N_("Airings of unknown length"), Cell.WHOLE, lambda each: each.counts.unknown_length),
        Column(N_("Minutes aired"), Cell.NUMBER, lambda each: each.counts.heard_min),
        *_proofs(),
        Column(N_("Contradicted by a microphone"), Cell.WHOLE, lambda each: each.counts.contradicted),
        *_words(),
        Column(N_("Records that differ"), Cell.WHOLE, lambda each: each.counts.contested),
        *_messages(),
    )


def _proofs() -> tuple[Column[Grouped], ...]:
    heads = {
        Evidence.NONE: N_("Carried out: no proof"),
        Evidence.PLAYER: N_("Carried out: the player says so"),
        Evidence.MONITOR: N_("Carried out: left the computer"),
        Evidence.MICROPHONE: N_("Carried out: heard in the market"),
    }

    def column(level: Evidence, head: str) -> Column[Grouped]:
        return Column(head, Cell.WHOLE, lambda each: each.counts.evidence[level])

    return tuple(column(level, head) for level, head in heads.items())


def _messages() -> tuple[Column[Grouped], ...]:
    heads = {
        Outcome.PLAYED: N_("Awaited, by message: aired"),
        Outcome.PARTIAL: N_("Awaited, by message: incomplete"),
        Outcome.MISSED: N_("Awaited, by message: missed"),
        Outcome.CANCELLED: N_("Awaited, by message: cancelled"),
    }

    def column(outcome: Outcome, head: str) -> Column[Grouped]:
        return Column(head, Cell.WHOLE, lambda each: each.counts.reported.get(outcome, 0))

    def otherwise(each: Grouped) -> int:
        return each.counts.reported_otherwise

    by_outcome = (column(outcome, head) for outcome, head in heads.items())
    return (*by_outcome, Column(N_("Record other than the message"), Cell.WHOLE, otherwise))


def _words() -> tuple[Column[Grouped], ...]:
    confirmed = {
        HeardAs.WELL: N_("Confirmed: heard well"),
        HeardAs.LOW: N_("Confirmed: heard softly"),
        HeardAs.NO: N_("Confirmed: not heard"),
    }
    declared = {
        HeardAs.WELL: N_("Declared: heard well"),
        HeardAs.LOW: N_("Declared: heard softly"),
        HeardAs.NO: N_("Declared: not heard"),
    }

    def by_tap(said: HeardAs) -> Column[Grouped]:
        return Column(confirmed[said], Cell.WHOLE, lambda each: each.counts.confirmed[said])

    def by_sheet(said: HeardAs) -> Column[Grouped]:
        return Column(declared[said], Cell.WHOLE, lambda each: each.counts.declared[said])

    return (*map(by_tap, HeardAs), *map(by_sheet, HeardAs))


def indicator_columns() -> tuple[Column[Measured], ...]:
    """One line an indicator of a group."""
    return (
        Column(N_("Group"), Cell.TEXT, lambda each: each.group.by, 10),
        Column(N_("Code"), Cell.TEXT, lambda each: each.group.key, 16),
        Column(N_("Name"), Cell.TEXT, lambda each: each.group.name, 36),
        Column(N_("Indicator"), Cell.TEXT, lambda each: each.indicator.code, 18),
        Column(N_("What it says"), Cell.TEXT, lambda each: _(each.indicator.name), 48),
        Column(N_("Value"), Cell.NUMBER, lambda each: each.indicator.value),
        Column(N_("Unit"), Cell.TEXT, lambda each: _(UNITS[each.indicator.unit])),
        Column(N_("Numerator"), Cell.NUMBER, lambda each: each.indicator.numerator),
        Column(N_("Denominator"), Cell.NUMBER, lambda each: each.indicator.denominator),
        Column(N_("Formula"), Cell.TEXT, lambda each: each.indicator.formula, 70),
    )
