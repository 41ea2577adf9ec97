"""One look that fails, hangs or finds nothing hinders no other; each says so in a sentence."""

import json
import os
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest
from doctor_station import EVENING, ROOT

from broadcaster.care.checks import Check, Probe, State, broken, well
from broadcaster.care.examination import examine, parted
from broadcaster.care.look_disk import of_device
from broadcaster.cli.group import speak
from broadcaster.config import Station, load_station
from broadcaster.errors import ConfigurationError, Fault, RecordUnavailable


@pytest.fixture
def station(tmp_path: Path) -> Station:
    (tmp_path / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    speak("es")
    return load_station(tmp_path)


def raising(error: Exception) -> Probe:
    def look(_station: Station, _now: datetime) -> Iterable[Check]:
        raise error

    return Probe("bad", look)


GOOD = Probe("good", lambda _station, _now: [well("good", "Bien.")])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("a title that nobody is to read"), "Esto no se pudo revisar (ValueError)"),
        (OSError(5, "x"), "el disco no responde"),
        (RecordUnavailable(path="/r", problem="p"), "No se puede usar el registro /r"),
        (ConfigurationError([Fault("config.toml", "a.b", "mal")]), "config.toml: a.b: mal"),
    ],
    ids=["any", "disk", "record", "files"],
)
def test_a_look_that_fails_is_red_in_a_sentence_and_the_others_are_told(
    error: Exception, words: str, station: Station
) -> None:
    bad, good = examine([raising(error), GOOD], station, EVENING)
    assert (bad.code, bad.state, good.state) == ("bad", State.FAIL, State.OK)
    assert words in bad.line
    assert "a title" not in bad.line


def test_a_look_that_hangs_is_not_waited_for(station: Station) -> None:
    forever = threading.Event()

    def hang(_station: Station, _now: datetime) -> Iterable[Check]:
        forever.wait(60)
        return []

    hanging = Probe("slow", hang)
    began = time.monotonic()
    slow, good = examine([hanging, GOOD], station, EVENING, limit_s=0.3)
    assert time.monotonic() - began < 30
    assert "no hay respuesta en 0.3 segundos" in slow.sentence
    assert good.state is State.OK
    forever.set()


def test_what_has_grown_for_years_may_take_longer_than_the_others(station: Station) -> None:
    """And the others are not waited for in the meantime."""
    others_over = threading.Event()

    def read_all(_station: Station, _now: datetime) -> Iterable[Check]:
        time.sleep(1.0)
        return [well("long", "Bien.")]

    def hang(_station: Station, _now: datetime) -> Iterable[Check]:
        others_over.wait(60)
        return []

    long, slow = examine([Probe("long", read_all, 60.0), Probe("slow", hang)], station, EVENING, limit_s=0.3)
    others_over.set()
    assert (long.code, long.state) == ("long", State.OK)
    assert (slow.code, slow.state) == ("slow", State.FAIL)


def test_the_same_fault_met_by_several_is_told_once(station: Station) -> None:
    same = [Probe(code, lambda _station, _now: [broken("x", "Igual.", "Haga esto.")]) for code in ("a", "b")]
    assert len(examine(same, station, EVENING)) == 1


def test_a_sentence_that_ends_with_what_to_do_is_parted() -> None:
    assert parted("It is gone. It will not sound. Look for it.") == ("It is gone. It will not sound.", "Look for it.")
    assert parted("Look for it.") == ("Look for it.", "")


# What a disk says of its health, on a system of the test's own


class Machine:
    """A folder that says of its devices what the kernel's does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.device = os.makedev(179, 2)
        self.disk = root / "devices" / "mmcblk0"
        part = self.disk / "mmcblk0p2"
        (self.disk / "device").mkdir(parents=True)
        part.mkdir()
        (part / "partition").write_text("2\n")
        (root / "dev" / "block").mkdir(parents=True)
        (root / "dev" / "block" / "179:2").symlink_to(part)
        (root / "fs" / "ext4" / "mmcblk0p2").mkdir(parents=True)

    def says(self, worn: int, errors: int) -> None:
        (self.disk / "device" / "pre_eol_info").write_text(f"0x{worn:02x}\n")
        (self.root / "fs" / "ext4" / "mmcblk0p2" / "errors_count").write_text(f"{errors}\n")

    def found(self) -> Check:
        (check,) = of_device(self.device, self.root)
        return check


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return Machine(tmp_path / "sys")


@pytest.mark.parametrize(
    ("worn", "errors", "state"),
    [(1, 0, State.OK), (2, 0, State.WARN), (3, 0, State.FAIL), (1, 4, State.WARN)],
    ids=["well", "wears out", "worn out", "damaged files"],
)
def test_a_card_that_wears_out_is_told_before_it_fails(worn: int, errors: int, state: State, machine: Machine) -> None:
    machine.says(worn, errors)
    assert machine.found().state is state


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (json.dumps({"smart_status": {"passed": False}}), State.FAIL),
        (json.dumps({"smart_status": {"passed": True}}), State.OK),
        ("[]", State.OK),
        ("no json", State.OK),
    ],
    ids=["fails", "passes", "says something else", "may not be asked"],
)
def test_a_disk_that_tests_itself_is_believed(said: str, state: State, machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    tool = tmp_path / "bin" / "smartctl"
    tool.write_text(f"#!/bin/sh\necho '{said}'\nexit 8\n")
    tool.chmod(0o755)
    assert machine.found().state is state


def test_a_disk_that_is_none_says_nothing_and_is_not_red(tmp_path: Path) -> None:
    (check,) = of_device(os.makedev(0, 99), tmp_path)
    assert check.state is State.OK
