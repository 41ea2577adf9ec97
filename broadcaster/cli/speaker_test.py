"""``broadcaster speaker test``: through the program that runs, or, where none does, by this command itself."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from broadcaster.cli.context import Desk
from broadcaster.cli.hand import messenger
from broadcaster.cli.show import say
from broadcaster.cli.teller import TerminalTeller
from broadcaster.errors import StationLocked
from broadcaster.journal.events import Held, Resumed, Tested
from broadcaster.journal.fold import holds
from broadcaster.journal.reading import read
from broadcaster.model import Market
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.lock import StationLock
from broadcaster.playout.messenger import TakesNoOrders, me
from broadcaster.playout.orders import NoDaemon, Test
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.permits import check_held, check_hour
from broadcaster.playout.stage import Equipment
from broadcaster.playout.tested import LIMIT_S, what_came_of
from broadcaster.playout.tryout import TryOut
from broadcaster.playout.vlc import VlcPlayers


def perform(desk: Desk, market: Market, override: str | None) -> None:
    """Test one market's speaker, and say what came of it.

    :raises NotHeard, TestCut: and why.
    """
    try:
        tested: Mapping[str, Any] = messenger(desk).ask(Test(market.id, override), LIMIT_S)
    except NoDaemon:
        tested = asdict(_by_ourselves(desk, market, override))
    say(what_came_of(market, tested))


def _by_ourselves(desk: Desk, market: Market, override: str | None) -> Tested:
    station = desk.station
    try:
        with StationLock(station.root):
            now = desk.clock.now().utc.astimezone(station.timezone)
            check_held(market, holds(read(station.database, kinds=(Held, Resumed)), now))
            check_hour(market, override, now, station.calendar.blackouts)
            equipment = Equipment(VlcPlayers(), MonitorWitnesses(), MachineSpeakers())
            return TryOut(desk.clock, equipment, TerminalTeller(station), by=me(), why=override).sound(station, market)
    except StationLocked as taken:
        raise TakesNoOrders from taken
