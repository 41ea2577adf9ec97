"""``broadcaster person``: who may do what, by code; never a name."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.pin import ask_new_pin, ask_pin, checked_pin, pin_file_option
from broadcaster.cli.show import json_option, say, show_json, table
from broadcaster.journal.append import Journal
from broadcaster.journal.reading import read
from broadcaster.library import people, pins, words
from broadcaster.library.decisions import OFFICER, PEOPLE, decide, decisions_of
from broadcaster.library.register import Person
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Role

DAY = click.DateTime(["%Y-%m-%d"])
roles_option = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help=N_("What she may do; may be repeated."),
)
officer_option = click.option(
    "--as", "by", metavar=N_("CODE"), required=True, help=N_("The protection officer's code; she types her PIN.")
)
first_officer_option = click.option(
    "--as",
    "by",
    metavar=N_("CODE"),
    default="",
    help=N_("The protection officer's code; she types her PIN. Only a station's first person does without."),
)
new_pin_file_option = click.option(
    "--new-pin-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("Read the new person's PIN from this file instead of asking."),
)
without_pin_option = click.option(
    "--without-pin", is_flag=True, help=N_("No PIN now: episodes can name her code, and she decides nothing yet.")
)


@click.group(help=N_("The people of the station: issued codes with roles and PINs, never names."))
def person() -> None:
    """The noun."""


@person.command(help=N_("Register a person by her issued code; the first must be the protection officer."))
@click.argument("code")
@roles_option
@first_officer_option
@pin_file_option
@new_pin_file_option
@without_pin_option
@pass_desk
def add(
    desk: Desk,
    *,
    code: str,
    roles: Sequence[str],
    by: str,
    pin_file: Path | None,
    new_pin_file: Path | None,
    without_pin: bool,
) -> None:
    """Register a person."""
    wanted = [Role(role) for role in roles]
    with desk.open_journal() as journal:
        people.may_be_registered(decisions_of(journal), code, wanted, by)  # before anybody is asked to type
        pin = checked_pin(journal, by, pin_file) if by else ""
        new_pin = "" if without_pin else ask_new_pin(code, new_pin_file)
        people.register(journal, code, wanted, by=by, pin=pin, new_pin=new_pin)
    say(_("{code} is registered: {roles}.").format(code=code, roles=words.roles(wanted)))


def register_defender(
    journal: Journal,
    code: str,
    *,
    by: str,
    pin_file: Path | None,
    new_pin_file: Path | None,
    without_pin: bool,
    cohort: str,
    trained_from: date | None,
    trained_until: date | None,
) -> None:
    """Ask for the PINs and register a producer with her training."""
    people.may_be_registered(decisions_of(journal), code, [Role.PRODUCER], by)
    pin = checked_pin(journal, by, pin_file)
    people.register(
        journal,
        code,
        [Role.PRODUCER],
        by=by,
        pin=pin,
        new_pin="" if without_pin else ask_new_pin(code, new_pin_file),
        cohort=cohort,
        trained_from=trained_from,
        trained_until=trained_until,
    )


@person.command(name="list", help=N_("Show who is registered, what each may do, and who has a PIN."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show every person."""
    with_pin = pins.codes_with_pin(desk.station.database)
    known = sorted(decide(read(desk.station.database, kinds=PEOPLE)).people.values(), key=lambda each: each.code)
    if in_json:
        show_json([_plain(each, has_pin=each.code in with_pin) for each in known])
    elif not known:
        say(
            _(
                "Nobody is registered yet. The first is the protection officer: "
                "`broadcaster person add CODE --role protection_officer`."
            )
        )
    else:
        columns = [_("Code"), _("May act as"), _("PIN set"), _("Registered by"), _("State")]
        table(_("People"), columns, [_row(each, has_pin=each.code in with_pin) for each in known])


@person.command(help=N_("Give a person other roles than she has: these, and no others."))
@click.argument("code")
@roles_option
@officer_option
@pin_file_option
@pass_desk
def role(desk: Desk, code: str, roles: Sequence[str], by: str, pin_file: Path | None) -> None:
    """Change what a person may do."""
    wanted = [Role(each) for each in roles]
    with desk.open_journal() as journal:
        _both(journal, code, by)
        people.change_roles(journal, code, wanted, by=by, pin=ask_pin(by, pin_file))
    say(_("From now on {code} may act as: {roles}.").format(code=code, roles=words.roles(wanted)))


@person.command(help=N_("Let a code decide nothing any more; what it did stays."))
@click.argument("code")
@officer_option
@pin_file_option
@pass_desk
def retire(desk: Desk, code: str, by: str, pin_file: Path | None) -> None:
    """Retire a person."""
    with desk.open_journal() as journal:
        _both(journal, code, by)
        people.retire(journal, code, by=by, pin=ask_pin(by, pin_file))
    say(_("{code} is retired: what it did stays, it decides nothing any more.").format(code=code))


@person.command(help=N_("Change a person's PIN, with the old one or the protection officer's."))
@click.argument("code")
@pin_file_option
@click.option("--by", metavar=N_("CODE"), help=N_("The protection officer's code, when she sets the PIN for somebody."))
@click.option(
    "--old-pin-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("Read the old PIN, or the protection officer's with --by, from this file instead of asking."),
)
@pass_desk
def pin(desk: Desk, code: str, pin_file: Path | None, by: str | None, old_pin_file: Path | None) -> None:
    """Set or change a PIN."""
    with desk.open_journal() as journal:
        decisions = decisions_of(journal)
        people.person_of(decisions, code)  # before anybody is asked to type
        if by is not None:
            people.person_of(decisions, by, OFFICER)
        old = checked_pin(journal, by or code, old_pin_file)
        people.set_pin(journal, code, ask_new_pin(code, pin_file), by=by, pin=old)
    say(_("The PIN of {code} is set. Tell it to nobody.").format(code=code))


def _both(journal: Journal, code: str, by: str) -> None:
    decisions = decisions_of(journal)
    people.person_of(decisions, code)
    people.person_of(decisions, by, OFFICER)


def _plain(each: Person, *, has_pin: bool) -> dict[str, object]:
    return {"code": each.code, "roles": each.roles, "retired": each.retired, "by": each.by, "pin": has_pin}


def _row(each: Person, *, has_pin: bool) -> tuple[str, ...]:
    first = OFFICER in each.roles
    return (
        each.code,
        words.roles(each.roles),
        _("yes") if has_pin else _("no"),
        each.by or (_("nobody: the first one") if first else _("an older program")),
        _("retired") if each.retired else _("active"),
    )


def day(moment: datetime | None) -> date | None:
    """The day of an option's date."""
    return moment.date() if moment else None
