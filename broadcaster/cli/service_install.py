"""Setting up what starts the program with the computer, and taking it away: the acts, and what is said of them.

``setup`` and ``service install`` both set it up here.
"""

import getpass
from collections.abc import Sequence

import click

from broadcaster.care import boot
from broadcaster.care.boot import Boot, Way
from broadcaster.care.service import remove
from broadcaster.care.unit import AGAIN_S, STARTED, WATCHED_S, WOKEN
from broadcaster.cli.context import Desk
from broadcaster.cli.dialogue import tell, tell_whole
from broadcaster.cli.setup_alone import OnAir, in_the_way, status_of
from broadcaster.cli.setup_computer import tell_commands
from broadcaster.cli.show import table
from broadcaster.config import Station
from broadcaster.locale import gettext as _


def set_up(planned: Boot) -> list[Sequence[str]]:
    """Write what starts the program and make it count; the commands that somebody with the right to it still has to type.

    :raises BootNotKept: the file cannot be written.
    """
    boot.write(planned)
    lacking = list(boot.failing(planned.enable))
    if planned.way is Way.COMPUTER and (right := boot.before_anybody_logs_in()) is not None:
        lacking.append(right)
    return lacking


def start(planned: Boot) -> bool:
    """Start the program at once, where something else than a person does; whether it runs now."""
    return bool(planned.start) and not list(boot.failing([planned.start]))


def tell_lacking(lacking: Sequence[Sequence[str]]) -> None:
    """What an administrator has to type."""
    if lacking:
        tell(_("So that it starts with the computer, somebody with the right to it still has to type:"), "yellow")
        tell_commands(boot.as_administrator(command) for command in lacking)


def perform(planned: Boot, station: Station) -> bool:
    """Set it up, start it and say all that was set. Whether nothing is lacking."""
    as_it_was = planned.is_set
    lacking = set_up(planned)
    table(_("What starts the program"), (_("What"), _("How it is set")), rows(planned, station, as_it_was=as_it_was))
    click.echo()
    tell_lacking(lacking)
    runs = start(planned)
    if runs:
        tell(_("The program runs. To see it: «broadcaster service status»."), "green")
    elif planned.way is Way.DESKTOP:
        tell(_("It starts the next time somebody logs in. To start it now: «broadcaster run»."), "yellow")
    else:
        tell(_("The program does not run yet. To see why: «broadcaster service status»."), "yellow")
    tell(_("To undo all of it: «broadcaster service uninstall»."))
    return not lacking and (runs or planned.way is Way.DESKTOP)


def rows(planned: Boot, station: Station, *, as_it_was: bool) -> list[tuple[str, str]]:
    """Everything that was set, a thing and how."""
    known = [
        (_("File"), f"{planned.path}\n" + (_("as it was") if as_it_was else _("written now"))),
        (_("Station"), str(station.root)),
    ]
    if planned.way is Way.DESKTOP:
        return [
            *known,
            (_("It starts"), _("when somebody logs in to the desktop, for there is no systemd of the user here")),
        ]
    user = getpass.getuser()
    return [
        *known,
        (_("Command"), " ".join(STARTED.findall(planned.text))),
        (_("It starts"), _("with the computer, with nobody logged in")),
        (_("Of the user"), _lingering(user, lingers=boot.lingers(user))),
        (_("Sound server"), _sound(planned)),
        (_("If it ends badly"), _("it is started anew after {seconds} s, as often as needed").format(seconds=AGAIN_S)),
        (_("If it hangs"), _("it is ended after {seconds} s and started anew").format(seconds=WATCHED_S)),
        (_("Taken from it"), _("more rights than the user's, other kinds of network, the system's own calls")),
        (
            _("What it says"),
            _("goes to the computer's log, within the limits set there: journalctl --user -u broadcaster"),
        ),
    ]


def _lingering(user: str, *, lingers: bool) -> str:
    if lingers:
        return _("{user}; her programs run without her logging in").format(user=user)
    return _("{user}; her programs do not run without her logging in yet").format(user=user)


def _sound(planned: Boot) -> str:
    name = WOKEN.search(planned.text)
    return _("none found; install pulseaudio or pipewire-pulse") if name is None else name[1]


def take_away(planned: Boot, desk: Desk) -> bool:
    """Undo all of it and say so. Whether nothing is lacking.

    :raises OnAir: something sounds or is about to.
    """
    if not planned.path.exists():
        tell(_("Nothing starts the program on this computer, so there is nothing to take away."))
        return True
    if planned.runs and isinstance(hindrance := in_the_way(status_of(desk.station), desk.clock.now().utc), OnAir):
        raise hindrance
    failed = remove(planned)
    tell_whole(_("Taken away: {path}").format(path=planned.path))
    lacking = [command for command in failed if command[0] == "loginctl"]
    if lacking:
        tell(_("So that nothing of it stays, somebody with the right to it still has to type:"), "yellow")
        tell_commands(boot.as_administrator(command) for command in lacking)
    tell(_("The program no longer starts by itself. To start it by hand: «broadcaster run»."))
    return not lacking
