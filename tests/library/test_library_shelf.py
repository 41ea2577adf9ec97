"""``episode.toml``: written whole, read back as it was, and every fault named."""

from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.config import Station, load_station
from broadcaster.errors import ConfigurationError
from broadcaster.library.shelf import (
    AudioFile,
    EpisodeFile,
    Revision,
    folder_of,
    numbers,
    read_all,
    read_episode,
    write_episode_toml,
)
from broadcaster.model import Dbtp, EpisodeNumber, Finding, LoudnessUnits, Lufs, Measure, Seconds, Severity, Sha256

SOUND = Measure(Lufs(-19.0), Dbtp(-1.6), LoudnessUnits(4.2), Lufs(-15.5), Lufs(-17.0), Seconds(20.5), 48_000, 1)
SILENCE = Measure(None, None, None, None, None, Seconds(3.0), 8_000, 2)
FINDINGS = (
    Finding("clipped", Severity.WARN, Seconds(12.5), "Se satura en 0:12."),
    Finding("length_unverified", Severity.NOTE, None, "No se puede comprobar."),
)


def revision(number: int, measure: Measure = SOUND) -> Revision:
    return Revision(
        revision=number,
        defenders=("d-07", "d-08"),
        consents=("C-2021-014", "C-2021-015"),
        helplines=("linea-100",),
        original=AudioFile("original.ogg", Sha256("a" * 64), measure),
        master=AudioFile("master.flac", Sha256("b" * 64), SOUND),
        findings=FINDINGS,
        added_utc=datetime(2021, 6, 10, 15, 0, 0, 250_000, tzinfo=UTC),
    )


def write(station: Station, episode: EpisodeFile) -> Path:
    folder = folder_of(station, episode.number)
    folder.mkdir(parents=True, exist_ok=True)
    write_episode_toml(folder, episode)
    return folder / "episode.toml"


TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)


@given(title=TITLES, sample=st.booleans(), revisions=st.integers(0, 3))
def test_an_episode_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, title: str, sample: bool, revisions: int
) -> None:
    """Quotes, emoji, right-to-left marks: a title is only text (trimmed, accents composed)."""
    title = normalize("NFC", title).strip()
    if not title:
        return
    station = _station(tmp_path_factory.mktemp("station"))
    made = tuple(revision(number, SILENCE if number == 2 else SOUND) for number in range(1, revisions + 1))
    episode = EpisodeFile(EpisodeNumber(7), title, sample, made)
    write(station, episode)
    assert read_episode(station, 7) == episode
    assert episode.newest == (made[-1] if made else None)


def _station(root: Path) -> Station:
    (root / "config.toml").write_bytes((Path(__file__).parents[2] / "config.toml").read_bytes())
    return load_station(root)


def test_comments_of_a_person_survive_a_new_revision(station: Station) -> None:
    path = write(station, EpisodeFile(EpisodeNumber(3), "Uno", sample=False))
    path.write_text("# ojo: falta la careta\n" + path.read_text())
    write(station, EpisodeFile(EpisodeNumber(3), "Dos", sample=False, revisions=(revision(1),)))
    assert path.read_text().startswith("# ojo: falta la careta\n")
    assert read_all(station)[EpisodeNumber(3)].title == "Dos"


def test_nothing_else_is_left_in_the_folder(station: Station) -> None:
    path = write(station, EpisodeFile(EpisodeNumber(3), "Uno", sample=False))
    assert [file.name for file in path.parent.iterdir()] == ["episode.toml"]


def test_an_episode_that_is_not_there_is_none(station: Station) -> None:
    assert read_episode(station, 9) is None
    assert read_all(station) == {}
    assert numbers(station) == ()


def test_only_folders_of_three_digits_with_a_description_are_episodes(station: Station) -> None:
    write(station, EpisodeFile(EpisodeNumber(12), "Doce", sample=False))
    for name in ("13", "014x", "015", ".016", "r1"):
        (station.episodes / name).mkdir()
    assert numbers(station) == (12,)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("number = ", ""),
        ('number = 3\ntitle = ""', "title"),
        ("number = 3", "title"),
        ('number = 4\ntitle = "x"', "number"),
        ('number = 3\ntitle = "x"\nstate = "approved"', "state"),
        ('number = 3\ntitle = "x"\n[[revisions]]\nrevision = 1', "revisions"),
    ],
)
def test_a_wrong_description_is_named_with_file_and_key(station: Station, text: str, key: str) -> None:
    folder = folder_of(station, 3)
    folder.mkdir(parents=True)
    (folder / "episode.toml").write_text(text)
    with pytest.raises(ConfigurationError) as refusal:
        read_episode(station, 3)
    assert refusal.value.exit_code == 78
    assert refusal.value.faults[0].file == "episodes/003/episode.toml"
    assert refusal.value.faults[0].key.startswith(key)


def test_a_path_that_leaves_the_episodes_folder_is_a_fault(station: Station) -> None:
    path = write(station, EpisodeFile(EpisodeNumber(3), "Uno", sample=False, revisions=(revision(1),)))
    path.write_text(path.read_text().replace('"master.flac"', '"../004/master.flac"'))
    with pytest.raises(ConfigurationError, match=r"master\.path"):
        read_episode(station, 3)
