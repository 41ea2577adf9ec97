"""``broadcaster restore``: a backup put back beside what is known here."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, say, show_json, warn
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import moments

if TYPE_CHECKING:
    from broadcaster.care.restore import Restored


@click.command(help=N_("Put a backup back. Nothing that was decided since is forgotten, and no number is used twice."))
@click.argument("file", metavar=N_("FILE"), type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help=N_("Only see whether the file is whole; change nothing."))
@click.option(
    "--set-aside",
    is_flag=True,
    help=N_("Where this station has another record: keep that aside and go on with the backup's."),
)
@json_option
@pass_desk
def restore(desk: Desk, file: Path, *, only_check: bool, set_aside: bool, in_json: bool) -> None:
    """Restore, or only check; the daemon must not run."""
    from broadcaster.care import restore as restoring  # noqa: PLC0415  the database is heavy
    from broadcaster.journal.payload import utc_from  # noqa: PLC0415
    from broadcaster.playout.lock import StationLock  # noqa: PLC0415

    if only_check:
        manifest = restoring.check(file)
        if in_json:
            show_json(manifest)
        else:
            text = _("The backup is whole: {rows} rows of the record and {files} files, made {made}.")
            made = moments.date_and_time(utc_from(manifest.made_utc).astimezone())
            say(text.format(rows=manifest.rows, files=len(manifest.files), made=made))
        return
    if restoring.put_settings(desk.root, file):
        warn(_("There was no station in {folder} yet: its settings are those of the backup.").format(folder=desk.root))
    station = desk.station
    with StationLock(station.root):
        done = restoring.restore(station, file, desk.clock, set_aside=set_aside)
    if in_json:
        show_json(done)
    else:
        _tell(done)


def _tell(done: "Restored") -> None:
    text = _("Restored: {rows} rows on record, {recovered} of them from the backup. New rows go into epoch {epoch}.")
    say(text.format(rows=done.rows, recovered=done.recovered, epoch=done.epoch))
    if done.files:
        say(_("{files} files were put back.").format(files=len(done.files)))
    if done.withheld:
        text = _("{files} files of the backup were withdrawn since and were left out. Delete the backup when you can.")
        say(text.format(files=len(done.withheld)))
    if done.forbidden_again:
        text = _("{count} withdrawals and suspensions of the record that was set aside hold here too.")
        say(text.format(count=done.forbidden_again))
    if done.aside is not None:
        say(_("The database that was here before lies in {path}.").format(path=done.aside))
    if done.unfit:
        text = _(
            "The audio of episodes {numbers} is missing or is not the approved one: they will not sound. Add it again."
        )
        warn(text.format(numbers=", ".join(map(str, done.unfit))))
