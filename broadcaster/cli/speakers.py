"""The outputs of this computer beside the station's markets, as values and as a table."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.text import Text

from broadcaster.cli.show import plain, table
from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Market, MarketId, Output
from broadcaster.playout.orders import Refusal
from broadcaster.playout.outputs import MachineSpeakers
from broadcaster.playout.speaker import Found, SoundServerUnavailable


class NoSoundServer(Refusal):
    """Nobody can say what outputs there are."""

    sentence: ClassVar[str] = N_(
        "This computer's sound does not answer, so no speaker can be found. Restart the computer; "
        "if that does not help, call the coordinator."
    )


@dataclass(frozen=True)
class Known:
    """One output, as ``speaker list --json`` gives it."""

    sink: str
    kind: str
    description: str | None
    output: str | None
    """The station's id of it; ``None``: the station does not use it."""
    market: MarketId | None
    present: bool
    volume: float | None
    """Of the output itself, 0 … 1 and above; ``None``: unknown."""
    muted: bool | None

    @property
    def silent(self) -> bool:
        """Whether what is played there is not heard, whatever its own volume."""
        return bool(self.muted) or self.volume == 0


def there() -> list[Found]:
    """Every output of this computer. Raises :class:`NoSoundServer`."""
    try:
        return asyncio.run(MachineSpeakers().every_output())
    except (SoundServerUnavailable, OSError) as problem:
        raise NoSoundServer from problem


def known(station: Station) -> list[Known]:
    """The station's outputs first, those that are missing included; then the others."""
    found = there()
    serving = {market.output: market for market in station.markets.values()}
    ours = [_ours(output, serving.get(output.id), found) for output in station.outputs.values()]
    names = {(output.kind, output.sink) for output in station.outputs.values()}
    return ours + [_other(each) for each in found if (each.kind, each.sink) not in names]


def _ours(output: Output, market: Market | None, found: Sequence[Found]) -> Known:
    id_ = None if market is None else market.id
    for each in found:
        if (each.kind, each.sink) == (output.kind, output.sink):
            return replace(_other(each), output=output.id, market=id_)
    return Known(
        sink=output.sink,
        kind=output.kind,
        description=None,
        output=output.id,
        market=id_,
        present=False,
        volume=None,
        muted=None,
    )


def _other(found: Found) -> Known:
    return Known(
        sink=found.sink,
        kind=found.kind,
        description=found.description,
        output=None,
        market=None,
        present=True,
        volume=found.volume,
        muted=found.muted,
    )


def draw(outputs: Sequence[Known], station: Station) -> None:
    """Print them as a table."""
    columns = [_("Market"), _("State"), _("Volume"), _("Output")]
    table(_("Speakers"), columns, (_cells(each, station) for each in outputs))


def _cells(each: Known, station: Station) -> list[Text]:
    unused = "dim" if each.market is None else ""
    market = _("not used") if each.market is None else station.markets[each.market].name
    loud = "" if each.volume is None else f"{each.volume * 100:.0f} %"
    name = each.sink if each.description in {None, each.sink} else f"{each.description}\n{each.sink}"
    return [Text(plain(market), style=unused), _state(each), Text(loud, style=unused), Text(plain(name), style=unused)]


def _state(each: Known) -> Text:
    if not each.present:
        return Text(_("not found: check the cable"), style="bold red")
    if each.muted:
        return Text(_("muted: turn it up"), style="bold red")
    if each.silent:
        return Text(_("at zero: turn it up"), style="bold red")
    return Text(_("free"), style="dim") if each.market is None else Text(_("ready"), style="green")
