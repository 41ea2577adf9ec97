"""Many recordings at once: checked whole before anything is admitted, then each stands for itself."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from intake_station import IntakeStation
from master_meter import file_by_ffmpeg
from process_tree import tree
from recordings import Recordings

from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted
from broadcaster.journal.reading import read
from broadcaster.production.batch import admit
from broadcaster.production.metadata import Defaults, read_candidates
from broadcaster.production.workers import fitting, processors, without_interrupts

Capture = pytest.CaptureFixture[str]
HEAD = "file,number,title,defenders,consent,helplines\n"


def folder_with(recordings: Recordings, folder: Path, table: str, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(recordings.bytes_of(name))
    (folder / "episodes.csv").write_text(table, encoding="utf-8")
    return folder


@pytest.fixture
def parcel(recordings: Recordings, tmp_path: Path) -> Path:
    """A folder of two good recordings and one that is no recording, and its table."""
    table = HEAD + "phone.m4a,5,Nuestra voz,d-07,C-1,linea-100\n"
    table += "broken.mp3,6,Rota,d-07,C-1,linea-100\nopus.opus,7,Otra voz,d-07,,\n"
    folder = folder_with(recordings, tmp_path / "parcel", table, "phone.m4a", "opus.opus")
    (folder / "broken.mp3").write_bytes(b"no sound at all")
    return folder


def admitted_in(station: IntakeStation) -> list[int]:
    return [row.event.episode for row in read(station.station.database) if isinstance(row.event, Admitted)]


def test_what_is_good_is_admitted_and_what_is_not_is_said(
    parcel: Path, intake_station: IntakeStation, capfd: Capture
) -> None:
    capfd.readouterr()
    assert intake_station.call("episode", "add", "--from-folder", parcel) == 65
    out, err = capfd.readouterr()
    assert "broken.mp3 is not a recording this program knows" in " ".join(out.split())
    assert "1 of 3 recordings were not admitted" in err
    assert sorted(admitted_in(intake_station)) == [5, 7]
    for number in (5, 7):
        loudness, peak = file_by_ffmpeg(intake_station.station.episodes / f"00{number}" / "master.flac")
        assert loudness == pytest.approx(-19.0, abs=0.1)
        assert peak <= -1.5
    assert not (intake_station.station.episodes / "006").exists()
    assert (intake_station.json(capfd, "episode", "show", "5")["defenders"]) == ["d-07"]


def test_programs_get_one_answer_a_recording(parcel: Path, intake_station: IntakeStation, capfd: Capture) -> None:
    capfd.readouterr()
    assert intake_station.call("episode", "add", parcel, "--profile", "horn", "--json") == 65
    answers = json.loads(capfd.readouterr().out)
    assert [answer["file"] for answer in answers] == ["phone.m4a", "broken.mp3", "opus.opus"]
    assert [answer["refused"] is None for answer in answers] == [True, False, True]
    assert answers[0]["master"]["integrated_lufs"] == pytest.approx(-16.0, abs=0.1)
    assert "levelled_for_horns" in [finding["code"] for finding in answers[0]["findings"]]


def test_every_fault_is_told_at_once_and_nothing_is_admitted(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path, capfd: Capture
) -> None:
    table = HEAD + "phone.m4a,5,Voz,d-07,C-1,linea-100\nmissing.mp3,6,Voz,d-07,,\nopus.opus,5,Voz,d-99,,\n"
    table += "16-bit.wav,1000,,d-07,,\nvorbis.ogg,8,Voz,d-07,,no-such\n"
    folder = folder_with(recordings, tmp_path / "p", table, "phone.m4a", "opus.opus", "16-bit.wav", "vorbis.ogg")
    before = intake_station.shelf()
    capfd.readouterr()
    assert intake_station.call("episode", "add", "--from-folder", folder) == 65
    told = " ".join(capfd.readouterr().err.split())
    for fault in (
        "episodes.csv, line 3: there is no recording missing.mp3",
        "d-99",
        "line 4: the number 5 is given twice",
        "line 5: title is missing",
        "no-such",
    ):
        assert fault in told
    assert intake_station.shelf() == before
    assert admitted_in(intake_station) == []


def test_named_files_are_described_by_the_table_beside_them(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path, capfd: Capture
) -> None:
    """Only those that are named are admitted; one that the table does not list is a fault."""
    folder = folder_with(recordings, tmp_path / "p", "", "phone.m4a", "opus.opus")
    table = folder / "lista.toml"
    table.write_text(
        '[[episode]]\nfile = "phone.m4a"\nnumber = 5\ntitle = "Voz"\n\n'
        '[[episode]]\nfile = "opus.opus"\nnumber = 6\ntitle = "Voz"\ndefenders = ["d-07"]\n'
    )
    more = ("--metadata", table, "--defender", "d-07")
    assert intake_station.call("episode", "add", folder / "phone.m4a", folder / "other.mp3", *more) == 65
    assert "other.mp3 is not in the table lista.toml" in capfd.readouterr().err
    assert intake_station.call("episode", "add", folder / "phone.m4a", *more) == 0
    assert admitted_in(intake_station) == [5]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Missing argument"),
        (("x.mp3",), "--number"),
        (("x.mp3", "--number", "5"), "--title"),
        (("--metadata", "t.csv", "--number", "5"), "for one recording"),
    ],
)
def test_words_that_do_not_fit_together_are_refused(
    words: tuple[str, ...], said: str, intake_station: IntakeStation, capfd: Capture
) -> None:
    assert intake_station.call("episode", "add", *words) == 64
    assert said in capfd.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("t.csv", b"\xff\xfe\x00", "cannot be read as a table"),
        ("t.csv", b'file,number\n"x', "cannot be read as a table"),
        ("t.toml", b"episode = 3", "cannot be read as a table"),
        ("t.csv", b"file,number,title,colour\nx.mp3,5,A,red\n", "there is no column colour"),
        ("t.csv", b"file,number,title\nx.mp3,five,A\n", "five is not"),
        ("t.csv", b"file,number,title\nx.mp3,5,A,too,many\n", "more cells"),
        ("missing.csv", None, "missing.csv"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes | None, fault: str) -> None:
    from broadcaster import locale  # noqa: PLC0415

    locale.use("en")
    (tmp_path / "x.mp3").touch()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    candidates, faults = read_candidates(tmp_path / name, Defaults())
    assert candidates == []
    assert any(fault in each for each in faults)


def test_a_spreadsheet_in_spanish_is_read_too(tmp_path: Path) -> None:
    """Semicolons between the cells, a byte order mark, capital letters, several codes in a cell."""
    (tmp_path / "x.mp3").touch()
    table = "\ufeffFile;Number;Title;Defenders;Consent;Helplines\r\nx.mp3;5;Sí, señora;d-07 d-08;C-1, C-2;\r\n;;;;;\r\n"
    (tmp_path / "t.csv").write_bytes(table.encode())
    (candidate,), faults = read_candidates(tmp_path / "t.csv", Defaults(helplines=("linea-100",)))
    assert faults == []
    said = candidate.said
    assert (said.title, said.defenders, said.consents) == ("Sí, señora", ("d-07", "d-08"), ("C-1", "C-2"))
    assert said.helplines == ("linea-100",)


def admitted_one_by_one(station: IntakeStation, folder: Path, progress: Callable[[float], None]) -> list[str | None]:
    """What a table's recordings were refused for, prepared by a single worker."""
    candidates, faults = read_candidates(folder / "episodes.csv", Defaults())
    assert faults == []
    with Journal.open(station.station.database, SystemClock(), station.station.timezone) as journal:
        answers = admit(station.station, journal, candidates, progress, at_once=1)
    return [answer.refusal for answer in answers]


@pytest.fixture
def pair(recordings: Recordings, tmp_path: Path) -> Path:
    """A folder of two good recordings, and its table."""
    table = HEAD + "phone.m4a,5,Nuestra voz,d-07,C-1,linea-100\nopus.opus,7,Otra voz,d-07,,\n"
    return folder_with(recordings, tmp_path / "pair", table, "phone.m4a", "opus.opus")


def test_a_worker_that_is_killed_takes_one_recording_with_it(pair: Path, intake_station: IntakeStation) -> None:
    """As the system kills when memory is short. Somebody else prepares what still waits."""
    killed: list[int | None] = []

    def kill_once(_share: float) -> None:
        if not killed:
            (worker,) = multiprocessing.active_children()
            worker.kill()
            killed.append(worker.pid)

    first, second = admitted_one_by_one(intake_station, pair, kill_once)
    assert first is not None
    assert "phone.m4a" in first
    assert second is None
    assert admitted_in(intake_station) == [7]
    assert intake_station.staged() == []


def test_a_disk_that_fails_on_the_way_does_not_hide_what_was_admitted(
    pair: Path, intake_station: IntakeStation
) -> None:
    lock = intake_station.station.data / "intake" / "lock"

    def fail(_share: float) -> None:
        if admitted_in(intake_station) == [5] and lock.is_file():
            lock.unlink()
            lock.mkdir()

    first, second = admitted_one_by_one(intake_station, pair, fail)
    assert first is None
    assert second is not None
    assert admitted_in(intake_station) == [5]


def is_alive(pid: int) -> bool:
    """It runs: it neither is gone nor waits to be counted as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_interrupted_it_leaves_no_process_and_no_folder(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path
) -> None:
    rows = "".join(f"{n}.wav,{n},Voz,d-07,C-1,linea-100\n" for n in range(5, 9))
    folder = folder_with(recordings, tmp_path / "p", HEAD + rows)
    long = folder / "5.wav"
    words = ["-i", str(recordings["16-bit.wav"]), "-af", "aloop=loop=-1:size=150000", "-t", "900", str(long)]
    subprocess.run(["ffmpeg", "-v", "error", *words], check=True)
    for n in (6, 7, 8):
        os.link(long, folder / f"{n}.wav")
    command = [sys.executable, "-m", "broadcaster", "--station", str(intake_station.station.root)]
    process = subprocess.Popen(
        [*command, "episode", "add", str(folder)], stderr=subprocess.PIPE, start_new_session=True
    )
    until = time.monotonic() + 60
    while not any(path.joinpath("decoded.f32").exists() for path in intake_station.staged()):
        assert time.monotonic() < until
        time.sleep(0.05)
    family = tree(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    until = time.monotonic() + 60
    while living := [pid for pid in family if is_alive(pid)]:
        assert time.monotonic() < until, [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in living]
        time.sleep(0.05)
    assert intake_station.staged() == []
    assert admitted_in(intake_station) == []


def test_there_are_as_many_workers_as_processors_and_memory_allow() -> None:
    gigabyte = 1_000_000_000
    assert [fitting(4, each) for each in (None, 8 * gigabyte, gigabyte, gigabyte // 10)] == [4, 4, 2, 1]
    assert 1 <= processors() <= (os.cpu_count() or 1)


def test_ctrl_c_does_not_tear_up_a_worker_that_is_only_starting() -> None:
    starting = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(0.1,))
    with without_interrupts():
        starting.start()
    assert starting.pid
    os.kill(starting.pid, signal.SIGINT)
    starting.join(30)
    assert starting.exitcode == 0
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
