"""Carries what people order to the daemon: by its socket, or by the record where the socket does not serve.

::

    order ─▶ socket ─▶ done, and the daemon put it on record
               │ nobody answers
               └─▶ record ─▶ a daemon that lives finds it within a second (LEFT)
                             none lives: it counts from the next start on (KEPT)

Only what makes for silence, or lifts a pause, goes by the record; a sound is ordered of somebody who answers.
"""

import os
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from broadcaster.errors import BroadcasterError, RecordUnavailable
from broadcaster.locale import mark as N_
from broadcaster.model import AiringId, MarketId
from broadcaster.playout.control import ANSWER_LIMIT_S, Answer, ask, who
from broadcaster.playout.lock import is_held
from broadcaster.playout.orders import DaemonSilent, Look, NoDaemon, Order, Pause, Refusal, Resume, Safety, Stop

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.journal.append import Journal
    from broadcaster.journal.events import Event

STARTING_S = 3.0
"""How long a daemon that has just taken the station may need until it listens."""
RETRY_S = 0.2
NUDGE_LIMIT_S = 1.0


class TakesNoOrders(Refusal):
    """Somebody holds the station and does not listen: a rehearsal, or a daemon on a disk without sockets."""

    sentence: ClassVar[str] = N_(
        "Another program is using this station (perhaps a rehearsal) and takes no orders. "
        "Wait until it ends, or stop it and start `broadcaster run`."
    )


class NothingToStop(NoDaemon):
    """No daemon, so no sound of it."""

    sentence: ClassVar[str] = N_(
        "The program is not running on this computer, so nothing sounds from it. If something is heard, switch the amplifier "
        "off. To keep a market silent after the next start too: broadcaster pause."
    )


class Way(Enum):
    """What became of an order for silence."""

    DONE = "done"
    LEFT = "left"
    """It is on record, where the daemon that lives looks every second."""
    KEPT = "kept"
    """It is on record, for the next start."""


@dataclass(frozen=True)
class Delivered:
    """An order that reached its end."""

    way: Way
    markets: tuple[MarketId, ...]
    """The markets that it changed or, for a stop, was meant for."""
    stopped: tuple[AiringId, ...] = ()
    recorded: bool = True


@dataclass(frozen=True)
class Messenger:
    """Of one station."""

    root: Path
    markets: Callable[[], Collection[MarketId]]
    """All of the station's: whom an order for everywhere means, where no daemon says whom it serves."""
    open_journal: Callable[[], "Journal"]
    """Asked for only where the socket does not serve, as the markets are: neither is needed to silence a daemon that hears."""

    @property
    def control(self) -> Path:
        """The daemon's socket, as :attr:`broadcaster.config.Station.control`; a broken ``config.toml`` hides it from nobody."""
        return self.root / "data" / "control"

    @property
    def daemon_lives(self) -> bool:
        """Whether some process holds the station."""
        return is_held(self.root)

    def ask(self, order: Order, limit_s: float = ANSWER_LIMIT_S) -> Answer:
        """What a daemon that listens answers; one that is only starting is waited for.

        :raises NoDaemon, TakesNoOrders, DaemonSilent, Refusal: as they say.
        """
        until_s = time.monotonic() + STARTING_S
        while True:
            try:
                return ask(self.control, order, limit_s)
            except NoDaemon:
                if not self.daemon_lives:
                    raise
                if time.monotonic() >= until_s:
                    raise TakesNoOrders from None
            time.sleep(RETRY_S)

    def order(self, order: Stop | Pause | Safety | Resume) -> Delivered:
        """Bring an order for silence, or for its end, wherever it may go.

        :raises NothingToStop, DaemonSilent, Refusal, RecordUnavailable: as they say.
        """
        try:
            answer = ask(self.control, order)
        except DaemonSilent:
            with suppress(BroadcasterError):  # switching the amplifier off is what helps now, on record or not
                self._write(order)
            raise
        except NoDaemon:
            return self._without_socket(order)
        stopped = tuple(answer.get("stopped", ()))
        return Delivered(Way.DONE, tuple(answer["markets"]), stopped, bool(answer.get("recorded", True)))

    def _without_socket(self, order: Stop | Pause | Safety | Resume) -> Delivered:
        lives = self.daemon_lives
        if isinstance(order, Stop) and not lives:
            raise NothingToStop
        try:
            return Delivered(Way.LEFT if lives else Way.KEPT, self._write(order))
        except RecordUnavailable as problem:
            if lives and not isinstance(order, Resume):
                raise DaemonSilent from problem
            raise

    def _write(self, order: Stop | Pause | Safety | Resume) -> tuple[MarketId, ...]:
        """Put it on record; the markets that it changes or, for a stop, is meant for."""
        from broadcaster.journal.events import Held, Resumed, StopOrdered  # noqa: PLC0415  a stop must not wait for it
        from broadcaster.journal.fold import ending_by_themselves, holds  # noqa: PLC0415

        meant = tuple(self.markets()) if order.market is None else (order.market,)
        with self.open_journal() as journal:
            now = journal.clock.now().utc.astimezone(journal.zone)
            held = holds(journal.rows(kinds=(Held, Resumed)), now)
            match order:
                case Stop():
                    rows: Sequence[Event] = [StopOrdered(meant, me())]
                case Pause(reason=reason):
                    meant = tuple(
                        market for market in meant if market not in held or market in ending_by_themselves(held)
                    )
                    rows = [Held(market, me(), reason) for market in meant]
                case Safety():
                    until = _end_of_day(journal)
                    rows = [Held(market, me(), until=until, safety=True) for market in meant]
                case Resume():
                    meant = tuple(market for market in meant if market in held)
                    rows = [Resumed(market, me()) for market in meant]
            for row in rows:
                journal.append(row)
        return meant


def _end_of_day(journal: "Journal") -> "datetime | None":
    """When the day is over; ``None`` by a clock that nothing vouches for: the day might be over at any moment."""
    from broadcaster.clock.belief import Known, judge  # noqa: PLC0415  a stop must not wait for it
    from broadcaster.journal.timeline import SELDOM, learn  # noqa: PLC0415
    from broadcaster.schedule.room import midnight_after  # noqa: PLC0415

    now = journal.clock.now()
    doubt = judge(now, learn(Known(), journal.rows(kinds=SELDOM))).doubt
    return None if doubt is not None else midnight_after(now.utc.astimezone(journal.zone))


def me() -> str:
    """How the record names the person who types."""
    return who(os.geteuid())


def nudge(root: Path) -> None:
    """Tell a daemon that listens to look now at what was decided or changed. Nobody need be there."""
    with suppress(BroadcasterError, OSError):
        ask(root / "data" / "control", Look(), NUDGE_LIMIT_S)


def hush(root: Path) -> bool:
    """Tell a daemon that listens to fade out whatever sounds; whether it answered. Needs neither settings nor record."""
    try:
        ask(root / "data" / "control", Stop())
    except (BroadcasterError, OSError):
        return False
    return True
