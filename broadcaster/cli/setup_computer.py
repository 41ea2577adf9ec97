"""The screens of ``broadcaster setup`` about the computer itself: its date and time, and whether it starts by itself."""

import shlex
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace

from babel.dates import format_datetime

from broadcaster.care.boot import Way
from broadcaster.cli import dialogue
from broadcaster.cli.dialogue import ask, tell
from broadcaster.cli.setup_answers import Answers
from broadcaster.cli.setup_room import Room, heading
from broadcaster.clock.asking import is_it
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.model import ClockTrust

WHOLE = {"es": ("es_PE", "EEEE d 'de' MMMM 'de' y, h:mm a"), "en": ("en", "EEEE d MMMM y, h:mm a")}


def what_time(room: Room, answers: Answers) -> Answers:
    """She compares with her phone; what is wrong she corrects herself, by the system's own means."""
    while True:
        heading(4, _("Date and time"))
        _tell_time(room)
        answer = ask(is_it(room.local_time()), (dialogue.LOOK, dialogue.YES, dialogue.NO))
        if answer == dialogue.YES:
            return replace(answers, clock_is_right=True)
        if answer == dialogue.NO and not _is_corrected():
            return replace(answers, clock_is_right=False)


def _tell_time(room: Room) -> None:
    now = room.now()
    local = now.utc.astimezone(room.station.timezone)
    locale, pattern = WHOLE[language()]
    tell(_("This computer says:"))
    tell(f"  {format_datetime(local, pattern, locale=locale)}", "cyan")
    tell(_("  time zone: {zone}").format(zone=room.station.timezone))
    if now.trust is ClockTrust.SYNCED:
        tell(_("  It is set by the internet."))
    else:
        tell(_("  It is not set by the internet, so only you can tell whether it is right."))
    if now.utc.astimezone().utcoffset() != local.utcoffset():
        tell(_("  The clock on its screen is of another zone and differs; the program does not go by it."), "yellow")
        if shutil.which("timedatectl"):
            tell_commands([("sudo", "timedatectl", "set-timezone", str(room.station.timezone))])


def _is_corrected() -> bool:
    """Whether she wants to look again, now that she knows how to correct it."""
    tell("\n" + _("Correct it in the date and time settings of the computer, with your phone beside it."))
    if shutil.which("timedatectl"):
        tell("\n" + _("Or have somebody with the right to it type, with internet:"))
        tell_commands([("sudo", "timedatectl", "set-ntp", "true")])
        tell(_("Without internet, the date and time of the phone:"))
        tell_commands([("sudo", "timedatectl", "set-time", _("YYYY-MM-DD HH:MM"))])
    tell("\n" + _("The program never changes the time by itself."))
    question = _("Once it is corrected, look once more. Or correct it another day?")
    return ask(question, (dialogue.LOOK, dialogue.LATER)) == dialogue.LOOK


def start_by_itself(room: Room, answers: Answers) -> Answers:
    """She says whether; what will be written and how to undo it she sees before."""
    heading(5, _("Starting by itself"))
    boot = room.boot
    if boot.way is Way.COMPUTER:
        tell(_("The program can start each time this computer is switched on, without anybody logging in."))
    else:
        tell(_("The program can start each time somebody logs in to the desktop of this computer."))
    if boot.is_set:
        tell("\n" + _("It does so already. To undo it:"))
        tell_commands(boot.undo)
        ask(_("Leave it so?"), (dialogue.YES,))
        return replace(answers, starts_by_itself=True)
    tell("\n" + _("For that, this file is written at the end:"))
    tell(f"  {boot.path}", "cyan")
    tell(_("To undo it one day:"))
    tell_commands(boot.undo)
    wanted = ask(_("Shall it start by itself?"), (dialogue.YES, dialogue.NO)) == dialogue.YES
    return replace(answers, starts_by_itself=wanted)


def tell_commands(commands: Iterable[Sequence[str]]) -> None:
    """Commands for a terminal, each on its line, never broken."""
    for command in commands:
        dialogue.tell_whole(f"  {shlex.join(command)}", "cyan")
