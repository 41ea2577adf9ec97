"""What a computer's own files say of it is told right: whether it plays again when the power comes back."""

import getpass
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.care import machine
from broadcaster.care.boot import Way, boot, boot_here, write
from broadcaster.care.checks import Check, State
from broadcaster.care.machine import PROBES
from broadcaster.config import Station, load_station

ROOT = Path(__file__).parents[2]
NOW = datetime(2021, 6, 17, 15, 0, tzinfo=UTC)
SEASON = """\
name = "Prueba"
from = 2021-06-18
until = 2021-06-18
first_episode = 1
holidays = "air"

[[rules]]
weekdays = ["friday"]
times = ["10:00"]
markets = ["unicachi"]
"""
"""One airing, on Friday 18 June 2021 at ten."""


@pytest.fixture
def station(tmp_path: Path) -> Station:
    folder = tmp_path / "station"
    (folder / "schedules").mkdir(parents=True)
    (folder / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    (folder / "schedules" / "prueba.toml").write_text(SEASON, encoding="utf-8")
    return load_station(folder)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A computer's files: none yet."""
    return tmp_path / "computer"


def put(root: Path, file: str, words: str = "") -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(words, encoding="utf-8")


def mask(root: Path, unit: str) -> None:
    (root / "etc/systemd/system").mkdir(parents=True, exist_ok=True)
    (root / "etc/systemd/system" / unit).symlink_to("/dev/null")


def only(found: Iterator[Check]) -> Check:
    (one,) = found
    return one


# The boot menu

GRUB = "etc/default/grub"


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({}, State.OK),
        ({GRUB: "GRUB_TIMEOUT=5\n"}, State.OK),
        ({GRUB: "#GRUB_TIMEOUT=-1\nGRUB_TIMEOUT='0'\n"}, State.OK),
        ({GRUB: "GRUB_TIMEOUT=-1\n"}, State.FAIL),
        ({GRUB: 'GRUB_TIMEOUT="5"\nGRUB_RECORDFAIL_TIMEOUT="-1"\n'}, State.FAIL),  # after a power cut, of all times
        ({GRUB: "GRUB_TIMEOUT=300 # five minutes\n"}, State.WARN),
        ({GRUB: "GRUB_TIMEOUT=-1\n", "etc/default/grub.d/50-quick.cfg": "GRUB_TIMEOUT=3\n"}, State.OK),
        ({"boot/loader/loader.conf": "default arch\ntimeout 3\n"}, State.OK),
        ({"boot/loader/loader.conf": "timeout menu-force\n"}, State.FAIL),
    ],
)
def test_a_boot_menu_that_waits_for_a_key_is_told(
    files: dict[str, str], state: State, station: Station, root: Path
) -> None:
    for file, words in files.items():
        put(root, file, words)
    assert only(machine.look_at_boot_menu(station, NOW, root)).state is state


# Sleep

LID, LOGIND = "proc/acpi/button/lid/LID0/state", "etc/systemd/logind.conf"


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({}, State.OK),
        ({LID: "state: open"}, State.FAIL),
        ({LID: "", LOGIND: "[Login]\nHandleLidSwitch=ignore\n"}, State.OK),
        ({LID: "", LOGIND: "[Login]\n#HandleLidSwitch=ignore\n"}, State.FAIL),
        ({LID: "", LOGIND: "[Login]\nHandleLidSwitchExternalPower=ignore\n"}, State.FAIL),  # but on its battery
        (
            {
                LID: "",
                LOGIND: "[Login]\nHandleLidSwitch=suspend\n",
                f"{LOGIND}.d/a.conf": "[Login]\nHandleLidSwitch=lock",
            },
            State.OK,
        ),
    ],
)
def test_a_lid_that_puts_the_computer_to_sleep_is_told(
    files: dict[str, str], state: State, station: Station, root: Path
) -> None:
    for file, words in files.items():
        put(root, file, words)
    assert only(machine.look_at_lid(station, NOW, root)).state is state


def test_a_computer_that_may_not_sleep_at_all_is_well_whatever_its_lid_and_desktop(
    station: Station, root: Path
) -> None:
    put(root, LID)
    put(root, "usr/share/wayland-sessions/gnome.desktop")
    assert only(machine.look_at_sleep(station, NOW, root)).state is State.WARN
    mask(root, "suspend.target")
    assert only(machine.look_at_sleep(station, NOW, root)).state is State.OK
    assert only(machine.look_at_lid(station, NOW, root)).state is State.OK


def test_a_computer_that_sleeps_when_idle_is_told(station: Station, root: Path) -> None:
    assert only(machine.look_at_sleep(station, NOW, root)).state is State.OK
    put(root, LOGIND, "[Login]\nIdleAction=suspend\n")
    assert only(machine.look_at_sleep(station, NOW, root)).state is State.FAIL


# Updates

APT, TIMER = "etc/apt/apt.conf.d/20auto-upgrades", "lib/systemd/system/apt-daily-upgrade.timer"
ON = 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n'
AT_SIX = "[Timer]\nOnCalendar=*-*-* 6:00\nRandomizedDelaySec=60m\nPersistent=true\n"
NIGHT = "[Timer]\nOnCalendar=\nOnCalendar=*-*-* 02:00\nPersistent=false\n"
DROPIN = "etc/systemd/system/apt-daily-upgrade.timer.d/override.conf"
REBOOT = 'Unattended-Upgrade::Automatic-Reboot "true";\n'


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({}, State.OK),
        ({TIMER: AT_SIX}, State.OK),  # nothing is to be installed
        ({APT: ON, TIMER: AT_SIX}, State.WARN),  # far from ten, but made up for when the power is back
        ({APT: ON, TIMER: AT_SIX, DROPIN: NIGHT}, State.OK),
        ({APT: ON, TIMER: AT_SIX, DROPIN: NIGHT.replace("02:00", "9:30")}, State.WARN),
        ({APT: ON, TIMER: AT_SIX, DROPIN: NIGHT.replace("*-*-* 02:00", "hourly")}, State.WARN),
        ({APT: ON + REBOOT, TIMER: AT_SIX, DROPIN: NIGHT}, State.OK),
        ({APT: ON + REBOOT, TIMER: AT_SIX, DROPIN: NIGHT.replace("02:00", "9:30")}, State.FAIL),
        (
            {APT: ON + REBOOT + 'Unattended-Upgrade::Automatic-Reboot-Time "10:05";\n', TIMER: AT_SIX, DROPIN: NIGHT},
            State.FAIL,
        ),
        ({APT: ON.replace('Upgrade "1"', 'Upgrade "0"'), TIMER: AT_SIX}, State.OK),
        ({APT: ON + 'APT::Periodic::Enable "0";\n', TIMER: AT_SIX}, State.OK),
    ],
)
def test_updates_near_an_airing_are_told(files: dict[str, str], state: State, station: Station, root: Path) -> None:
    for file, words in files.items():
        put(root, file, words)
    assert only(machine.look_at_updates(station, NOW, root)).state is state


def test_updates_that_touch_an_airing_are_told_with_its_moment(station: Station, root: Path) -> None:
    for file, words in {APT: ON, TIMER: AT_SIX, DROPIN: NIGHT.replace("02:00", "9:30")}.items():
        put(root, file, words)
    assert "10:00" in only(machine.look_at_updates(station, NOW, root)).sentence


# The disk

EXT4, BTRFS = "/dev/sda1 / ext4 rw 0 0\n", "/dev/sda1 / btrfs rw 0 0\n"


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({"proc/mounts": EXT4, "proc/cmdline": "quiet splash"}, State.WARN),
        ({"proc/mounts": EXT4, "proc/cmdline": "quiet fsck.repair=yes"}, State.OK),
        ({"proc/mounts": EXT4, "proc/cmdline": "fsck.mode=skip fsck.repair=yes"}, State.FAIL),
        ({"proc/mounts": EXT4, "etc/default/rcS": "FSCKFIX=yes\n"}, State.OK),
        ({"proc/mounts": EXT4, "etc/default/rcS": "FSCKFIX=yes\n", "run/systemd/system/x": ""}, State.WARN),
        ({"proc/mounts": BTRFS, "proc/cmdline": "quiet"}, State.OK),
    ],
)
def test_a_disk_that_waits_for_a_yes_after_a_power_cut_is_told(
    files: dict[str, str], state: State, station: Station, root: Path
) -> None:
    for file, words in files.items():
        put(root, file, words)
    assert only(machine.look_at_disk_repair(station, NOW, root)).state is state


# The clock's battery


def test_a_computer_without_a_clock_that_runs_on_is_told(station: Station, root: Path) -> None:
    assert only(machine.look_at_rtc(station, NOW, root)).state is State.WARN
    put(root, "sys/class/rtc/rtc0/name", "rtc_cmos")
    assert only(machine.look_at_rtc(station, NOW, root)).state is State.OK
    put(root, "proc/driver/rtc", "rtc_time\t: 10:00:00\nbatt_status\t: dead\n")
    assert only(machine.look_at_rtc(station, NOW, root)).state is State.WARN


# What starts the program


def test_whether_the_program_starts_with_nobody_there_is_told(
    station: Station, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("broadcaster.care.boot.way_here", lambda _environment: Way.COMPUTER)  # there is no systemd here
    assert states(station, root) == {"unit": State.WARN}
    planned = boot_here(station.root, os.environ, root)
    write(planned)
    assert states(station, root) == {"unit": State.WARN}  # written, and put out of effect
    put(tmp_path, ".config/systemd/user/default.target.wants/broadcaster.service")
    assert states(station, root)["unit"] is State.OK
    assert states(station, root)["linger"] is State.WARN
    put(root, f"var/lib/systemd/linger/{getpass.getuser()}")
    assert states(station, root)["linger"] is State.OK
    planned.path.write_text(boot(Way.COMPUTER, tmp_path / "other", os.environ).text, encoding="utf-8")
    assert states(station, root) == {"unit": State.WARN}  # another station's


def states(station: Station, root: Path) -> dict[str, State]:
    return {each.code: each.state for each in machine.look_at_unit(station, NOW, root)}


def test_every_look_at_this_very_computer_says_something_and_what_is_to_be_done(station: Station) -> None:
    for probe in PROBES:
        found = list(probe.look(station, NOW))
        assert found
        for each in found:
            assert each.sentence.endswith(".")
            assert bool(each.todo) == (each.state is not State.OK)
