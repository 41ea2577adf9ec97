"""The form of season files: every fault of every file at once, with file and key."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from broadcaster.config import load_station
from broadcaster.errors import ConfigurationError
from broadcaster.schedule.load import load_plan
from broadcaster.schedule.season import read_seasons

ROOT = Path(__file__).parents[2]
GOOD = """
name = "Prueba"
from = 2021-06-01
until = 2021-06-30
[[rules]]
weekdays = ["monday"]
times = ["10:00"]
markets = ["unicachi"]
"""
EXCEPTION = '[[exceptions]]\ndate = 2021-06-07\naction = "skip"\nreason = "x"\namended = 2021-06-01\n'


@pytest.fixture
def faults_of(tmp_path: Path) -> Callable[..., list[str]]:
    """``file: key`` of every fault of the seasons given as name=text."""

    def faults(**files: str) -> list[str]:
        shutil.copy(ROOT / "config.toml", tmp_path)
        (tmp_path / "schedules").mkdir(exist_ok=True)
        for name, text in files.items():
            (tmp_path / "schedules" / f"{name}.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError) as caught:
            read_seasons(load_station(tmp_path))
        return [f"{fault.file}: {fault.key}" for fault in caught.value.faults]

    return faults


def test_the_faults_of_all_files_are_said_together(faults_of: Callable[..., list[str]]) -> None:
    """A broken file hides no other's faults."""
    wrong = GOOD.replace('["monday"]', '["lunes"]').replace('"10:00"', '"10.00"').replace("until", "untill")
    assert faults_of(a="name = ", b=wrong, c=GOOD) == [
        "schedules/a.toml: ",
        "schedules/b.toml: until",
        "schedules/b.toml: untill",
        "schedules/b.toml: rules[1].weekdays[1]",
        "schedules/b.toml: rules[1].times[1]",
    ]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("until = 2021-06-30", "until = 2021-05-30", "until"),
        ("until = 2021-06-30", "until = 2031-06-30", "until"),
        ("from = 2021-06-01", 'from = "2021-06-01"', "from"),
        ('weekdays = ["monday"]', "weekdays = []", "rules[1].weekdays"),
        ('markets = ["unicachi"]', 'markets = "unicachi"', "rules[1].markets"),
        ("[[rules]]", "first_episode = 0\n[[rules]]", "first_episode"),
        ("[[rules]]", 'order = [1, "2"]\n[[rules]]', "order[2]"),
        ("[[rules]]", 'holidays = "no"\n[[rules]]', "holidays"),
        ("[[rules]]", 'skipped_episode = "next"\n[[rules]]', "skipped_episode"),
        ("[[rules]]", f"{EXCEPTION}\n[[rules]]".replace('"skip"', '"cancel"'), "exceptions[1].action"),
        ("[[rules]]", f"{EXCEPTION}\n[[rules]]".replace('"skip"', '"move"'), "exceptions[1].action"),
        ("[[rules]]", f'{EXCEPTION}\nto_time = "11:00"\n[[rules]]', "exceptions[1].to_time"),
        ("[[rules]]", f"{EXCEPTION}\n[[rules]]".replace("2021-06-07", "2021-07-07"), "exceptions[1].date"),
        ("[[rules]]", f"{EXCEPTION}\n[[rules]]".replace('reason = "x"', ""), "exceptions[1].reason"),
        ("[[rules]]", f"{EXCEPTION}\n[[rules]]".replace("amended = 2021-06-01", ""), "exceptions[1].amended"),
        (
            "[[rules]]",
            f"{EXCEPTION}\nto_date = 2021-07-01\n[[rules]]".replace('"skip"', '"move"'),
            "exceptions[1].to_date",
        ),
        ("[[rules]]", f"{EXCEPTION}\nepisode = 3\n[[rules]]", "exceptions[1].episode"),
        (
            "[[rules]]",
            f'{EXCEPTION}\nto_time = "11:00"\nepisode = 3\n[[rules]]'.replace('"skip"', '"move"'),
            "exceptions[1].episode",
        ),
        ("[[rules]]", f"{EXCEPTION}\n[[rules]]".replace('"skip"', '"replace"'), "exceptions[1].episode"),
        ("[[rules]]", f"{EXCEPTION}\nepisode = 0\n[[rules]]".replace('"skip"', '"replace"'), "exceptions[1].episode"),
        ("[[rules]]", f"{EXCEPTION}\nepisode = 3\n[[rules]]".replace('"skip"', '"extra"'), "exceptions[1].time"),
        ("[[rules]]", f'{EXCEPTION}\ntime = "16:00"\n[[rules]]'.replace('"skip"', '"extra"'), "exceptions[1].episode"),
        (
            "[[rules]]",
            f'{EXCEPTION}\ntime = "16:00"\nepisode = 3\n[[rules]]'.replace('"skip"', '"extra"').replace(
                "06-07", "07-07"
            ),
            "exceptions[1].date",
        ),
    ],
)
def test_each_fault_of_form_has_its_key(faults_of: Callable[..., list[str]], old: str, new: str, key: str) -> None:
    """One slip, one fault, at its key."""
    assert old in GOOD
    assert faults_of(s=GOOD.replace(old, new)) == [f"schedules/s.toml: {key}"]


def test_the_contradictions_of_all_exceptions_are_said_together(faults_of: Callable[..., list[str]]) -> None:
    """What each action lacks, before what it cannot use, in the order of the file."""
    lost = 'to_date = 2021-06-08\nto_time = "11:00"\n'
    wrong = [EXCEPTION.replace("skip", action) + lost for action in ("replace", "extra")]
    found = faults_of(s=GOOD + wrong[0] + EXCEPTION + lost + "episode = 3\n" + wrong[1])
    assert [fault.removeprefix("schedules/s.toml: exceptions") for fault in found] == [
        "[1].episode",
        "[1].to_date",
        "[1].to_time",
        "[2].to_date",
        "[2].to_time",
        "[2].episode",
        "[3].time",
        "[3].episode",
        "[3].to_date",
        "[3].to_time",
    ]


def test_a_season_without_rules_is_a_fault(faults_of: Callable[..., list[str]]) -> None:
    """Nothing to plan is nothing meant."""
    assert faults_of(s=GOOD.split("[[rules]]", maxsplit=1)[0]) == ["schedules/s.toml: rules"]


def test_a_station_without_seasons_has_an_empty_plan(tmp_path: Path) -> None:
    """No schedules/ at all is allowed: a new station begins so."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    assert load_plan(load_station(tmp_path)).airings == ()


def test_every_key_of_a_season_can_be_written(tmp_path: Path) -> None:
    """A file with every key is read, and reads as it says."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    (tmp_path / "schedules").mkdir()
    moved = (
        EXCEPTION.replace("skip", "move")
        + 'time = "10:00"\nmarkets = ["unicachi"]\nto_date = 2021-06-08\nto_time = "11:30"\n'
    )
    extra = 'order = [4, 5]\nholidays = "shift"\nskipped_episode = "next_slot"\nfirst_episode = 4\n'
    (tmp_path / "schedules" / "s.toml").write_text(GOOD.replace("[[rules]]", f"{extra}[[rules]]") + moved)
    plan = load_plan(load_station(tmp_path))
    assert [(airing.id, airing.episode) for airing in plan.airings] == [
        ("2021-06-08T11:30/unicachi", 4),
        ("2021-06-14T10:00/unicachi", 5),
        ("2021-06-21T10:00/unicachi", None),
        ("2021-06-28T10:00/unicachi", None),
    ]


def test_orders_read_as_they_say(tmp_path: Path) -> None:
    """One slot with another episode, one slot more."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    (tmp_path / "schedules").mkdir()
    orders = EXCEPTION.replace("skip", "replace") + "episode = 9\n"
    orders += EXCEPTION.replace("skip", "extra") + 'time = "16:00"\nepisode = 1\nmarkets = ["el-bosque"]\n'
    (tmp_path / "schedules" / "s.toml").write_text(GOOD + orders)
    plan = load_plan(load_station(tmp_path))
    assert [(airing.id, airing.episode) for airing in plan.airings][:3] == [
        ("2021-06-07T10:00/unicachi", 9),
        ("2021-06-07T16:00/el-bosque", 1),
        ("2021-06-14T10:00/unicachi", 2),
    ]


def test_what_editors_leave_beside_a_season_is_no_season(tmp_path: Path) -> None:
    """A lock of an open editor (a link to nowhere), a swap file, a backup: not read."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "s.toml").write_text(GOOD)
    (tmp_path / "schedules" / ".#s.toml").symlink_to("nobody@nowhere")
    (tmp_path / "schedules" / "s.toml~").write_text("x")
    (tmp_path / "schedules" / ".s.toml.swp").write_text("x")
    assert [season.name for season in read_seasons(load_station(tmp_path))] == ["s"]
