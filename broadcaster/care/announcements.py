"""Announcements are made ready beside the airings, never in their last seconds, by a child of little weight; and looked at."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from broadcaster.care.checks import Check, Probe, doubtful, well
from broadcaster.config import Station
from broadcaster.journal.reading import read
from broadcaster.library.announcements import REMEDIES, missing, silent
from broadcaster.library.catalogue import edition_intact, rules_of
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.playout.companions import Beside

LOOK_S = 5.0
"""How often it is asked whether something is missing."""
QUIET_S = 90.0
"""Nothing is made while an airing is nearer than this, or sounds: a cheap computer has other things to do then."""
CODE = "announcements"

log = logging.getLogger(__name__)


async def make_announcements(beside: Beside) -> None:
    """A companion: whenever decisions or settings change, see that nothing is missing."""
    seen: object = None
    while True:
        station = beside.bill.stage.station
        now = (station.announcements, await beside.bill.stage.repertoire.version())
        if now != seen and _quiet(beside):
            if await asyncio.to_thread(_incomplete, station, beside.bill.stage.clock.now().utc):
                await _make(station)
                now = (station.announcements, await beside.bill.stage.repertoire.version())
            seen = now
        await asyncio.sleep(LOOK_S)


def _quiet(beside: Beside) -> bool:
    coming = beside.bill.coming()
    near = beside.bill.stage.clock.now().utc + timedelta(seconds=QUIET_S)
    return not beside.bill.performances and (coming is None or coming.due > near)


def _incomplete(station: Station, now: datetime) -> bool:
    return bool(station.announcements) and any(_missing(station, now))


def _missing(station: Station, now: datetime) -> Iterator[object]:
    decisions = decide(read(station.database, kinds=DECISIONS))
    rules = rules_of(station, now.astimezone(station.timezone).date(), samples_may_air=True, now=now)
    return missing(station.announcements, decisions, rules, lambda sha256: edition_intact(station, sha256))


async def _make(station: Station) -> None:
    """In a process of its own: the arithmetic of sound has no place in the daemon's."""
    words = ("-P", "-m", "broadcaster", "--station", str(station.root), "part", "announcements", "--json")
    child = await asyncio.create_subprocess_exec(
        *("nice", "-n", "10", sys.executable, *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        code = await child.wait()
        if code != 0:
            log.warning("the announcements could not be made ready: exit code %d", code)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def _look(station: Station, now: datetime) -> Iterator[Check]:
    parts = decide(read(station.database, kinds=DECISIONS)).parts
    for market in station.markets.values():
        why = silent(market.announcement, parts) if market.announcement else None
        if why is not None:
            part, sentence = why
            said = _(sentence).format(market=market.name, part=part)
            yield doubtful(CODE, said, _(REMEDIES[sentence]).format(part=part), subject=market.id)
    waiting = sum(1 for _each in _missing(station, now))
    if waiting:
        yield doubtful(
            CODE,
            ngettext(
                "In {n} case what plays before an episode is not ready: the episode goes out without it.",
                "In {n} cases what plays before an episode is not ready: the episode goes out without it.",
                waiting,
            ).format(n=waiting),
            _("Make them ready: «broadcaster part announcements»."),
            missing=waiting,
        )
    elif station.announcements:
        yield well(CODE, _("What the markets play before every episode is ready."))


PROBES = (Probe(CODE, _look),)
