"""``broadcaster observe`` and ``complaint``: what was counted in a market. Counts only."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.cli.airing_meant import airing_argument, airing_meant
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import say
from broadcaster.cli.signed import signed, who
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_

if TYPE_CHECKING:
    from broadcaster.journal.append import Journal
    from broadcaster.library.sayings import Heard

METHODS = ("headcount", "sample", "estimate")
KINDS = ("noise", "content", "safety")
"""The words of the model, told here again: ``--help`` needs nothing else of it."""
PEOPLE = click.IntRange(0, 100_000)


@click.command(help=N_("Put on record how many women and men were within hearing of an airing. Counts only."))
@airing_argument
@click.option("--women", type=PEOPLE, required=True, metavar=N_("NUMBER"), help=N_("How many women."))
@click.option("--men", type=PEOPLE, required=True, metavar=N_("NUMBER"), help=N_("How many men."))
@click.option(
    "--method",
    type=click.Choice(METHODS),
    required=True,
    help=N_("headcount: one by one; sample: a part of the market, multiplied; estimate: by eye."),
)
@signed
@pass_desk
def observe(  # noqa: PLR0917  one argument an option
    desk: Desk, airing: tuple[str, ...], women: int, men: int, method: str, code: str | None, pin_file: Path | None
) -> None:
    """Put counted listeners on record."""
    from broadcaster.journal.events import Observed  # noqa: PLC0415  the record is heavy
    from broadcaster.library import observations  # noqa: PLC0415
    from broadcaster.model import Counting  # noqa: PLC0415

    meant = airing_meant(desk, airing)
    with desk.open_journal() as journal:
        said = Observed(meant, women, men, Counting(method), who(journal, code, pin_file))
        observations.observe(journal, _known(desk, journal), said)
    say(_("On record for {airing}. The newest count of an airing is the one that reports use.").format(airing=meant))
    say(_("Reports show it as an estimate, with its method, and leave out numbers below 5."))


@click.command(
    help=N_("Put on record that somebody complained about an airing: one more of its kind, no name, no words.")
)
@airing_argument
@click.option("--kind", type=click.Choice(KINDS), required=True, help=N_("What it was about."))
@signed
@pass_desk
def complaint(desk: Desk, airing: tuple[str, ...], kind: str, code: str | None, pin_file: Path | None) -> None:
    """Put a complaint on record."""
    from broadcaster.journal.events import Complained  # noqa: PLC0415  the record is heavy
    from broadcaster.library import observations  # noqa: PLC0415
    from broadcaster.model import Complaint  # noqa: PLC0415

    meant = airing_meant(desk, airing)
    with desk.open_journal() as journal:
        said = Complained(meant, Complaint(kind), who(journal, code, pin_file))
        observations.complain(journal, _known(desk, journal), said)
    say(
        _("On record for {airing}: one complaint. Nobody's name is kept; tell the coordinator in person.").format(
            airing=meant
        )
    )


def _known(desk: Desk, journal: "Journal") -> "Heard":
    from broadcaster.library.sayings import READ, Heard  # noqa: PLC0415  the record is heavy
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415  so is the calendar

    planned = {airing.id: airing.due for airing in load_plan(desk.station).airings}
    return Heard(journal.rows(kinds=READ), planned, desk.station.timezone)
