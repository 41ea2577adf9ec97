"""``broadcaster consent form``: the sheet that a voice signs, to print."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from broadcaster import locale
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import warn
from broadcaster.errors import UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown

if TYPE_CHECKING:
    from broadcaster.schedule.season import Season

STANDARD_OUTPUT = Path("-")
SIGNED_IN = "es"
"""The form's language, whatever the screen's: the people who sign it read Spanish."""


class NoSuchSeason(UsageError):
    """The station has no season of that name."""

    sentence: ClassVar[str] = N_("There is no season {season}, so no form was written. The station has: {seasons}.")


@click.command(help=N_("Write the form that a voice signs, in Spanish, to print (PDF, A4); - is standard output."))
@click.argument("file", metavar=N_("FILE.pdf"), type=click.Path(path_type=Path))
@click.option(
    "--season", metavar=N_("NAME"), help=N_("The season it is for, by its file's name; without it, the only one.")
)
@pass_desk
def form(desk: Desk, file: Path, season: str | None) -> None:
    """Two pages, without any person's name or code on them."""
    from broadcaster.reports.consent_form import consent_form  # noqa: PLC0415  imported when a form is wanted
    from broadcaster.reports.consent_form_pdf import as_pdf  # noqa: PLC0415  drawing is heavy
    from broadcaster.reports.delivery import deliver  # noqa: PLC0415

    made = desk.clock.now().utc.astimezone(desk.station.timezone).date()
    facts = consent_form(desk.station, _season(desk, season), made)
    spoken = locale.language()
    locale.use(SIGNED_IN)
    try:
        content = as_pdf(facts)
    finally:
        locale.use(spoken)
    if file == STANDARD_OUTPUT:
        click.echo(content, nl=False)
        return
    deliver(content, file)
    warn(_("{name} is written. Print it on both sides of a sheet.").format(name=shown(str(file))))


def _season(desk: Desk, name: str | None) -> "Season | None":
    """The season of that name; without one, the station's only one, or none, which is written by hand.

    :raises NoSuchSeason: there is none of that name.
    """
    from broadcaster.schedule.season import read_seasons  # noqa: PLC0415  the calendar is heavy

    seasons = {each.name: each for each in read_seasons(desk.station)}
    if name is None:
        return next(iter(seasons.values())) if len(seasons) == 1 else None
    if name not in seasons:
        raise NoSuchSeason(season=shown(name), seasons=", ".join(seasons) or "—")
    return seasons[name]
