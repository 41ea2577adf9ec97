"""What the airings of a plan lack: an episode, or the room to end before something else begins. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from broadcaster.config import Station
from broadcaster.errors import Fault
from broadcaster.locale import gettext as _
from broadcaster.model import (
    Airing,
    AiringId,
    Announcement,
    EpisodeNumber,
    EpisodeStatus,
    Market,
    MarketId,
    Plan,
    Reason,
    Seconds,
)
from broadcaster.schedule.season import Season
from broadcaster.schedule.where import key_of_due, key_of_episode, minute
from broadcaster.schedule.window import CLEARANCE_S, closing

Statuses = Mapping[EpisodeNumber, EpisodeStatus]
Announced = Mapping[Announcement, Seconds]
"""How long each announcement lasts, the pause after it included, as far as it is known."""


def missing_episodes(airings: Sequence[Airing], plan: Plan, season: Season, statuses: Statuses) -> Iterator[Fault]:
    """Slots to which the order gives no episode, and slots whose episode the library does not have."""
    changes = {change.airing: change for change in plan.changes}
    for airing in airings:
        slot, episode = minute(airing.due), airing.episode
        if episode is None:
            problem = _("the order ends before {slot}, which has no episode; add to it or end the season earlier")
            yield Fault(season.file, "order", problem.format(slot=slot))
        elif episode not in statuses or statuses[episode].reason is Reason.NO_EPISODE:
            problem = _("{slot} has no episode: number {episode} is not in the library; add it")
            key = key_of_episode(season, airing.market, episode, changes.get(airing.id))
            yield Fault(season.file, key, problem.format(slot=slot, episode=episode))


def too_long(  # noqa: PLR0917  all that decides how much room there is
    airings: Sequence[Airing], plan: Plan, season: Season, station: Station, statuses: Statuses, announced: Announced
) -> Iterator[Fault]:
    """Episodes that playout would cut: their master, tail and what the market lets sound before it included, runs into the next
    airing or the market's silence.
    """
    following = next_airings(plan)
    for airing in airings:
        status = statuses.get(airing.episode) if airing.episode is not None else None
        ends = _ends(airing, following, station)
        if status is None or not ends:
            continue
        length_s = _length_s(status, station.markets[airing.market], announced)
        if length_s is None:
            continue
        end, problem = min(ends, key=lambda one: one[0])
        left = (end - airing.due.astimezone(UTC)).total_seconds()
        if 0 < left < length_s + status.tail_s:
            facts = {"episode": airing.episode, "slot": minute(airing.due), "market": airing.market}
            text = problem.format(length=_clocked(length_s), room=_clocked(max(left - status.tail_s, 0.0)), **facts)
            yield Fault(season.file, key_of_due(season, airing.market, airing.due), text)


def _length_s(status: EpisodeStatus, market: Market, announced: Announced) -> Seconds | None:
    """Of all that sounds there; an announcement that is not ready for this episode counts with what it lasts before others."""
    there = status.at(market)
    if there.duration_s is None or there.edition is not None or market.announcement is None:
        return there.duration_s
    return Seconds(there.duration_s + announced.get(market.announcement, 0.0))


def next_airings(plan: Plan) -> Mapping[AiringId, datetime]:
    """When, in UTC, the airing that follows on the same market is due; nothing for a market's last one."""
    following: dict[AiringId, datetime] = {}
    later: dict[MarketId, datetime] = {}
    for airing in reversed(plan.airings):
        if airing.cancelled is None:
            if airing.market in later:
                following[airing.id] = later[airing.market]
            later[airing.market] = airing.due.astimezone(UTC)
    return following


def _ends(airing: Airing, following: Mapping[AiringId, datetime], station: Station) -> list[tuple[datetime, str]]:
    """What ends the airing's window, in UTC, each with its sentence."""
    ends = []
    if (next_due := following.get(airing.id)) is not None:
        text = _(
            "episode {episode} lasts {length} and overlaps: on {slot} {market} has room for {room} before the next one"
        )
        ends.append((next_due - timedelta(seconds=CLEARANCE_S), text))
    if (silence := closing(station.markets[airing.market], airing.due)) is not None:
        text = _(
            "episode {episode} lasts {length}, but on {slot} {market} has room for {room} before it must be silent"
        )
        ends.append((silence, text))
    return ends


def _clocked(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
