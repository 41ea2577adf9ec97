"""A make-good ordered where no daemon listens: the same decision from the station's files and its record, written down.

The daemon that lives without a socket finds the row within a second, another at its start.
"""

from datetime import datetime

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import MakeGoodOrdered, Promise
from broadcaster.journal.fold import holds, open_promises
from broadcaster.journal.makegoods import Claim, claim
from broadcaster.journal.row import Row
from broadcaster.library.catalogue import statuses
from broadcaster.model import AiringId, EpisodeNumber, Market, MarketId
from broadcaster.playout.makegood_order import Place, promised_at, whole_s
from broadcaster.playout.orders import NotServed
from broadcaster.playout.permits import check_held
from broadcaster.schedule.load import load_plan
from broadcaster.schedule.room import Stretch


def write_down(station: Station, journal: Journal, airing: AiringId, begin: datetime, by: str) -> Promise:
    """Promise the make-good of ``airing`` for ``begin`` (aware, in the station's zone), on the word of ``by``.

    :raises BroadcasterError: it cannot be, and why; nothing was put on record.
    """
    rows = journal.rows()
    wanted = claim(rows, airing, station.timezone)
    market = station.markets.get(wanted.market)
    if market is None:
        raise NotServed(market=wanted.market, markets=", ".join(station.markets))
    check_held(market, holds(rows))
    promise = promised_at(wanted, begin, _place(station, journal, rows, wanted, market))
    journal.append(MakeGoodOrdered(wanted.missed, promise, by))
    return promise


def _place(station: Station, journal: Journal, rows: list[Row], wanted: Claim, market: Market) -> Place:
    now = journal.clock.now().utc.astimezone(station.timezone)
    others = _others(station, rows, market.id)
    asked = {wanted.episode, *(episode for _due, episode in others if episode is not None)}
    known = statuses(station, rows, now.date(), samples_may_air=False, now=now, only=asked)
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
