"""Every byte of withdrawn audio leaves the station's folder, whatever happens meanwhile; what is not withdrawn stays."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from library_station import SetClock
from sqlmodel import insert
from voice_files import ROOT, chunks, files, found, raw, spoken

from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import (
    Admitted,
    Built,
    BuiltPart,
    DefenderRegistered,
    Intent,
    PersonRegistered,
    ProcessId,
    Purged,
    PurgeOrdered,
    Withdrawn,
)
from broadcaster.journal.reading import read, verify_at
from broadcaster.library import fingerprints, purge, withdrawal
from broadcaster.library.catalogue import intact, statuses
from broadcaster.library.copies import register_copy
from broadcaster.library.decisions import decisions_of
from broadcaster.library.shelf import folder_of, read_episode
from broadcaster.model import AiringId, EpisodeNumber, MarketId, PartRole, Reason, Role, Seconds, Sha256
from broadcaster.production import intake
from broadcaster.production.refusals import WithdrawnAudio
from broadcaster.production.submission import Submission
from broadcaster.production.tidying import tidy
from broadcaster.store.engine import url_of
from broadcaster.store.tables import Credential

FIVE, SIX, SEVEN = EpisodeNumber(5), EpisodeNumber(6), EpisodeNumber(7)
TITLE = "Canto-del-zorzal"


@dataclass(frozen=True)
class Sounding:
    """A station in which an episode's audio lies wherever it may ever lie."""

    station: Station
    journal: Journal
    sources: Path
    """Outside the station: what the producer sent."""
    chunks: dict[str, list[bytes]]
    hashes: set[str]

    def traces(self) -> set[tuple[str, str]]:
        return found(self.station.root, self.chunks, self.hashes)


@dataclass(frozen=True)
class _Prepared:
    """The same, to be copied for each test."""

    root: Path
    sources: Path
    chunks: dict[str, list[bytes]]
    hashes: set[str]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> _Prepared:
    root, sources = tmp_path_factory.mktemp("prepared"), tmp_path_factory.mktemp("sources")
    shutil.copy(ROOT / "config.toml", root)
    station = load_station(root)
    with Journal.open(station.database, SetClock(), station.timezone) as journal:
        journal.append(DefenderRegistered("d-07"))
        first, second = spoken(sources / "a.flac"), spoken(sources / "b.ogg", 11.0)
        _admit(station, journal, FIVE, first)
        intake.revise(station, journal, second, _said(FIVE), lambda _share: None)
        _admit(station, journal, SIX, spoken(sources / "c.wav", 22.0))
        folder = folder_of(station, FIVE)
        masters = {"r1": folder / "r1" / "master.flac", "r2": folder / "master.flac"}
        wanted = {f"{name} file": chunks(path.read_bytes()) for name, path in masters.items()}
        forms = ("s16le", "f32le")
        wanted |= {f"{name} {form}": chunks(raw(path, form)) for name, path in masters.items() for form in forms}
        wanted |= {"original a": chunks(first.read_bytes()), "original b": chunks(second.read_bytes())}
        hashes = {sha256 for row in _admitted(journal, FIVE) for sha256 in (row.original_sha256, row.master_sha256)}
        _spread(station, journal, masters, second)
    return _Prepared(root, sources, wanted, {str(each) for each in hashes})


@pytest.fixture
def sounding(prepared: _Prepared, tmp_path: Path) -> Iterator[Sounding]:
    shutil.copytree(prepared.root, tmp_path / "station")
    station = load_station(tmp_path / "station")
    with Journal.open(station.database, SetClock(), station.timezone) as journal:
        yield Sounding(station, journal, prepared.sources, prepared.chunks, prepared.hashes)


def _said(number: EpisodeNumber) -> Submission:
    return Submission(number, TITLE, ("d-07",), ("C-1",), ("linea-100",), sample=False)


def _admitted(journal: Journal, number: EpisodeNumber) -> list[Admitted]:
    events = [row.event for row in journal.rows(kinds=[Admitted])]
    return [event for event in events if isinstance(event, Admitted) and event.episode == number]


def _admit(station: Station, journal: Journal, number: EpisodeNumber, source: Path) -> None:
    intake.add(station, journal, source, _said(number), lambda _share: None)


def _spread(station: Station, journal: Journal, masters: dict[str, Path], original: Path) -> None:
    """What listening, rehearsing, copying, building and a killed intake leave behind."""
    heard = station.rehearsals / "20210618T150000.000000Z"
    heard.mkdir(parents=True)
    (heard / "unicachi.wav").write_bytes(raw(masters["r2"], "s16le"))
    admitted = _admitted(journal, FIVE)[-1]
    with Journal.open(url_of(heard / "journal.db"), journal.clock, station.timezone) as other:
        other.append(_intent(admitted))
    unclear = station.rehearsals / "20210619T150000.000000Z"
    unclear.mkdir()
    (unclear / "el-bosque.wav").write_bytes(raw(masters["r1"], "s16le"))
    copies = station.root / "copies"
    copies.mkdir()
    shutil.copy(masters["r2"], copies / "E05.flac")
    spoken_again = spoken(copies / "E05.mp3", 11.0)
    register_copy(journal, admitted, form="mp3", copy_sha256=_sha256(spoken_again), scope="whatsapp", by="uid:1000")
    shutil.copy(original, station.root / "nota de voz.ogg")
    stage = station.data / "intake" / "adding-dead"
    stage.mkdir(parents=True)
    for name, master in masters.items():
        (stage / f"{name}.f32").write_bytes(raw(master, "f32le"))
    folder = folder_of(station, FIVE)
    (folder / "sample").mkdir()
    shutil.copy(original, folder / "sample" / "original.ogg")
    (folder / "voz.wav").write_bytes(raw(masters["r1"], "s16le"))
    (folder / "waveform.svg").write_text("<svg/>", encoding="utf-8")
    (folder / ".episode.toml.4711").write_text(f'title = "{TITLE}"\n', encoding="utf-8")


def _intent(admitted: Admitted) -> Intent:
    return Intent(
        AiringId("2021-06-18T10:00/unicachi"),
        MarketId("unicachi"),
        admitted.episode,
        admitted.revision,
        admitted.master_sha256,
        due=SetClock().utc,
        late_s=Seconds(0.0),
        expected_s=admitted.duration_s,
        sink="sink",
        player=ProcessId(1, 1),
        witness=None,
    )


def test_a_search_of_the_whole_station_finds_nothing_of_purged_audio(sounding: Sounding) -> None:
    """Neither raw nor as FLAC, in no file and not in the database; before, every one of the chunks was there."""
    before = sounding.traces()
    assert {what for what, _ in before} == {*sounding.chunks, "sha256"}
    _purged(sounding.station, sounding.journal, through=2)
    assert sounding.traces() == set()
    assert not folder_of(sounding.station, FIVE).exists()
    assert [path.name for path in files(sounding.station.root / "copies")] == []
    assert {path.name.partition("-")[0] for path in files(sounding.station.rehearsals)} == {
        "journal.db",
        "journal.jsonl",
    }
    (admitted,) = _admitted(sounding.journal, SIX)
    assert intact(sounding.station, admitted)
    assert read_episode(sounding.station, SIX) is not None


def test_rows_stay_without_a_title_and_the_same_recording_is_still_refused(sounding: Sounding) -> None:
    journal, station = sounding.journal, sounding.station
    shutil.rmtree(folder_of(station, SIX))
    _purged(station, journal, through=2)
    assert [path for path in files(station.root) if TITLE.encode() in path.read_bytes()] == []
    assert verify_at(station.database).intact
    assert _states(station, journal)[FIVE] is Reason.WITHDRAWN
    with pytest.raises(WithdrawnAudio):
        _admit(station, journal, EpisodeNumber(7), sounding.sources / "b.ogg")


def _states(station: Station, journal: Journal) -> dict[EpisodeNumber, Reason | None]:
    today = journal.clock.now().utc.date()
    return {
        number: status.reason
        for number, status in statuses(station, journal.rows(), today, samples_may_air=False).items()
    }


def _purged(station: Station, journal: Journal, through: int) -> None:
    journal.append(Withdrawn(FIVE, through, "uno"))
    purge.order(journal, FIVE, "uno")
    tidy(station, journal, journal.clock.now().utc)


def _sha256(path: Path) -> Sha256:
    return Sha256(hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_newer_revision_stays_whole_when_the_one_before_it_goes(sounding: Sounding) -> None:
    """Consent for the first recording only was taken back: its bytes go, wherever they lie; the second airs on."""
    station, journal = sounding.station, sounding.journal
    first, second = _admitted(journal, FIVE)
    (folder_of(station, FIVE) / "voz.wav").unlink()
    _purged(station, journal, through=1)
    gone = {name: windows for name, windows in sounding.chunks.items() if name.startswith("r1") or name.endswith(" a")}
    assert found(station.root, gone, {first.original_sha256, first.master_sha256}) == set()
    assert intact(station, second)
    episode = read_episode(station, FIVE)
    assert episode is not None
    assert [each.revision for each in episode.revisions] == [2]
    assert _states(station, journal)[FIVE] is Reason.NOT_APPROVED


def test_the_same_recording_in_another_encoding_is_withdrawn_with_it(sounding: Sounding) -> None:
    """Known by its fingerprint: a number and a codec are no reason for the same voice to go on."""
    station, journal = sounding.station, sounding.journal
    again = spoken(sounding.sources / "again.mp3", 11.0, "-b:a", "64k")
    _admit(station, journal, SEVEN, again)
    journal.append(PersonRegistered("proteccion-1", (Role.PROTECTION_OFFICER,)))
    with journal.store.writing() as connection:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        connection.execute(insert(Credential).values(code="proteccion-1", pin_hash=quick.hash("1234")))
    touched = withdrawal.withdraw(journal, station, 5, "proteccion-1", "1234").touched
    assert touched == {FIVE: 2, SEVEN: 1}
    assert _states(station, journal)[SEVEN] is Reason.WITHDRAWN
    assert _states(station, journal)[SIX] is Reason.NOT_APPROVED


def test_one_recording_that_cannot_be_read_hides_no_other(sounding: Sounding) -> None:
    """Its fingerprint is torn and its master, byte for byte what the record says, is no sound."""
    station, journal = sounding.station, sounding.journal
    _admit(station, journal, SEVEN, spoken(sounding.sources / "again.mp3", 11.0, "-b:a", "64k"))
    for number in (EpisodeNumber(8), EpisodeNumber(9)):  # one is read before the twin, one is the twin's own neighbour
        folder = folder_of(station, number)
        folder.mkdir()
        (folder / "master.flac").write_bytes(b"no sound at all")
        sha256 = _sha256(folder / "master.flac")
        journal.append(Admitted(number, 1, sha256, sha256, Seconds(3.0), ("d-07",), "", ()))
        (station.data / "fingerprints" / sha256).write_bytes(b"odd")
    second = _admitted(journal, FIVE)[-1]
    decided = decisions_of(journal)
    decided.admitted = dict(reversed(decided.admitted.items()))
    assert fingerprints.same_audio(station, decided, second.master_sha256) == ((SEVEN, 1),)
    assert fingerprints.same_audio(station, decided, _sha256(folder / "master.flac")) == ()


def test_captions_go_with_the_older_revision_for_nothing_tells_whose_they_are(sounding: Sounding) -> None:
    station, folder = sounding.station, folder_of(sounding.station, FIVE)
    (folder / "voz.wav").unlink()
    (folder / "subtitulos.SRT").write_text("1\n00:00:01,000 --> 00:00:02,000\nlo que dijo\n", encoding="utf-8")
    _purged(station, sounding.journal, through=1)
    assert not (folder / "subtitulos.SRT").exists()
    assert (folder / "master.flac").exists()


# The power goes in the middle


def _many_places(station: Station, journal: Journal) -> Admitted:
    """Two revisions, a copy and a description, as bytes that nothing needs to decode."""
    folder = folder_of(station, FIVE)
    (folder / "r1").mkdir(parents=True)
    for name in ("r1/original.wav", "r1/master.flac", "original.wav", "master.flac", "waveform.png", "voz.wav"):
        (folder / name).write_bytes(f"sound of {name}".encode())
    (folder / "episode.toml").write_text(f'number = 5\ntitle = "{TITLE}"\n', encoding="utf-8")
    (station.root / "copia.wav").write_bytes(b"sound of original.wav")
    hashes = (_sha256(folder / "original.wav"), _sha256(folder / "master.flac"))
    admitted = Admitted(FIVE, 2, *hashes, Seconds(3.0), ("d-07",), "", ("linea-100",))
    journal.append(admitted)
    journal.append(Withdrawn(FIVE, 2, "uno"))
    purge.order(journal, FIVE, "uno")
    return admitted


def _tidy_and_die(station: Station, clock: SetClock, after: int) -> bool:
    """Tidy in a process of its own that is gone, without a word, before its next change of the disk; whether it was."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    left = [after]

    def power(event: str, _arguments: object) -> None:
        if event in {"os.remove", "os.rmdir", "os.rename"}:
            if not left[0]:
                os._exit(1)
            left[0] -= 1

    sys.addaudithook(power)
    with Journal.open(station.database, clock, station.timezone) as journal:
        tidy(station, journal, clock.utc)
    os._exit(0)


def test_a_purge_cut_short_anywhere_is_finished_by_the_next(station: Station, clock: SetClock, tmp_path: Path) -> None:
    """Killed before each of its steps in turn; until it is done it stays ordered, and then it is on record once."""
    for after in range(100):
        root = tmp_path / f"station-{after}"
        root.mkdir()
        shutil.copy(tmp_path / "config.toml", root)
        here = load_station(root)
        with Journal.open(here.database, clock, here.timezone) as journal:
            _many_places(here, journal)
        if not _tidy_and_die(here, clock, after):
            break
        assert purge.outstanding(read(here.database, kinds=purge.PURGES)) == {FIVE: 2}
        with Journal.open(here.database, clock, here.timezone) as journal:
            tidy(here, journal, clock.utc)
            tidy(here, journal, clock.utc)
        _nothing_is_left(here)
    assert after >= 8, "it was killed before each of its steps"
    _nothing_is_left(here)


def _nothing_is_left(station: Station) -> None:
    assert not any(station.episodes.iterdir())
    assert [path.name for path in files(station.root) if b"sound of" in path.read_bytes()] == []
    rows = read(station.database, kinds=purge.PURGES)
    assert [type(row.event) for row in rows] == [PurgeOrdered, Purged]


def test_what_was_not_withdrawn_is_never_ordered_to_go(journal: Journal) -> None:
    assert purge.order(journal, FIVE, "uno") is None
    journal.append(Withdrawn(FIVE, 1, "uno"))
    assert purge.order(journal, FIVE, "uno") is not None
    assert purge.order(journal, FIVE, "uno") is None


def test_a_shared_part_goes_only_where_no_other_episode_holds_it(station: Station, journal: Journal) -> None:
    """The helpline's spot that others play stays; the block that was recorded for this one alone does not."""
    shared = station.episodes / "_parts"
    places = {name: shared / name / "voz.wav" for name in ("ayuda", "bloque")}
    for name, place in places.items():
        place.parent.mkdir(parents=True)
        place.write_bytes(f"part {name}".encode())
    parts = {name: BuiltPart(PartRole.BLOCK, _sha256(place), name) for name, place in places.items()}
    for number, held in ((FIVE, ("ayuda", "bloque")), (SIX, ("ayuda",))):
        sha256 = Sha256(f"{number}" * 64)
        journal.append(Built(number, sha256, Sha256("f" * 64), tuple(parts[name] for name in held)))
        journal.append(Admitted(number, 1, sha256, Sha256(f"{number + 2}" * 64), Seconds(3.0), ("d-07",), "", ()))
    _purged(station, journal, through=1)
    assert [name for name, place in places.items() if place.exists()] == ["ayuda"]
