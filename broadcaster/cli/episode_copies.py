"""``broadcaster episode copies``, ``copy-removed`` and ``tidy``: what is outside the library, what must not stay in it."""

from pathlib import Path

import click

from broadcaster.cli.aftermath import copy_as_json, draw_copies
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import as_option, decision, number_argument
from broadcaster.cli.pin import pin_file_option
from broadcaster.cli.show import json_option, say, show_json
from broadcaster.journal.reading import read
from broadcaster.library.copies import COPIES, remove_copy
from broadcaster.library.copies import copies as copies_of
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber


@click.command(help=N_("Show the copies that were made of an episode, and which are still out there."))
@number_argument
@json_option
@pass_desk
def copies(desk: Desk, number: int, *, in_json: bool) -> None:
    """Show the register of one episode's copies."""
    known = copies_of(read(desk.station.database, kinds=COPIES), EpisodeNumber(number))
    if in_json:
        show_json([copy_as_json(each) for each in known])
    elif known:
        draw_copies(desk, known, _("Copies of episode {number}").format(number=number))
    else:
        say(_("No copy of episode {number} is on record.").format(number=number))


@click.command("copy-removed", help=N_("Say that a copy exists no longer: deleted, taken down, the stick overwritten."))
@click.argument("copy", metavar=N_("COPY"))
@as_option
@pin_file_option
@pass_desk
def copy_removed(desk: Desk, copy: str, code: str, pin_file: Path | None) -> None:
    """Put a copy's end on record."""
    with decision(desk, code, pin_file) as (journal, pin):
        removed = remove_copy(journal, desk.station, copy, code, pin)
    text = _("It is on record that the copy {copy} of episode {number} exists no longer.")
    say(text.format(copy=removed.made.copy, number=removed.made.episode))


@click.command(help=N_("Remove what is kept no longer: old originals, withdrawn audio, what was cut short."))
@json_option
@pass_desk
def tidy(desk: Desk, *, in_json: bool) -> None:
    """Do at once what `run` does once a day."""
    from broadcaster.production.tidying import tidy as put_in_order  # noqa: PLC0415  imported when something is to go

    with desk.open_journal() as journal:
        gone = put_in_order(desk.station, journal, desk.clock.now().utc)
    if in_json:
        originals = [{"episode": number, "revision": revision} for number, revision in gone.originals]
        show_json({"originals": originals, "purged": gone.purged})
        return
    for number, revision in gone.originals:
        text = _("The original of episode {number}, version {revision}, is removed; its audio for the air stays.")
        say(text.format(number=number, revision=revision))
    for each in gone.purged:
        say(_("The withdrawn audio of episode {number} is removed.").format(number=each.episode))
    if not gone.originals and not gone.purged:
        say(_("There is nothing to remove."))
