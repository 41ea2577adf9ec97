"""``broadcaster plays make-good``: what was missed is aired after all, and counts once; or no longer, where it is cancelled.

Whoever is at the box may order it, without a PIN, as she may stop and start by hand: it airs nothing that was not approved, at
no hour that is not permitted, and the record says which user of the system wanted it.
"""

from datetime import datetime
from typing import Any, ClassVar

import click

from broadcaster.cli.airing_meant import airing_argument, airing_meant
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, say, show_json, warn
from broadcaster.errors import CheckFailed, UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.moments import complete, date_and_time, time_of_day
from broadcaster.model import AiringId, MarketId, Reason
from broadcaster.reasons import sentence

LIMIT_S = 30.0
"""How long a sound ordered for now may take until it is known whether it sounds."""
AT = click.DateTime(["%Y-%m-%dT%H:%M", "%H:%M"])
NO_DATE = 1900
"""The year of a time typed without its date."""


class WhenMissing(UsageError):
    """None of a moment, now and never, or more than one."""

    sentence: ClassVar[str] = N_(
        "Say one of the three: --now, --at with a moment to come, such as --at 16:00, or --cancel for one that is ordered."
    )


class DidNotSound(CheckFailed):
    """It was ordered for now, and nothing was heard."""

    sentence: ClassVar[str] = N_("The make-good of {airing} does not sound. {why}")


@click.command("make-good", help=N_("Air what was missed or broke off, now or later; it counts once."))
@airing_argument
@click.option("--at", type=AT, help=N_("Local moment to come, such as 2021-06-18T16:00; today's with the time alone."))
@click.option("--now", "at_once", is_flag=True, help=N_("At once."))
@click.option(
    "--cancel",
    "cancelled",
    is_flag=True,
    help=N_("No longer: what was ordered for it and has not begun will not sound."),
)
@json_option
@pass_desk
def make_good(
    desk: Desk, airing: tuple[str, ...], at: datetime | None, *, at_once: bool, cancelled: bool, in_json: bool
) -> None:
    """Order a make-good, or cancel one; exit 1 when it cannot be, or does not sound."""
    if [at is not None, at_once, cancelled].count(True) != 1:
        raise WhenMissing
    meant = airing_meant(desk, airing)
    if airing != (meant,):  # what was understood is said before anything sounds
        warn(_("The airing meant: {airing}.").format(airing=meant))
    if cancelled:
        _cancel(desk, meant, in_json=in_json)
        return
    begin = None if at is None else _local(desk, at)
    answer = _ordered(desk, meant, begin)
    if in_json:
        show_json(answer)
    elif begin is None:
        _say_it_sounds(answer)
    else:
        _say_promised(desk, answer)
    if begin is None and not answer["sounds"]:
        raise DidNotSound(airing=meant, why=_why(answer))


def _cancel(desk: Desk, airing: AiringId, *, in_json: bool) -> None:
    answer = _struck(desk, airing)
    if in_json:
        show_json(answer)
        return
    market = desk.station.markets.get(MarketId(answer["airing"].rpartition("/")[2]))
    said = _("Cancelled: {market} does not air it on {when}. What was missed may be made good again.")
    when = date_and_time(datetime.fromisoformat(answer["due"]).astimezone(desk.station.timezone))
    say(complete(said.format(market=market.name if market else answer["airing"], when=when)))


def _struck(desk: Desk, airing: AiringId) -> dict[str, Any]:
    """By the daemon or, where none listens, on record, where one that lives finds it."""
    from broadcaster.cli.hand import messenger  # noqa: PLC0415  only where there is a loudspeaker
    from broadcaster.playout.messenger import TakesNoOrders, me  # noqa: PLC0415
    from broadcaster.playout.orders import CancelMakeGood, NoDaemon  # noqa: PLC0415

    daemon = messenger(desk)
    try:
        return dict(daemon.ask(CancelMakeGood(airing)))
    except (NoDaemon, TakesNoOrders):
        from broadcaster.playout.makegood_order import taken_back  # noqa: PLC0415
        from broadcaster.playout.makegood_record import strike_out  # noqa: PLC0415

        with desk.open_journal() as journal:
            ended = strike_out(journal, airing, me(), daemon_lives=daemon.daemon_lives)
        return taken_back(ended)


def _local(desk: Desk, at: datetime) -> datetime:
    """The moment meant, in the station's zone."""
    zone = desk.station.timezone
    if at.year == NO_DATE:
        today = desk.clock.now().utc.astimezone(zone).date()
        return datetime.combine(today, at.time(), tzinfo=zone)
    return at.replace(tzinfo=zone)


def _ordered(desk: Desk, airing: AiringId, begin: datetime | None) -> dict[str, Any]:
    """By the daemon or, where none listens, by the record, in which it is found."""
    from broadcaster.cli.hand import messenger  # noqa: PLC0415  only where there is a loudspeaker
    from broadcaster.playout.messenger import TakesNoOrders  # noqa: PLC0415
    from broadcaster.playout.orders import MakeGood, NoDaemon  # noqa: PLC0415

    daemon = messenger(desk)
    if begin is None and daemon.daemon_lives:
        warn(_("One moment: if nothing stands in its way, it sounds in about seven seconds."))
    try:
        return dict(daemon.ask(MakeGood(airing, begin.isoformat() if begin else None), LIMIT_S))
    except (NoDaemon, TakesNoOrders):
        if begin is None:
            raise
        return _written(desk, airing, begin)


def _written(desk: Desk, airing: AiringId, begin: datetime) -> dict[str, Any]:
    """On record, for the program's next start."""
    from broadcaster.playout.makegood_record import write_down  # noqa: PLC0415
    from broadcaster.playout.messenger import me  # noqa: PLC0415

    with desk.open_journal() as journal:
        promise = write_down(desk.station, journal, airing, begin, me())
    return {"airing": promise.airing, "due": begin.isoformat(), "sounds": False, "outcome": None, "kept": True}


# What is said of it


def _say_it_sounds(answer: dict[str, Any]) -> None:
    if answer["sounds"]:
        until = time_of_day(datetime.fromisoformat(answer["until"]))
        say(_("On air; it ends at {time}. To cut it: broadcaster stop.").format(time=until))


def _say_promised(desk: Desk, answer: dict[str, Any]) -> None:
    market = desk.station.markets.get(MarketId(answer["airing"].rpartition("/")[2]))
    said = _(
        "{market} airs it on {when}; it counts once, and what was missed stays missed. Switch the amplifier on before."
    )
    when = date_and_time(datetime.fromisoformat(answer["due"]))
    say(complete(said.format(market=market.name if market else answer["airing"], when=when)))
    if answer.get("kept"):
        warn(_("The program does not listen now; it finds this when it is started: `broadcaster run`."))


def _why(answer: dict[str, Any]) -> str:
    known = answer.get("reason")
    return sentence(Reason(known)) if known else _("See it with `broadcaster status`.")
