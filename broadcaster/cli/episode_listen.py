"""``broadcaster episode listen``: hear a master here, on headphones, before anybody else does."""

import re
from contextlib import AbstractContextManager, ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from broadcaster.cli.completion import episode_numbers, market_ids
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_meant
from broadcaster.cli.show import progress, say, warn
from broadcaster.errors import BadInput, UsageError
from broadcaster.journal.events import Admitted
from broadcaster.journal.reading import read
from broadcaster.library.announcements import Missing, silent
from broadcaster.library.announcements import recordings as recordings_of
from broadcaster.library.audible import may_be_heard
from broadcaster.library.catalogue import master_path
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Market, MarketId

if TYPE_CHECKING:
    from collections.abc import Callable

_TIME = re.compile(r"(?:(\d{1,2}):)?(?:(\d{1,2}):)?(\d{1,5}(?:\.\d+)?)")


class NoPlayer(UsageError):
    """This system has no player."""

    exit_code: ClassVar[int] = 1
    sentence: ClassVar[str] = N_(
        "This computer cannot play episodes. Listen on the computer of a market or of the office."
    )


class BeyondTheEnd(BadInput):
    """There is nothing to hear from there on."""

    sentence: ClassVar[str] = N_("Episode {number} is over before {time}. Choose an earlier moment and try again.")


def seconds(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> float:
    """``1:20``, ``80`` or ``1:02:03`` as seconds."""
    found = _TIME.fullmatch(text or "0")
    if found is None:
        raise click.BadParameter(_("write it as minutes and seconds, such as 1:20"))
    first, second, last = found.groups()
    hours, minutes = (first, second) if second is not None else ("0", first)
    return 3600.0 * int(hours or 0) + 60.0 * int(minutes or 0) + float(last)


@click.command(help=N_("Hear an episode on this computer, never on a market's loudspeaker; Ctrl+C ends it."))
@click.argument("number", type=int, shell_complete=episode_numbers)
@click.option(
    "--as-market",
    "market",
    metavar="ID",
    shell_complete=market_ids,
    help=N_("As that market would hear it: its announcement first, at its volume, through a horn."),
)
@click.option("--from", "begin_s", metavar=N_("TIME"), callback=seconds, help=N_("Begin there, such as 1:20."))
@pass_desk
def listen(desk: Desk, number: int, market: str | None, begin_s: float) -> None:
    """Play it here."""
    meant = None if market is None else desk.station.markets[_meant(desk, market)]
    decisions = decide(read(desk.station.database, kinds=DECISIONS))
    admitted = may_be_heard(desk.station, decisions, EpisodeNumber(number))
    if begin_s >= admitted.duration_s:
        raise BeyondTheEnd(number=number, time=f"{int(begin_s) // 60}:{int(begin_s) % 60:02d}")
    if number in decisions.suspended:
        warn(
            _("Episode {number} is suspended: it is for your ears only. Let nobody else hear it.").format(number=number)
        )
    _play(desk, admitted, meant, begin_s)


def _meant(desk: Desk, word: str) -> MarketId:
    meant = market_meant(desk, word)
    assert meant is not None  # noqa: S101  a word was given
    return meant


def _play(desk: Desk, admitted: Admitted, market: Market | None, begin_s: float) -> None:
    headphones = _headphones()
    output = headphones.here(desk.station)
    volume = 1.0 if market is None else min(market.volume, market.volume_cap)
    with ExitStack() as held:
        sound, head_s, whole_s = _sound(desk, admitted, market, begin_s, held)
        say(_("Episode {number} sounds on this computer. Ctrl+C ends it.").format(number=admitted.episode))
        moved = held.enter_context(_bar(admitted))

        def told(at_s: float) -> None:
            moved(min(max(at_s - head_s, 0.0) / whole_s, 1.0))

        headphones.play(output, desk.clock, sound, volume=volume, skip_s=head_s, moved=told)


def _headphones() -> Any:
    """The player's room, found by name: who produces elsewhere may have none."""
    try:
        return import_module("broadcaster.playout.headphones")
    except ImportError:
        raise NoPlayer from None


def _bar(admitted: Admitted) -> "AbstractContextManager[Callable[[float], None]]":
    return progress(_("Episode {number}").format(number=admitted.episode))


def _sound(
    desk: Desk, admitted: Admitted, market: Market | None, begin_s: float, held: ExitStack
) -> tuple[Path, float, float]:
    """What is played, its silence at the head, and how long it sounds.

    It is the master itself or, as a market hears it or from a later second on, a copy that is gone afterwards.
    """
    master = master_path(desk.station, admitted.episode)
    if market is None and not begin_s:
        return master, admitted.lead_in_s, admitted.duration_s
    from broadcaster.production.horn import HEAD_S, prepare  # noqa: PLC0415
    from broadcaster.production.staging import staging  # noqa: PLC0415

    folder, announced_s = held.enter_context(staging(desk.station)), 0.0
    if market is not None and market.announcement is not None and not begin_s:
        master, announced_s = _announced(desk, admitted, market, folder)
    heard = prepare(master, folder / "heard.flac", admitted.lead_in_s + begin_s, horn=market is not None)
    return heard, HEAD_S, admitted.duration_s + announced_s - begin_s


def _announced(desk: Desk, admitted: Admitted, market: Market, folder: Path) -> tuple[Path, float]:
    """The master with the market's announcement before it, and how long that is; the master where it may not sound."""
    from broadcaster.production.editions import make  # noqa: PLC0415

    announcement = market.announcement
    assert announcement is not None  # noqa: S101  the market has one
    parts = decide(read(desk.station.database, kinds=DECISIONS)).parts
    why = silent(announcement, parts)
    recordings = recordings_of(announcement, parts)
    if recordings is None:
        if why is not None:
            warn(_(why[1]).format(market=market.name, part=why[0]))
        return master_path(desk.station, admitted.episode), 0.0
    target = folder / "edition.flac"
    made = make(desk.station, Missing(admitted, announcement, recordings), target, lambda _share: None)
    return target, made.announcement_s
