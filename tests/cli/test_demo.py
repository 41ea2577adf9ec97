"""The demonstration: it types only what the command line understands, changes only its copy, believes only the play log."""

import stat
from contextlib import chdir
from datetime import datetime
from pathlib import Path

import click
import pytest

from broadcaster.cli import demo
from broadcaster.cli.program import run, whole_program
from broadcaster.config import Station, load_station
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import statuses
from broadcaster.library.decisions import DECISIONS
from broadcaster.library.shelf import EpisodeFile, read_all

ROOT = Path(__file__).parents[2]


@pytest.fixture
def station() -> Station:
    return load_station(ROOT)


@pytest.fixture
def samples(station: Station) -> list[EpisodeFile]:
    return [episode for episode in read_all(station).values() if episode.sample]


def test_it_types_only_what_the_command_line_understands(
    station: Station, samples: list[EpisodeFile], tmp_path: Path
) -> None:
    recordings = demo.copy_station(station, samples, tmp_path)
    with chdir(tmp_path):
        for step in demo.steps(samples, recordings):
            for words in step.commands:
                understood(whole_program(), demo.whole(words))


def test_every_step_up_to_the_rehearsal_is_allowed_by_every_gate(
    station: Station, samples: list[EpisodeFile], tmp_path: Path
) -> None:
    """The shipped seasons, samples and rules agree; afterwards the sample lacks nothing but leave to air."""
    recordings = demo.copy_station(station, samples, tmp_path)
    with chdir(tmp_path):
        for number, step in enumerate(demo.steps(samples[:1], recordings), start=1):
            if step.commands[0][0] != "rehearse":
                demo.perform(number, step, tmp_path)
    copy = load_station(tmp_path)
    rows, day = read(copy.database, kinds=DECISIONS), datetime.fromisoformat(demo.MOMENT).date()
    status = statuses(copy, rows, day, samples_may_air=True)[samples[0].number]
    assert status.reason is None


def understood(command: click.Command, words: list[str]) -> None:
    context = command.make_context(command.name, words, ignore_unknown_options=False)
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        command, context = found, found.make_context(name, rest, parent=context)


def test_there_are_four_samples_and_the_copy_holds_them_as_recordings_only(
    station: Station, samples: list[EpisodeFile], tmp_path: Path
) -> None:
    recordings = demo.copy_station(station, samples, tmp_path)
    assert sorted(recordings) == [1, 2, 3, 4]
    assert all((tmp_path / recording).stat().st_size > 10_000 for recording in recordings.values())
    assert not (tmp_path / "episodes").exists()


def test_only_its_owner_may_read_the_pins(station: Station, tmp_path: Path) -> None:
    demo.copy_station(station, [], tmp_path)
    pins = [tmp_path / demo.pin_file(approver) for approver in demo.APPROVERS]
    assert [stat.S_IMODE(pin.stat().st_mode) for pin in pins] == [0o600, 0o600]


def test_without_a_play_log_it_fails(station: Station, tmp_path: Path) -> None:
    demo.copy_station(station, [], tmp_path)
    with chdir(tmp_path), pytest.raises(demo.DemoFailed):
        demo.judge(tmp_path, markets=4)


def test_a_station_without_samples_has_nothing_to_show(
    station: Station, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo.copy_station(station, [], tmp_path)
    assert run(["--station", str(tmp_path), "--language", "en", "demo"]) == 65
    assert "has no sample episodes" in capsys.readouterr().err
