"""From a missed airing to the promise that makes it good: one pure decision, by whoever orders it and from wherever.

::

    named airing ─▶ claim (what was missed) ─▶ gates, hours, room ─▶ promise ─▶ on record ─▶ performed like any airing
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from broadcaster.journal.events import Ended, Promise, make_good_of
from broadcaster.journal.fold import last_started
from broadcaster.journal.makegood_refusals import HadBegun, MomentFar, MomentPast, NoRoomThen
from broadcaster.journal.makegoods import Claim
from broadcaster.journal.row import Row
from broadcaster.model import EpisodeStatus, Market, Outcome, Reason, Seconds
from broadcaster.playout.accounts import silent
from broadcaster.playout.cueing import gate
from broadcaster.playout.orders import EpisodeStays
from broadcaster.playout.recovery import closed_plays
from broadcaster.schedule.room import Stretch, first_room, later, midnight_after, no_room

FARTHEST = timedelta(days=31)
"""How far ahead a make-good may be ordered: what lies farther is a slip of the pen, or belongs into the season."""
NOTICE = timedelta(minutes=5)
"""What a season's rule leaves people to switch the amplifier on, or to say no."""


@dataclass(frozen=True)
class Place:
    """Where it is to sound, and what is known of it."""

    market: Market
    episode: EpisodeStatus | None
    """At that market; ``None``: the library knows no such episode."""
    taken: Collection[Stretch]
    """What else is promised there."""
    now: datetime
    """Aware, in the station's zone."""
    grace_s: Seconds
    blackouts: Collection[date]
    """The days on which nothing airs."""


def ready(claim: Claim, episode: EpisodeStatus | None) -> EpisodeStatus:
    """The episode, if it passes the same gates as for any airing.

    :raises EpisodeStays: and why.
    """
    refusal = gate(episode) if episode is not None else None
    if episode is None or refusal is not None:
        raise EpisodeStays(episode=claim.episode, reason=(refusal.reason if refusal else Reason.NO_EPISODE).value)
    return episode


def promised_at(claim: Claim, begin: datetime, place: Place) -> Promise:
    """The promise of a make-good whose first word falls at ``begin`` (aware, in the station's zone).

    :raises EpisodeStays, MomentPast, MomentFar, NoRoomThen: it cannot be then, and why.
    """
    length_s = whole_s(ready(claim, place.episode))
    notice = begin.astimezone(UTC) - place.now.astimezone(UTC)
    if notice <= timedelta():
        raise MomentPast(time=_minute(begin))
    if notice > FARTHEST:
        raise MomentFar(time=_minute(begin), days=FARTHEST.days)
    why = no_room(place.market, begin, length_s, place.taken, blackouts=place.blackouts)
    if why is not None:
        free = _first_room(place, begin, midnight_after(begin), length_s)
        shown = f"{free:%H:%M}" if free else ""
        raise NoRoomThen(market=place.market.name, time=_minute(begin), why=why.value, free=shown)
    return _promise(claim, begin, place.grace_s)


def promised_today(claim: Claim, place: Place) -> Promise | None:
    """What a season's rule promises: the first free minute of the day that leaves people some notice; ``None``: there is none.

    Its grace ends with the day: after midnight it lapses.

    :raises EpisodeStays: the episode may not air, and why.
    """
    length_s, midnight = whole_s(ready(claim, place.episode)), midnight_after(place.now)
    begin = _first_room(place, later(place.now, NOTICE), midnight, length_s)
    if begin is None:
        return None
    left_s = (midnight.astimezone(UTC) - begin.astimezone(UTC)).total_seconds() - 1.0
    return _promise(claim, begin, Seconds(min(place.grace_s, left_s)))


def refuse_begun(rows: Sequence[Row], promise: Promise, now: datetime, *, daemon_lives: bool) -> None:
    """What a run of the program began that is gone now is no longer taken back: part of it may have been heard.

    :raises HadBegun: it has.
    """
    if promise.airing in closed_plays(rows, now, living=last_started(rows) if daemon_lives else None):
        raise HadBegun(airing=make_good_of(promise.airing))


def cancelled(promise: Promise) -> Ended:
    """The terminal row of a make-good that nobody wants any more."""
    return silent(promise, Outcome.CANCELLED, Reason.STOPPED_BY_OPERATOR)


def taken_back(ended: Ended) -> dict[str, Any]:
    """What whoever cancelled it is answered."""
    due = ended.due.isoformat()
    outcome, reason = ended.outcome.value, ended.reason.value
    return {"airing": ended.airing, "due": due, "sounds": False, "outcome": outcome, "reason": reason}


def whole_s(episode: EpisodeStatus) -> Seconds:
    """How long it occupies its market from its first word on; nothing, where it has no sound."""
    return Seconds(episode.duration_s + episode.tail_s) if episode.duration_s else Seconds(0.0)


def _first_room(place: Place, earliest: datetime, until: datetime, length_s: Seconds) -> datetime | None:
    return first_room(place.market, earliest, until, length_s, place.taken, blackouts=place.blackouts)


def _promise(claim: Claim, begin: datetime, grace_s: Seconds) -> Promise:
    return Promise(claim.airing, claim.market, begin, claim.episode, grace_s)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
