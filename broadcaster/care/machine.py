"""Whether this computer lets the programme go out when the power comes back: what any user can read of it.

Every look is given the root folder below which it reads. What no file tells (whether the firmware switches the computer on when
the power returns, whether it waits for a keyboard) stands in the guide for whoever installs it.
"""

import getpass
import os
import shlex
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from broadcaster.care import boot
from broadcaster.care.boot import Boot, Way
from broadcaster.care.checks import Check, Probe, broken, doubtful, well
from broadcaster.care.machine_files import (
    Window,
    apt_values,
    is_masked,
    shell_values,
    text,
    timer_windows,
    unit_values,
    with_dropins,
)
from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale.moments import date_and_time
from broadcaster.schedule.load import load_plan

ROOT = Path("/")
LONG_S = 60
"""A boot menu that waits longer than this makes an airing late."""
SYSTEMD = ("etc/systemd", "run/systemd", "usr/lib/systemd", "lib/systemd")
TIMERS = ("etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")
UPGRADE = "apt-daily-upgrade.timer"
TAKES = timedelta(minutes=30)
"""How long installing updates may take."""
AHEAD = timedelta(days=14)
BEFORE, AFTER = timedelta(minutes=15), timedelta(minutes=45)
"""Round an airing nothing is to be installed."""
FORBID_SLEEP = "sudo systemctl mask sleep.target suspend.target hibernate.target hybrid-sleep.target"
CHECKED_AT_BOOT = {"ext2", "ext3", "ext4"}
"""File systems that a damage can keep from being mounted until somebody has said yes."""


def look_at_boot_menu(station: Station, now: datetime, root: Path = ROOT) -> Iterator[Check]:
    """A menu that waits for a key waits for ever where nobody sits."""
    del station, now
    grub = [root / "etc/default/grub", *sorted((root / "etc/default/grub.d").glob("*.cfg"))]
    loaders = [root / folder / "loader/loader.conf" for folder in ("boot", "efi", "boot/efi")]
    if grub[0].exists():
        values = shell_values(grub)
        waits = [values.get("GRUB_TIMEOUT", "5"), values.get("GRUB_RECORDFAIL_TIMEOUT", "30")]
        todo = _(
            "Ask whoever maintains the computer to set GRUB_TIMEOUT=5 and GRUB_RECORDFAIL_TIMEOUT=5 in "
            "/etc/default/grub and to type: «sudo update-grub»."
        )
    else:
        said = [line.split() for file in loaders for line in text(file).splitlines()]
        waits = [words[1] for words in said if len(words) == 2 and words[0] == "timeout"][-1:]
        todo = _("Ask whoever maintains the computer to set «timeout 5» in the file loader.conf of the boot menu.")
    seconds = [_seconds(wait) for wait in waits]
    if any(wait is None for wait in seconds):
        said_so = _("When it is switched on, this computer waits in a menu until somebody presses a key.")
        yield broken("boot", said_so, todo)
    elif (longest := max((wait or 0 for wait in seconds), default=0)) > LONG_S:
        late = _("When it is switched on, this computer waits in a menu for {seconds} seconds.").format(seconds=longest)
        yield doubtful("boot", late, todo, seconds=longest)
    else:
        yield well("boot", _("When it is switched on, this computer starts without waiting for anybody."))


def _seconds(wait: str) -> int | None:
    """How long a boot menu waits; ``None``: for ever."""
    if wait in {"-1", "menu-force"}:
        return None
    return int(wait) if wait.isdecimal() else 0


def look_at_lid(station: Station, now: datetime, root: Path = ROOT) -> Iterator[Check]:
    """A lid that is shut must not silence a market."""
    del station, now
    logind = _logind(root)
    closed = logind.get("HandleLidSwitch", "suspend")
    harmless = {closed, logind.get("HandleLidSwitchExternalPower", closed)} <= {"ignore", "lock"}
    if not any((root / "proc/acpi/button/lid").glob("*")):
        yield well("lid", _("This computer has no lid that could be shut."))
    elif harmless or is_masked(root, "suspend.target"):
        yield well("lid", _("With its lid shut, this computer goes on playing."))
    else:
        yield broken(
            "lid",
            _("With its lid shut, this computer falls asleep and nothing plays."),
            _("Leave the lid open. Ask whoever maintains the computer to type: «{command}».").format(
                command=FORBID_SLEEP
            ),
        )


def look_at_sleep(station: Station, now: datetime, root: Path = ROOT) -> Iterator[Check]:
    """Nobody touches a computer at a market: to a desktop that looks as if nobody needed it."""
    del station, now
    todo = _("Ask whoever maintains the computer to type: «{command}».").format(command=FORBID_SLEEP)
    desktops = [
        each for kind in ("xsessions", "wayland-sessions") for each in (root / "usr/share" / kind).glob("*.desktop")
    ]
    if is_masked(root, "sleep.target") or is_masked(root, "suspend.target"):
        yield well("sleep", _("This computer does not fall asleep."))
    elif _logind(root).get("IdleAction", "ignore") not in {"ignore", "lock"}:
        yield broken("sleep", _("When nobody touches it, this computer falls asleep and nothing plays."), todo)
    elif desktops:
        said = _("The desktop may put this computer to sleep when nobody touches it, and nothing would play.")
        yield doubtful("sleep", said, todo)
    else:
        yield well("sleep", _("Nothing here puts this computer to sleep."))


def _logind(root: Path) -> Mapping[str, str]:
    values = unit_values(with_dropins(root, SYSTEMD, "logind.conf"), "Login")
    return {name: said[-1] for name, said in values.items() if said}


def look_at_updates(station: Station, now: datetime, root: Path = ROOT) -> Iterator[Check]:
    """Updates exchange the sound server under a sound, and may start the computer anew."""
    apt = apt_values(root / "etc/apt/apt.conf.d")
    wanted = apt.get("APT::Periodic::Enable", "1") != "0" and apt.get("APT::Periodic::Unattended-Upgrade", "0") != "0"
    timer = unit_values(with_dropins(root, TIMERS, UPGRADE), "Timer")
    if not wanted or not timer or is_masked(root, UPGRADE):
        yield well("updates", _("This computer installs no updates by itself."))
        return
    windows = list(timer_windows(timer, TAKES))
    restarts = apt.get("Unattended-Upgrade::Automatic-Reboot", "false").lower() == "true"
    reboot = _reboots(apt.get("Unattended-Upgrade::Automatic-Reboot-Time", "now"), windows) if restarts else []
    local = [moment.astimezone(station.timezone) for moment in _airings(station, now)]
    if (hit := _first_touched(reboot, local)) is not None:
        restarted = _("This computer may restart by itself, for updates, around the airing of {when}.")
        yield broken("updates", restarted.format(when=date_and_time(hit)), _calm(station))
    elif (hit := _first_touched(windows, local)) is not None:
        installed = _("This computer may install updates around the airing of {when}; the sound may break off.")
        yield doubtful("updates", installed.format(when=date_and_time(hit)), _calm(station))
    elif timer.get("Persistent", [""])[-1:] == ["true"]:
        catching = _("When the power comes back, this computer may install updates at once, also during an airing.")
        yield doubtful("updates", catching, _calm(station))
    else:
        yield well("updates", _("This computer installs updates far from the airings."))


def _reboots(said: str, installing: list[Window]) -> list[Window]:
    hour, _colon, minute = said.partition(":")
    if hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60:
        return [Window(time(int(hour), int(minute)), timedelta(minutes=5))]
    return installing


def _airings(station: Station, now: datetime) -> Iterator[datetime]:
    here = station.serves or tuple(station.markets)
    for airing in load_plan(station).airings:
        if now <= airing.due <= now + AHEAD and airing.cancelled is None and airing.market in here:
            yield airing.due


def _first_touched(windows: list[Window], moments: list[datetime]) -> datetime | None:
    return next((each for each in moments if any(one.touches(each, BEFORE, AFTER) for one in windows)), None)


def _calm(station: Station) -> str:
    """At night, and never to be made up for."""
    del station
    return _(
        "Ask whoever maintains the computer to type «sudo systemctl edit apt-daily-upgrade.timer» and to write these "
        "lines: [Timer] OnCalendar= OnCalendar=*-*-* 02:00 Persistent=false"
    )


def look_at_disk_repair(station: Station, now: datetime, root: Path = ROOT) -> Iterator[Check]:
    """A disk that a power cut has damaged is repaired without a question, or the computer stands there asking."""
    del station, now
    words = text(root / "proc/cmdline").split()
    systemd = (root / "run/systemd/system").is_dir()
    fixes = shell_values([root / "etc/default/rcS"]).get("FSCKFIX", "no").lower() == "yes" and not systemd
    todo = _(
        "Ask whoever maintains the computer to add fsck.repair=yes to GRUB_CMDLINE_LINUX in /etc/default/grub and to "
        "type: «sudo update-grub»."
    )
    kind = next((line.split()[2] for line in text(root / "proc/mounts").splitlines() if line.split()[1:2] == ["/"]), "")
    if kind and kind not in CHECKED_AT_BOOT:
        yield well("disk_repair", _("After a power cut, the disk puts itself right."), filesystem=kind)
    elif "fsck.mode=skip" in words:
        yield broken("disk_repair", _("After a power cut, the disk is not checked, and may lose what it holds."), todo)
    elif fixes or {"fsck.repair=yes", "fsckfix"} & set(words):
        yield well("disk_repair", _("After a power cut, the disk is repaired without asking anybody."))
    else:
        said = _(
            "If a power cut damages the disk, this computer may stop while starting and wait for somebody to answer."
        )
        yield doubtful("disk_repair", said, todo)


def look_at_unit(station: Station, now: datetime, root: Path = ROOT) -> Iterator[Check]:
    """Whether the program starts by itself, whoever is there."""
    del now
    planned = boot.boot_here(station.root.absolute(), os.environ, root)
    install = _("Type: «broadcaster service install».")
    if not planned.is_written or not _counts(planned):
        yield doubtful("unit", _("When the power comes back, the program does not start by itself."), install)
    elif planned.way is Way.DESKTOP:
        yield doubtful(
            "unit",
            _("When the power comes back, the program starts only after somebody has logged in."),
            _("Log in each time the computer is switched on; or have the desktop log in by itself, in its settings."),
        )
    else:
        yield well("unit", _("When the power comes back, the program starts by itself."))
        yield from _nobody_there(root)


def _counts(planned: Boot) -> bool:
    if planned.way is Way.DESKTOP:
        return True
    return any(planned.path.parent.glob(f"*.wants/{planned.path.name}"))


def _nobody_there(root: Path) -> Iterator[Check]:
    """Two things that a unit of the user needs and that are the system's to give."""
    user = getpass.getuser()
    if boot.lingers(user, root):
        yield well("linger", _("It starts with nobody logged in."))
    else:
        yield doubtful(
            "linger",
            _("It starts only after somebody has logged in."),
            _("Ask whoever maintains the computer to type: «{command}».").format(
                command=f"sudo loginctl enable-linger {shlex.quote(user)}"
            ),
        )
    right = boot.before_anybody_logs_in()
    if right is None:
        yield well("sound_access", _("It may use the sound card with nobody logged in."))
    else:
        yield doubtful(
            "sound_access",
            _("With nobody logged in, it may not use the sound card, and nothing sounds."),
            _("Ask whoever maintains the computer to type: «{command}».").format(command=shlex.join(right)),
        )


def look_at_rtc(station: Station, now: datetime, root: Path = ROOT) -> Iterator[Check]:
    """Whether the time survives a power cut without internet."""
    del station, now
    states = [
        line.split(":")[1].strip() for line in text(root / "proc/driver/rtc").splitlines() if "batt_status" in line
    ]
    phone = _("After each power cut, compare the time with your phone.")
    if not any((root / "sys/class/rtc").glob("rtc*")):
        yield doubtful(
            "rtc", _("This computer has no clock of its own: after a power cut, its time may be wrong."), phone
        )
    elif "dead" in states:
        said = _("The battery of this computer's clock is empty: after a power cut, its time may be wrong.")
        yield doubtful("rtc", said, phone + " " + _("Have the battery changed."))
    else:
        yield well("rtc", _("This computer has a clock of its own that keeps running without power."))


PROBES = (
    Probe("unit", look_at_unit),
    Probe("boot", look_at_boot_menu),
    Probe("disk_repair", look_at_disk_repair),
    Probe("lid", look_at_lid),
    Probe("sleep", look_at_sleep),
    Probe("updates", look_at_updates),
    Probe("rtc", look_at_rtc),
)
"""What is looked at of the computer itself."""
