"""What starts the program with the computer: a unit of the user's own systemd, or an entry of the desktop's session.

A unit starts when the computer does, whoever logs in or not (its user "lingers"); an entry starts when somebody logs in to the
desktop. Both belong to the user, so that the program finds her sound server, and both start ``broadcaster run`` for a
station: which markets it serves stands in the station's file alone.
"""

import getpass
import grp
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from broadcaster.care.unit import NAME, lingered_before, settings_folder, sound_server, unit
from broadcaster.errors import RecordUnavailable
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause

BOOTED_BY_SYSTEMD = Path("/run/systemd/system")
"""There when systemd is the machine's first process (sd_booted(3))."""
ANSWER_LIMIT_S = 20.0

ENTRY = """\
# Written by `broadcaster service install` and `broadcaster setup`, which write it anew each time.
[Desktop Entry]
Type=Application
Name=broadcaster
Exec={command}
Terminal=false
"""


class BootNotKept(RecordUnavailable):
    """The file that would start the program cannot be written."""

    sentence: ClassVar[str] = N_(
        "{path} could not be written ({problem}), so the program will not start by itself. Call the coordinator."
    )


class Way(StrEnum):
    """When the program starts by itself."""

    COMPUTER = "computer"
    """With the computer."""
    DESKTOP = "desktop"
    """When somebody logs in to the desktop."""


@dataclass(frozen=True)
class Boot:
    """How the program is to start by itself."""

    way: Way
    path: Path
    """The file that says so."""
    text: str
    enable: tuple[tuple[str, ...], ...]
    """What makes the file count from the next start of the computer on, each command with its arguments."""
    enabled: tuple[str, ...]
    """Succeeds while the file counts; empty: it always does."""
    start: tuple[str, ...]
    """What starts the program at once; empty: nothing does but a person."""
    stop: tuple[str, ...]
    """What stops it, waiting until it has."""
    check: tuple[str, ...]
    """Succeeds while the program runs that was started so."""
    undo: tuple[tuple[str, ...], ...]
    """What a person types to undo all of it."""

    @property
    def is_set(self) -> bool:
        """Whether the file stands there just so, and counts."""
        return self.is_written and not (self.enabled and list(failing([self.enabled])))

    @property
    def is_written(self) -> bool:
        """Whether the file stands there just so."""
        return written(self.path) == self.text

    @property
    def runs(self) -> bool:
        """Whether the program runs, started by just this file."""
        return bool(self.check) and self.is_written and not list(failing([self.check]))


def boot(
    way: Way,
    station: Path,
    environment: Mapping[str, str],
    python: str = sys.executable,
    *,
    sound: str | None = None,
    lingered: bool = False,
) -> Boot:
    """How the station in this folder starts that way. Pure.

    ``environment``: the user's. ``sound``: the socket of her sound server. ``lingered``: her programs ran without her before,
    and undoing this leaves them so.
    """
    command = (python, "-P", "-m", "broadcaster", "--station", str(station), "run")
    file = place(way, environment)
    if way is Way.DESKTOP:
        text = ENTRY.format(command=" ".join(_for_desktop(word) for word in command))
        return Boot(way, file, text, enable=(), enabled=(), start=(), stop=(), check=(), undo=(("rm", str(file)),))
    systemctl = ("systemctl", "--user")
    dismiss = () if lingered else (("loginctl", "disable-linger"),)
    return Boot(
        way,
        file,
        unit(command, sound, lingered=lingered),
        enable=(
            (*systemctl, "daemon-reload"),
            (*systemctl, "enable", file.name),
            ("loginctl", "--no-ask-password", "enable-linger"),
        ),
        enabled=(*systemctl, "is-enabled", "--quiet", file.name),
        start=(*systemctl, "start", file.name),
        stop=(*systemctl, "stop", file.name),
        check=(*systemctl, "is-active", "--quiet", file.name),
        undo=(
            (*systemctl, "disable", "--now", file.name),
            ("rm", str(file)),
            (*systemctl, "daemon-reload"),
            *dismiss,
        ),
    )


def boot_here(station: Path, environment: Mapping[str, str], root: Path = Path("/")) -> Boot:
    """How the station starts on this computer: by what runs here, with the sound server that is here."""
    way = way_here(environment)
    before = written(place(way, environment))
    lingered = lingered_before(before) if before else lingers(getpass.getuser(), root)
    sound = sound_server(settings_folder(environment) / "systemd" / "user", root)
    return boot(way, station, environment, sound=sound, lingered=lingered)


def place(way: Way, environment: Mapping[str, str]) -> Path:
    """Where the file is that starts the program."""
    settings = settings_folder(environment)
    if way is Way.DESKTOP:
        return settings / "autostart" / f"{NAME}.desktop"
    return settings / "systemd" / "user" / f"{NAME}.service"


def written(file: Path) -> str:
    """What stands in it; empty when it is not there."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def lingers(user: str, root: Path = Path("/")) -> bool:
    """Whether the user's programs start with the computer, without her logging in (logind keeps a file of her name)."""
    return (root / "var/lib/systemd/linger" / user).exists()


def way_here(environment: Mapping[str, str], booted: Path = BOOTED_BY_SYSTEMD) -> Way:
    """By the user's own systemd where it runs, else by the desktop."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    own = Path(runtime) / "systemd" / "private" if runtime else None
    return Way.COMPUTER if own is not None and own.exists() and booted.is_dir() else Way.DESKTOP


def write(planned: Boot) -> None:
    """Write the file: the old one or the new one is there, whole.

    :raises BootNotKept: it cannot be written; nothing of it stays.
    """
    temporary = planned.path.with_name(f".{planned.path.name}.{os.getpid()}")
    try:
        planned.path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(planned.text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(planned.path)
    except OSError as error:
        raise BootNotKept(path=planned.path, problem=clause(error)) from error
    finally:
        if planned.path.parent.is_dir():
            temporary.unlink(missing_ok=True)


def failing(commands: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Run the commands in order; those that did not succeed. None of them asks anything of anybody."""
    for command in commands:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=ANSWER_LIMIT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            yield command
        else:
            if done.returncode != 0:
                yield command


def as_administrator(command: Sequence[str]) -> tuple[str, ...]:
    """The same, typed by somebody with the right to it: for a user who may not keep herself "lingering" alone."""
    if command[0] == "loginctl":
        return ("sudo", "loginctl", command[-1], getpass.getuser())
    return tuple(command)


def before_anybody_logs_in() -> tuple[str, ...] | None:
    """What lets the user's programs reach the sound card while nobody is logged in; ``None``: they may already."""
    try:
        owners = grp.getgrnam("audio")
    except KeyError:
        return None
    return to_the_cards(owners.gr_gid, {os.getegid(), *os.getgroups()}, os.geteuid(), getpass.getuser())


def to_the_cards(audio: int, groups: Collection[int], uid: int, user: str) -> tuple[str, ...] | None:
    """Sound cards belong to the group ``audio``; who sits at the computer is let in besides, but only she. Pure."""
    return None if uid == 0 or audio in groups else ("sudo", "usermod", "-aG", "audio", user)


def _for_desktop(word: str) -> str:
    """One word of ``Exec=`` (Desktop Entry Specification, "The Exec key"): quoted, then escaped as any text value is."""
    quoted = "".join(f"\\{letter}" if letter in '\\"`$' else letter for letter in word)
    return '"' + quoted.replace("\\", "\\\\").replace("%", "%%").replace("\n", "\\n") + '"'
