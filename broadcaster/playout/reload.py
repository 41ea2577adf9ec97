"""The station's files, changed while the daemon runs: what counts at once, what waits for a restart, what is refused.

::

    files ─▶ fingerprint ─▶ read ─▶ compare ─▶ settings, plan ─▶ on record ─▶ in force for what is not begun
                             └─▶ faults: the last good plan and settings stay
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from broadcaster.config import Station, load_station
from broadcaster.errors import ConfigurationError, Fault
from broadcaster.journal.events import ChangeRefused, PlanAccepted, SettingsTaken
from broadcaster.journal.fold import WITHOUT_HEARTBEATS
from broadcaster.locale import gettext as _
from broadcaster.model import Market, Plan, Sha256
from broadcaster.playout.playbill import Playbill
from broadcaster.playout.recovery import served, standing
from broadcaster.schedule.load import load_plan
from broadcaster.schedule.plan import plan_sha256

LIVE = ("hours", "quiet", "volume", "volume_cap", "chime", "ident")
"""A market's keys that count at once."""
OF_THE_STATION = ("name", "language", "timezone", "serves", "database")
WHOLE = (*OF_THE_STATION, "organisations", "outputs", "helplines", "safety", "care", "alerts", "calendar")
"""The station's keys that count after a restart, and are named whole."""

SETTLED_S = 0.3
SETTLING_LOOKS = 10

log = logging.getLogger(__name__)

Fingerprint = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Change:
    """What a changed ``config.toml`` comes to."""

    station: Station
    """The old one with what counts at once."""
    taken: tuple[str, ...]
    """Dotted paths of the keys that count at once."""
    waiting: tuple[str, ...]
    """Dotted paths of those that count after a restart."""


def compare(old: Station, new: Station) -> Change:
    """Pure."""
    markets = {id_: _market(market, new.markets.get(id_)) for id_, market in old.markets.items()}
    return Change(
        station=replace(old, grace_s=new.grace_s, markets=markets),
        taken=tuple(_taken(old, new)),
        waiting=tuple(_waiting(old, new)),
    )


def _market(old: Market, new: Market | None) -> Market:
    return old if new is None else replace(old, **{key: getattr(new, key) for key in LIVE})


def _taken(old: Station, new: Station) -> Iterator[str]:
    if old.grace_s != new.grace_s:
        yield "station.grace_s"
    for id_ in old.markets.keys() & new.markets.keys():
        yield from (f"markets.{id_}.{key}" for key in _differing(old.markets[id_], new.markets[id_]) if key in LIVE)


def _waiting(old: Station, new: Station) -> Iterator[str]:
    for key in (*WHOLE, "mastering", "intake"):
        if getattr(old, key) != getattr(new, key):
            yield f"station.{key}" if key in OF_THE_STATION else key
    for id_ in sorted(old.markets.keys() | new.markets.keys()):
        ours, theirs = old.markets.get(id_), new.markets.get(id_)
        if ours is None or theirs is None:
            yield f"markets.{id_}"
        else:
            yield from (f"markets.{id_}.{key}" for key in _differing(ours, theirs) if key not in LIVE)


def _differing(old: Market, new: Market) -> Iterator[str]:
    return (each.name for each in fields(Market) if getattr(old, each.name) != getattr(new, each.name))


def fingerprint(root: Path) -> Fingerprint:
    """Something that differs when one of the station's files was changed, came or went."""
    files = (root / "config.toml", *sorted((root / "schedules").glob("*.toml")))
    return tuple(_seen(file) for file in files)


def _seen(file: Path) -> tuple[str, int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return file.name, 0, 0, 0
    return file.name, found.st_mtime_ns, found.st_size, found.st_ino


async def _settled(root: Path) -> Fingerprint:
    """The files as they are once nobody has written for a moment: an editor may be in the middle of it."""
    seen = fingerprint(root)
    for _look in range(SETTLING_LOOKS):
        await asyncio.sleep(SETTLED_S)
        now = fingerprint(root)
        if now == seen:
            break
        seen = now
    return seen


def read_files(station: Station) -> tuple[Change, Plan]:
    """The station's files as they are now, beside the ``station`` in force.

    :raises ConfigurationError: with every fault.
    """
    change = compare(station, load_station(station.root))
    if not station.schedules.is_dir():  # a stick pulled out is no empty season
        raise ConfigurationError([Fault("schedules/", "", _("the folder is missing"))])
    return change, load_plan(change.station)


class Reloader:
    """Keeps a :class:`~broadcaster.playout.playbill.Playbill` in step with the station's files."""

    def __init__(self, bill: Playbill, plan: Plan) -> None:
        self.faults: tuple[Fault, ...] = ()
        """What is wrong with the files; the last good ones are in force."""
        self.waiting: tuple[str, ...] = ()
        """The keys that wait for a restart."""
        self.plan_sha256: Sha256 = plan_sha256(served(plan, bill.markets))
        bill.same_day = plan.same_day
        self.plan = plan
        """The last good one."""
        self._bill = bill
        self._seen: Fingerprint = ()
        """Nothing yet: what was changed while the daemon started is found at the first look."""
        self._pending: Fingerprint | None = None
        self._looking = asyncio.Lock()

    async def watch(self) -> None:
        """One look of many: a change is read when it has settled, so that a half-written file is not."""
        seen = fingerprint(self._bill.stage.station.root)
        if seen not in (self._seen, self._pending):
            self._pending = seen
        elif seen != self._seen:
            await self.look()

    async def look(self) -> None:
        """Read what was changed, now. A record that cannot be written leaves everything as it is, to be tried again."""
        async with self._looking:
            station = self._bill.stage.station
            seen = await _settled(station.root)
            if seen == self._seen:
                return
            try:
                change, plan = await asyncio.get_running_loop().run_in_executor(None, read_files, station)
            except ConfigurationError as error:
                await self._refuse(error.faults)
            else:
                await self._take(change, served(plan, self._bill.markets))
                self._bill.same_day = plan.same_day
            self._seen, self._pending = seen, None

    async def _refuse(self, faults: tuple[Fault, ...]) -> None:
        if faults == self.faults:
            return
        log.warning("changed files are refused: %s", "; ".join(f"{fault.file} {fault.key}" for fault in faults))
        await self._bill.stage.record.append(ChangeRefused(tuple(f"{fault.file}: {fault.key}" for fault in faults)))
        self.faults = faults
        self._bill.stage.teller.change_refused(faults)

    async def _take(self, change: Change, plan: Plan) -> None:
        record, mended = self._bill.stage.record, bool(self.faults)
        if change.taken or change.waiting != self.waiting:
            await record.promptly(SettingsTaken(change.taken, change.waiting))
            self._bill.settings(change.station)
        sha = plan_sha256(plan)
        changed = sha != self.plan_sha256
        if changed:
            await self._accept(plan, sha)
        self.faults, self.waiting = (), change.waiting
        if changed or change.taken or change.waiting or mended:
            log.info("changed files are in force; waiting for a restart: %s", ", ".join(change.waiting) or "-")
            self._bill.stage.teller.changed(self._bill.coming(), change.waiting)

    async def _accept(self, plan: Plan, sha: Sha256) -> None:
        """What is due already, or begun, stays as it was promised."""
        stage = self._bill.stage
        rows = await stage.record.rows(WITHOUT_HEARTBEATS)
        now = stage.clock.now().utc
        begun = {promise.airing: promise for promise in self._bill.begun()}
        promises = tuple(
            begun.get(promise.airing, promise)
            for promise in standing(rows, plan, now, resting=self._bill.resting, since=now)
        )
        if not self._bill.in_doubt:  # else it is accepted as soon as the clock is believed
            await stage.record.append(PlanAccepted(sha, promises))
            self._bill.promise(promises)
        self.plan, self.plan_sha256 = plan, sha
