"""``broadcaster speaker test``: through the program that runs, or, where none does, by this command itself."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar

from broadcaster.cli.context import Desk
from broadcaster.cli.hand import messenger
from broadcaster.cli.show import say
from broadcaster.cli.teller import TerminalTeller
from broadcaster.errors import StationLocked
from broadcaster.journal.append import read
from broadcaster.journal.events import Held, Resumed, Tested
from broadcaster.journal.fold import holds
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Evidence, Market, Reason
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.lock import StationLock
from broadcaster.playout.messenger import TakesNoOrders, me
from broadcaster.playout.orders import NoDaemon, Refusal, Test
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.permits import check_held, check_hour
from broadcaster.playout.stage import Equipment
from broadcaster.playout.tryout import TryOut
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.reasons import sentence

LIMIT_S = 30.0
"""The test itself takes twelve seconds; a slow machine some more."""


class NotHeard(Refusal):
    """The test ended, and not all of it was heard."""

    sentence: ClassVar[str] = N_("{market}: the test was not heard. {sentence} Then try again.")


class TestCut(Refusal):
    """Somebody stopped it."""

    __test__: ClassVar[bool] = False  # its name is no test's
    sentence: ClassVar[str] = N_("{market}: the test was cut by an order to stop. Try again when nothing hinders it.")


def perform(desk: Desk, market: Market, override: str | None) -> None:
    """Test one market's speaker, and say what came of it.

    :raises NotHeard, TestCut: and why.
    """
    try:
        tested: Mapping[str, Any] = messenger(desk).ask(Test(market.id, override), LIMIT_S)
    except NoDaemon:
        tested = asdict(_by_ourselves(desk, market, override))
    if not tested["heard"]:
        reason = Reason(tested["reason"] or Reason.NOT_HEARD)
        if reason is Reason.STOPPED_BY_OPERATOR:
            raise TestCut(market=market.name)
        raise NotHeard(market=market.name, sentence=sentence(reason))
    say(_heard(Evidence(tested["evidence"])).format(market=market.name))


def _heard(evidence: Evidence) -> str:
    if evidence is Evidence.PLAYER:
        return _(
            "{market}: the player says that the test went out; nobody could listen to the output. "
            "Did you hear it at the speaker? If not, check the amplifier and its cable."
        )
    return _(
        "{market}: the test left the computer whole. Did you hear it at the speaker? "
        "If not, check the amplifier and its cable."
    )


def _by_ourselves(desk: Desk, market: Market, override: str | None) -> Tested:
    station = desk.station
    try:
        with StationLock(station.root):
            check_held(market, holds(read(station.database, kinds=(Held, Resumed))))
            now = desk.clock.now().utc.astimezone(station.timezone)
            check_hour(market, override, now, station.calendar.blackouts)
            equipment = Equipment(VlcPlayers(), MonitorWitnesses(), MachineSpeakers())
            return TryOut(desk.clock, equipment, TerminalTeller(station), by=me(), why=override).sound(station, market)
    except StationLocked as taken:
        raise TakesNoOrders from taken
