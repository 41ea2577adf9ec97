"""Whether the microphones that are on could hear, and what they heard last. No airing waits for one: nothing here is red."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from broadcaster.care.checks import Check, Probe, doubtful, well
from broadcaster.config import Station
from broadcaster.journal.events import UNHEARD, Listened
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.locale import gettext as _
from broadcaster.model import Market, MarketId
from broadcaster.playout.microphone_sources import Source, sources
from broadcaster.playout.speaker import SoundServerUnavailable

MICROPHONE = "microphone"


def microphones(station: Station, now: datetime) -> Iterator[Check]:
    """That of every market that this computer serves and that has one on."""
    del now
    rows = read(station.database, kinds=(*DECISIONS, Listened))
    on = decide(rows).microphones
    mine = [station.markets[id_] for id_ in station.serves or station.markets if id_ in on]
    if not mine:
        return
    there: list[Source] | None = None
    with suppress(SoundServerUnavailable):
        there = asyncio.run(sources())
    newest = last_heard(rows)
    for market in mine:
        yield judged(market, on[market.id], there, newest.get(market.id))


def last_heard(rows: Iterable[Row]) -> Mapping[MarketId, Listened]:
    """What each market's microphone said last. Pure."""
    return {row.event.market: row.event for row in rows if isinstance(row.event, Listened)}


def judged(market: Market, source: str, there: Sequence[Source] | None, newest: Listened | None) -> Check:
    """What the microphones that are there mean for a market; ``None``: nobody can say which are. Pure."""
    found = next((each for each in there or () if each.name == source), None)
    name, facts = market.name, {"source": source, "hearing": newest.hearing.value if newest else None}
    if there is None:
        said = _("{market}: this computer's sound does not answer, so nobody knows whether the microphone is there.")
        todo = _("Restart the computer; if that does not help, call the coordinator.")
    elif found is None:
        said = _("{market}: the microphone was not found, so nobody will know whether it was heard in the market.")
        todo = _("Check its cable, or switch it off: broadcaster microphone off {id}.").format(id=market.id)
    elif found.silent:
        said = _("{market}: the microphone is muted, so nobody will know whether it was heard in the market.")
        todo = _("Turn it up on the computer; then: broadcaster microphone test {id}.").format(id=market.id)
    elif newest is not None and newest.hearing in UNHEARD:
        said = _("{market}: the microphone did not hear the last airing.")
        todo = _("See that the amplifier is on and set to the computer; then: broadcaster speaker test {id}.")
        todo = todo.format(id=market.id)
    else:
        return well(
            MICROPHONE, _("{market}: the microphone is connected.").format(market=name), subject=market.id, **facts
        )
    return doubtful(MICROPHONE, said.format(market=name), todo, subject=market.id, **facts)


PROBES = (Probe(MICROPHONE, microphones),)
