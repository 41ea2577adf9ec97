"""Whatever lies on a stick for this computer, in its order: first who is who, then what they say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from broadcaster.config import Station
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

Share = Callable[[float], None]


def take_stick(
    station: Station,
    journal: Journal,
    stick: Path,
    ask: AskCode,
    *,
    again: bool = False,
    share: Share = lambda _share: None,
) -> list[Met | Taken]:
    """Take in what is there. A stick that is refused changes nothing.

    :param ask: for the code of whoever is not known yet.
    :param again: a box may come to belong to another office.
    :raises NothingOnStick, ForAnotherMarket, NotPaired: there is nothing for this computer.
    :raises BadInput: why it is refused; see :mod:`broadcaster.hub.refusals`.
    """
    exchange = _Exchange(station, journal, room_on(stick), share)
    try:
        met = list(exchange.meet(ask, again=again))
        taken = list(exchange.take())
    except OSError as error:
        raise StickNotRead(problem=clause(error)) from error
    if not met and not taken:
        exchange.refuse(stick)
    return [*met, *taken]


@dataclass(frozen=True)
class _Exchange:
    """One stick at one station."""

    station: Station
    journal: Journal
    room: Path
    share: Share

    def meet(self, ask: AskCode, *, again: bool) -> Iterator[Met]:
        """Whoever left a card.

        An office looks only where it left its own: a stick that goes round holds others' cards too.
        """
        meeting = Meeting(self.journal, self.room, keys_of(self.station).card(self.journal.node), ask)
        for market in served(self.station):
            if (met := meeting.office(market, fellows_of(self.journal), again=again)) is not None:
                yield met
        if fellows_of(self.journal).office is None:
            for market in filter(meeting.is_from_here, self.station.markets):
                if (met := meeting.box(market, fellows_of(self.journal))) is not None:
                    yield met

    def take(self) -> Iterator[Taken]:
        """What a known one wrote for this station."""
        known, keys = fellows_of(self.journal), keys_of(self.station)
        way = Way.TO if known.office is not None else Way.FROM
        for market in served(self.station) if way is Way.TO else self.station.markets:
            folder = folder_of(self.room, way, market)
            if folder.is_dir():
                by = known.office or known.boxes.get(market)
                if by is None:
                    raise NotPaired(name=market)
                taking = Taking(self.station, self.journal, keys, by, known.taken(by.node), self.share)
                taken = taking.take(folder, way, market)
                yield replace(taken, lease=decisions_of(self.journal).lease) if way is Way.TO else taken

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
