"""Seasons → plan. Pure: no file, no clock; the same seasons in any order give the same plan.

::

    rules ──▶ slots of each market ──▶ fate of each slot ──▶ episode of each ──▶ airing on the zone's clock
              (local minutes)          (air, moved, skipped,   (one queue a         ▲
                                        replaced, holiday)      market)             │
    extra slots, each with an episode of its own, which takes none of the queue ────┘
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from broadcaster.model import (
    Airing,
    AiringId,
    EpisodeNumber,
    HolidayPolicy,
    MarketId,
    NoteCode,
    Plan,
    PlanChange,
    PlanNote,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.schedule.calendar import Calendar
from broadcaster.schedule.season import Action, Amendment, MakeGoodRule, Season, SkippedEpisode


@dataclass(frozen=True)
class _Fate:
    """What becomes of a slot before anybody knows its episode."""

    slot: datetime
    """The rule's local minute, naive."""
    at: datetime | None
    """The local minute it stands at now, naive; ``None`` when its episode is shifted to the next slot."""
    cancelled: Reason | None = None
    amendment: Amendment | None = None

    @property
    def ordered(self) -> EpisodeNumber | None:
        """The episode an exception gives it, whatever the series has in turn."""
        return self.amendment.episode if self.amendment else None


@dataclass(frozen=True)
class _Placed:
    """A slot with its episode and its place on the zone's clock."""

    season: Season
    market: MarketId
    slot: datetime
    due: datetime
    moved: bool
    """It stands where no rule has put it."""
    episode: EpisodeNumber | None
    cancelled: Reason | None
    amendment: Amendment | None

    @property
    def id(self) -> AiringId:
        return airing_id(self.due, self.market)

    @property
    def inside(self) -> bool:
        """Whether it lies within the season's dates."""
        return self.season.first <= self.due.date() <= self.season.last


def airing_id(due: datetime, market: MarketId) -> AiringId:
    """The airing's name: local minute and market; ``Z1`` marks the second pass of a repeated hour."""
    return AiringId(f"{due:%Y-%m-%dT%H:%M}{'Z1' if due.fold else ''}/{market}")


def make_plan(
    seasons: Iterable[Season], markets: Collection[MarketId], calendar: Calendar, zone: ZoneInfo, grace_s: Seconds
) -> Plan:
    """Every airing of ``seasons`` in ``markets``, by due time and market. A market that is not there is left out."""
    placed: list[_Placed] = []
    notes: list[PlanNote] = []
    for season in sorted(seasons, key=lambda season: season.name):
        for market in sorted(season.places.intersection(markets)):
            new, left = _place(season, market, calendar, zone)
            placed += new
            notes += left
    kept, dropped = _one_a_minute(placed)
    return Plan(
        airings=tuple(_airing(one, grace_s) for one in kept),
        notes=(*notes, *dropped),
        changes=tuple(_change(one, one.amendment) for one in kept if one.amendment),
        same_day=frozenset(one.id for one in kept if _made_good_the_same_day(one)),
    )


def plan_sha256(plan: Plan) -> Sha256:
    """A name for exactly these airings: SHA-256 of their canonical JSON."""
    rows = [asdict(airing) | {"due": airing.due.astimezone(UTC).isoformat()} for airing in plan.airings]
    text = json.dumps(rows, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return Sha256(hashlib.sha256(text.encode()).hexdigest())


def short(sha256: Sha256) -> str:
    """The name of a plan as a printed page shows it, to be compared by eye: eight digits in two groups."""
    return f"{sha256[:4]} {sha256[4:8]}"


def slots(season: Season, market: MarketId) -> list[datetime]:
    """The local minutes (naive) the rules give ``market``, in order, each once."""
    days = [season.first + timedelta(days=day) for day in range((season.last - season.first).days + 1)]
    return sorted(
        {
            datetime.combine(day, at)
            for rule in season.rules
            if market in rule.markets
            for day in days
            if day.weekday() in rule.weekdays
            for at in rule.times
        }
    )


def _fate(slot: datetime, season: Season, amendments: list[Amendment], market: MarketId, calendar: Calendar) -> _Fate:
    """An exception goes before the holidays: somebody decided it for this date."""
    for amendment in amendments:
        if amendment.speaks_of(slot.date(), slot.time(), market):
            if amendment.action is Action.SKIP:
                return _Fate(slot, slot, Reason.SKIPPED, amendment)
            day, at = amendment.to_date or slot.date(), amendment.to_time or slot.time()
            return _Fate(slot, datetime.combine(day, at), None, amendment)
    if calendar.is_holiday(slot.date()):
        if season.holidays is HolidayPolicy.SKIP:
            return _Fate(slot, slot, Reason.HOLIDAY)
        if season.holidays is HolidayPolicy.SHIFT:
            return _Fate(slot, None)
    return _Fate(slot, slot)


def _hushed(fate: _Fate, calendar: Calendar) -> _Fate:
    """On a day on which nothing airs nothing does, whoever decided otherwise."""
    if fate.at is None or fate.cancelled is not None or not calendar.is_blackout(fate.at.date()):
        return fate
    return replace(fate, cancelled=Reason.BLACKOUT)


def _place(
    season: Season, market: MarketId, calendar: Calendar, zone: ZoneInfo
) -> tuple[list[_Placed], list[PlanNote]]:
    newest_first = sorted(season.exceptions, key=lambda one: (one.amended, repr(one)), reverse=True)
    of_slots = [one for one in newest_first if one.action is not Action.EXTRA]
    fates = [_hushed(_fate(slot, season, of_slots, market, calendar), calendar) for slot in slots(season, market)]
    episodes = _episodes(season, fates) if market in season.markets else iter(())
    placed: list[_Placed] = []
    notes: list[PlanNote] = []
    for fate in [*fates, *(_hushed(each, calendar) for each in _extras(season, newest_first, market))]:
        if fate.at is not None:
            in_turn = next(episodes, None) if _takes_episode(fate, season) else None
            one = _put(fate, fate.ordered or in_turn, season, market, due=_on_the_clock(fate.at, zone))
            placed += [one] if one.inside else []
            notes += _noted(one, fate.at)
    notes += [PlanNote(NoteCode.LEFT_OVER, season.name, market, None, episode) for episode in episodes]
    return placed, notes


def _put(fate: _Fate, episode: EpisodeNumber | None, season: Season, market: MarketId, *, due: datetime) -> _Placed:
    moved = due.replace(tzinfo=None) != fate.slot or _is_extra(fate)
    return _Placed(season, market, fate.slot, due, moved, episode, fate.cancelled, fate.amendment)


def _noted(one: _Placed, at: datetime) -> Iterator[PlanNote]:
    """What of a slot that was to stand at a local minute could not be done to the letter."""
    if not one.inside:
        yield PlanNote(NoteCode.OUTSIDE, one.season.name, one.market, one.slot, one.episode)
    elif one.due.replace(tzinfo=None) != at:
        yield PlanNote(NoteCode.GAP, one.season.name, one.market, one.slot, one.episode, one.due)


def _extras(season: Season, amendments: list[Amendment], market: MarketId) -> list[_Fate]:
    """The additional slots of one market; without markets of its own, an extra is for those of the rules."""
    return [
        _Fate(at, at, None, one)
        for one in amendments
        if one.action is Action.EXTRA and one.at is not None and market in (one.markets or season.markets)
        for at in [datetime.combine(one.day, one.at)]
    ]


def _is_extra(fate: _Fate) -> bool:
    return fate.amendment is not None and fate.amendment.action is Action.EXTRA


def _takes_episode(fate: _Fate, season: Season) -> bool:
    """Whether the slot uses up the episode whose turn it is: by airing it, or by losing it."""
    if _is_extra(fate):
        return False
    return (fate.cancelled is None and fate.ordered is None) or season.skipped_episode is SkippedEpisode.LOST


def _episodes(season: Season, fates: list[_Fate]) -> Iterator[EpisodeNumber]:
    """The episodes promised to one market, in turn: the order's, or one for each slot that is not carried over."""
    if season.order:
        return iter(season.order)
    promised = sum(fate.at is None or _takes_episode(fate, season) for fate in fates)
    return (EpisodeNumber(number) for number, _ in zip(count(season.first_episode), range(promised), strict=False))


def _on_the_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """The aware moment of a local minute: a repeated hour's first pass; a minute in a gap as much later as the gap is long.

    An offset before a gap (PEP 495, ``fold=0``) puts a minute that does not exist just that much behind it.
    """
    return at.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _one_a_minute(placed: list[_Placed]) -> tuple[list[_Placed], list[PlanNote]]:
    """One airing per market and minute: one that sounds before a cancelled one, one in its own place before a moved one."""
    kept: dict[AiringId, _Placed] = {}
    dropped: list[PlanNote] = []
    for one in sorted(placed, key=_precedence):
        if one.id not in kept:
            kept[one.id] = one
        elif one.cancelled is None:
            dropped.append(PlanNote(NoteCode.CLASH, one.season.name, one.market, one.slot, one.episode))
    return sorted(kept.values(), key=_when), dropped


def _precedence(one: _Placed) -> tuple[object, ...]:
    return one.cancelled is not None, one.moved, one.season.name, one.market, one.slot


def _when(one: _Placed) -> tuple[datetime, MarketId]:
    return one.due.astimezone(UTC), one.market


def _made_good_the_same_day(one: _Placed) -> bool:
    return one.cancelled is None and one.season.make_good is MakeGoodRule.SAME_DAY


def _airing(one: _Placed, grace_s: Seconds) -> Airing:
    return Airing(
        id=one.id,
        market=one.market,
        due=one.due,
        episode=one.episode,
        grace_s=grace_s,
        season=one.season.name,
        cancelled=one.cancelled,
    )


def _change(one: _Placed, amendment: Amendment) -> PlanChange:
    return PlanChange(one.id, amendment.action.value, amendment.amended, amendment.reason, one.slot)
