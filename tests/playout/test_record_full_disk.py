"""A full disk: the record's reserve is given up and everything goes on; without one, nothing sounds that is not on record."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ALONE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
"""A mount namespace of the test's own: nobody else sees the small disk, and it goes with the process."""
PLAYED = ["played", "on_time", 0.0]


def story(tmp_path: Path, name: str) -> dict[str, Any]:
    script = Path(__file__).with_name("full_disk.py")
    command = [*ALONE, sys.executable, str(script), str(tmp_path), name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize("when", ["while_running", "at_start", "mid_play"])
def test_a_disk_that_is_full_takes_no_row_and_no_airing_away(tmp_path: Path, when: str) -> None:
    """The reserve is freed, the row is written, and a row says so."""
    found = story(tmp_path, when)
    assert found["ends"] == [PLAYED, PLAYED]
    assert found["sounded"] == 2
    assert set(found["incidents"]) == {"disk_full"}
    assert not found["ballast"]
    assert found["copy"]
    assert found["intact"]


def test_without_a_reserve_nothing_sounds_and_the_record_says_why_once_there_is_room(tmp_path: Path) -> None:
    found = story(tmp_path, "nothing_left")
    assert found["sounded"] == 0
    assert found["intents"] == 0
    assert [end[:2] for end in found["ends"]] == [["missed", "record_unavailable"]] * 2
    assert found["copy"]
    assert found["intact"]
