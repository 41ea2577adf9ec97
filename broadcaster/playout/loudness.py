"""How loud a market is: set in the station's file, then in what sounds, by whoever asks for it and from wherever."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import ClassVar

from broadcaster.config.edit import set_value
from broadcaster.errors import BadInput
from broadcaster.journal.events import VolumeSet
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Market
from broadcaster.playout.control import Answer
from broadcaster.playout.messenger import Messenger, TakesNoOrders, me
from broadcaster.playout.orders import DaemonSilent, NoDaemon, NotServed, OnlyRehearsing, Volume

SAME = 0.015
"""Volumes nearer than this are the same: a sound server counts in steps."""


class AboveCap(BadInput):
    """Louder than the market allows."""

    sentence: ClassVar[str] = N_(
        "{market} allows at most {cap} %. Choose {cap} or less; if the market allows more by now, tell the coordinator."
    )


@dataclass(frozen=True)
class Turned:
    """What came of it."""

    volume: float
    """0 … 1, as the station's file says now."""
    running: bool
    """Whether a daemon holds the station."""
    answer: Answer | None = None
    """What it said; ``None``: nothing, or there is none."""


def turn(messenger: Messenger, market: Market, volume: float) -> Turned:
    """Set it in the station's file, then in what sounds. ``volume``: 0 … 1.

    :raises AboveCap: and nothing was changed.
    :raises ConfigurationError, SettingNotKept, RecordUnavailable: as they say.
    """
    if volume > market.volume_cap:
        raise AboveCap(market=market.name, cap=percent(market.volume_cap))
    with ExitStack() as stack:
        # with nobody there to do it, a record that cannot be written must be known before anything is changed
        journal = None if messenger.daemon_lives else stack.enter_context(messenger.open_journal())
        set_value(messenger.root, f"markets.{market.id}.volume", volume)
        if journal is not None:
            journal.append(VolumeSet(market.id, volume, me()))
            return Turned(volume, running=False)
    return Turned(volume, running=True, answer=_told_the_daemon(messenger, market, volume))


def _told_the_daemon(messenger: Messenger, market: Market, volume: float) -> Answer | None:
    try:
        return messenger.ask(Volume(market.id))
    except (NotServed, OnlyRehearsing, TakesNoOrders, NoDaemon, DaemonSilent):
        with messenger.open_journal() as journal:
            journal.append(VolumeSet(market.id, volume, me()))
        return None


def what_follows(turned: Turned) -> str:
    """What a running program makes of it, in the language spoken now."""
    if turned.answer is None:
        return _("The running program did not answer; it takes the new volume from the file within ten seconds.")
    if abs(turned.answer["volume"] - turned.volume) > SAME:
        return _(
            "It does not count yet: another change in the station's files is wrong. See it with `broadcaster status`."
        )
    heard = turned.answer["read_back"]
    if heard is None:
        return _("Nothing sounds there now; the next airing goes out at this volume.")
    if abs(heard - turned.volume) > SAME:
        return _("But what sounds there is at {heard} %. Try again.").format(heard=percent(heard))
    return _("What sounds there now is at this volume already.")


def percent(share: float) -> str:
    """0 … 1 as people read it: ``80``."""
    return f"{share * 100:.4g}"
