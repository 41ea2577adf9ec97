"""A shared part replaced: what airs on, what stops at once, what is built again, and a single yes for all of it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from copies_station import SENTENCES, open_gates
from intake_station import IntakeStation
from people_at_hand import ANSWERS
from recordings import ffmpeg
from rundowns import make, part, shared, written

from broadcaster.clock import SystemClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Approved, Built, PartWrong, Withdrawn
from broadcaster.journal.reading import read
from broadcaster.model import EpisodeNumber
from broadcaster.production.rundown.shared import Bringer, replace_part
from broadcaster.sound.blocks import no_progress
from broadcaster.sound.ffmpeg import program


@pytest.fixture(scope="session")
def built(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station whose episode 5 holds a shared part, and may air."""
    root = tmp_path_factory.mktemp("shared") / "station"
    shutil.copytree(furnished, root)
    at_work = IntakeStation(load_station(root))
    folder = at_work.station.episodes / "005"
    folder.mkdir()
    make(folder)
    assert at_work.by("d-07", "part", "add", folder / "ayuda.flac", "--id", "linea-100", "--role", "helpline") == 0
    written(folder, part("greeting", "saludo.m4a"), shared("helpline", "linea-100"))
    assert at_work.call("episode", "build", "5") == 0
    open_gates(at_work, 5)
    return root


@pytest.fixture
def on_air(built: Path, tmp_path: Path) -> Iterator[IntakeStation]:
    """A copy of that station; afterwards its staging room is empty."""
    root = tmp_path / "station"
    shutil.copytree(built, root)
    at_work = IntakeStation(load_station(root))
    (root / "pin").write_text("1234\n", encoding="ascii")
    (root / "answers").write_text(ANSWERS, encoding="ascii")
    yield at_work
    assert at_work.staged() == []


def folder(at_work: IntakeStation) -> Path:
    return at_work.station.episodes / "005"


def new_recording(at_work: IntakeStation) -> Path:
    return folder(at_work) / "ayuda-nueva.flac"


def standing(at_work: IntakeStation, capfd: pytest.CaptureFixture[str]) -> tuple[str, int]:
    seen = at_work.json(capfd, "episode", "show", "5")
    return seen["state"], seen["revision"]


def approve(at_work: IntakeStation, code: str = "coordinadora-1", part_id: str = "linea-100") -> int:
    return at_work.by(code, "part", "approve", part_id, "--answers", at_work.station.root / "answers")


def replace(at_work: IntakeStation, *words: str | Path) -> int:
    return at_work.by("d-07", "part", "replace", "linea-100", *words)


def replaced(at_work: IntakeStation, capfd: pytest.CaptureFixture[str]) -> Any:
    signed = ("--as", "d-07", "--pin-file", at_work.station.root / "pin")
    return at_work.json(capfd, "part", "replace", "linea-100", new_recording(at_work), *signed)


def listed(at_work: IntakeStation, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (one,) = at_work.json(capfd, "part", "list")
    return {key: one[key] for key in ("state", "episodes", "older")}


def test_a_stale_part_airs_on_flagged_until_one_person_approves_the_new_one(
    on_air: IntakeStation, capfd: pytest.CaptureFixture[str]
) -> None:
    done = replaced(on_air, capfd)
    assert [(each["episode"], each["state"]) for each in done] == [(5, "waits")]
    assert standing(on_air, capfd) == ("ready", 1)
    assert listed(on_air, capfd) == {"state": "new", "episodes": [5], "older": [5]}
    assert approve(on_air, "d-07") == 65  # a producer approves nothing
    assert approve(on_air) == 0
    assert standing(on_air, capfd) == ("ready", 2)
    assert listed(on_air, capfd) == {"state": "good", "episodes": [5], "older": []}
    assert len(read(on_air.station.database, kinds=[Approved])) == 2  # of the first version, and no others
    assert approve(on_air) == 65  # once is enough
    assert on_air.json(capfd, "part", "rebuild") == []


def test_a_wrong_part_stops_before_anything_else_is_tried(
    on_air: IntakeStation, capfd: pytest.CaptureFixture[str]
) -> None:
    """Even where the new recording is no recording; and the right one needs one yes, with nothing to lift."""
    junk = on_air.station.root / "junk.wav"
    junk.write_text("not a recording", encoding="utf-8")
    assert replace(on_air, junk, "--wrong") == 65
    assert standing(on_air, capfd) == ("suspended", 1)
    assert "linea-100" in " ".join(on_air.json(capfd, "episode", "show", "5")["missing"])
    assert replace(on_air, folder(on_air) / "ayuda.flac") == 65  # the wrong one again
    assert replace(on_air, new_recording(on_air), "--wrong") == 0
    assert len(read(on_air.station.database, kinds=[PartWrong])) == 1
    assert standing(on_air, capfd) == ("not_approved", 2)
    assert approve(on_air) == 0
    assert standing(on_air, capfd) == ("ready", 2)


def test_nothing_is_built_with_a_wrong_part(on_air: IntakeStation, capfd: pytest.CaptureFixture[str]) -> None:
    assert on_air.call("part", "wrong", "linea-100") == 0
    assert on_air.call("episode", "build", "5") == 65
    assert approve(on_air) == 65
    assert standing(on_air, capfd) == ("suspended", 1)


def test_an_episode_whose_rundown_changed_meanwhile_is_left_to_people(
    on_air: IntakeStation, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder(on_air), part("greeting", "saludo.m4a", "gain_db = 3.0"), shared("helpline", "linea-100"))
    assert replace(on_air, new_recording(on_air), "--wrong") == 0
    done = on_air.json(capfd, "part", "rebuild")
    assert [(each["episode"], each["state"]) for each in done] == [(5, "changed")]
    assert on_air.call("episode", "build", "5") == 0
    assert approve(on_air) == 0
    assert standing(on_air, capfd) == ("not_approved", 2)  # more than the part differs: two must listen


def test_a_withdrawn_episode_is_not_brought_back_by_a_new_part(
    on_air: IntakeStation, capfd: pytest.CaptureFixture[str]
) -> None:
    with Journal.open(on_air.station.database, SystemClock(), on_air.station.timezone) as journal:
        journal.append(Withdrawn(EpisodeNumber(5), through_revision=1, by="proteccion-1"))
    assert replaced(on_air, capfd) == []
    assert standing(on_air, capfd) == ("withdrawn", 1)
    assert on_air.call("episode", "build", "5") == 65  # its own recordings were withdrawn with it
    assert "withdrawn" in capfd.readouterr().err


def test_a_rebuilding_that_the_power_cut_short_is_undone_and_then_done(
    on_air: IntakeStation, capfd: pytest.CaptureFixture[str]
) -> None:
    station = on_air.station
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        replace_part(
            station, journal, "linea-100", new_recording(on_air), Bringer("d-07", "1234"), no_progress
        )  # and no further
    before = on_air.shelf()
    pin = station.root / "pin"
    words = ["part", "approve", "linea-100", "--as", "coordinadora-1", "--pin-file", str(pin)]
    words += ["--answers", str(station.root / "answers")]
    command = [sys.executable, "-m", "broadcaster", "--station", str(station.root), *words]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 60
    while not read(station.database, kinds=[Built])[1:] and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert len(read(station.database, kinds=[Admitted])) == 1
    assert on_air.shelf() == before
    assert standing(on_air, capfd) == ("ready", 1)
    assert [each["state"] for each in on_air.json(capfd, "part", "rebuild")] == ["rebuilt"]
    assert standing(on_air, capfd) == ("ready", 2)


def test_what_an_id_may_be(on_air: IntakeStation) -> None:
    file = new_recording(on_air)
    assert on_air.by("d-07", "part", "add", file, "--id", "Doña Rosa", "--role", "block") == 65
    assert on_air.by("d-07", "part", "add", file, "--id", "linea-100", "--role", "helpline") == 65
    assert on_air.by("d-07", "part", "replace", "linea-101", file) == 65


def test_nobody_passes_a_part_alone(on_air: IntakeStation, capfd: pytest.CaptureFixture[str]) -> None:
    """Who brings it is known, and does not approve it; who approves it answers what an episode's approver answers."""
    file = new_recording(on_air)
    assert on_air.call("part", "replace", "linea-100", file, "--as", "d-07", "--pin-file", file) == 65  # no PIN of hers
    assert on_air.by("nadie-1", "part", "replace", "linea-100", file) == 65
    assert on_air.by("coordinadora-1", "part", "replace", "linea-100", file) == 0
    assert approve(on_air, "coordinadora-1") == 65
    answers = on_air.station.root / "answers"
    for said in (ANSWERS.replace("false", "true", 1), ANSWERS.replace("minors = false", "minors = true"), ""):
        answers.write_text(said, encoding="ascii")
        assert approve(on_air, "coordinadora-2") == 65
    assert standing(on_air, capfd) == ("ready", 1)
    answers.write_text(ANSWERS, encoding="ascii")
    assert approve(on_air, "coordinadora-2") == 0
    assert standing(on_air, capfd) == ("ready", 2)


def test_withdrawn_audio_does_not_come_back_as_a_part(on_air: IntakeStation, tmp_path: Path) -> None:
    """Whole in any role, as the same file or another; as a cut where somebody speaks. What it shared may be brought anew."""
    said, other, cut, ident = (tmp_path / name for name in ("dicho.wav", "otra.mp3", "corte.wav", "careta.wav"))
    subprocess.run([program("espeak-ng"), "-v", "es-419", "-w", str(said), " ".join(SENTENCES)], check=True)
    ffmpeg("-i", str(said), "-af", "volume=-6dB", "-b:a", "64k", str(other))
    ffmpeg("-ss", "2", "-t", "9", "-i", str(said), str(cut))
    ffmpeg("-t", "9", "-i", str(said), str(ident))
    assert on_air.add(said, 6) == 0
    with Journal.open(on_air.station.database, SystemClock(), on_air.station.timezone) as journal:
        journal.append(Withdrawn(EpisodeNumber(6), through_revision=1, by="proteccion-1"))
    before = on_air.shelf()
    for file, role in ((said, "bed"), (other, "ident"), (cut, "spot")):
        assert on_air.by("d-07", "part", "add", file, "--id", "otra-1", "--role", role) == 65, file
    assert on_air.by("d-07", "part", "replace", "linea-100", other) == 65
    assert on_air.shelf() == before
    assert on_air.by("d-07", "part", "add", ident, "--id", "otra-1", "--role", "ident") == 0
