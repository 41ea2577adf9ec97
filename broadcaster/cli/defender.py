"""``broadcaster defender``: the register of trained defenders."""

from collections.abc import Iterable
from datetime import date, datetime

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, say, show_json, table
from broadcaster.journal.append import read
from broadcaster.library import acts
from broadcaster.library.decisions import DECISIONS, Defender, decide
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help=N_("The register of trained defenders: issued codes, never names."))
def defender() -> None:
    """The noun."""


@defender.command(help=N_("Put an issued code into the register."))
@click.argument("code")
@click.option("--cohort", default="", help=N_("The course she took."))
@click.option("--from", "trained_from", type=DAY, help=N_("First day of her training."))
@click.option("--until", "trained_until", type=DAY, help=N_("Last day of her training."))
@pass_desk
def add(desk: Desk, code: str, cohort: str, trained_from: datetime | None, trained_until: datetime | None) -> None:
    """Register a code."""
    with desk.open_journal() as journal:
        acts.register_defender(
            journal, code, cohort=cohort, trained_from=_day(trained_from), trained_until=_day(trained_until)
        )
    say(_("The defender {code} is registered. Episodes can now name her code.").format(code=code))


@defender.command(name="list", help=N_("Show the register."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show every code."""
    defenders = sorted(
        decide(read(desk.station.database, kinds=DECISIONS)).defenders.values(), key=lambda each: each.code
    )
    if in_json:
        show_json(defenders)
    elif defenders:
        _draw(defenders)
    else:
        say(_("No defender is registered yet. Add one with `broadcaster defender add CODE`."))


@defender.command(help=N_("Let a code take no new episodes; what it made stays."))
@click.argument("code")
@pass_desk
def retire(desk: Desk, code: str) -> None:
    """Retire a code."""
    with desk.open_journal() as journal:
        acts.retire_defender(journal, code)
    say(_("The defender {code} is retired: her episodes stay, new ones cannot name her code.").format(code=code))


def _draw(defenders: Iterable[Defender]) -> None:
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


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
