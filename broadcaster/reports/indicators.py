"""The indicators of a report, each with its formula over :class:`~broadcaster.reports.summary.Counts`. Pure.

``docs/indicators.md`` defines them for people, by the same codes; a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from broadcaster.locale import mark as N_
from broadcaster.model import Evidence
from broadcaster.reports.summary import Counts


class Unit(StrEnum):
    """What a value is counted in."""

    AIRINGS = "airings"
    PERCENT = "percent"
    MINUTES = "minutes"
    SECONDS = "seconds"


@dataclass(frozen=True)
class Indicator:
    """One indicator of some counts."""

    code: str
    name: str
    """Message id; said with gettext."""
    unit: Unit
    value: float | None
    """``None``: nothing to divide by."""
    numerator: float
    denominator: float | None
    """``None`` where nothing is divided."""
    formula: str
    """In the words of the fields of :class:`~broadcaster.reports.summary.Counts`; no sentence."""


@dataclass(frozen=True)
class _Definition:
    code: str
    name: str
    unit: Unit
    formula: str
    numerator: Callable[[Counts], float]
    denominator: Callable[[Counts], float] | None = None


def _proved(counts: Counts) -> int:
    return counts.evidence.get(Evidence.MONITOR, 0) + counts.evidence.get(Evidence.MICROPHONE, 0)


def _failed(counts: Counts) -> int:
    return counts.partial + counts.missed


DEFINITIONS: tuple[_Definition, ...] = (
    _Definition("due", N_("Airings to be carried out"), Unit.AIRINGS, "planned - off_calendar", lambda c: c.due),
    _Definition("fulfilled", N_("Airings carried out"), Unit.AIRINGS, "played + made_good", lambda c: c.fulfilled),
    _Definition(
        "fulfilment",
        N_("Fulfilment"),
        Unit.PERCENT,
        "100 * (played + made_good) / (planned - off_calendar)",
        lambda c: c.fulfilled,
        lambda c: c.due,
    ),
    _Definition(
        "at_its_time",
        N_("Carried out at their own time"),
        Unit.PERCENT,
        "100 * played / (planned - off_calendar)",
        lambda c: c.played,
        lambda c: c.due,
    ),
    _Definition(
        "recovery",
        N_("Failed airings that were made good"),
        Unit.PERCENT,
        "100 * made_good / (partial + missed)",
        lambda c: c.made_good,
        _failed,
    ),
    _Definition(
        "punctuality",
        N_("Punctuality"),
        Unit.PERCENT,
        "100 * on_time / played",
        lambda c: c.on_time,
        lambda c: c.played,
    ),
    _Definition(
        "mean_delay",
        N_("Mean distance from the minute scheduled"),
        Unit.SECONDS,
        "delay_s / played",
        lambda c: c.delay_s,
        lambda c: c.played,
    ),
    _Definition("promised_minutes", N_("Minutes scheduled"), Unit.MINUTES, "promised_s / 60", lambda c: c.promised_min),
    _Definition("heard_minutes", N_("Minutes aired"), Unit.MINUTES, "heard_s / 60", lambda c: c.heard_min),
    _Definition(
        "minutes",
        N_("Share of the minutes scheduled"),
        Unit.PERCENT,
        "100 * heard_s / promised_s",
        lambda c: c.heard_s,
        lambda c: c.promised_s,
    ),
    _Definition(
        "proof",
        N_("Carried out with proof from the computer's output"),
        Unit.PERCENT,
        "100 * (evidence.monitor + evidence.microphone) / (played + made_good)",
        _proved,
        lambda c: c.fulfilled,
    ),
    _Definition(
        "heard_in_market",
        N_("Carried out and heard by a microphone in the market"),
        Unit.PERCENT,
        "100 * evidence.microphone / (played + made_good)",
        lambda c: c.evidence.get(Evidence.MICROPHONE, 0),
        lambda c: c.fulfilled,
    ),
    _Definition(
        "attested",
        N_("Carried out and confirmed by people in the market"),
        Unit.PERCENT,
        "100 * attested / (played + made_good)",
        lambda c: c.attested,
        lambda c: c.fulfilled,
    ),
    _Definition(
        "coverage",
        N_("Airings that fell due of which the record tells"),
        Unit.PERCENT,
        "100 * (planned - off_calendar - to_come - awaited) / (planned - off_calendar - to_come)",
        lambda c: c.due - c.to_come - c.awaited,
        lambda c: c.due - c.to_come,
    ),
)
"""In the order in which documents list them. ``to_come`` holds nothing that is off the calendar: that has its outcome."""


def indicators(counts: Counts) -> tuple[Indicator, ...]:
    """Every indicator of these counts: of a period, or of one market, district, episode, week or month of it."""
    return tuple(_of(each, counts) for each in DEFINITIONS)


def _of(each: _Definition, counts: Counts) -> Indicator:
    above = float(each.numerator(counts))
    below = None if each.denominator is None else float(each.denominator(counts))
    factor = 100.0 if each.unit is Unit.PERCENT else 1.0
    value = above if below is None else factor * above / below if below else None
    return Indicator(each.code, each.name, each.unit, value, above, below, each.formula)
