"""``broadcaster clock``: how far the computer's time is believed, and the operator's yes to it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.nudge import nudge
from broadcaster.cli.show import fitted, json_option, say, show_json, table
from broadcaster.errors import CheckFailed
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import ClockTrust

if TYPE_CHECKING:
    from broadcaster.care.timekeeping import TimeKnown
    from broadcaster.clock.rtc import RtcReading
    from broadcaster.config import Station

SOON_S = 60.0
"""An answer that took longer was to another minute than the one she was asked about."""
PHONE_APART_S = 120.0
"""Her phone counts minutes, and she needs a moment to type."""
PHONE = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


class ClockDiffers(CheckFailed):
    """Her phone says another time."""

    sentence: ClassVar[str] = N_(
        "The computer says {computer} and your phone {phone}, so nothing was confirmed. "
        "Correct the computer's date and time, then type this command again."
    )


class ClockNotRight(CheckFailed):
    """She said no."""

    sentence: ClassVar[str] = N_(
        "Nothing was confirmed, so no airing goes out by this time. Correct it in the date and time settings of the "
        "computer, with your phone beside it, then type this command again."
    )


@click.group(help=N_("The computer's time: how far it is believed, and the operator's yes to it."))
def clock() -> None:
    """The group."""


@clock.command(help=N_("Show the computer's time, who vouches for it, and what is known of it besides."))
@json_option
@pass_desk
def status(desk: Desk, *, in_json: bool) -> None:
    """Read clocks and record."""
    from broadcaster.care.timekeeping import time_known  # noqa: PLC0415  the database is heavy

    known = time_known(desk.station, desk.clock)
    if in_json:
        show_json(_facts(known, desk.station))
        return
    table(_("The computer's time"), (_("What"), _("Now")), _lines(known, desk.station))
    _say_what_follows(known, desk.station)


@clock.command(help=N_("Say that the computer's time is right, having compared it with a phone."))
@click.option("--phone", type=PHONE, help=N_("What the phone says, such as 2021-06-18T09:52; without it, it asks."))
@pass_desk
def confirm(desk: Desk, phone: datetime | None) -> None:
    """Ask, and put her yes on record."""
    from broadcaster.care.timekeeping import check_possible  # noqa: PLC0415  the database is heavy
    from broadcaster.care.timekeeping import confirm as put_on_record  # noqa: PLC0415  with it
    from broadcaster.playout.messenger import me  # noqa: PLC0415  with it

    check_possible(desk.station, desk.clock.now())
    if phone is None:
        _ask(desk)
    else:
        _compare(desk, phone.replace(tzinfo=desk.station.timezone))
    put_on_record(desk.station, desk.clock, me())
    nudge(desk.station.root)
    say(_("Thank you. The time counts as right until the computer is switched off, or somebody moves it."))


def _ask(desk: Desk) -> None:
    """Until she says yes to the minute that it is."""
    from broadcaster.cli import dialogue  # noqa: PLC0415  only where somebody is asked
    from broadcaster.clock.asking import is_it  # noqa: PLC0415  babel is heavy

    dialogue.check_somebody_is_there()
    while True:
        asked = desk.clock.now()
        try:
            answer = dialogue.ask(
                is_it(asked.utc.astimezone(desk.station.timezone)), (dialogue.LOOK, dialogue.YES, dialogue.NO)
            )
        except (dialogue.Back, dialogue.Leave):
            raise click.Abort from None
        if answer == dialogue.NO:
            raise ClockNotRight
        if answer == dialogue.YES and desk.clock.now().monotonic_s - asked.monotonic_s <= SOON_S:
            return


def _compare(desk: Desk, phone: datetime) -> None:
    from broadcaster.locale.moments import date_and_time  # noqa: PLC0415  babel is heavy

    now = desk.clock.now().utc
    if abs((now - phone).total_seconds()) > PHONE_APART_S:
        local = now.astimezone(desk.station.timezone)
        raise ClockDiffers(computer=date_and_time(local), phone=date_and_time(phone))


# What is shown


def _facts(known: "TimeKnown", station: "Station") -> dict[str, Any]:
    readings, beside = known.readings, known.known
    zone = station.timezone

    def local(moment: datetime | None) -> str | None:
        there = moment is not None and moment.year > 1
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment is not None and there else None

    return {
        "now": local(known.now.utc),
        "trust": known.belief.trust.value,
        "doubt": known.belief.doubt.value if known.belief.doubt else None,
        "source": known.source.value,
        "built": local(beside.built),
        "newest_row": local(beside.newest),
        "confirmed": local(beside.yes.utc) if beside.yes else None,
        "rtc_seen": local(beside.rtc_seen),
        "last_step_s": known.step_s,
        "last_step": local(known.step.utc) if known.step else None,
        "rtc": readings.rtc and _hardware(readings.rtc),
        "kernel": readings.kernel,
        "chrony": readings.chrony,
        "timesyncd": readings.mark_ns is not None,
    }


def _hardware(rtc: "RtcReading") -> dict[str, Any]:
    return {"name": rtc.name, "difference_s": round(rtc.difference_s, 1), "battery": rtc.battery}


def _lines(known: "TimeKnown", station: "Station") -> list[tuple[str, str]]:
    from broadcaster.care.timekeeping import HOW  # noqa: PLC0415  the database is heavy
    from broadcaster.locale.moments import date_and_time  # noqa: PLC0415  babel is heavy

    def local(moment: datetime | None) -> str:
        there = moment is not None and moment.year > 1
        return date_and_time(moment.astimezone(station.timezone)) if moment is not None and there else "—"

    rtc, beside, trust, step = known.readings.rtc, known.known, known.belief.trust, "—"
    apart = _("none") if rtc is None else _("{seconds} s apart").format(seconds=f"{rtc.difference_s:+.0f}")
    if known.step is not None:
        step = _("{seconds} s, {moment}").format(seconds=f"{known.step_s:+.0f}", moment=local(known.step.utc))
    return [
        (_("Time"), local(known.now.utc)),
        (_("Who vouches for it"), _("nobody") if trust is ClockTrust.UNVERIFIED else _(HOW[trust])),
        (_("Clock that runs without power"), apart),
        (_("It was last seen to be right"), local(beside.rtc_seen)),
        (_("Confirmed by the operator"), local(beside.yes.utc) if beside.yes else "—"),
        (_("Last moved by"), step),
        (_("Newest trusted time on record"), local(beside.newest)),
        (_("This program is of"), beside.built.date().isoformat()),
    ]


def _say_what_follows(known: "TimeKnown", station: "Station") -> None:
    from broadcaster.clock.asking import clock_question  # noqa: PLC0415  babel is heavy

    doubt = known.belief.doubt
    if doubt is not None:
        local = known.now.utc.astimezone(station.timezone)
        click.secho(fitted(clock_question(local, certain=doubt.wrong)), fg="red" if doubt.wrong else "yellow")
