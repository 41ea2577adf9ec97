"""What people type about people is planted in every field that takes words, and looked for wherever it could come out.

A title stands in ``episode.toml`` and on the screen of whoever asks for it; a reason for a pause in the row that it is
given for, as is said where it is asked for; a recording's own name and tags in the original as it came. Nowhere else.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.cli.program import run
from broadcaster.config import load_station
from broadcaster.journal.copy import copy_of
from broadcaster.journal.payload import encode
from broadcaster.journal.reading import read
from broadcaster.library import episode_view
from broadcaster.store.engine import database_path

ROOT = Path(__file__).parents[2]
NINE = datetime(2021, 6, 18, 9, tzinfo=ZoneInfo("America/Lima"))
FIELDS = ("title", "new-title", "consent", "form", "file", "tag", "cohort", "reason", "season", "error", "code")
CANARIES: Mapping[str, str] = {field: f"Zorzal {field} Quispe" for field in FIELDS}
"""Words like a person's name, one for each field that takes words."""
TYPED = tuple(CANARIES.values())


@dataclass(frozen=True)
class Cage:
    """A station in which the canaries were planted, and what its commands said."""

    root: Path
    recording: Path

    def say(self, *words: str) -> int:
        return run(["--station", str(self.root), *words])


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory) -> Cage:
    root = tmp_path_factory.mktemp("cage") / "station"
    assert run(["init", str(root)]) == 0
    recording = tmp_path_factory.mktemp("phone") / f"{CANARIES['file']}.mp3"
    tags = [f"-metadata {name}={CANARIES['tag']}" for name in ("title", "artist", "comment", "location", "encoded_by")]
    words = [word for tag in tags for word in tag.split(" ", 1)]
    voice = ["-t", "4", "-i", str(ROOT / "episodes" / "003" / "original.ogg")]
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", *voice, *words, str(recording)], check=True)
    here = Cage(root, recording)
    _plant(here)
    return here


def _plant(here: Cage) -> None:
    """Every command that takes words gets them; what it refuses is planted too."""
    pin = here.recording.with_name("pin")
    pin.write_text("1234", encoding="ascii")
    signed = ("--as", "p-01", "--pin-file", str(pin))
    assert here.say("person", "add", "p-01", "--role", "protection_officer", "--new-pin-file", str(pin)) == 0
    assert here.say("defender", "add", "d-07", "--cohort", "2021-1", *signed, "--new-pin-file", str(pin)) == 0
    assert here.say("defender", "add", "d-08", "--cohort", CANARIES["cohort"], *signed, "--without-pin") == 65
    form = ("--voice", "v-01", "--season", "2021", "--form", "F-1", "--expires", "2099-12-31")
    assert here.say("consent", "add", "C-1", *form, *signed) == 0
    for place, field in ((1, "code"), (3, "season"), (5, "form")):
        worded = [*form[:place], CANARIES[field], *form[place + 1 :]]
        assert here.say("consent", "add", "C-2", *worded, *signed) == 65
    assert here.say("consent", "add", CANARIES["consent"], *form, *signed) == 65
    add = ("episode", "add", str(here.recording), "--number", "5", "--defender", "d-07", "--helpline", "linea-100")
    assert here.say(*add, "--title", CANARIES["title"], "--consent", CANARIES["consent"]) == 65
    assert here.say(*add, "--title", CANARIES["title"], "--consent", "C-1") == 0
    assert here.say("episode", "revise", "5", str(here.recording), "--title", CANARIES["new-title"]) == 0
    assert here.say("defender", "add", CANARIES["code"], *signed, "--without-pin") == 65
    assert here.say("pause", "--market", "ejemplo", "--reason", CANARIES["reason"]) == 0
    assert here.say("resume", "--market", "ejemplo") == 0
    here.say("speaker", "test", "ejemplo", "--override", "--reason", CANARIES["reason"])
    here.say("play", "5", "--market", "ejemplo", "--override", "--reason", CANARIES["reason"])
    broken = here.recording.with_name(f"{CANARIES['file']}.txt")
    broken.write_text(CANARIES["tag"], encoding="utf-8")
    assert here.say(*add[:2], str(broken), *add[3:4], "6", *add[5:], "--title", CANARIES["title"]) == 65
    assert here.say("episode", "suspend", "5") == 0


def _where(root: Path) -> dict[str, set[str]]:
    """The canaries in the names and in the bytes of every file, by file."""
    found: dict[str, set[str]] = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        content = path.read_bytes() if path.is_file() else b""
        seen = {field for field, text in CANARIES.items() if text in name or _in(text, content)}
        if seen:
            found[name] = seen
    return found


def _in(text: str, content: bytes) -> bool:
    return any(form in content for form in (text.encode(), text.encode("utf-16-le"), json.dumps(text).encode()))


def test_titles_stand_in_the_description_and_nothing_else_does_but_what_a_reason_is_for(cage: Cage) -> None:
    """Names of files, pictures, masters, the log, the record in both its copies: all of the station's folder."""
    found = _where(cage.root)
    database = database_path(load_station(cage.root).database)
    record = (database.name, copy_of(database).name)
    originals = {name for name in found if Path(name).name.startswith("original.")}
    assert {field for name in originals for field in found.pop(name)} == {"tag"}, "as it came, until its day is over"
    assert found.pop("episodes/005/episode.toml") == {"new-title"}
    rest = {field for name, fields in found.items() for field in fields if Path(name).name.startswith(record)}
    assert rest == {"reason"}
    assert [name for name in found if not Path(name).name.startswith(record)] == []


def test_a_reason_stands_in_the_row_it_was_given_for_and_in_no_other(cage: Cage) -> None:
    rows = read(load_station(cage.root).database)
    kinds = {row.event.kind for row in rows for text in TYPED if text in encode(row.event)}
    assert kinds <= {"held", "test_ordered", "play_ordered"}
    assert "held" in kinds


def test_masters_carry_no_tags_at_all(cage: Cage) -> None:
    for master in cage.root.glob("episodes/**/master.flac"):
        shown = ["-show_entries", "format_tags:stream_tags", "-of", "json", str(master)]
        told = json.loads(subprocess.run(["ffprobe", "-v", "error", *shown], capture_output=True, check=True).stdout)
        tags = {**told["format"].get("tags", {}), **told["streams"][0].get("tags", {})}
        assert set(tags) <= {"encoder"}


def test_a_fault_of_the_program_leaves_its_place_in_the_log_and_no_words(
    cage: Cage, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whoever maintains it is sent this file."""

    def fails(*_arguments: object, **_words: object) -> None:
        try:
            Path(f"/nowhere/{CANARIES['file']}.ogg").read_bytes()
        except OSError as problem:
            raise RuntimeError(CANARIES["error"]) from problem

    monkeypatch.setattr(episode_view, "read_all", fails)
    assert cage.say("episode", "list") == 70
    log = (cage.root / "data" / "broadcaster.log").read_text(encoding="utf-8")
    assert "builtins.RuntimeError" in log
    assert "FileNotFoundError ENOENT" in log
    assert "in fails" in log
    said = capfd.readouterr()
    assert [text for text in TYPED if text in log + said.out + said.err] == []


# While it runs

DAEMON = """
import sys
from datetime import datetime
from pathlib import Path
from broadcaster.cli.program import run
from broadcaster.cli.serve import serve
from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.model import ClockTrust, MarketId
station = load_station(Path(sys.argv[1]))
serve(station, list(station.markets), ShiftedClock(datetime.fromisoformat(sys.argv[2]), ClockTrust.SYNCED, None))
"""


@contextmanager
def _running(root: Path) -> "Iterator[subprocess.Popen[str]]":
    """The daemon where no sound server is: what it says, logs and answers does not depend on one."""
    environment = {**os.environ, "PULSE_SERVER": "unix:/nowhere/native", "XDG_RUNTIME_DIR": "/nowhere"}
    moment = (NINE - timedelta(seconds=5)).isoformat()
    daemon = subprocess.Popen(
        [sys.executable, "-c", DAEMON, str(root), moment],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert daemon.stdout is not None
    daemon.stdout.readline()
    yield daemon
    daemon.terminate()


def _word_of(log: Path, word: str) -> str:
    """The daemon's log, once it speaks of what it is waited for; what it is by then after half a minute."""
    limit_s = time.monotonic() + 30
    while word not in (said := log.read_text(encoding="utf-8")) and time.monotonic() < limit_s:
        time.sleep(0.1)
    return said


SEASON = """
name = "{title}"
from = 2021-06-18
until = 2021-06-18
first_episode = 5

[[rules]]
weekdays = ["friday"]
times = ["09:00"]
markets = ["ejemplo"]
"""


def test_the_running_program_names_episodes_by_number_only(cage: Cage, capfd: pytest.CaptureFixture[str]) -> None:
    """Its screen goes to the system's journal, its log to whoever helps, its status to any program of the same user."""
    season = cage.root / "schedules" / "prueba.toml"
    season.write_text(SEASON.format(title=CANARIES["season"]), encoding="utf-8")
    capfd.readouterr()
    with _running(cage.root) as daemon:
        assert cage.say("status", "--json") == 0
        assert cage.say("pause", "--market", "ejemplo", "--reason", CANARIES["reason"]) == 0
        assert cage.say("status", "--json") == 0
        assert cage.say("episode", "lift", "5", "--as", CANARIES["code"]) == 65
        status = capfd.readouterr().out
        log = _word_of(cage.root / "data" / "broadcaster.log", "held_by_operator")
    said, _nothing = daemon.communicate(timeout=30)
    assert said
    assert '"markets"' in status
    assert "held_by_operator" in log
    assert [text for text in TYPED if text in said + log] == []
    assert [text for text in TYPED if text in status and text != CANARIES["reason"]] == []
