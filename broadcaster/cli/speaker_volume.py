"""``broadcaster speaker volume``: how loud a market is, from the station's file to the loudspeaker."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from typing import ClassVar

from broadcaster.cli.context import Desk
from broadcaster.cli.hand import messenger
from broadcaster.config.edit import set_value
from broadcaster.errors import BadInput
from broadcaster.journal.events import VolumeSet
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Market
from broadcaster.playout.control import Answer
from broadcaster.playout.lock import is_held
from broadcaster.playout.messenger import TakesNoOrders, me
from broadcaster.playout.orders import DaemonSilent, NoDaemon, NotServed, OnlyRehearsing, Volume
from broadcaster.playout.outputs import MachineSpeakers

SAME = 0.015
"""Volumes nearer than this are the same: a sound server counts in steps."""


class AboveCap(BadInput):
    """Louder than the market allows."""

    sentence: ClassVar[str] = N_(
        "{market} allows at most {cap} %. Choose {cap} or less; if the market allows more by now, tell the coordinator."
    )


def told(desk: Desk, market: Market) -> Iterator[str]:
    """Sentences: the volume, the cap, what the output itself says."""
    said = _("{market}: volume {volume} %, at most {cap} %.")
    yield said.format(market=market.name, volume=_percent(market.volume), cap=_percent(market.volume_cap))
    yield from _about_output(desk, market)


def set_to(desk: Desk, market: Market, percent: int) -> Iterator[str]:
    """Set it in the station's file, then in what sounds; sentences that say so.

    :raises AboveCap: and nothing was changed.
    :raises ConfigurationError, SettingNotKept, RecordUnavailable: as they say.
    """
    volume = percent / 100
    if volume > market.volume_cap:
        raise AboveCap(market=market.name, cap=_percent(market.volume_cap))
    with ExitStack() as stack:
        # with nobody there to do it, a record that cannot be written must be known before anything is changed
        journal = None if is_held(desk.root) else stack.enter_context(desk.open_journal())
        set_value(desk.root, f"markets.{market.id}.volume", volume)
        if journal is not None:
            journal.append(VolumeSet(market.id, volume, me()))
    yield _("{market}: volume {volume} %, of at most {cap} %.").format(
        market=market.name, volume=_percent(volume), cap=_percent(market.volume_cap)
    )
    yield from (_about_output(desk, market) if journal is not None else _told_the_daemon(desk, market, volume))


def _told_the_daemon(desk: Desk, market: Market, volume: float) -> Iterator[str]:
    try:
        answer = messenger(desk).ask(Volume(market.id))
    except (NotServed, OnlyRehearsing, TakesNoOrders, NoDaemon, DaemonSilent):
        with desk.open_journal() as journal:
            journal.append(VolumeSet(market.id, volume, me()))
        yield _("The running program did not answer; it takes the new volume from the file within ten seconds.")
        return
    yield _what_sounds(answer, volume)


def _what_sounds(answer: Answer, volume: float) -> str:
    if abs(answer["volume"] - volume) > SAME:
        return _(
            "It does not count yet: another change in the station's files is wrong. See it with `broadcaster status`."
        )
    heard = answer["read_back"]
    if heard is None:
        return _("Nothing sounds there now; the next airing goes out at this volume.")
    if abs(heard - volume) > SAME:
        return _("But what sounds there is at {heard} %. Try again.").format(heard=_percent(heard))
    return _("What sounds there now is at this volume already.")


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
        yield _("Its sound output is at {volume} %.").format(volume=_percent(found.volume))


def _percent(share: float) -> str:
    return f"{share * 100:.4g}"
