"""Whatever lies on a stick for this computer, in its order: first who is who, then what they say.

A stick that goes round brings several markets' records to their office. Each stands by itself: one that is old or damaged is
left alone and told of, and the others are taken.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from broadcaster.config import Station
from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.hub.fellows import fellows_of, served
from broadcaster.hub.incoming import Taken, Taking
from broadcaster.hub.keys import keys_of
from broadcaster.hub.listing import Way, folder_of
from broadcaster.hub.pairing import AskCode, Meeting, Met
from broadcaster.hub.refusals import ForAnotherMarket, NothingOnStick, NotPaired, StickNotRead
from broadcaster.hub.stick import room_on
from broadcaster.journal.append import Journal
from broadcaster.library.decisions import decisions_of
from broadcaster.locale import gettext as _
from broadcaster.locale.system import clause
from broadcaster.model import MarketId

T = TypeVar("T")
Share = Callable[[float], None]


@dataclass(frozen=True)
class NotTaken:
    """What the stick holds of one market was left alone, while something else of it was taken."""

    market: MarketId
    why: BroadcasterError


def take_stick(
    station: Station,
    journal: Journal,
    stick: Path,
    ask: AskCode,
    *,
    again: bool = False,
    share: Share = lambda _share: None,
) -> list[Met | Taken | NotTaken]:
    """Take in what is there. What is refused changes nothing.

    :param ask: for the code of whoever is not known yet.
    :param again: a box may come to belong to another office.
    :raises NothingOnStick, ForAnotherMarket, NotPaired: there is nothing for this computer.
    :raises BadInput, StickNotRead: nothing of it could be taken, and why; see :mod:`broadcaster.hub.refusals`.
    """
    exchange = _Exchange(station, journal, room_on(stick), share)
    done = [*exchange.meet(ask, again=again), *exchange.take()]
    if not done:
        exchange.refuse(stick)
    refused = [each for each in done if isinstance(each, NotTaken)]
    if len(refused) == len(done):
        raise refused[0].why
    return done


@dataclass(frozen=True)
class _Exchange:
    """One stick at one station."""

    station: Station
    journal: Journal
    room: Path
    share: Share

    def meet(self, ask: AskCode, *, again: bool) -> list[Met | NotTaken]:
        """Whoever left a card.

        An office looks only where it left its own: a stick that goes round holds others' cards too.
        """
        meeting = Meeting(self.journal, self.room, keys_of(self.station).card(self.journal.node), ask)

        def office(market: MarketId) -> Met | None:
            return meeting.office(market, fellows_of(self.journal), again=again)

        def box(market: MarketId) -> Met | None:
            return meeting.box(market, fellows_of(self.journal)) if meeting.is_from_here(market) else None

        met = list(_each(served(self.station), office))
        if fellows_of(self.journal).office is None:
            met += _each(self.station.markets, box)
        return met

    def take(self) -> list[Taken | NotTaken]:
        """What a known one wrote for this station."""
        if fellows_of(self.journal).office is not None:
            return list(_each(served(self.station), partial(self._taken, Way.TO)))
        return list(_each(self.station.markets, partial(self._taken, Way.FROM)))

    def _taken(self, way: Way, market: MarketId) -> Taken | None:
        """What the stick holds for, or of, that market; ``None`` when that is nothing."""
        folder = folder_of(self.room, way, market)
        if not folder.is_dir():
            return None
        known = fellows_of(self.journal)
        by = known.office or known.boxes.get(market)
        if by is None:
            raise NotPaired(name=market)
        taking = Taking(self.station, self.journal, keys_of(self.station), by, known.taken(by.node), self.share)
        taken = taking.take(folder, way, market)
        return replace(taken, lease=decisions_of(self.journal).lease) if way is Way.TO else taken

    def refuse(self, stick: Path) -> None:
        """There is nothing for this computer: whose may it be?"""
        here = served(self.station)
        if any(folder_of(self.room, Way.TO, market).is_dir() for market in here):
            raise NotPaired(name=_("an office"))
        others = sorted(path.name.removeprefix("to-") for path in self.room.glob("to-*") if path.is_dir())
        others += sorted(path.stem.removeprefix("office-for-") for path in self.room.glob("office-for-*.card"))
        if others:
            raise ForAnotherMarket(markets=", ".join(dict.fromkeys(others)), here=", ".join(here))
        raise NothingOnStick(name=stick)


def _each(markets: Iterable[MarketId], do: Callable[[MarketId], T | None]) -> Iterator[T | NotTaken]:
    """What comes of each market; where a stick's part is refused, why."""
    for market in markets:
        try:
            done = do(market)
        except (BadInput, StickNotRead) as error:
            yield NotTaken(market, error)
        except OSError as error:
            yield NotTaken(market, StickNotRead(problem=clause(error)))
        else:
            if done is not None:
                yield done
