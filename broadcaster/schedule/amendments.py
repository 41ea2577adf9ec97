"""What exceptions have made of the plan, told to people: one sentence for all the markets that share it. Pure."""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_skeleton

from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.model import Airing, AiringId, EpisodeNumber, MarketId, PlanChange


@dataclass(frozen=True)
class Told:
    """One amendment of one slot, as screens and documents show it."""

    amended: str
    """The day it was decided, in words."""
    what: str
    """What changes, when and where, without full stop."""
    reason: str
    """Why, without full stop."""
    airings: frozenset[AiringId]

    def __str__(self) -> str:
        sentence = _("Amendment of {amended}: {what}. Reason: {reason}.")
        return sentence.format(amended=self.amended, what=self.what, reason=self.reason)


@dataclass(frozen=True, order=True)
class _Case:
    """What all markets of one sentence have in common, in the order of telling."""

    amended: date
    slot: datetime
    due: datetime
    action: str
    reason: str
    episode: EpisodeNumber


def told(changes: Iterable[PlanChange], airings: Collection[Airing], names: Mapping[MarketId, str]) -> list[Told]:
    """The amendments among ``airings``, by day of decision; ``names`` are the markets' in the order of naming."""
    of_airing = {change.airing: change for change in changes}
    cases: dict[_Case, list[Airing]] = {}
    for airing in airings:
        if (change := of_airing.get(airing.id)) is not None:
            cases.setdefault(_case(change, airing), []).append(airing)
    everywhere = {airing.market for airing in airings}
    return [_told(case, cases[case], everywhere, names) for case in sorted(cases)]


def places(here: Set[MarketId], everywhere: Set[MarketId], names: Mapping[MarketId, str]) -> str:
    """The markets ``here`` in words, short where they are ``everywhere`` or nearly so."""
    if len(here) > 1 and here == everywhere:
        return _("all markets")
    missing = everywhere - here
    if len(missing) < len(here) - 1:
        return _("all markets except {names}").format(names=_listed(missing, names))
    return _listed(here, names)


def _listed(markets: Set[MarketId], names: Mapping[MarketId, str]) -> str:
    return ", ".join(name for market, name in names.items() if market in markets)


def day(moment: date, beside: date) -> str:
    """``7 de julio``; with its year where that is not the year of ``beside``."""
    if moment.year != beside.year:
        return format_date(moment, format="long", locale=language())
    return str(format_skeleton("MMMMd", datetime(moment.year, moment.month, moment.day), locale=language()))  # noqa: DTZ001  a day


def _case(change: PlanChange, airing: Airing) -> _Case:
    due = airing.due.replace(tzinfo=None)
    return _Case(change.amended, change.slot, due, change.action, change.reason, airing.episode or EpisodeNumber(0))


def _told(case: _Case, airings: list[Airing], everywhere: Set[MarketId], names: Mapping[MarketId, str]) -> Told:
    here = {airing.market for airing in airings}
    return Told(
        amended=day(case.amended, case.slot),
        what=_what(case).format(
            slot=_minute(case.slot, case.amended),
            due=_minute(case.due, case.slot),
            episode=case.episode,
            places=places(here, everywhere, names),
        ),
        reason=case.reason.rstrip(". "),
        airings=frozenset(airing.id for airing in airings),
    )


def _what(case: _Case) -> str:
    match case.action:
        case "skip":
            return _("no airing on {slot} in {places}")
        case "move":
            return _("the airing of {slot} moves to {due} in {places}")
        case "replace":
            return _("episode {episode} airs on {slot} in {places}, instead of the one whose turn it was")
    return _("an extra airing of episode {episode} on {slot} in {places}")


def _minute(moment: datetime, beside: date) -> str:
    return _("{day} at {time}").format(day=day(moment, beside), time=f"{moment:%H:%M}")
