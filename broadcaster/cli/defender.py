"""``broadcaster defender``: the register of trained defenders, who are the people that produce."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.person import (
    DAY,
    day,
    new_pin_file_option,
    officer_option,
    register_defender,
    without_pin_option,
)
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import json_option, say, show_json, table
from broadcaster.journal.reading import read
from broadcaster.library import people
from broadcaster.library.decisions import PEOPLE, decide, decisions_of
from broadcaster.library.register import Person
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_


@click.group(help=N_("The register of trained defenders: issued codes, never names."))
def defender() -> None:
    """The noun."""


@defender.command(help=N_("Put an issued code into the register; the protection officer does it."))
@click.argument("code")
@click.option("--cohort", default="", help=N_("The course she took, by its code."))
@click.option("--from", "trained_from", type=DAY, help=N_("First day of her training."))
@click.option("--until", "trained_until", type=DAY, help=N_("Last day of her training."))
@officer_option
@pin_file_option
@new_pin_file_option
@without_pin_option
@pass_desk
def add(
    desk: Desk,
    *,
    code: str,
    cohort: str,
    trained_from: datetime | None,
    trained_until: datetime | None,
    by: str,
    pin_file: Path | None,
    new_pin_file: Path | None,
    without_pin: bool,
) -> None:
    """Register a code."""
    with desk.open_journal() as journal:
        register_defender(
            journal,
            code,
            by=by,
            pin_file=pin_file,
            new_pin_file=new_pin_file,
            without_pin=without_pin,
            cohort=cohort,
            trained_from=day(trained_from),
            trained_until=day(trained_until),
        )
    say(_("The defender {code} is registered. Episodes can now name her code.").format(code=code))


@defender.command(name="list", help=N_("Show the register."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show every code."""
    known = decide(read(desk.station.database, kinds=PEOPLE)).defenders.values()
    defenders = sorted(known, key=lambda each: each.code)
    if in_json:
        show_json([_plain(each) for each in defenders])
    elif defenders:
        _draw(defenders)
    else:
        say(_("No defender is registered yet. Add one with `broadcaster defender add CODE`."))


@defender.command(help=N_("Let a code take no new episodes; what it made stays."))
@click.argument("code")
@officer_option
@pin_file_option
@pass_desk
def retire(desk: Desk, code: str, by: str, pin_file: Path | None) -> None:
    """Retire a code."""
    with desk.open_journal() as journal:
        people.require_defenders(decisions_of(journal), [code])
        people.retire(journal, code, by=by, pin=ask_pin(by, pin_file))
    say(_("The defender {code} is retired: her episodes stay, new ones cannot name her code.").format(code=code))


def _plain(each: Person) -> dict[str, object]:
    return {
        "code": each.code,
        "cohort": each.cohort,
        "trained_from": each.trained_from,
        "trained_until": each.trained_until,
        "retired": each.retired,
    }


def _draw(defenders: Iterable[Person]) -> None:
    columns = [_("Code"), _("Course"), _("Trained from"), _("Trained until"), _("State")]
    table(
        _("Defenders"),
        columns,
        [
            (
                each.code,
                each.cohort,
                each.trained_from or "",
                each.trained_until or "",
                _("retired") if each.retired else _("active"),
            )
            for each in defenders
        ],
    )
