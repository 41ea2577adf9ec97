"""``broadcaster alerts``: to whom alerts go, whether they get there, and what waits."""

import asyncio
from typing import ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, say, show_json, table
from broadcaster.errors import CheckFailed, UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_


class NobodyTold(UsageError):
    """There is no address."""

    sentence: ClassVar[str] = N_("There is no address that alerts could go to. Add one: broadcaster alerts add.")


class NoSuchAddress(UsageError):
    """There are fewer."""

    sentence: ClassVar[str] = N_("There is no address {number}; see which there are: broadcaster alerts status.")


class NotTaken(CheckFailed):
    """Not every address took the test."""

    sentence: ClassVar[str] = N_(
        "{missing} of {number} addresses did not take it ({kinds}). Look at the internet here, then at the address: "
        "broadcaster alerts remove, broadcaster alerts add."
    )


@click.group(help=N_("Who is told when an airing does not go out: by Telegram, mail and other ways."))
def alerts() -> None:
    """The group."""


protection_option = click.option(
    "--protection",
    is_flag=True,
    help=N_("The protection officer's address: she alone is told when somebody stops a market for safety."),
)


@alerts.command(help=N_("Add an address; it is typed unseen, for it holds a password."))
@protection_option
@pass_desk
def add(desk: Desk, *, protection: bool) -> None:
    """Ask for it and keep it for the owner's eyes only."""
    from broadcaster.care.alerts.addresses import addresses, keep, understood  # noqa: PLC0415  heavy
    from broadcaster.cli.dialogue import check_somebody_is_there  # noqa: PLC0415  only where somebody is asked

    check_somebody_is_there()
    typed = click.prompt(_("The address, as Apprise writes it, such as tgram://KEY/CHAT"), hide_input=True)
    address = understood(typed)
    book = _book(protection=protection)
    keep(desk.station, tuple(dict.fromkeys((*addresses(desk.station, book), address))), book)
    said = _("Kept ({kind}). See whether it gets there: broadcaster alerts test.")
    if protection:
        said = _("Kept ({kind}). See whether it gets there: broadcaster alerts test --protection.")
    say(said.format(kind=address.kind))


def _book(*, protection: bool) -> str:
    from broadcaster.care.alerts.addresses import FILE, PROTECTION_FILE  # noqa: PLC0415  heavy

    return PROTECTION_FILE if protection else FILE


@alerts.command(help=N_("Remove an address, by its number in `alerts status`."))
@click.argument("number", type=int)
@protection_option
@pass_desk
def remove(desk: Desk, number: int, *, protection: bool) -> None:
    """Forget it."""
    from broadcaster.care.alerts.addresses import addresses, keep  # noqa: PLC0415  heavy

    book = _book(protection=protection)
    known = list(addresses(desk.station, book))
    if not 1 <= number <= len(known):
        raise NoSuchAddress(number=number)
    gone = known.pop(number - 1)
    keep(desk.station, known, book)
    say(_("Removed ({kind}).").format(kind=gone.kind))


@alerts.command(help=N_("Send a test to every address now, and say who took it."))
@protection_option
@json_option
@pass_desk
def test(desk: Desk, *, protection: bool, in_json: bool) -> None:
    """Send, wait, say; exit 1 when somebody did not take it."""
    from broadcaster.care.alerts.addresses import addresses  # noqa: PLC0415  heavy
    from broadcaster.care.alerts.companion import title  # noqa: PLC0415  heavy
    from broadcaster.care.alerts.sending import Letter, send  # noqa: PLC0415  heavy

    station = desk.station
    known = addresses(station, _book(protection=protection))
    if not known:
        raise NobodyTold
    words = _("A test: this is how an alert comes. Nothing has happened.")
    answers = asyncio.run(send([Letter(each.url, title(station), words) for each in known]))
    if in_json:
        show_json([{"kind": each.kind, "taken": good} for each, good in zip(known, answers, strict=True)])
    missing = [each.kind for each, good in zip(known, answers, strict=True) if not good]
    if missing:
        raise NotTaken(missing=len(missing), number=len(known), kinds=", ".join(missing))
    if not in_json:
        say(_("Everybody took it. Look whether it has come."))


@alerts.command(help=N_("Show where alerts go, without their passwords, and what waits to be sent."))
@protection_option
@json_option
@pass_desk
def status(desk: Desk, *, protection: bool, in_json: bool) -> None:
    """Read the files."""
    from broadcaster.care.alerts.addresses import addresses  # noqa: PLC0415  heavy
    from broadcaster.care.alerts.companion import EVERYBODY, PROTECTION, outbox_of  # noqa: PLC0415  heavy

    audience = PROTECTION if protection else EVERYBODY
    known, outbox = addresses(desk.station, audience.book), outbox_of(desk.station, audience)
    if in_json:
        show_json(
            {
                "addresses": [each.kind for each in known],
                "waiting": [{"alert": each.key, "since": each.at, "text": each.body} for each in outbox.queued],
                "dropped": outbox.dropped,
                "last_sent": outbox.last_sent,
            }
        )
        return
    if not known:
        say(_(NobodyTold.sentence))
    rows = [(str(place), each.kind, str(len(outbox.waiting_for(each.id)))) for place, each in enumerate(known, start=1)]
    if rows:
        table(_("Alerts"), (_("Number"), _("Way"), _("Waiting")), rows)
    for each in outbox.queued:
        say(f"  {each.body}")
