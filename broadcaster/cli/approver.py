"""``broadcaster approver``: who may approve, and their PINs."""

from pathlib import Path

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.pin import ask_new_pin, ask_pin, pin_file_option
from broadcaster.cli.show import json_option, say, show_json, table
from broadcaster.library import acts, pins
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Approver


@click.group(help=N_("The people who approve episodes, by code, and their PINs."))
def approver() -> None:
    """The noun."""


@approver.command(name="list", help=N_("Show who may approve and who has a PIN."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show every approver of the station's configuration."""
    with_pin = pins.codes_with_pin(desk.station.database)
    approvers = list(desk.station.approvers.values())
    if in_json:
        show_json([_plain(each, has_pin=each.code in with_pin) for each in approvers])
        return
    rows = [(each.code, each.role, _may(each), _("yes") if each.code in with_pin else _("no")) for each in approvers]
    table(_("Approvers"), [_("Code"), _("Role"), _("May"), _("PIN set")], rows)


@approver.command(help=N_("Set the PIN of a code, or change it with the old one."))
@click.argument("code")
@pin_file_option
@click.option("--by", metavar="CODE", help=N_("The protection officer's code, when she changes the PIN for somebody."))
@click.option(
    "--old-pin-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("Read the old PIN, or the protection officer's with --by, from this file instead of asking."),
)
@pass_desk
def pin(desk: Desk, code: str, pin_file: Path | None, by: str | None, old_pin_file: Path | None) -> None:
    """Set or change a PIN."""
    station = desk.station
    with desk.open_journal() as journal:
        acts.approver_of(station, code)  # before anybody is asked to type
        changed = by is not None or pins.has_pin(journal.store, code)
        old = ask_pin(by or code, old_pin_file) if changed else ""
        acts.set_pin(journal, station, code, ask_new_pin(code, pin_file), by=by, pin=old)
    say(_("The PIN of {code} is set. Tell it to nobody.").format(code=code))


def _plain(each: Approver, *, has_pin: bool) -> dict[str, object]:
    return {
        "code": each.code,
        "role": each.role,
        "officer": each.officer,
        "sample_only": each.sample_only,
        "pin": has_pin,
    }


def _may(each: Approver) -> str:
    if each.officer:
        return _("approve, lift suspensions")
    return _("approve samples only") if each.sample_only else _("approve")
