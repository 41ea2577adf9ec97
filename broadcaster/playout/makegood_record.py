"""A make-good ordered or cancelled where no daemon listens: the same decision from the station's files and its record, written
down.

The daemon that lives without a socket finds the row within a second, another at its start.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, MakeGoodCancelled, MakeGoodOrdered, Promise, make_good_of
from broadcaster.journal.fold import WITHOUT_HEARTBEATS, holds, open_promises
from broadcaster.journal.makegood_refusals import Begun
from broadcaster.journal.makegoods import FOR_CANCELLING, Claim, claim, to_come
from broadcaster.journal.row import Row
from broadcaster.library.catalogue import statuses
from broadcaster.model import AiringId, EpisodeNumber, EpisodeStatus, Market, MarketId
from broadcaster.playout.cueing import ALARM_S
from broadcaster.playout.makegood_order import Place, cancelled, promised_at, refuse_begun, whole_s
from broadcaster.playout.orders import NotServed
from broadcaster.playout.permits import check_held
from broadcaster.schedule.load import load_plan
from broadcaster.schedule.room import Stretch

FOUND_WITHIN = timedelta(seconds=ALARM_S + 5.0)
"""Before its minute: a daemon that does not listen finds the row within a second or two, and has not woken it until then."""


Ask = Callable[..., Mapping[EpisodeNumber, EpisodeStatus]]
"""What the library says of some episodes, asked as :func:`~broadcaster.library.catalogue.statuses` is."""


def write_down(
    station: Station, journal: Journal, airing: AiringId, begin: datetime, by: str, *, ask: Ask = statuses
) -> Promise:
    """Promise the make-good of ``airing`` for ``begin`` (aware, in the station's zone), on the word of ``by``.

    :raises BroadcasterError: it cannot be, and why; nothing was put on record.
    """
    rows = journal.rows(kinds=WITHOUT_HEARTBEATS)
    wanted = claim(rows, airing, station.timezone)
    market = station.markets.get(wanted.market)
    if market is None:
        raise NotServed(market=wanted.market, markets=", ".join(station.markets))
    check_held(market, holds(rows, journal.clock.now().utc))
    promise = promised_at(wanted, begin, _place(station, journal, rows, wanted, market, ask=ask))
    journal.append(MakeGoodOrdered(wanted.missed, promise, by))
    return promise


def strike_out(journal: Journal, airing: AiringId, by: str, *, daemon_lives: bool) -> Ended:
    """Take back the make-good of ``airing`` that is ordered, on the word of ``by``; its terminal row.

    :raises NothingOrdered, Begun, HadBegun: nothing is to come, or a daemon that lives may have begun it, or one that is gone.
    """
    rows, now = journal.rows(kinds=FOR_CANCELLING), journal.clock.now().utc
    promise = to_come(rows, airing)
    refuse_begun(rows, promise, now, daemon_lives=daemon_lives)
    if daemon_lives and promise.due - now < FOUND_WITHIN:
        raise Begun(airing=make_good_of(promise.airing), market=promise.market)
    journal.append(MakeGoodCancelled(promise.airing, by))
    ended = cancelled(promise)
    journal.append(ended)
    return ended


def _place(station: Station, journal: Journal, rows: list[Row], wanted: Claim, market: Market, *, ask: Ask) -> Place:
    now = journal.clock.now().utc.astimezone(station.timezone)
    others = _others(station, rows, market.id)
    asked = {wanted.episode, *(episode for _due, episode in others if episode is not None)}
    known = ask(station, rows, now.date(), samples_may_air=False, now=now, only=asked)
    lengths = {number: whole_s(status.at(market)) for number, status in known.items()}
    taken = [Stretch(due, lengths[episode]) for due, episode in others if episode in lengths]
    found = known.get(wanted.episode)
    episode = found.at(market) if found else None
    return Place(market, episode, taken, now, station.grace_s, station.calendar.blackouts)


def _others(station: Station, rows: list[Row], market: MarketId) -> list[tuple[datetime, EpisodeNumber | None]]:
    """What else is to sound at the market: by the season's files, and by what was ordered."""
    planned = [(each.due, each.episode, each.cancelled, each.market) for each in load_plan(station).airings]
    promised = [(each.due, each.episode, each.cancelled, each.market) for each in open_promises(rows).values()]
    meant = {
        (due, episode) for due, episode, cancelled, at in [*planned, *promised] if cancelled is None and at == market
    }
    return sorted(meant, key=lambda one: one[0])
