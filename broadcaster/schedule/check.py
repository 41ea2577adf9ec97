"""Whether the seasons make sense for this station: every fault with its file and key. Pure.

The form of the files was judged when they were read (:mod:`broadcaster.schedule.season`).
"""

from collections.abc import Sequence
from types import MappingProxyType

from broadcaster.config import Station
from broadcaster.errors import Fault
from broadcaster.locale import gettext as _
from broadcaster.model import NoteCode, Plan, PlanNote
from broadcaster.schedule.check_airings import Announced, Statuses, missing_episodes, too_long
from broadcaster.schedule.check_rules import closed_markets, empty_rules, idle_exceptions, unknown_markets
from broadcaster.schedule.season import Season
from broadcaster.schedule.where import key_of_extra, key_of_slot, minute

NOTHING_KNOWN: Announced = MappingProxyType({})


def faults(
    plan: Plan, seasons: Sequence[Season], station: Station, statuses: Statuses, announced: Announced = NOTHING_KNOWN
) -> list[Fault]:
    """Everything that would go wrong on the air, by file; the same fault is said once."""
    found: list[Fault] = []
    for season in sorted(seasons, key=lambda season: season.name):
        found += unknown_markets(season, station)
        found += empty_rules(season)
        found += closed_markets(season, station)
        found += idle_exceptions(season)
        found += [_noted(note, season) for note in plan.notes if _is_fault(note, season)]
        mine = [airing for airing in plan.airings if airing.season == season.name and airing.cancelled is None]
        found += missing_episodes(mine, plan, season, statuses)
        found += too_long(mine, plan, season, station, statuses, announced)
    return list(dict.fromkeys(found))


def _is_fault(note: PlanNote, season: Season) -> bool:
    """A slot in a gap of the clock is planned all the same, by rule; the others are not planned."""
    return note.season == season.name and note.code is not NoteCode.GAP


def _noted(note: PlanNote, season: Season) -> Fault:
    if note.slot is None:
        return _left_over(note, season)
    extra = key_of_extra(season, note.market, note.slot) if note.code is NoteCode.CLASH else None
    if extra is not None:
        problem = _("{slot} at {market} is taken by another airing; choose another time, or replace instead of extra")
    elif note.code is NoteCode.CLASH:
        problem = _("{slot} at {market} overlaps another airing of the same minute; move one of them")
    else:
        problem = _("{slot} at {market} was moved out of the season's dates; move it within them")
    text = problem.format(slot=minute(note.slot), market=note.market)
    return Fault(season.file, extra or key_of_slot(season, note.market, note.slot), text)


def _left_over(note: PlanNote, season: Season) -> Fault:
    if season.order:
        problem = _("episode {episode} finds no slot at {market} before {last}; extend until or shorten the order")
    else:
        problem = _("holidays shift episode {episode} beyond the season's end at {market}, {last}; extend until")
    text = problem.format(episode=note.episode, market=note.market, last=season.last)
    return Fault(season.file, "order" if season.order else "holidays", text)
