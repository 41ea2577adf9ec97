"""A rundown built into an episode: equally loud, without clicks, the same bytes every time, and nothing left behind."""

import filecmp
import shutil
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from intake_station import IntakeStation
from master_meter import file_by_ffmpeg
from rundowns import HEAD, RATE_HZ, heard, make, part, shared, sharpest, written

from broadcaster.journal.events import Admitted, Built
from broadcaster.journal.reading import read

PARTS = (
    part("greeting", "saludo.m4a", "pause_after_s = 1.0"),
    part("bed", "cortina.mp3", "under = 2"),
    part("block", "bloque1.wav", "to_s = 6.5", "crossfade_s = 0.5"),
    part("block", "bloque2.opus"),
    part("helpline", "ayuda.flac", "from_s = 0.3"),
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recordings of every part."""
    folder = tmp_path_factory.mktemp("parts")
    make(folder)
    return folder


@pytest.fixture
def folder(made: Path, intake_station: IntakeStation) -> Path:
    """Where the rundown of episode 5 lies, with its recordings."""
    place = intake_station.station.episodes / "005"
    shutil.copytree(made, place)
    return place


def events(at_work: IntakeStation, *kinds: type) -> list[Any]:
    return [row.event for row in read(at_work.station.database, kinds=kinds)]


def faults(at_work: IntakeStation, capfd: pytest.CaptureFixture[str], *words: str) -> str:
    capfd.readouterr()
    before = at_work.shelf()
    assert at_work.call("episode", "build", "5", *words) == 65
    assert (at_work.shelf(), events(at_work, Built, Admitted)) == (before, [])
    return capfd.readouterr().err


def test_a_rundown_becomes_an_episode_beside_its_parts(
    intake_station: IntakeStation, folder: Path, made: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is admitted as any recording, its voices within 1 LU of each other, and every part is told with its place."""
    written(folder, *PARTS)
    shown = intake_station.json(capfd, "episode", "build", "5")
    assert (shown["episode"], shown["revision"], shown["state"]) == (5, 1, "not_approved")
    assert [(each["role"], each["source"]) for each in shown["parts"]] == [
        ("greeting", "saludo.m4a"),
        ("block", "bloque1.wav"),
        ("block", "bloque2.opus"),
        ("helpline", "ayuda.flac"),
        ("bed", "cortina.mp3"),
    ]
    assert [each["starts_s"] for each in shown["parts"]] == pytest.approx([0, 5.0, 11.0, 17.4, 5.0], abs=0.1)
    original = folder / "original.wav"
    loudness = {}
    for each in shown["parts"][:-1]:
        cut = folder.parent / f"{each['source']}.wav"
        sound = heard(original)[round(each["starts_s"] * RATE_HZ) :][: round(each["lasts_s"] * RATE_HZ)]
        _write(cut, sound)
        loudness[each["source"]] = file_by_ffmpeg(cut)[0]
        cut.unlink()
    assert max(loudness.values()) - min(loudness.values()) < 1.0
    assert file_by_ffmpeg(folder / "master.flac")[0] == pytest.approx(-19.0, abs=0.1)
    assert all(filecmp.cmp(made / path.name, folder / path.name, shallow=False) for path in made.iterdir())

    built, admitted = events(intake_station, Built)[0], events(intake_station, Admitted)[0]
    assert built.original_sha256 == admitted.original_sha256
    assert len(built.parts) == 5

    sound = heard(original)
    inside = max(sharpest(sound, at, 0.5) for at in (2.0, 8.0, 14.0, 19.0))
    ends = [each["starts_s"] + each["lasts_s"] for each in shown["parts"]]
    assert max(sharpest(sound, at) for at in [*ends, *(each["starts_s"] for each in shown["parts"])]) <= inside

    # again: the same parts give the same bytes, as a new version levelled for horns, and the parts are still there
    first = original.read_bytes()
    again = intake_station.json(capfd, "episode", "build", "5", "--profile", "horn")
    assert file_by_ffmpeg(folder / "master.flac")[0] > -17.0
    assert again["revision"] == 2
    assert original.read_bytes() == first == (folder / "r1" / "original.wav").read_bytes()
    assert (folder / "rundown.toml").exists()


def _write(target: Path, samples: np.ndarray) -> None:
    with wave.open(str(target), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def test_a_preview_is_heard_before_anything_is_admitted(
    intake_station: IntakeStation, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder, *PARTS)
    before = intake_station.shelf()
    whole, joints = tmp_path / "whole.wav", tmp_path / "joints.wav"
    assert intake_station.call("episode", "build", "5", "--preview", whole, "--profile", "horn") == 64
    assert not whole.exists()
    shown = intake_station.json(capfd, "episode", "build", "5", "--preview", whole)
    assert len(heard(whole)) / RATE_HZ == pytest.approx(shown["duration_s"], abs=0.01)
    intake_station.json(capfd, "episode", "build", "5", "--preview", joints, "--joints")
    assert np.abs(heard(joints)).max() > 0.05
    listed = intake_station.json(capfd, "episode", "rundown", "5")
    assert listed["parts"] == shown["parts"]
    assert (intake_station.shelf(), events(intake_station, Built, Admitted)) == (before, [])


def test_no_preview_lies_inside_the_station_where_a_purge_would_not_find_it(
    intake_station: IntakeStation, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder, *PARTS)
    before = intake_station.shelf()
    for place in (folder / "whole.wav", intake_station.station.root / "whole.wav"):
        assert intake_station.call("episode", "build", "5", "--preview", place) == 65
        assert not place.exists()
    assert "whole.wav" in capfd.readouterr().err
    assert intake_station.shelf() == before


def test_a_preview_is_written_over_no_file(
    intake_station: IntakeStation, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder, *PARTS)
    there, led = tmp_path / "there" / "cuentas.wav", tmp_path / "there" / "led.wav"
    there.parent.mkdir()
    there.write_text("somebody's work", encoding="utf-8")
    led.symlink_to("nowhere.wav")
    for place in (there, led):
        assert intake_station.call("episode", "build", "5", "--preview", place) == 65
    assert "cuentas.wav" in capfd.readouterr().err
    assert there.read_text(encoding="utf-8") == "somebody's work"
    assert sorted(path.name for path in there.parent.iterdir()) == ["cuentas.wav", "led.wav"]


def test_what_the_recordings_cannot_give_is_told_at_once(
    intake_station: IntakeStation, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "texto.wav").write_text("no sound at all", encoding="utf-8")
    written(
        folder,
        part("greeting", "saludo.m4a", "from_s = 90.0"),
        part("block", "bloque1.wav", "to_s = 0.5", "fade_in_s = 2.0"),
        part("block", "silencio.wav"),
        part("spot", "texto.wav"),
    )
    said = faults(intake_station, capfd)
    assert all(key in said for key in ("parts[1].from_s", "parts[2].fade_out_s", "parts[3].file", "parts[4].file"))
    assert "Traceback" not in said


def test_an_overlap_longer_than_a_part_is_refused(
    intake_station: IntakeStation, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder, part("greeting", "saludo.m4a", "crossfade_s = 9.0"), part("block", "bloque1.wav"))
    assert "parts[1].crossfade_s" in faults(intake_station, capfd)


def test_a_rundown_longer_than_a_recording_may_be_is_refused_before_it_is_written(
    intake_station: IntakeStation, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A preview too; where the rundown says how long its parts are, before they are decoded."""
    config = intake_station.station.root / "config.toml"
    config.write_text(config.read_text("utf-8").replace("max_duration_s = 14400 ", "max_duration_s = 60.0 "))
    assert "max_duration_s = 60.0" in config.read_text("utf-8")
    preview = tmp_path / "whole.wav"
    for parts in (
        [part("greeting", "saludo.m4a", "pause_after_s = 10.0")] * 5,
        [part("block", "texto.wav", "to_s = 61")],
    ):
        (folder / "texto.wav").write_text("never decoded", encoding="utf-8")
        written(folder, *parts, part("helpline", "ayuda.flac"))
        assert "longer than 1 minutes" in faults(intake_station, capfd, "--preview", str(preview))
        assert not preview.exists()


def test_a_rundown_in_the_wrong_folder_is_refused(
    intake_station: IntakeStation, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder, *PARTS, head=HEAD.replace("number = 5", "number = 6"))
    assert "number" in faults(intake_station, capfd)


def test_a_rundown_from_elsewhere_comes_to_live_with_its_episode(
    intake_station: IntakeStation, made: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(made, stick)
    path = written(stick, part("greeting", "saludo.m4a"), part("helpline", "ayuda.flac"))
    assert intake_station.call("episode", "build", path) == 0
    home = intake_station.station.episodes / "005"
    assert {"rundown.toml", "saludo.m4a", "ayuda.flac", "episode.toml"} <= {each.name for each in home.iterdir()}
    assert not (home / "bloque1.wav").exists()
    assert intake_station.call("episode", "build", "5") == 0
    written(stick, part("helpline", "ayuda.flac"))
    assert intake_station.call("episode", "build", path) == 65  # another by now: which one is meant?


def test_the_stations_chime_and_ident_open_every_built_episode(
    intake_station: IntakeStation, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = intake_station.station.root / "config.toml"
    config.write_text(
        config.read_text("utf-8").replace('chime = ""', 'chime = "chime"').replace('ident = ""', 'ident = "careta"')
    )
    assert intake_station.by("d-07", "part", "add", folder / "cortina.mp3", "--id", "careta", "--role", "ident") == 0
    written(folder, part("greeting", "saludo.m4a"), part("bed", "cortina.mp3"), part("helpline", "ayuda.flac"))
    parts = intake_station.json(capfd, "episode", "rundown", "5")["parts"]
    assert [each["role"] for each in parts] == ["chime", "ident", "greeting", "helpline", "bed"]
    assert parts[4]["starts_s"] == parts[3]["starts_s"]
    written(folder, part("greeting", "saludo.m4a"), head=f"{HEAD}opening = false\n")
    assert len(intake_station.json(capfd, "episode", "rundown", "5")["parts"]) == 1


def test_a_station_that_names_a_part_it_has_not_says_where(
    intake_station: IntakeStation, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = intake_station.station.root / "config.toml"
    config.write_text(config.read_text("utf-8").replace('ident = ""', 'ident = "careta"'))
    written(folder, part("greeting", "saludo.m4a"))
    assert "config.toml: rundown.ident" in faults(intake_station, capfd)


def test_a_shared_part_that_nobody_added_is_told(
    intake_station: IntakeStation, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder, shared("helpline", "linea-100"))
    assert "parts[1].part" in faults(intake_station, capfd)


def test_what_is_built_again_with_nothing_changed_stands_as_it_is(
    intake_station: IntakeStation, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Content decides, not a file's time; another title, another setting or a spoilt master makes a version."""
    short = (part("greeting", "saludo.m4a"), part("helpline", "ayuda.flac"))
    written(folder, *short)
    assert intake_station.json(capfd, "episode", "build", "5")["unchanged"] is False
    before, on_record = intake_station.shelf(), events(intake_station, Built, Admitted)
    shutil.copy(folder / "saludo.m4a", folder / "otra.m4a")
    (folder / "otra.m4a").replace(folder / "saludo.m4a")
    again = intake_station.json(capfd, "episode", "build", "5")
    assert (again["revision"], again["unchanged"]) == (1, True)
    assert intake_station.call("episode", "build", "5") == 0
    said = " ".join(capfd.readouterr().out.split())
    assert "Nothing has changed since episode 5 was built, so version 1 stands" in said
    assert (intake_station.shelf(), events(intake_station, Built, Admitted)) == (before, on_record)
    assert not intake_station.staged()

    written(folder, *short, head=HEAD.replace("Mi barrio", "Nuestro barrio"))
    assert intake_station.json(capfd, "episode", "build", "5")["revision"] == 2
    horn = ("--profile", "horn")
    assert intake_station.json(capfd, "episode", "build", "5", *horn)["revision"] == 3
    assert intake_station.json(capfd, "episode", "build", "5", *horn)["unchanged"] is True
    (folder / "master.flac").write_bytes(b"spoilt")
    assert intake_station.json(capfd, "episode", "build", "5", *horn)["revision"] == 4
