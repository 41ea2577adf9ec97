"""Ready for tomorrow? A station on which all is well, made wrong one thing at a time: each check is red for its own fault."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import people_at_hand
import pytest
from doctor_station import DEFENDER, EVENING, ROOT, SINK, Box, ours, wrong

from broadcaster.care.checks import State
from broadcaster.care.doctor import as_row, look_at_start
from broadcaster.care.labels import LABELS
from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.journal.events import Approved, ConsentRegistered, Held, HelplineVerified, HelplineWrong, Suspended
from broadcaster.library.catalogue import master_path
from broadcaster.model import EpisodeNumber, MarketId
from broadcaster.playout.virtual import VirtualOutputs

OK, WARN, FAIL = State.OK, State.WARN, State.FAIL
FOUR = EpisodeNumber(4)


@pytest.fixture(scope="module")
def outputs() -> Iterator[VirtualOutputs]:
    """The market's output on a private server."""
    with VirtualOutputs([SINK]) as virtual:
        yield virtual


@pytest.fixture
def heard(outputs: VirtualOutputs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Whoever asks for the sound server finds it; its output is as it was afterwards. Gives what changes it."""
    for name, value in outputs.environment.items():
        monkeypatch.setenv(name, value)

    def pactl(*words: str) -> None:
        subprocess.run(["pactl", *words], check=True, env={**os.environ, **outputs.environment})

    yield pactl
    pactl("set-sink-mute", SINK, "0")
    pactl("set-sink-volume", SINK, "100%")


@pytest.fixture
def box(tmp_path: Path, heard: Callable[..., None]) -> Box:
    return Box.well(tmp_path)


def test_where_all_is_well_every_check_is_green_and_says_so(box: Box) -> None:
    report = box.look()
    assert wrong(report) == {}
    assert {check.code for check in ours(report)} == set(LABELS) & {check.code for check in ours(report)}
    assert {"output", "volume", "plan", "masters", "next", "approvals", "consents", "helplines"} <= {
        check.code for check in ours(report)
    }
    assert [check.todo for check in ours(report)] == [""] * len(ours(report))
    assert report.next == EVENING + timedelta(hours=15)


def test_the_next_three_airings_are_told_one_by_one(box: Box) -> None:
    coming = [check for check in box.look().checks if check.code == "next"]
    assert [check.detail["episode"] for check in coming] == [3, 4, 5]
    assert next(check.subject for check in coming) == "2021-06-18T10:00/unicachi"


Fault = Callable[[Box], None]


def _master(box: Box) -> None:
    path = master_path(box.station, 4)
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def _unapproved(box: Box) -> None:
    admitted = replace(box.admit(4), revision=2)
    box.write(admitted, *people_at_hand.consented(admitted), *people_at_hand.approved(admitted, "coordinadora-1"))


def _urgent(box: Box) -> None:
    admitted = replace(box.admit(3), revision=2)
    urgent = Approved(admitted.episode, 2, admitted.master_sha256, people_at_hand.OFFICER, True, people_at_hand.CLEAN)
    box.write(admitted, *people_at_hand.consented(admitted), urgent)


def _consent_ends(box: Box) -> None:
    admitted = replace(box.admit(4, "C-ends"), revision=2)
    said = people_at_hand.all_said(admitted)
    box.write(
        admitted,
        *(replace(each, expires=date(2021, 6, 20)) if isinstance(each, ConsentRegistered) else each for each in said),
    )


def _called_long_ago(box: Box) -> None:
    """The register's own day, and a number that nobody has called since."""
    box.edit("config.toml", 'number = "100"', 'number = "1818"\nverified_on = 2021-03-22')
    for number in (3, 4, 5):
        admitted = replace(box.admit(number), revision=2, helpline_numbers=("1818",))
        said = [each for each in people_at_hand.all_said(admitted) if not isinstance(each, HelplineVerified)]
        box.write(admitted, *said)


FAULTS: Mapping[str, tuple[Fault, Mapping[str, State]]] = {
    "its sink is not there": (lambda box: box.edit("config.toml", SINK, "another-sink"), {"output": FAIL}),
    "its volume is zero": (lambda box: _volume(box, "0"), {"volume": FAIL}),
    "its volume is tiny": (lambda box: _volume(box, "0.05"), {"volume": WARN}),
    "a season file is broken": (
        lambda box: box.edit("schedules/2021-junio-julio.toml", "[[rules]]", "[[rules"),
        {"plan": FAIL},
    ),
    "a later episode is missing": (
        lambda box: box.edit("schedules/2021-junio-julio.toml", "until = 2021-06-25", "until = 2021-06-30"),
        {"plan": WARN},
    ),
    "a master was changed": (_master, {"masters": FAIL, "next": FAIL}),
    "an approval is missing": (_unapproved, {"approvals": FAIL, "next": FAIL}),
    "an approval is urgent": (_urgent, {"approvals": WARN}),
    "a consent ends before the day": (_consent_ends, {"consents": FAIL, "next": FAIL}),
    "a helpline is wrong": (
        lambda box: box.write(HelplineWrong("linea-100", "100", DEFENDER)),
        {"helplines": FAIL, "next": FAIL},
    ),
    "a helpline was called long ago": (_called_long_ago, {"helplines": WARN}),
    "an episode is suspended": (lambda box: box.write(Suspended(FOUR, "uid:1")), {"withdrawals": FAIL, "next": FAIL}),
    "the market is paused": (lambda box: box.write(Held(MarketId("unicachi"), "uid:1")), {"next": FAIL}),
}


def _volume(box: Box, volume: str) -> None:
    text = (box.root / "config.toml").read_text(encoding="utf-8")
    head, market, tail = text.partition("[markets.unicachi]")
    (box.root / "config.toml").write_text(head + market + tail.replace("volume = 0.8", f"volume = {volume}", 1))


@pytest.mark.parametrize("name", FAULTS)
def test_each_check_is_red_for_its_own_fault_and_for_no_other(name: str, box: Box) -> None:
    fault, expected = FAULTS[name]
    fault(box)
    report = box.look()
    assert wrong(report) == expected
    bad = [check for check in ours(report) if check.state is not OK]
    assert all(check.sentence and check.todo for check in bad)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("set-sink-mute", SINK, "1"), {"output": FAIL}),
        (("set-sink-volume", SINK, "0%"), {"output": FAIL}),
        (("set-sink-volume", SINK, "140%"), {"volume": WARN}),
    ],
    ids=["muted", "zero", "too loud"],
)
def test_what_the_sound_server_says_of_the_output_counts(
    words: tuple[str, ...], expected: Mapping[str, State], box: Box, heard: Callable[..., None]
) -> None:
    heard(*words)
    assert wrong(box.look()) == expected


def test_without_a_sound_server_the_output_is_red_and_the_rest_is_told(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{box.root}/nobody")
    assert wrong(box.look()) == {"output": FAIL}


def test_a_record_that_cannot_be_read_is_one_fault_told_once(box: Box) -> None:
    for file in (box.root / "data").glob("broadcaster.*"):
        file.write_bytes(b"no database" * 500)
    red = [check for check in ours(box.look()) if check.state is FAIL]
    assert len({check.sentence for check in red}) == len(red)
    assert any("broadcaster.db" in check.sentence for check in box.look().of(FAIL))


def test_after_the_season_nothing_is_to_come_and_nothing_is_red(box: Box) -> None:
    box.clock.moment = EVENING + timedelta(days=30)
    report = box.look()
    assert wrong(report) == {"plan": WARN}
    assert report.next is None


def test_an_episode_that_is_not_there_yet_is_missing_and_no_fault_of_the_file(box: Box) -> None:
    def told() -> str:
        return next(check.sentence for check in box.look().checks if check.code == "plan")

    season = "schedules/2021-junio-julio.toml"
    box.edit(season, "until = 2021-06-25", "until = 2021-06-30")
    assert "episodio 6" in told()
    assert season not in told()
    box.edit(season, 'markets = ["mercado-central"', 'markets = ["mercado-norte", "mercado-central"')
    assert f"{season}: rules[1].markets" in told(), "what is wrong in the file is told before what is missing"


def test_what_is_put_on_record_of_a_look_is_codes(box: Box) -> None:
    box.write(Suspended(FOUR, "uid:1"))
    row = as_row(box.look(), "evening")
    assert ("withdrawals", "4") in {(each.code, each.subject) for each in row.red}
    assert ("output", "unicachi") in {(each.code, each.subject) for each in row.green}


def test_at_the_start_only_the_very_next_airing_counts(box: Box) -> None:
    box.write(Suspended(FOUR, "uid:1"))
    station, unicachi = box.station, [MarketId("unicachi")]
    assert look_at_start(station, unicachi, EVENING).of(FAIL) == ()
    assert look_at_start(station, unicachi, EVENING + timedelta(days=2)).of(FAIL) != ()


def test_a_market_that_another_computer_serves_is_not_looked_at(box: Box) -> None:
    subjects = {check.subject for check in box.look().checks if check.code == "output"}
    assert subjects == {"unicachi"}


# The command


Capture = pytest.CaptureFixture[str]


def typed(box: Box, *words: str) -> int:
    speak("es")
    return run(["--station", str(box.root), *words])


def test_it_makes_no_record_and_writes_nothing(tmp_path: Path, heard: Callable[..., None], capsys: Capture) -> None:
    (tmp_path / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    before = sorted(tmp_path.rglob("*"))
    typed(Box(tmp_path), "doctor")
    typed(Box(tmp_path), "doctor", "--last")
    assert sorted(tmp_path.rglob("*")) == before
    assert "Traceback" not in capsys.readouterr().err


def test_red_is_exit_1_with_what_to_do_and_a_mark_that_needs_no_colour(box: Box, capsys: Capture) -> None:
    """By now the season is over; the sink is not there."""
    box.edit("config.toml", SINK, "another-sink")
    assert typed(box, "doctor") == 1
    said = capsys.readouterr()
    assert "✘  Salida de sonido" in said.out
    assert "→ Revise el cable del parlante" in said.out
    assert "broadcaster doctor" in said.err


def test_programs_are_told_code_state_sentence_and_what_to_do(box: Box, capsys: Capture) -> None:
    box.edit("config.toml", SINK, "another-sink")
    assert typed(box, "doctor", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"at", "ready", "next", "checks"}
    assert told["ready"] is False
    assert set(told["checks"][0]) == {"code", "state", "sentence", "todo", "subject", "detail"}
    output = next(check for check in told["checks"] if check["code"] == "output")
    assert (output["state"], output["subject"], output["detail"]) == ("fail", "unicachi", {"output": "another-sink"})


def test_settings_that_cannot_be_read_are_a_red_check_like_any_other(box: Box, capsys: Capture) -> None:
    (box.root / "config.toml").write_text("[station\n")
    assert typed(box, "doctor", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert [(check["code"], check["state"]) for check in told["checks"]] == [("settings", "fail")]
    assert "config.toml" in told["checks"][0]["sentence"]


def test_where_there_is_no_station_nothing_is_looked_at(tmp_path: Path) -> None:
    assert typed(Box(tmp_path), "doctor") == 78


def test_the_last_look_of_the_program_is_shown_by_codes(box: Box, capsys: Capture) -> None:
    assert typed(box, "doctor", "--last") == 0
    assert "todavía no" in capsys.readouterr().out
    box.write(as_row(box.look(), "evening"))
    assert typed(box, "doctor", "--last") in {0, 1}  # the machine's own checks are not this test's
    capsys.readouterr()
    box.write(Suspended(FOUR, "uid:1"))
    box.write(as_row(box.look(), "evening"))
    assert typed(box, "doctor", "--last") == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "✘ Retiros 4" in shown
    typed(box, "doctor", "--last", "--json")
    told = json.loads(capsys.readouterr().out)
    assert {"code": "withdrawals", "state": "fail", "subject": "4"} in told["checks"]
    assert (told["by"], told["ready"]) == ("evening", False)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_sentence_is_whole_in_both_languages(language: str, box: Box) -> None:
    _unapproved(box)
    _master(box)
    speak(language)
    try:
        said = [f"{check.sentence} {check.todo}" for check in box.look().checks]
    finally:
        speak("es")
    assert all("{" not in each and "}" not in each and "`" not in each for each in said if language == "es")
    assert all(each.strip().endswith((".", "?")) for each in said)


# The disk, in a mount namespace of its own

IN_A_DISK = """
import json, sys
from pathlib import Path
from broadcaster.care.examination import examine
from broadcaster.care.look_disk import PROBES
from broadcaster.config import load_station
from datetime import UTC, datetime
found = examine(PROBES, load_station(Path(sys.argv[1])), datetime(2021, 6, 17, tzinfo=UTC))
print(json.dumps({check.code: check.state for check in found}))
"""


@pytest.mark.parametrize(
    ("options", "then", "expected"),
    [
        ("size=2g", "true", {"disk_space": "ok", "disk_writable": "ok"}),
        ("size=20m", "true", {"disk_space": "fail", "disk_writable": "ok"}),
        ("size=500m", "true", {"disk_space": "warn", "disk_writable": "ok"}),
        ("size=2g,nr_inodes=300", "true", {"disk_space": "fail", "disk_writable": "ok"}),
        ("size=2g", "mount -o remount,ro {disk}", {"disk_space": "ok", "disk_writable": "fail"}),
    ],
    ids=["empty", "full", "nearly full", "no more files", "read-only"],
)
def test_a_disk_says_how_it_is(options: str, then: str, expected: Mapping[str, str], tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    steps = [
        f"mount -t tmpfs -o {options} none {disk}",
        f"cp {ROOT / 'config.toml'} {disk}",
        then.format(disk=disk),
        f"exec {sys.executable} -c '{IN_A_DISK}' {disk}",
    ]
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "--user", "sh", "-ec", "\n".join(steps)],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert {code: found[code] for code in expected} == expected
