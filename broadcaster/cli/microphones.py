"""The microphones of this computer beside the station's markets: as values, as a table, measured."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.text import Text

from broadcaster.cli.show import plain, say, table
from broadcaster.config import Station
from broadcaster.errors import BadInput, CheckFailed
from broadcaster.journal.reading import read
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import Deaf, Market, MarketId
from broadcaster.playout.microphone import Level, measure
from broadcaster.playout.microphone_sources import Source, is_monitor, sources
from broadcaster.playout.orders import Refusal
from broadcaster.playout.speaker import SoundServerUnavailable

NOTHING_DB = -85.0
"""A microphone that gives less is muted or broken; a quiet room gives -70."""
TOO_LOUD_DB = -0.5
"""At such a peak it is overdriven."""


class NoSoundServer(Refusal):
    """Nobody can say what microphones there are."""

    sentence: ClassVar[str] = N_(
        "This computer's sound does not answer, so no microphone can be found. Restart the computer; "
        "if that does not help, call the coordinator."
    )


class NoSuchMicrophone(BadInput):
    """The sound server has none of that name."""

    sentence: ClassVar[str] = N_(
        "There is no microphone {source} on this computer, so nothing was changed. "
        "Plug it in; `broadcaster microphone list` shows the names."
    )


class NoMicrophone(BadInput):
    """What leaves the computer is heard already, and proves nothing of the market."""

    sentence: ClassVar[str] = N_(
        "{source} is no microphone: it gives what this computer plays itself, and would prove nothing. "
        "`broadcaster microphone list` shows the microphones."
    )


class NoneIsOn(BadInput):
    """Nobody may listen there."""

    sentence: ClassVar[str] = N_(
        "No microphone is on at {market}, so nothing was listened to. "
        "The protection officer switches one on: `broadcaster microphone on {id} MICROPHONE --as CODE`."
    )


class HearsNothing(CheckFailed):
    """It is as good as not there."""

    sentence: ClassVar[str] = N_(
        "{market}: the microphone hears nothing at all. Check its cable and its switch, and turn it up on the computer."
    )


class TooLoud(CheckFailed):
    """Of an overdriven sound nothing is recognised."""

    sentence: ClassVar[str] = N_(
        "{market}: it is too loud for the microphone, which is overdriven. Turn it down on the computer, or hang it farther "
        "from the speaker."
    )


class NotThere(CheckFailed):
    """Nobody can say what it hears."""

    sentence: ClassVar[str] = N_("{market}: the microphone is not there. Check its cable, then try again.")


@dataclass(frozen=True)
class Known:
    """One microphone, as ``microphone list --json`` gives it."""

    source: str
    description: str | None
    market: MarketId | None
    """Where it listens; ``None``: nowhere."""
    present: bool
    muted: bool | None
    volume: float | None
    """0 … 1 and above; ``None``: unknown."""


def there() -> list[Source]:
    """Every microphone of this computer. Raises :class:`NoSoundServer`."""
    try:
        return asyncio.run(sources())
    except SoundServerUnavailable as problem:
        raise NoSoundServer from problem


def must_be_there(source: str) -> None:
    """Return when this is a microphone, and there."""
    if is_monitor(source):
        raise NoMicrophone(source=shown(source))
    if all(each.name != source for each in there()):
        raise NoSuchMicrophone(source=shown(source))


def switched_on(station: Station) -> Mapping[MarketId, str]:
    """Where one is on, as the record says."""
    return decide(read(station.database, kinds=DECISIONS)).microphones


def of_market(station: Station, market: Market) -> str:
    """The source that may listen there. Raises :class:`NoneIsOn`."""
    source = switched_on(station).get(market.id)
    if source is None:
        raise NoneIsOn(market=market.name, id=market.id)
    return source


def known(station: Station) -> list[Known]:
    """Those that are on first, missing ones included; then the others."""
    found, on = there(), switched_on(station)
    ours = [replace(_known(source, found), market=market) for market, source in on.items()]
    return ours + [_known(each.name, found) for each in found if each.name not in on.values()]


def _known(name: str, found: Sequence[Source]) -> Known:
    for each in found:
        if each.name == name:
            return Known(name, each.description, None, present=True, muted=each.muted, volume=each.volume)
    return Known(name, None, None, present=False, muted=None, volume=None)


def draw(microphones: Sequence[Known], station: Station) -> None:
    """Print them as a table."""
    if not microphones:
        say(_("This computer has no microphone. Plug one in and look again."))
        return
    columns = [_("Market"), _("State"), _("Volume"), _("Microphone")]
    table(_("Microphones"), columns, (_cells(each, station) for each in microphones))


def _cells(each: Known, station: Station) -> list[Text]:
    faint = "dim" if each.market is None else ""
    place = station.markets.get(each.market) if each.market else None
    market = _("off") if each.market is None else place.name if place else each.market
    loud = "" if each.volume is None else f"{each.volume * 100:.0f} %"
    name = each.source if each.description in {None, each.source} else f"{each.description}\n{each.source}"
    return [Text(plain(market), style=faint), _state(each), Text(loud, style=faint), Text(plain(name), style=faint)]


def _state(each: Known) -> Text:
    if not each.present:
        return Text(_("not found: check the cable"), style="bold red")
    if each.muted:
        return Text(_("muted: turn it up"), style="bold red")
    if each.volume == 0:
        return Text(_("at zero: turn it up"), style="bold red")
    return Text(_("free"), style="dim") if each.market is None else Text(_("on"), style="green")


def measured(market: Market, source: str, for_s: float) -> str:
    """How loud it is there, in a sentence.

    :raises HearsNothing, NotThere, TooLoud: as they say.
    """
    level = asyncio.run(measure(source, for_s))
    if level is Deaf.MUTED:
        raise HearsNothing(market=market.name)
    if not isinstance(level, Level):
        raise NotThere(market=market.name)
    if level.rms_db <= NOTHING_DB:
        raise HearsNothing(market=market.name)
    if level.peak_db >= TOO_LOUD_DB:
        raise TooLoud(market=market.name)
    said = _(
        "{market}: the microphone hears. On average {level} dB, at most {peak} dB; at 0 dB it would be overdriven."
    )
    return said.format(market=market.name, level=f"{level.rms_db:.0f}", peak=f"{level.peak_db:.0f}")
