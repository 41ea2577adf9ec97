"""The computer for ourselves while it is prepared: a program that it started makes way, and is started again at the end."""

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar

from broadcaster.care import boot
from broadcaster.care.boot import Boot
from broadcaster.cli import dialogue
from broadcaster.cli.dialogue import Leave, ask, tell
from broadcaster.cli.setup_room import hour
from broadcaster.config import Station
from broadcaster.errors import StationLocked
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.playout import control
from broadcaster.playout.lock import StationLock
from broadcaster.playout.orders import Refusal, Status

WHILE = timedelta(minutes=15)
"""How long preparing may take."""


class StillRunning(StationLocked):
    """The daemon holds the loudspeakers."""

    sentence: ClassVar[str] = N_(
        "The program is running and has the loudspeakers, so nothing was changed. Stop it with Ctrl+C where it runs, "
        "or with: systemctl --user stop broadcaster. Then try again."
    )


class OnAir(StationLocked):
    """It is needed now."""

    sentence: ClassVar[str] = N_(
        "Something sounds or is about to, so nothing was changed. Wait for its end and try again."
    )


class AiringBefore(StationLocked):
    """It will be needed before this is over."""

    sentence: ClassVar[str] = N_(
        "The next airing begins at {time}, too soon to prepare the computer before it, so nothing was changed. "
        "Try again after it."
    )


def take(alone: ExitStack, station: Station, starter: Boot, now: datetime) -> None:
    """Hold the station's lock until ``alone`` ends.

    :raises StationLocked: somebody else holds it and does not make way.
    :raises Leave: she does not want it stopped.
    """
    with suppress(StationLocked):
        alone.enter_context(StationLock(station.root))
        return
    if not starter.runs:
        raise StillRunning
    hindrance = in_the_way(status_of(station), now)
    if hindrance is not None:
        raise hindrance
    dialogue.screen(_("Preparing this computer"), _("The program is running"))
    tell(_("While the computer is prepared it must be stopped. It is started again at the end, or when you leave."))
    if ask(_("Stop it now?"), (dialogue.YES, dialogue.NO)) == dialogue.NO:
        raise Leave
    alone.callback(lambda: list(boot.failing([starter.start])))  # after the lock is let go, which is taken later
    if list(boot.failing([starter.stop])):
        raise StillRunning
    try:
        alone.enter_context(StationLock(station.root))
    except StationLocked as locked:
        raise StillRunning from locked


def status_of(station: Station) -> Mapping[str, Any]:
    """What the running program says of itself; that nothing sounds, where it does not answer."""
    try:
        return control.ask(station.control, Status())
    except Refusal:  # it does not answer: then it does not play either
        return {"markets": []}


def in_the_way(status: Mapping[str, Any], now: datetime) -> StationLocked | None:
    """What forbids to stop a program with this ``status`` at ``now``. Pure."""
    if any(market["state"] in {"on_air", "starting", "testing"} for market in status["markets"]):
        return OnAir()
    coming = [datetime.fromisoformat(market["next"]["due"]) for market in status["markets"] if market["next"]]
    first = min(coming, default=None)
    return None if first is None or first > now + WHILE else AiringBefore(time=hour(first))
