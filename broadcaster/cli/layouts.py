"""``broadcaster layouts``: the layouts of the offices' documents, which an office changes without code."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, say, show_json, table, warn
from broadcaster.errors import CheckFailed, UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.shown import shown

DOCUMENTS = ("certificate", "donor", "monthly", "page", "practice")
LANGUAGES = ("es", "en")
"""Told here again: ``--help`` needs nothing else of the documents."""
STATES = {
    "program": N_("the program's"),
    "copied": N_("copied here, not changed yet"),
    "changed": N_("changed by the office"),
    "unknown": N_("no document has this name: it is not used"),
}


class NothingToCopy(UsageError):
    """All of them are there."""

    sentence: ClassVar[str] = N_(
        "{folder} has these layouts already, and they were left as they are. To begin one anew, delete it there first."
    )


@click.group(
    invoke_without_command=True, help=N_("The layouts of documents: which serve, and a copy to change them in Word.")
)
@json_option
@click.pass_context
def layouts(ctx: click.Context, *, in_json: bool) -> None:
    """List them."""
    if ctx.invoked_subcommand is not None:
        return
    from broadcaster.reports.documents.own_layouts import layouts as there_are  # noqa: PLC0415  the documents are heavy

    found = there_are(ctx.ensure_object(Desk).station)
    if in_json:
        show_json(found)
        return
    table(_("Layouts"), [_("Layout"), _("Which serves")], [(each.name, _(STATES[each.state.value])) for each in found])
    say(
        _(
            "To change one: broadcaster layouts copy DOCUMENT. To see whether it can be filled in: broadcaster layouts check."
        )
    )


@layouts.command(
    "copy", help=N_("Copy the program's layouts to where an office changes them; what is there stays as it is.")
)
@click.argument("document", nargs=-1, type=click.Choice(DOCUMENTS), metavar=N_("[DOCUMENT]"))
@click.option("--only", type=click.Choice(LANGUAGES), help=N_("Those in one language only."))
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar=N_("FOLDER"),
    help=N_("Another folder, to send them to somebody; they serve only in the station's folder templates."),
)
@pass_desk
def copy(desk: Desk, document: Sequence[str], only: str | None, folder: Path | None) -> None:
    """Copy them."""
    from broadcaster.reports.documents.layouts import own  # noqa: PLC0415  the documents are heavy
    from broadcaster.reports.documents.own_layouts import copy_to  # noqa: PLC0415

    target = folder or own(desk.station)
    written = copy_to(target, document, (only,) if only else ())
    if not written:
        raise NothingToCopy(folder=shown(str(target)))
    for name in written:
        say(name)
    text = ngettext("{n} layout is in {folder}.", "{n} layouts are in {folder}.", len(written))
    warn(text.format(n=len(written), folder=shown(str(target))))
    warn(_("Change the words in Word or LibreOffice, and leave what stands between braces as it is."))


@layouts.command(
    "check", help=N_("Fill in the layouts that the office changed, with nothing of it kept: is each of them good?")
)
@pass_desk
def check(desk: Desk) -> None:
    """Try them."""
    from broadcaster.reports.documents.own_layouts import State, faults  # noqa: PLC0415  the documents are heavy
    from broadcaster.reports.documents.own_layouts import layouts as there_are  # noqa: PLC0415

    station = desk.station
    found = list(faults(station, desk.clock.now().utc.astimezone(station.timezone)))
    for _name, fault in found:
        warn(str(fault))
    unknown = [each.name for each in there_are(station) if each.state is State.UNKNOWN]
    for name in unknown:
        warn(
            _("{name} is not used: no document has a layout of this name. See the names: broadcaster layouts.").format(
                name=shown(name)
            )
        )
    if found:
        raise CheckFailed
    changed = sum(each.state is State.CHANGED for each in there_are(station))
    text = ngettext("The office's {n} layout can be filled in.", "The office's {n} layouts can be filled in.", changed)
    say(text.format(n=changed) if changed else _("The office has changed no layout: the program's serve."))
