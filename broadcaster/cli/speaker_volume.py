"""``broadcaster speaker volume``: how loud a market is, from the station's file to the loudspeaker."""

import asyncio
from collections.abc import Iterator

from broadcaster.cli.context import Desk
from broadcaster.cli.hand import messenger
from broadcaster.locale import gettext as _
from broadcaster.model import Market
from broadcaster.playout.loudness import percent, turn, what_follows
from broadcaster.playout.outputs import MachineSpeakers


def told(desk: Desk, market: Market) -> Iterator[str]:
    """Sentences: the volume, the cap, what the output itself says."""
    said = _("{market}: volume {volume} %, at most {cap} %.")
    yield said.format(market=market.name, volume=percent(market.volume), cap=percent(market.volume_cap))
    yield from _about_output(desk, market)


def set_to(desk: Desk, market: Market, per_cent: int) -> Iterator[str]:
    """Set it in the station's file, then in what sounds; sentences that say so.

    :raises AboveCap: and nothing was changed.
    :raises ConfigurationError, SettingNotKept, RecordUnavailable: as they say.
    """
    turned = turn(messenger(desk), market, per_cent / 100)
    yield _("{market}: volume {volume} %, of at most {cap} %.").format(
        market=market.name, volume=percent(turned.volume), cap=percent(market.volume_cap)
    )
    yield from ([what_follows(turned)] if turned.running else _about_output(desk, market))


def _about_output(desk: Desk, market: Market) -> Iterator[str]:
    output = desk.station.outputs[market.output]
    try:
        found = asyncio.run(MachineSpeakers().find(output))
    except OSError:  # not even the program that asks is there
        found = None
    if found is None:
        yield _("Its sound output was not found. Check the speaker's cable.")
    elif found.muted:
        yield _("But its sound output is muted. Turn it up.")
    elif found.volume == 0:
        yield _("But its sound output is at zero. Turn it up.")
    elif found.volume is not None:
        yield _("Its sound output is at {volume} %.").format(volume=percent(found.volume))
