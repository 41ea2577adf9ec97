"""The station's daemon on this machine's own sound server; heavy to import, so only when it runs."""

import asyncio
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from broadcaster.care.alerts.companion import PROTECTION, Alerting
from broadcaster.care.amplifier import reminding
from broadcaster.care.announcements import make_announcements
from broadcaster.care.checks import State
from broadcaster.care.day_holds import ending_day_holds
from broadcaster.care.doctor import look_at_start
from broadcaster.care.evening import looking_over
from broadcaster.care.reserve import keeping_reserve
from broadcaster.care.supervisor import supervisor
from broadcaster.care.timekeeping import HardwareClock
from broadcaster.care.watchdog import Watchdog
from broadcaster.cli.chores import chores
from broadcaster.cli.teller import TerminalTeller
from broadcaster.clock import Clock
from broadcaster.clock.belief import ALWAYS
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError, RecordUnavailable
from broadcaster.journal.events import Admitted
from broadcaster.journal.mend import open_or_mend
from broadcaster.journal.reading import read
from broadcaster.locale.system import clause
from broadcaster.model import MarketId
from broadcaster.playout.companions import Companion
from broadcaster.playout.daemon import Daemon, Setting
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.lock import StationLock
from broadcaster.playout.logbook import logbook
from broadcaster.playout.makegoods import make_good_by_rule
from broadcaster.playout.microphone_companion import Microphones
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.repertoire import StationRepertoire
from broadcaster.playout.stage import Equipment
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.production.staging import put_right
from broadcaster.schedule.load import load_plan
from broadcaster.store.problems import RecordDamaged, RecordMissing
from broadcaster.web.addresses import Address
from broadcaster.web.companion import PanelBeside

SAFETY_LOOK_S = 10.0
"""How soon the protection officer's alert leaves."""


def serve(
    station: Station,
    markets: Collection[MarketId],
    clock: Clock,
    *,
    built: datetime = ALWAYS,
    panel: Address | None = None,
) -> None:
    """The station's daemon by ``clock``, which is the machine's own but in tests, until SIGTERM or SIGINT.

    ``built``: when this program was; an earlier clock is wrong. ``panel``: where its pages are to be seen, if anywhere.
    """
    _put_right(station, clock)
    plan = load_plan(station)
    teller = _teller(station, markets, clock)
    log_file = _data(station) / "broadcaster.log"
    setting = Setting(
        station=station,
        plan=plan,
        markets=markets,
        clock=clock,
        equipment=Equipment(VlcPlayers(), MonitorWitnesses(), MachineSpeakers()),
        teller=teller,
        repertoire=lambda record: StationRepertoire(station, record.changes, mend=record.check),
        database=station.database,
        control=station.control,
        watched=True,
        built=built,
        companions=(
            make_good_by_rule,
            Watchdog(supervisor(os.environ), log_file),
            reminding(teller.switch_on),
            looking_over(teller.looked_over),
            Microphones(teller.not_in_the_market),
            make_announcements,
            HardwareClock(),
            Alerting(),
            Alerting(audience=PROTECTION, look_s=SAFETY_LOOK_S),
            ending_day_holds,
            keeping_reserve,
            *_panel(station, teller, panel),
        ),
    )
    with logbook(log_file), chores(station, clock):
        asyncio.run(Daemon(setting).run())


def _teller(station: Station, markets: Collection[MarketId], clock: Clock) -> TerminalTeller:
    """Who speaks to the people at the terminal, and knows from the start what stands in the way of the next airing."""
    found = look_at_start(station, markets, clock.now().utc)
    red, yellow = ([check.line for check in found.of(state)] for state in (State.FAIL, State.WARN))
    return TerminalTeller(station, concerns=red, remarks=yellow, now=lambda: clock.now().utc)


def _panel(station: Station, teller: TerminalTeller, address: Address | None) -> Iterator[Companion]:
    if address is not None:
        tell, fail = teller.panel_opened, teller.no_panel
        yield PanelBeside(station.root, address, language=station.language, listening=tell, problem=fail)


def _put_right(station: Station, clock: Clock) -> None:
    """What an intake cut short has left, and a record that can be made again, before anybody is told how things stand.

    An episode for which that is not possible says itself why it does not air; the daemon says it of a record.
    """
    with suppress(BroadcasterError, OSError):
        try:
            read(station.database, kinds=[Admitted])
        except (RecordDamaged, RecordMissing):
            with StationLock(station.root), open_or_mend(station.database, clock, station.timezone):
                pass
        put_right(station, lambda: read(station.database, kinds=[Admitted]))


def _data(station: Station) -> Path:
    try:
        station.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordUnavailable(path=station.data, problem=clause(error)) from error
    return station.data
