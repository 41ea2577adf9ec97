"""``broadcaster microphone``: which there are, who switches one on, that anyone ends it, and that a test keeps nothing."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from people_at_hand import HANDS, OFFICER, staff
from sqlmodel import insert

from broadcaster.cli import microphone
from broadcaster.cli.program import run
from broadcaster.clock import SystemClock
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event, MicrophoneOff, MicrophoneOn
from broadcaster.journal.reading import read
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.store.tables import Credential

ROOT = Path(__file__).parents[2]
PIN = "246810"
ALL_THERE_IS = {
    "config.toml",
    "pin",
    ".record",
    "broadcaster.jsonl",
    *(f"broadcaster.db{end}" for end in ("", "-wal", "-shm")),
}

Type = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def server() -> Iterator[VirtualOutputs]:
    """A sound server with two microphones: ``mic`` hears nothing, ``mudo`` is muted."""
    with VirtualOutputs(["air"]) as outputs:
        environment = {**os.environ, **outputs.environment}
        for name in ("mic", "mudo"):
            words = ["pactl", "load-module", "module-remap-source", "master=air.monitor", f"source_name={name}"]
            subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["pactl", "set-source-mute", "mudo", "1"], env=environment, check=True)
        yield outputs


@pytest.fixture
def station(tmp_path: Path, server: VirtualOutputs, monkeypatch: pytest.MonkeyPatch) -> Station:
    """The shipped one; its people have PINs, hashed with little work."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(microphone, "TEST_S", 0.5)
    shutil.copy(ROOT / "config.toml", tmp_path)
    (tmp_path / "pin").write_text(PIN, encoding="ascii")
    station = load_station(tmp_path)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        for event in staff():
            journal.append(event)
        with journal.store.writing() as connection:
            for code in (OFFICER, HANDS[0]):
                connection.execute(insert(Credential).values(code=code, pin_hash=quick.hash(PIN)))
    return station


@pytest.fixture
def type_(station: Station, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command; its exit code and all that it said."""

    def typed(*words: str) -> tuple[int, str]:
        code = run(["--station", str(station.root), "--language", "en", "microphone", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return typed


def rows(station: Station) -> list[Event]:
    kinds = (MicrophoneOn, MicrophoneOff)
    return [row.event for row in read(station.database, kinds=kinds)]


def listed(type_: Type) -> dict[str, dict[str, Any]]:
    code, said = type_("list", "--json")
    assert code == 0
    return {each["source"]: each for each in json.loads(said)}


def test_all_microphones_are_listed_with_their_market_and_no_output_among_them(station: Station, type_: Type) -> None:
    assert {name: (each["market"], each["present"], each["muted"]) for name, each in listed(type_).items()} == {
        "mic": (None, True, False),
        "mudo": (None, True, True),
    }
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        journal.append(MicrophoneOn(next(iter(station.markets)), "gone", OFFICER))
    assert (listed(type_)["gone"]["present"], listed(type_)["gone"]["market"]) == (False, next(iter(station.markets)))
    code, said = type_("list")
    assert code == 0
    assert "not found: check the cable" in said


def test_the_officer_switches_it_on_with_her_pin_and_anyone_off(station: Station, type_: Type) -> None:
    pin = ("--pin-file", str(station.root / "pin"))
    code, said = type_("on", "unicachi", "mic", "--as", OFFICER, *pin)
    assert code == 0
    assert "nothing of what it hears is kept" in said
    assert listed(type_)["mic"]["market"] == "unicachi"
    assert type_("off", "Mercado Unicachi")[0] == 0
    assert rows(station) == [MicrophoneOn(_id("unicachi"), "mic", OFFICER), MicrophoneOff(_id("unicachi"), _me())]
    assert type_("off", "unicachi") == (0, "No microphone is on at unicachi; nothing was changed.\n")
    assert len(rows(station)) == 2


@pytest.mark.parametrize(
    ("source", "code", "sentence"),
    [
        ("air.monitor", OFFICER, "is no microphone"),
        ("nowhere", OFFICER, "There is no microphone nowhere"),
        ("mic", HANDS[0], "Only the protection officer"),
    ],
)
def test_what_is_no_microphone_or_nobodys_to_allow_stays_off(
    station: Station, type_: Type, source: str, code: str, sentence: str
) -> None:
    exit_code, said = type_("on", "unicachi", source, "--as", code, "--pin-file", str(station.root / "pin"))
    assert exit_code == 65
    assert sentence in said
    assert rows(station) == []


def test_where_it_cannot_be_put_on_record_she_is_told_to_unplug_it(station: Station, type_: Type) -> None:
    with (station.root / "config.toml").open("a", encoding="utf-8") as file:
        file.write("\n[broken\n")
    code, said = type_("off", "unicachi")
    assert code == 74
    assert "Unplug it" in said


def test_where_the_sound_does_not_answer_it_is_microphones_that_are_not_found(
    type_: Type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'nobody'}")
    code, said = type_("list")
    assert code == 1
    assert "no microphone can be found" in said
    assert "speaker" not in said


@pytest.mark.parametrize("source", ["mic", "mudo"])
def test_a_test_says_that_nothing_is_heard_and_leaves_no_row_and_no_file(
    station: Station, type_: Type, source: str
) -> None:
    assert type_("test", "unicachi")[0] == 65
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        journal.append(MicrophoneOn(_id("unicachi"), source, OFFICER))
    written = read(station.database)
    code, said = type_("test", "unicachi")
    assert code == 1
    assert "the microphone hears nothing at all" in said
    assert read(station.database) == written
    assert {path.name for path in station.root.rglob("*") if path.is_file()} <= ALL_THERE_IS


def _id(market: str) -> Any:
    return market


def _me() -> str:
    return f"uid:{os.geteuid()}"
