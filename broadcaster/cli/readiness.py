"""What would keep the next airing silent, told at the start, while there is still time to mend it."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import read
from broadcaster.library.catalogue import Outlook, outlook
from broadcaster.library.decisions import DECISIONS
from broadcaster.library.words import flagged
from broadcaster.locale import gettext as _
from broadcaster.model import Airing, Flag, MarketId, Plan, Reason
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.speaker import SoundServerUnavailable
from broadcaster.reasons import sentence
from broadcaster.schedule.preview import obstacle


def concerns(station: Station, plan: Plan, markets: Collection[MarketId], now: datetime) -> list[str]:
    """A sentence for each thing that would keep the first airings due from ``now`` silent; none when all is well."""
    coming = _coming(plan, markets, now)
    if not coming:
        return []
    said = list(_about_outputs(station, [airing.market for airing in coming]))
    with suppress(BroadcasterError, OSError):  # a record that cannot be read stops the daemon itself, with its sentence
        said += _about_episodes(station, coming)
    return said


def _coming(plan: Plan, markets: Collection[MarketId], now: datetime) -> list[Airing]:
    """The airings of the next minute in which any of these markets is to sound."""
    to_come = [each for each in plan.airings if each.market in markets and each.due >= now and each.cancelled is None]
    first = min((each.due for each in to_come), default=None)
    return [each for each in to_come if each.due == first]


def _about_outputs(station: Station, markets: Collection[MarketId]) -> Iterator[str]:
    try:
        there = {found.sink for found in asyncio.run(MachineSpeakers().every_output())}
    except (SoundServerUnavailable, OSError):
        there = set()
    absent = [
        station.markets[each].name
        for each in markets
        if station.outputs[station.markets[each].output].sink not in there
    ]
    if absent:
        yield f"{', '.join(absent)}: {sentence(Reason.NO_AUDIO_DEVICE)}"


def _about_episodes(station: Station, airings: Collection[Airing]) -> Iterator[str]:
    asked = {each.episode for each in airings if each.episode is not None}
    on = outlook(station, read(station.database, kinds=DECISIONS), samples_may_air=False, only=asked)
    seen = {(each.episode, obstacle(each, station.markets, on)) for each in airings}
    for episode, reason in sorted(seen, key=str):
        if reason is not None:
            yield _("Episode {number}: {sentence}").format(number=episode or "", sentence=sentence(reason))
    flags = {(each.episode, flag) for each in airings for flag in _flags(each, on)}
    yield from (flagged(episode, flag) for episode, flag in sorted(flags, key=str) if episode is not None)


def _flags(airing: Airing, on: Outlook) -> tuple[Flag, ...]:
    status = on(airing.due.date()).get(airing.episode) if airing.episode is not None else None
    return status.flags if status is not None and status.reason is None else ()
