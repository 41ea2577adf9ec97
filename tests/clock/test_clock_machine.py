"""What the machine's own parts say of its clock, each from files and answers as they really are."""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.clock import SystemClock
from broadcaster.clock.chrony import ChronyReport, read_chrony, understood
from broadcaster.clock.kernel import KernelClock, read_kernel
from broadcaster.clock.machine import Machine, Readings, Source, read_mark, trust_of, vouched_by
from broadcaster.clock.rtc import RtcReading, read_rtc
from broadcaster.model import ClockTrust

NOW = datetime(2026, 6, 18, 14, 52, tzinfo=UTC)
GOOD_RTC = RtcReading("rtc0", NOW, 0.4, battery=True)
UNSYNCED = KernelClock(synchronised=False, max_error_s=16.0)
NOTHING = Readings(None, UNSYNCED, None, None)
TRACKING = "{ref},10.0.0.1,3,1781794320.1,-0.000013,0.000007,0.00002,-3.2,0.001,0.05,0.02,{dispersion},64.1,{leap}\n"


def box(root: Path, seconds: int, *, hctosys: int = 1, battery: str = "okay", zone: str = "UTC") -> Path:
    """A computer's files about its hardware clock."""
    clock = root / "sys/class/rtc/rtc0"
    clock.mkdir(parents=True)
    (clock / "since_epoch").write_text(f"{seconds}\n", encoding="ascii")
    (clock / "hctosys").write_text(f"{hctosys}\n", encoding="ascii")
    (root / "proc/driver").mkdir(parents=True)
    (root / "proc/driver/rtc").write_text(f"rtc_time\t: 14:52:00\nbatt_status\t: {battery}\n", encoding="ascii")
    (root / "etc").mkdir()
    (root / "etc/adjtime").write_text(f"0.0 0 0.0\n0\n{zone}\n", encoding="ascii")
    return root


def test_a_hardware_clock_is_read_with_its_battery_and_its_distance(tmp_path: Path) -> None:
    found = read_rtc(box(tmp_path, int(NOW.timestamp()) + 3), NOW)
    assert found == RtcReading("rtc0", NOW.replace(second=3), 3.0, battery=True)


@pytest.mark.parametrize(("word", "battery"), [("dead", False), ("okay", True), ("unknown", None)])
def test_a_battery_speaks_for_itself(tmp_path: Path, word: str, battery: bool | None) -> None:
    found = read_rtc(box(tmp_path, int(NOW.timestamp()), battery=word), NOW)
    assert found is not None
    assert found.battery is battery


def test_a_hardware_clock_beside_windows_keeps_local_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Lima")
    time.tzset()
    try:
        found = read_rtc(box(tmp_path, int(NOW.timestamp()) - 5 * 3600, zone="LOCAL"), NOW)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found is not None
    assert found.difference_s == 0.0


def test_the_clock_that_the_kernel_sets_the_time_from_goes_before_the_first(tmp_path: Path) -> None:
    box(tmp_path, 0, hctosys=0)
    other = tmp_path / "sys/class/rtc/rtc1"
    other.mkdir()
    (other / "since_epoch").write_text(f"{int(NOW.timestamp())}\n", encoding="ascii")
    (other / "hctosys").write_text("1\n", encoding="ascii")
    found = read_rtc(tmp_path, NOW)
    assert found is not None
    assert (found.name, found.difference_s) == ("rtc1", 0.0)


def test_no_hardware_clock_or_one_that_has_stopped_says_nothing(tmp_path: Path) -> None:
    assert read_rtc(tmp_path, NOW) is None
    (box(tmp_path, 0) / "sys/class/rtc/rtc0/since_epoch").write_text("", encoding="ascii")  # the driver refuses: EINVAL
    assert read_rtc(tmp_path, NOW) is None


@pytest.mark.parametrize(
    ("ref", "leap", "synchronised"),
    [
        ("A29FC87B", "Normal", True),
        ("A29FC87B", "Insert second", True),
        ("00000000", "Not synchronised", False),
        ("7F7F0101", "Normal", False),
    ],
    ids=["server", "leap second", "none", "its own clock"],
)
def test_chrony_is_understood(ref: str, leap: str, synchronised: bool) -> None:
    report = understood(TRACKING.format(ref=ref, dispersion="0.001", leap=leap))
    assert report is not None
    assert report.synchronised is synchronised
    assert report.error_s == pytest.approx(0.011, abs=0.001)


@pytest.mark.parametrize("answer", ["", "506 Cannot talk to daemon\n", "a,b,c\n", TRACKING.replace("0.02", "x")])
def test_what_is_no_report_says_nothing(answer: str) -> None:
    assert understood(answer) is None


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    path.chmod(0o755)
    return path


def test_chrony_is_asked_as_the_program_it_is(tmp_path: Path) -> None:
    line = TRACKING.format(ref="A29FC87B", dispersion="0.001", leap="Normal").strip()
    chronyc = program(tmp_path / "chronyc", f'[ "$*" = "-c -n tracking" ] && echo "{line}"')
    report = read_chrony((tmp_path / "absent", chronyc))
    assert report is not None
    assert report.synchronised


@pytest.mark.parametrize("script", ["exit 1", "exec sleep 300"], ids=["fails", "hangs"])
def test_chrony_that_fails_or_hangs_holds_up_nothing(tmp_path: Path, script: str) -> None:
    begun = time.monotonic()
    assert read_chrony((program(tmp_path / "chronyc", script),)) is None
    assert time.monotonic() - begun < 120


def test_the_kernel_answers_and_nothing_is_changed() -> None:
    first, second = read_kernel(), read_kernel()
    assert first is not None
    assert second is not None
    assert first.synchronised == second.synchronised
    assert 0 <= first.max_error_s <= 20


@pytest.mark.parametrize(
    ("readings", "source"),
    [
        (NOTHING, Source.NONE),
        (replace(NOTHING, kernel=KernelClock(synchronised=True, max_error_s=0.2)), Source.KERNEL),
        (replace(NOTHING, kernel=KernelClock(synchronised=True, max_error_s=16.5)), Source.NONE),
        (replace(NOTHING, mark_ns=1), Source.TIMESYNCD),
        (replace(NOTHING, mark_ns=1, mark_stale=True), Source.NONE),
        (replace(NOTHING, chrony=ChronyReport(synchronised=True, error_s=0.01)), Source.CHRONY),
        (replace(NOTHING, chrony=ChronyReport(synchronised=True, error_s=60.0)), Source.NONE),
        (replace(NOTHING, chrony=ChronyReport(synchronised=False, error_s=0.0), rtc=GOOD_RTC), Source.RTC),
        (replace(NOTHING, rtc=replace(GOOD_RTC, battery=None)), Source.RTC),
        (replace(NOTHING, rtc=replace(GOOD_RTC, battery=False)), Source.NONE),
        (replace(NOTHING, rtc=replace(GOOD_RTC, difference_s=-75.0)), Source.NONE),
        (Readings(None, None, None, None), Source.NONE),
    ],
)
def test_who_vouches_for_the_clock(readings: Readings, source: Source) -> None:
    assert vouched_by(readings) is source


def test_only_a_time_server_is_trusted_as_one() -> None:
    assert [trust_of(source) for source in Source] == [ClockTrust.SYNCED] * 3 + [ClockTrust.RTC, ClockTrust.UNVERIFIED]


def test_timesyncds_mark_is_found_where_it_lies(tmp_path: Path) -> None:
    mark = tmp_path / "synchronized"
    assert read_mark(mark) is None
    mark.touch()
    os.utime(mark, ns=(5, 7))
    assert read_mark(mark) == 7


def test_a_machine_with_nothing_at_all_is_unverified_and_says_so_fast() -> None:
    machine = Machine(mark=lambda: None, kernel=lambda: None, chrony=lambda: None, rtc=lambda: None)
    assert SystemClock(machine).now().trust is ClockTrust.UNVERIFIED


def test_chrony_is_not_asked_where_another_vouches() -> None:
    asked: list[int] = []

    def chrony() -> ChronyReport | None:
        asked.append(1)
        return None

    machine = Machine(mark=lambda: 1, kernel=lambda: UNSYNCED, chrony=chrony, rtc=lambda: None)
    assert machine() is ClockTrust.SYNCED
    assert asked == []
