"""The program's service, in a table and one sentence."""

import click
from rich.text import Text

from broadcaster.care.boot import Way
from broadcaster.care.service import Condition, Service
from broadcaster.cli.show import fitted, plain, table
from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale.moments import date_and_time

GOOD, BAD, DOUBTFUL = "green", "red", "yellow"


def draw(found: Service, station: Station) -> None:
    """Print it."""
    if found.condition is not Condition.ABSENT:
        table(_("What starts the program"), (_("What"), _("How it is")), _rows(found, station))
        click.echo()
    for said, colour in sentences(found):
        click.secho(fitted(said), fg=colour)


def _rows(found: Service, station: Station) -> list[tuple[str, Text]]:
    starts = _("with the computer") if found.way is Way.COMPUTER else _("when somebody logs in to the desktop")
    rows = [
        (_("File"), Text(plain(str(found.path)))),
        (_("It starts"), Text(starts) if found.enabled else Text(_("no: it is put out of effect"), style="bold red")),
    ]
    if found.since is not None:
        rows.append((_("Runs since"), Text(date_and_time(found.since.astimezone(station.timezone)))))
    if found.restarts:
        rows.append((_("Started anew by itself"), Text(str(found.restarts), style="yellow")))
    if found.says:
        rows.append((_("It says"), Text(plain(found.says))))
    return rows


def sentences(found: Service) -> list[tuple[str, str]]:
    """What is to be said of it, each with its colour: first how it is, then what keeps it from starting next time."""
    said = [(_condition(found), GOOD if found.condition is Condition.RUNNING else BAD)]
    if found.condition is Condition.ABSENT:
        return said
    if not found.current:
        again = _(
            "The file that starts it was written for another station or by another version. "
            "Type: «broadcaster service install»."
        )
        said.append((again, DOUBTFUL))
    if not found.enabled and found.condition is not Condition.SILENT:
        off = _("The next time the computer is switched on it does not start. Type: «broadcaster service install».")
        said.append((off, DOUBTFUL))
    return said


def _condition(found: Service) -> str:
    match found.condition:
        case Condition.ABSENT:
            return _("Nothing starts the program on this computer. Type: «broadcaster service install».")
        case Condition.RUNNING:
            return _("The program runs.")
        case Condition.STARTING:
            return _("The program is starting. Look again in a minute.")
        case Condition.STOPPED if found.way is Way.DESKTOP:
            return _("The program does not run. It starts when somebody logs in; to start it now: «broadcaster run».")
        case Condition.STOPPED:
            return _(
                "Somebody stopped the program and nothing plays. To start it: «systemctl --user start broadcaster»."
            )
        case Condition.SILENT:
            return _(
                "The computer does not say whether the program runs. Restart the computer; else call the coordinator."
            )
        case Condition.AGAIN:
            return _("The program ended and is started anew in some seconds. {why}").format(why=_why(found))
        case Condition.FAILED:
            return _("The program ended and nothing plays. {why}").format(why=_why(found))


def _why(found: Service) -> str:
    """Why it ended and what to do about it, by its exit code."""
    if found.hung:
        return _("It had stopped answering. If this comes back, call the coordinator.")
    match found.exit_code:
        case 75:
            return _("The program runs already for this station, by somebody's hand: close that one.")
        case 78:
            return _("The station's files are wrong. To see what to correct: «broadcaster schedule check».")
        case 74:
            return _("The record could not be written. Do not delete anything; call the coordinator.")
        case None:
            return _("Something ended it from outside. If this comes back, call the coordinator.")
    return _("A fault of its own, code {code}: see data/broadcaster.log and call the coordinator.").format(
        code=found.exit_code
    )
