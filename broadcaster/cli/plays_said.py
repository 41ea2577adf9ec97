"""``broadcaster plays confirm`` and ``plays declare``: what people say of an airing, beside what the machine knows."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from broadcaster.cli.airing_meant import airing_argument, airing_meant
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import say, warn
from broadcaster.cli.signed import signed, who
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Cause, HeardAs, Source
from broadcaster.reasons import heard as heard_word

TIME = click.DateTime(["%H:%M"])


def _heard_option(command: Callable[..., None]) -> Callable[..., None]:
    words = click.Choice([each.value for each in HeardAs])
    return click.option(
        "--heard", type=words, required=True, help=N_("How it was heard: well, low or no (not at all).")
    )(command)


@click.command(help=N_("Say how an airing was heard in the market; it stands beside what the machine knows."))
@airing_argument
@_heard_option
@click.option("--sheet", default="", metavar=N_("NUMBER"), help=N_("The control sheet on which it is also written."))
@signed
@pass_desk
def confirm(  # noqa: PLR0917  one argument an option
    desk: Desk, airing: tuple[str, ...], heard: str, sheet: str, code: str | None, pin_file: Path | None
) -> None:
    """Confirm an airing."""
    from broadcaster.journal.events import Confirmed  # noqa: PLC0415  the record is heavy
    from broadcaster.library import sayings  # noqa: PLC0415

    meant = airing_meant(desk, airing)
    with desk.open_journal() as journal:
        by = who(journal, code, pin_file)
        said = Confirmed(meant, HeardAs(heard), by, sheet)
        sayings.confirm(journal, sayings.known(journal, desk.station), said)
    say(_("On record for {airing}: {heard}.").format(airing=meant, heard=heard_word(HeardAs(heard))))
    _say_beside()


@click.command(help=N_("Type in a line of a signed control sheet; also of an airing from the amplifier's own USB."))
@airing_argument
@click.option("--sheet", required=True, metavar=N_("NUMBER"), help=N_("The sheet's number, at its top right."))
@_heard_option
@click.option("--at", "began", type=TIME, help=N_("When it began, as the sheet says, such as 10:05."))
@click.option(
    "--from",
    "source",
    type=click.Choice([each.value for each in Source]),
    default=Source.COMPUTER.value,
    help=N_("What played it: computer, or usb (the amplifier's own)."),
)
@click.option(
    "--why",
    type=click.Choice([each.value for each in Cause]),
    help=N_("The sheet's letter: power, amplifier, closed (market), noise or other."),
)
@click.option("--correct", is_flag=True, help=N_("The same line was typed in wrongly before; both stay on record."))
@signed
@pass_desk
def declare(  # noqa: PLR0917  one argument an option
    desk: Desk,
    airing: tuple[str, ...],
    sheet: str,
    heard: str,
    began: datetime | None,
    source: str,
    why: str | None,
    code: str | None,
    pin_file: Path | None,
    *,
    correct: bool,
) -> None:
    """Declare an airing."""
    from broadcaster.journal.events import Declared  # noqa: PLC0415  the record is heavy
    from broadcaster.library import sayings  # noqa: PLC0415

    meant = airing_meant(desk, airing)
    with desk.open_journal() as journal:
        known = sayings.known(journal, desk.station)
        due = known.due(meant)
        said = Declared(
            airing=meant,
            sheet=sheet,
            heard=HeardAs(heard),
            by=who(journal, code, pin_file),
            began=began and datetime.combine(due.date(), began.time(), tzinfo=desk.station.timezone),
            source=Source(source),
            cause=Cause(why) if why else None,
        )
        row = sayings.declare(journal, known, said, correct=correct)
        others = sayings.other_sheets(known.rows, row.event) if isinstance(row.event, Declared) else []
    say(_("On record for {airing}: {heard}.").format(airing=meant, heard=heard_word(HeardAs(heard))))
    if others:
        text = _("The same airing was typed in from another sheet too: {sheets}. The newest counts.")
        warn(text.format(sheets=", ".join(others)))
    _say_beside()


def _say_beside() -> None:
    say(_("It stands beside what the machine knows and changes nothing of it; `broadcaster plays` shows both."))
