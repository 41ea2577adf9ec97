"""The unit by which the user's own systemd keeps the program running, and what it is made of.

It is a unit of the user, not of the system: the sound server is hers, and nothing of it needs an administrator. So it takes
from the program only what a user's systemd can take everywhere without help: rights and system calls, by seccomp. What needs
a namespace of its own (``ProtectSystem=``, ``PrivateTmp=`` …) is refused to users by some kernels, and the unit would then not
start at all; dropping capabilities needs privileges that a user's systemd has not; ``MemoryDenyWriteExecute=`` stops libraries
that make their code at run time, as players' plugins do; ``KeyringMode=private`` shuts an encrypted home.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

NAME = "broadcaster"
WATCHED_S = 60
"""A daemon that says nothing for so long is ended by systemd, with a signal that leaves a trace in the log."""
AGAIN_S = 10
STOPPING_S = 30
SOUND_SERVERS = ("pipewire-pulse.socket", "pulseaudio.socket")
"""Both speak to the program in one language; the first that is there is asked for."""

UNIT = """\
# Written by `broadcaster service install` and `broadcaster setup`, which write it anew each time.
[Unit]
Description=broadcaster
# the sound server is woken; nothing waits for the network, nor for its time: the program judges the clock itself
{wants}After=pipewire.service wireplumber.service {servers}
# never given up: a computer at a market has nobody to type "start"
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
# fed by the tick that had an alarm ring, a child answer and the record read
WatchdogSec={watched_s}
TimeoutStartSec=300
# the program alone is asked to end: it fades the sound out, hears its witness and puts on record what was heard
KillMode=mixed
TimeoutStopSec={stopping_s}
Restart=on-failure
RestartSec={again_s}
# a player that took all the memory takes not the program with it
OOMPolicy=continue
LimitCORE=0
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
# whether the kernel's clock is kept by a time server is asked by these; to set it takes a right that nobody here has
SystemCallFilter=adjtimex clock_adjtime clock_adjtime64
SystemCallErrorNumber=EPERM

[Install]
WantedBy=default.target
"""
STARTED = re.compile(r"^ExecStart=(.+)$", re.MULTILINE)
"""In a unit's file: the command."""
WOKEN = re.compile(r"^Wants=(.+)$", re.MULTILINE)
"""In a unit's file: the sound server that it asks for."""
LINGERED = """
[X-Broadcaster]
# the user's programs ran without anybody logged in before this was written, and go on doing so after it
LingeredBefore=yes
"""


def unit(command: Sequence[str], sound: str | None = None, *, lingered: bool = False) -> str:
    """The unit's file.

    ``sound``: the sound server's socket, if there is one to be asked for. ``lingered``: remember that it is not this unit that
    made the user's programs run without her.
    """
    text = UNIT.format(
        command=" ".join(_word(word) for word in command),
        wants=f"Wants={sound}\n" if sound else "",
        servers=" ".join(f"{name} {name.replace('.socket', '.service')}" for name in SOUND_SERVERS),
        watched_s=WATCHED_S,
        stopping_s=STOPPING_S,
        again_s=AGAIN_S,
    )
    return text + LINGERED if lingered else text


def lingered_before(text: str) -> bool:
    """Whether a unit's file remembers that."""
    return text.endswith(LINGERED)


def sound_server(settings: Path, root: Path = Path("/")) -> str | None:
    """The socket of the user's sound server: the one that is enabled, else one that is installed and not forbidden.

    ``settings``: her own folder of units.
    """
    local = [settings, root / "etc/systemd/user"]
    everywhere = [*local, root / "usr/lib/systemd/user", root / "lib/systemd/user"]
    there = [
        name
        for name in SOUND_SERVERS
        if any((folder / name).is_file() for folder in everywhere) and not _masked(name, local)
    ]
    enabled = [
        name for name in there if any((each / "sockets.target.wants" / name).is_symlink() for each in everywhere)
    ]
    return next(iter([*enabled, *there]), None)


def _masked(name: str, folders: Iterable[Path]) -> bool:
    return any((folder / name).is_symlink() and (folder / name).readlink() == Path("/dev/null") for folder in folders)


def settings_folder(environment: Mapping[str, str]) -> Path:
    """Where the user's settings are (XDG Base Directory Specification)."""
    home = Path(environment.get("HOME") or Path.home())
    return Path(environment.get("XDG_CONFIG_HOME") or home / ".config")


def _word(word: str) -> str:
    """One word of ``ExecStart=`` (systemd.service(5), "Command lines"; specifiers of systemd.unit(5))."""
    for letter, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("%", "%%"), ("$", "$$")):
        word = word.replace(letter, written)
    return f'"{word}"'
