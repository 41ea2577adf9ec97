"""What is written to start the program with the computer is read by those who read it as it was meant."""

import os
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from broadcaster.care.boot import (
    BootNotKept,
    Way,
    as_administrator,
    boot,
    failing,
    to_the_cards,
    way_here,
    write,
)

AWKWARD = """estación «100 %» de $HOME `uno` "dos" a\\b;c"""
TELL = '#!/bin/sh\nfor word in "$@"; do printf "[%s]" "$word"; done > "{told}"\n'


def environment(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder / "run")}


def program_that_tells(folder: Path) -> Path:
    """A stand-in for the interpreter: it writes down the words that it was started with."""
    program = folder / "python"
    program.write_text(TELL.format(told=folder / "told"), encoding="utf-8")
    program.chmod(0o755)
    return program


def test_the_unit_is_good_in_systemds_own_eyes_even_for_an_awkward_folder(tmp_path: Path) -> None:
    planned = boot(Way.COMPUTER, tmp_path / AWKWARD, environment(tmp_path))
    write(planned)
    assert planned.path == tmp_path / ".config" / "systemd" / "user" / "broadcaster.service"
    (tmp_path / "run").mkdir(mode=0o700)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(planned.path)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "run")},
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in checked.stderr.splitlines() if "system bus" not in line]  # there may be none
    assert (checked.returncode, said) == (0, [])
    assert f'"{sys.executable}" "-P" "-m" "broadcaster" "--station"' in planned.text


def test_the_entry_starts_the_stations_program_as_a_desktop_reads_it(tmp_path: Path) -> None:
    station = tmp_path / AWKWARD
    planned = boot(Way.DESKTOP, station, environment(tmp_path), python=str(program_that_tells(tmp_path)))
    write(planned)
    subprocess.run(["gio", "launch", str(planned.path)], check=True, timeout=60)
    told = tmp_path / "told"
    wait_for(told)
    assert told.read_text(encoding="utf-8") == f"[-P][-m][broadcaster][--station][{station}][run]"


def wait_for(told: Path) -> None:
    """Until the program that was started has written its last word."""
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text(encoding="utf-8").endswith("[run]")) and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_folder_for_settings_of_the_users_own_choice_is_heeded(tmp_path: Path) -> None:
    chosen = {**environment(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "ajustes")}
    assert boot(Way.DESKTOP, tmp_path, chosen).path == tmp_path / "ajustes" / "autostart" / "broadcaster.desktop"


@pytest.mark.parametrize("way", Way)
def test_what_is_written_is_recognised_and_what_says_how_to_undo_it_undoes_it(way: Way, tmp_path: Path) -> None:
    planned = boot(way, tmp_path, environment(tmp_path))
    assert not planned.is_written
    write(planned)
    assert planned.is_written
    assert stat.S_IMODE(planned.path.stat().st_mode) & 0o022 == 0
    assert not boot(way, tmp_path / "other", environment(tmp_path)).is_written
    removal = next(command for command in planned.undo if command[0] == "rm")
    subprocess.run(removal, check=True)
    assert not planned.is_written


def test_a_file_that_somebody_has_put_out_of_effect_does_not_count(tmp_path: Path) -> None:
    planned = boot(Way.COMPUTER, tmp_path, environment(tmp_path))
    write(planned)
    assert replace(planned, enabled=("true",)).is_set
    assert not replace(planned, enabled=("false",)).is_set


def test_where_it_cannot_be_written_one_sentence_says_what_follows(tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("a file in the way", encoding="ascii")
    with pytest.raises(BootNotKept):
        write(boot(Way.DESKTOP, tmp_path, environment(tmp_path)))


def test_the_users_systemd_is_used_only_where_it_runs(tmp_path: Path) -> None:
    booted, runtime = tmp_path / "booted", tmp_path / "run"
    assert way_here(environment(tmp_path), booted) is Way.DESKTOP
    booted.mkdir()
    assert way_here(environment(tmp_path), booted) is Way.DESKTOP
    (runtime / "systemd").mkdir(parents=True)
    (runtime / "systemd" / "private").touch()
    assert way_here(environment(tmp_path), booted) is Way.COMPUTER
    assert way_here({}, booted) is Way.DESKTOP


def test_commands_that_fail_are_told_with_what_an_administrator_types(tmp_path: Path) -> None:
    absent = ("loginctl-that-is-not-there", "enable-linger")
    assert list(failing([("true",), ("false",), absent])) == [("false",), absent]
    assert as_administrator(("loginctl", "--no-ask-password", "enable-linger"))[:3] == (
        "sudo",
        "loginctl",
        "enable-linger",
    )


def test_who_is_in_the_group_of_the_sound_cards_needs_nothing_more() -> None:
    assert to_the_cards(29, {1000, 29}, 1000, "mercado") is None
    assert to_the_cards(29, {0}, 0, "root") is None
    assert to_the_cards(29, {1000}, 1000, "mercado") == ("sudo", "usermod", "-aG", "audio", "mercado")
