"""Whether what is played would be heard: each market's output, by its stable name, and how loud it is."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime

from broadcaster.care.checks import Check, Probe, broken, doubtful, well
from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.model import Market
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.speaker import Found, SoundServerUnavailable

OUTPUT, VOLUME = "output", "volume"
SOFT = 0.1
"""Of all the loudness there is; below, nobody in a market hears it."""
SAME = 0.015
"""Volumes nearer than this are the same: a sound server counts in steps."""


def sound(station: Station, now: datetime) -> Iterator[Check]:
    """Output and volume of every market that this computer serves."""
    del now
    markets = [station.markets[id_] for id_ in station.serves or station.markets]
    try:
        there = asyncio.run(MachineSpeakers().every_output())
    except SoundServerUnavailable:
        there = []
        if not any(station.outputs[market.output].is_card for market in markets):
            yield _no_sound()
            return
    for market in markets:
        yield from judged(market, station, there)


def judged(market: Market, station: Station, there: Sequence[Found]) -> Iterator[Check]:
    """What the outputs that are there mean for a market. Pure."""
    output = station.outputs[market.output]
    found = next((each for each in there if (each.kind, each.sink) == (output.kind, output.sink)), None)
    if found is None:
        said = _("{market}: the sound output «{output}» was not found, so nothing will sound there.")
        todo = _("Check the speaker's cable; then: broadcaster speaker test {id}.").format(id=market.id)
        yield broken(
            OUTPUT, said.format(market=market.name, output=output.sink), todo, subject=market.id, output=output.sink
        )
        return
    yield _heard(market, found)
    yield _loud(market, 1.0 if found.volume is None else found.volume)


def _heard(market: Market, found: Found) -> Check:
    facts = {"output": found.sink, "volume": found.volume, "muted": found.muted}
    if found.muted:
        said = _("{market}: the sound output is muted, so nobody will hear anything.")
    elif found.volume == 0:
        said = _("{market}: the sound output is at zero, so nobody will hear anything.")
    else:
        said = _("{market}: the sound output is connected and not muted.")
        return well(OUTPUT, said.format(market=market.name), subject=market.id, **facts)
    todo = _("Turn it up on the computer; then: broadcaster speaker test {id}.").format(id=market.id)
    return broken(OUTPUT, said.format(market=market.name), todo, subject=market.id, **facts)


def _loud(market: Market, output: float) -> Check:
    """The output's own volume comes on top of the program's: both are factors on one scale."""
    heard = market.volume * output
    facts = {"volume": market.volume, "cap": market.volume_cap, "output_volume": output}
    name, share, cap = market.name, f"{heard * 100:.0f}", f"{market.volume_cap * 100:.0f}"
    if market.volume == 0:
        said = _("{market}: the program's volume is at zero, so nobody will hear anything.").format(market=name)
        return broken(VOLUME, said, _set_it(market), subject=market.id, **facts)
    if heard > market.volume_cap + SAME:
        said = _("{market}: it sounds at {volume} %, louder than the {cap} % that the market allows.")
        todo = _("Turn the computer's own volume down to 100 % or less.")
        return doubtful(VOLUME, said.format(market=name, volume=share, cap=cap), todo, subject=market.id, **facts)
    if 0 < heard < SOFT:
        said = _("{market}: it sounds at {volume} %, so low that nobody may hear it.").format(market=name, volume=share)
        return doubtful(VOLUME, said, _set_it(market), subject=market.id, **facts)
    said = _("{market}: it sounds at {volume} %, of at most {cap} %.").format(market=name, volume=share, cap=cap)
    return well(VOLUME, said, subject=market.id, **facts)


def _set_it(market: Market) -> str:
    return _("Turn it up: broadcaster speaker volume {id} 70.").format(id=market.id)


def _no_sound() -> Check:
    said = _("This computer's sound does not answer, so nothing will be heard.")
    todo = _("Restart the computer; if that does not help, call the coordinator.")
    return broken(OUTPUT, said, todo)


PROBES = (Probe(OUTPUT, sound),)
