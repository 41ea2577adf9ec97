"""What goes on: the answer to ``status``, from what the daemon knows, without asking disk or sound server.

``{version, now, clock, plan_sha256, faults: [text…], waiting: [key…], failing: [part…], markets: [{market, name, state,
held_until, episode, airing, position_s, expected_s, until, obstacle, next: {airing, due, episode, reason} | null, last:
{airing, due, outcome, reason} | null}…]}``

``failing`` are the parts of the daemon that did not answer when they were last asked (``alarms``, ``players``, ``record``).

``state`` of a market: ``on_air``, ``starting`` (an airing was woken and does not sound yet), ``testing``, ``held`` or
``waiting``; ``held_until`` is when a pause ends that nobody need lift; ``obstacle`` is the reason's code why it cannot begin
yet. Moments are ISO 8601 in the station's zone.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from broadcaster import __version__
from broadcaster.journal.events import Ended, Promise, make_good_of
from broadcaster.model import MarketId, Reason, Seconds
from broadcaster.playout.performance import Performance
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.reload import Reloader


def status(bill: Playbill, files: Reloader, *, testing: Collection[MarketId]) -> Mapping[str, Any]:
    """The whole answer."""
    now = bill.stage.clock.now()
    return {
        "version": __version__,
        "now": _local(now.utc, bill),
        "clock": now.trust.value,
        "plan_sha256": files.plan_sha256,
        "faults": [str(fault) for fault in files.faults],
        "waiting": list(files.waiting),
        "failing": sorted(bill.stage.failing),
        "markets": [_market(market, bill, testing) for market in bill.markets],
    }


def _market(market: MarketId, bill: Playbill, testing: Collection[MarketId]) -> dict[str, Any]:
    performing = _foremost(bill.at(market))
    held, until = market in bill.stage.held, bill.stage.held_until.get(market)
    return {
        "market": market,
        "name": bill.stage.station.markets[market].name,
        "state": _state(performing, held=held, testing=market in testing),
        "held_until": _local(until, bill) if held and until is not None else None,
        **_sound(performing, bill),
        "obstacle": performing.obstacle.value if performing is not None and performing.obstacle else None,
        "next": _next(bill.coming(market), bill, held=held, until=until),
        "last": _last(bill.last.get(market), bill),
    }


def _foremost(performances: list[Performance]) -> Performance | None:
    """What sounds, else what is to sound first."""
    return min(performances, key=lambda each: (not each.sounds, each.promise.due), default=None)


def _state(performing: Performance | None, *, held: bool, testing: bool) -> str:
    if performing is not None and performing.sounds:
        return "on_air"
    if testing:
        return "testing"
    if held:
        return "held"
    return "starting" if performing is not None else "waiting"


def _sound(performing: Performance | None, bill: Playbill) -> dict[str, Any]:
    if performing is None:
        return {"episode": None, "airing": None, "position_s": None, "expected_s": None, "until": None}
    attempt, promise = performing.attempt, performing.promise
    known: dict[str, Any] = {"episode": promise.episode, "airing": promise.airing}
    if attempt is None or not performing.sounds:
        return {**known, "position_s": None, "expected_s": None, "until": None}
    length = attempt.facts.expected_s
    position_s = bill.stage.clock.now().monotonic_s - attempt.facts.first_word_s
    until = attempt.cue.first_word + timedelta(seconds=length)
    return {
        **known,
        "position_s": Seconds(round(max(0.0, min(position_s, length)), 1)),
        "expected_s": length,
        "until": _local(until, bill),
    }


def _next(coming: Promise | None, bill: Playbill, *, held: bool, until: datetime | None) -> dict[str, Any] | None:
    """``until``: when the pause ends by itself."""
    if coming is None:
        return None
    stays = held and (until is None or coming.due < until)
    reason = Reason.HELD_BY_OPERATOR.value if stays else None
    due = _local(coming.due, bill)
    return {
        "airing": coming.airing,
        "due": due,
        "episode": coming.episode,
        "reason": reason,
        "make_good_of": make_good_of(coming.airing),
    }


def _last(ended: Ended | None, bill: Playbill) -> dict[str, Any] | None:
    if ended is None:
        return None
    return {
        "airing": ended.airing,
        "due": _local(ended.due, bill),
        "outcome": ended.outcome.value,
        "reason": ended.reason.value,
        "make_good_of": ended.make_good_of,
    }


def _local(moment: datetime, bill: Playbill) -> str:
    return moment.astimezone(bill.stage.station.timezone).isoformat(timespec="seconds")
