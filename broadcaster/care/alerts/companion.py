"""Lives beside the airings: notices what is to be told, and has it sent when there is a network."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from broadcaster.care.alerts.addresses import FILE as ADDRESSES
from broadcaster.care.alerts.addresses import PROTECTION_FILE, Address, addresses
from broadcaster.care.alerts.alert import Alert
from broadcaster.care.alerts.due import TELLING, alerts_due
from broadcaster.care.alerts.outbox import TOLD_AT_ONCE, Outbox, Queued
from broadcaster.care.alerts.safety import SAFETY_TELLING, safety_due
from broadcaster.care.alerts.sending import Letter, send
from broadcaster.care.alerts.words import said
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import Event
from broadcaster.journal.row import Row
from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.locale.moments import date_and_time
from broadcaster.playout.companions import Beside

LOOK_S = 60.0
AGAIN_S = (60.0, 120.0, 300.0, 900.0, 1800.0)
"""After how long it is tried again; from then on as often as the last."""
FILE = "alerts.json"

Sender = Callable[[Sequence[Letter]], Awaitable[list[bool]]]
Due = Callable[[Sequence[Row], Collection[str], datetime, Collection[str]], list[Alert]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Audience:
    """Who is told, and what."""

    book: str
    """The file with their addresses."""
    outbox: str
    """The file in which what they are told waits."""
    telling: tuple[type[Event], ...]
    due: Due
    sleeps: bool
    """Whether the station's night holds it back."""
    logged: bool
    """Whether the program's log, which anybody at the box may read, says that there is something to tell."""


EVERYBODY = Audience(ADDRESSES, FILE, TELLING, alerts_due, sleeps=True, logged=True)
PROTECTION = Audience(PROTECTION_FILE, "protection.json", SAFETY_TELLING, safety_due, sleeps=False, logged=False)
"""The protection officer: what she is told goes to nobody else."""


def outbox_of(station: Station, audience: Audience = EVERYBODY) -> Outbox:
    """What waits there."""
    return Outbox(station.data / audience.outbox)


class Alerting:
    """A companion."""

    def __init__(
        self,
        sender: Sender = send,
        *,
        audience: Audience = EVERYBODY,
        look_s: float = LOOK_S,
        again_s: Sequence[float] = AGAIN_S,
    ) -> None:
        self._send = sender
        self._audience = audience
        self._look_s = look_s
        self._again_s = again_s
        self._failures = 0
        self._rest_until_s = 0.0

    async def __call__(self, beside: Beside) -> None:
        outbox = outbox_of(beside.bill.stage.station, self._audience)
        while True:
            try:
                await self.look(beside, outbox)
            except (BroadcasterError, OSError) as problem:
                log.warning("alerts cannot be seen to: %s", type(problem).__name__)
            await asyncio.sleep(self._look_s)

    async def look(self, beside: Beside, outbox: Outbox) -> None:
        """Notice, and send what waits."""
        station = beside.bill.stage.station
        known = addresses(station, self._audience.book)
        if not known:
            return
        now = beside.bill.stage.clock.now()
        local = now.utc.astimezone(station.timezone)
        outbox.forget_what_all_have([address.id for address in known])
        await self._notice(beside, outbox, local)
        if outbox.queued and now.monotonic_s >= self._rest_until_s and not self._sleeps(station, local):
            good = await self._deliver(station, known, outbox, local)
            self._failures = 0 if good else self._failures + 1
            if not good:
                rest_s = self._again_s[min(self._failures, len(self._again_s)) - 1]
                self._rest_until_s = beside.bill.stage.clock.now().monotonic_s + rest_s

    def _sleeps(self, station: Station, local: datetime) -> bool:
        night = station.alerts.night if self._audience.sleeps else None
        return night is not None and local.time() in night

    async def _notice(self, beside: Beside, outbox: Outbox, local: datetime) -> None:
        stage = beside.bill.stage
        rows = await stage.record.rows(self._audience.telling)
        doubt = {"clock"} if beside.bill.in_doubt else set()
        fresh = self._audience.due(rows, stage.failing | doubt, local, outbox.told)
        if fresh:
            outbox.put(Queued(alert.key, said(alert), local.isoformat(timespec="seconds")) for alert in fresh)
            if self._audience.logged:
                log.info("to be told: %s", ", ".join(alert.key for alert in fresh))

    async def _deliver(self, station: Station, known: Sequence[Address], outbox: Outbox, local: datetime) -> bool:
        """Whether everybody took what waited for them."""
        wanted = {address: outbox.waiting_for(address.id) for address in known}
        asked = [address for address, waiting in wanted.items() if waiting]
        letters = [Letter(each.url, title(station), body(wanted[each], outbox.dropped)) for each in asked]
        answers = await self._send(letters)
        everybody = [address.id for address in known]
        for address, good in zip(asked, answers, strict=True):
            if good:
                outbox.took(address.id, wanted[address], everybody, local.isoformat(timespec="seconds"))
        if self._audience.logged:
            log.info("alerts: %d of %d addresses took them", sum(answers), len(asked))
        return all(answers)


def title(station: Station) -> str:
    """Whose it is: the codes of the markets that this computer serves."""
    return _("Loudspeakers: {markets}").format(markets=", ".join(station.serves or station.markets))


def body(waiting: Sequence[Queued], dropped: int = 0) -> str:
    """One message of all that waits."""
    if len(waiting) == 1 and not dropped:
        return waiting[0].body
    lines = [f"{date_and_time(datetime.fromisoformat(each.at))}: {each.body}" for each in waiting[-TOLD_AT_ONCE:]]
    left_out = dropped + max(0, len(waiting) - TOLD_AT_ONCE)
    if left_out:
        told = ngettext("{n} older alert is left out.", "{n} older alerts are left out.", left_out)
        lines.insert(0, told.format(n=left_out))
    return "\n".join(f"- {line}" for line in lines)
