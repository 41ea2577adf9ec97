"""What the daemon says at the terminal: one sentence an event, in the station's language."""

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from simulated_station import TEN, market, promise, station

from broadcaster import locale
from broadcaster.cli.teller import RehearsalTeller, TerminalTeller
from broadcaster.model import EpisodeNumber, Outcome, Reason
from broadcaster.playout.accounts import silent


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    before = locale.language()
    locale.use("en")
    yield
    locale.use(before)


@pytest.fixture
def teller(tmp_path: Path) -> TerminalTeller:
    return TerminalTeller(station(tmp_path, market("norte")))


def test_all_set_names_the_next_airing_and_when_to_warm_the_amplifier(
    teller: TerminalTeller, capsys: pytest.CaptureFixture[str]
) -> None:
    teller.all_set(promise())
    said = capsys.readouterr().out
    assert "Friday 18 June, 10:00" in said
    assert "9:50" in said
    assert ".." not in said


def test_an_amplifier_is_not_to_be_switched_on_in_the_past(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    TerminalTeller(station(tmp_path, market("norte")), now=lambda: TEN - timedelta(minutes=2)).all_set(promise())
    assert "Switch the amplifier on now." in capsys.readouterr().out


def test_it_is_not_all_set_while_something_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    concern = "Norte: The sound output was not found. Check the speaker's cable."
    TerminalTeller(station(tmp_path, market("norte")), concerns=[concern]).all_set(promise())
    said = capsys.readouterr().out
    assert "All set" not in said
    assert concern in said


def test_what_cannot_begin_yet_is_said_while_there_is_time(
    teller: TerminalTeller, capsys: pytest.CaptureFixture[str]
) -> None:
    teller.waiting(promise(), Reason.NO_AUDIO_DEVICE)
    said = capsys.readouterr().out
    assert "Norte, 10:00" in said
    assert "cable" in said


def test_a_rehearsal_says_that_it_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    teller = RehearsalTeller(station(tmp_path, market("norte")))
    teller.all_set(promise())
    teller.on_air(promise(), EpisodeNumber(3), TEN)
    teller.stopped()
    begins, sounds, over = capsys.readouterr().out.splitlines()
    assert "amplifier" not in begins
    assert "on air" not in sounds
    assert over == "The rehearsal is over."


def test_on_air_names_the_place_the_episode_and_its_end(
    teller: TerminalTeller, capsys: pytest.CaptureFixture[str]
) -> None:
    teller.on_air(promise(), EpisodeNumber(3), TEN + timedelta(minutes=8))
    said = capsys.readouterr().out
    assert "Norte" in said
    assert "episode 3" in said
    assert "10:08" in said


def test_a_few_old_ends_are_told_one_by_one_and_many_as_a_number(
    teller: TerminalTeller, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = silent(promise(), Outcome.MISSED, Reason.POWER_LOSS)
    teller.settled([missed] * 2)
    assert len(capsys.readouterr().out.splitlines()) == 2
    teller.settled([missed] * 60)
    [said] = capsys.readouterr().out.splitlines()
    assert "60" in said


def test_an_airing_of_another_day_is_told_with_its_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the machine slept through may be yesterday's; «10:00» alone would be taken for today's."""

    def tell(later: timedelta) -> None:
        teller = TerminalTeller(station(tmp_path, market("norte")), now=lambda: TEN + later)
        teller.settled([silent(promise(), Outcome.MISSED, Reason.POWER_LOSS)])

    tell(timedelta(hours=13))
    tell(timedelta(hours=15))
    same_day, next_day = capsys.readouterr().out.splitlines()
    assert "Norte, 10:00: " in same_day
    assert "Norte, Friday 18 June, 10:00" in next_day


def test_where_standard_output_holds_json_it_speaks_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    TerminalTeller(station(tmp_path, market("norte")), err=True).stopped()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err


HALTED = """
import sys
from pathlib import Path
from simulated_station import market, station
from broadcaster.cli.teller import TerminalTeller
TerminalTeller(station(Path(sys.argv[1]), market("norte"))).stopped()
"""


def test_a_terminal_halted_by_ctrl_s_halts_nobody(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        termios.tcflow(theirs, termios.TCOOFF)
        here = Path(__file__).parent
        told = subprocess.run(
            [sys.executable, "-c", HALTED, str(tmp_path)], stdout=theirs, cwd=here, timeout=20, check=False
        )
    finally:
        os.close(theirs)
        os.close(ours)
    assert told.returncode == 0
