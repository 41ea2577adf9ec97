"""``broadcaster init``: a new station with commented defaults."""

import shlex
from pathlib import Path

import click

from broadcaster.cli.show import say
from broadcaster.config.begin import EXAMPLE, begin_station
from broadcaster.config.keys import FILE
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_


@click.command(help=N_("Make a new station with commented defaults in a new folder."))
@click.argument("folder", type=click.Path(path_type=Path), metavar=N_("FOLDER"))
def init(folder: Path) -> None:
    """Make a station and say what comes next."""
    made = begin_station(folder)
    say(_("The station is in {folder}. Nothing is scheduled yet. Next:").format(folder=made))
    say(_("  1. In {file}, put your own where it says «por confirmar».").format(file=made / FILE))
    say(
        _("  2. Copy {example} under a name that ends in .toml, with your dates, times and markets.").format(
            example=made / EXAMPLE
        )
    )
    say(
        _("  3. Let the program check it: broadcaster --station {folder} schedule check").format(
            folder=shlex.quote(str(made))
        )
    )
    say(
        _(
            "  4. Register the protection officer: "
            "broadcaster --station {folder} person add CODE --role protection_officer"
        ).format(folder=shlex.quote(str(made)))
    )
