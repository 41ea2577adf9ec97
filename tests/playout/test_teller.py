"""What the daemon says at the terminal: one sentence an event, in the station's language."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from simulated_station import TEN, market, promise, station

from broadcaster import locale
from broadcaster.cli.teller import TerminalTeller
from broadcaster.model import EpisodeNumber, Outcome, Reason
from broadcaster.playout.accounts import silent


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[TerminalTeller]:
    before = locale.language()
    locale.use("en")
    yield TerminalTeller(station(tmp_path, market("norte")))
    locale.use(before)


def test_all_set_names_the_next_airing_and_when_to_warm_the_amplifier(
    teller: TerminalTeller, capsys: pytest.CaptureFixture[str]
) -> None:
    teller.all_set(promise())
    said = capsys.readouterr().out
    assert "Friday 18 June, 10:00" in said
    assert "9:50" in said
    assert ".." not in said


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


def test_where_standard_output_holds_json_it_speaks_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    TerminalTeller(station(tmp_path, market("norte")), err=True).stopped()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err
