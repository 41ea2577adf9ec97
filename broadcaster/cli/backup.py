"""``broadcaster backup``: the station in one file, made while the program runs."""

from pathlib import Path

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, say, show_json, warn
from broadcaster.errors import RecordUnavailable
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_


@click.command(help=N_("Write a backup of the station, in one file that vouches for itself; also while it plays."))
@click.argument("destination", metavar=N_("DESTINATION"), type=click.Path(path_type=Path))
@json_option
@pass_desk
def backup(desk: Desk, destination: Path, *, in_json: bool) -> None:
    """Write it, and put on record that it was made."""
    from broadcaster.care.backup import back_up  # noqa: PLC0415  the database is heavy
    from broadcaster.journal.events import BackupMade  # noqa: PLC0415

    made = back_up(desk.station, destination, desk.clock.now().utc)
    try:
        with desk.open_journal() as journal:
            journal.append(BackupMade(made.rows, made.sha256))
    except RecordUnavailable as problem:  # the backup is good all the same
        warn(str(problem))
    if in_json:
        show_json(made)
        return
    text = _("Backup written: {path}, {rows} rows of the record and {files} files, {size} MB.")
    say(text.format(path=made.path, rows=made.rows, files=made.files, size=f"{made.bytes / 1e6:.1f}"))
    say(_("Its mark (SHA-256): {sha256}").format(sha256=made.sha256))
    say(_("It holds voices and the hashes of PINs: keep it as you keep a key, in another place than this computer."))
