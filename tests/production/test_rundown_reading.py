"""What a ``rundown.toml`` may say, and that everything wrong with it is told at once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rundowns import HEAD, part, shared, written

from broadcaster import locale
from broadcaster.config import load_station
from broadcaster.config.entries import Key, flat, manual_row
from broadcaster.library.parts_decided import PartsDecided
from broadcaster.model import PartRole
from broadcaster.production.rundown.checking import find_sources
from broadcaster.production.rundown.keys import KEYS
from broadcaster.production.rundown.reading import Rundown, RundownFaults, read_rundown

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "rundowns.md").read_text(encoding="utf-8").splitlines()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    spoken = locale.language()
    locale.use("en")
    yield
    locale.use(spoken)


def read(folder: Path, *parts: str, head: str = HEAD) -> Rundown:
    return read_rundown(written(folder, *parts, head=head), "rundown.toml")


def faults(folder: Path, *parts: str, head: str = HEAD) -> dict[str, str]:
    with pytest.raises(RundownFaults) as caught:
        read(folder, *parts, head=head)
    return {fault.key: fault.problem for fault in caught.value.faults}


def test_parts_come_in_order_with_what_holds_where_nothing_is_said(tmp_path: Path) -> None:
    rundown = read(
        tmp_path, part("greeting", "a.wav"), shared("helpline", "linea-100", "from_s = 1.5", "gain_db = -2.0")
    )
    greeting, helpline = rundown.items
    assert (greeting.role, greeting.source.file, greeting.pause_after_s) == (PartRole.GREETING, "a.wav", 0.4)
    assert (helpline.source.shared, helpline.from_s, helpline.gain_db) == ("linea-100", 1.5, -2.0)
    assert float(helpline.pause_after_s) == 0  # the last one


def test_a_bed_lies_under_the_parts_that_follow_it(tmp_path: Path) -> None:
    beds = read(
        tmp_path,
        part("ident", "a.wav"),
        part("bed", "m.mp3", "under = 1"),
        part("block", "b.wav"),
        part("bed", "m.mp3"),
        part("block", "c.wav"),
        part("credits", "d.wav"),
    ).beds
    assert [(bed.first, bed.last) for bed in beds] == [(1, 1), (2, 3)]
    first = beds[0]
    assert [first.level_lu, first.duck_db, float(first.attack_s), float(first.release_s)] == [-8, 12, 0.3, 1]


def test_a_crossfade_takes_the_place_of_the_pause(tmp_path: Path) -> None:
    first, _ = read(tmp_path, part("ident", "a.wav", "crossfade_s = 1.5"), part("block", "b.wav")).items
    assert [float(first.crossfade_s), float(first.pause_after_s)] == [1.5, 0]


def test_all_faults_are_told_at_once_each_with_its_key(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        part("greting", "a.wav"),
        'role = "block"',
        part("block", "b.wav", 'part = "x"', "from_s = 9.0", "to_s = 3.0"),
        part("block", "../c.wav", "volumen = 3"),
        part("bed", "m.mp3", "gain_db = 3.0", "under = 9"),
        part("spot", "d.wav", "duck_db = 3.0", "crossfade_s = 1.0", "pause_after_s = 1.0"),
        head=HEAD.replace("number = 5", 'number = "five"'),
    )
    assert list(found) == [
        "number",
        "parts[1].role",
        "parts[2].file",
        "parts[3].part",
        "parts[3].to_s",
        "parts[4].file",
        "parts[4].volumen",
        "parts[5].gain_db",
        "parts[5].under",
        "parts[6].duck_db",
        "parts[6].crossfade_s",
        "parts[6].pause_after_s",
    ]
    assert "did you mean greeting?" in found["parts[1].role"]


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ((), "parts"),
        ((part("bed", "m.mp3"),), "parts[1].role"),
        ((part("block", "a.wav"), part("bed", "m.mp3")), "parts[2].role"),
        ((part("block", "a.wav", "crossfade_s = 1.0"),), "parts[1].crossfade_s"),
        (
            (part("ident", "a.wav", "crossfade_s = 1.0", "fade_out_s = 1.0"), part("block", "b.wav")),
            "parts[1].fade_out_s",
        ),
        (
            (part("ident", "a.wav", "crossfade_s = 1.0"), part("block", "b.wav", "fade_in_s = 1.0")),
            "parts[2].fade_in_s",
        ),
        (
            (part("bed", "m.mp3", "under = 2"), part("block", "a.wav"), part("bed", "m.mp3"), part("block", "b.wav")),
            "parts[3].role",
        ),
    ],
)
def test_what_cannot_be_together_is_told(tmp_path: Path, parts: tuple[str, ...], key: str) -> None:
    assert key in faults(tmp_path, *parts)


@pytest.mark.parametrize("name", ["../a.wav", "/etc/passwd", "x/../../a.wav", "..", "a\\\\b.wav", ""])
def test_a_name_leads_nowhere_but_into_its_folder(tmp_path: Path, name: str) -> None:
    assert "parts[1].file" in faults(tmp_path, part("block", name))


# What lies on the disk


def missing(folder: Path, *parts: str) -> dict[str, str]:
    (folder / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    with pytest.raises(RundownFaults) as caught:
        find_sources(load_station(folder), read(folder, *parts), PartsDecided())
    return {fault.key: fault.problem for fault in caught.value.faults}


def test_every_file_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bloque-1.wav").touch()
    found = missing(tmp_path, part("block", "bloque1.wav"), part("spot", "b.wav"), shared("helpline", "linea-100"))
    assert list(found) == ["parts[1].file", "parts[2].file", "parts[3].part"]
    assert "did you mean bloque-1.wav?" in found["parts[1].file"]


def test_a_link_a_pipe_or_a_folder_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").touch()
    (tmp_path / "link.wav").symlink_to(tmp_path / "secret.wav")
    (tmp_path / "elsewhere").symlink_to("/usr/share")
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "folder.wav").mkdir()
    names = ("link.wav", "pipe.wav", "folder.wav", "elsewhere/x.wav")
    assert len(missing(tmp_path, *(part("block", name) for name in names))) == len(names)


@pytest.mark.parametrize("name", ["original.wav", "master.flac", "episode.toml", "r1/original.wav", "Waveform.png"])
def test_the_programs_own_names_are_not_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert "rename" in missing(tmp_path, part("block", name))["parts[1].file"]


def test_a_name_is_found_however_the_disk_spells_its_accents(tmp_path: Path) -> None:
    (tmp_path / "cre\u0301ditos.wav").touch()
    (tmp_path / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    rundown = read(tmp_path, part("credits", "cr\u00e9ditos.wav"))
    assert find_sources(load_station(tmp_path), rundown, PartsDecided())


# The manual


@pytest.mark.parametrize(("path", "key"), [*flat(KEYS)])
def test_every_key_of_a_rundown_is_in_its_manual(path: str, key: Key) -> None:
    assert manual_row(path, key) in MANUAL


def test_the_manual_has_no_key_that_a_rundown_does_not_know() -> None:
    rows = {line for line in MANUAL if line.startswith("| `") and line.count(" | ") > 3}
    assert rows == {manual_row(path, key) for path, key in flat(KEYS)}
