"""Copies that leave: through the gates, as loud as the master, nameless, on record, whole or not there."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from copies_station import NUMBER, Copying, one_channel, open_gates, probed, tags_of
from master_meter import file_by_ffmpeg
from people_at_hand import FOR_EVER, OFFICER, all_said
from recordings import ffmpeg

from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, ConsentConfirmed, ConsentRegistered, Suspended
from broadcaster.library.acts import decisions_of
from broadcaster.library.catalogue import master_path
from broadcaster.library.shelf import read_episode
from broadcaster.model import EpisodeNumber, Scope
from broadcaster.production.exports.audio import EDGE_S, Encoded
from broadcaster.production.exports.forms import FORMS
from broadcaster.production.exports.making import NoCopy, Order, make, require
from broadcaster.sound.blocks import Progress

LOSSY = {"mp3": 5_000_000, "opus": 5_000_000, "usb": 10_000_000}
"""Each with the most that ten minutes of it may take."""


def master_lufs(copying: Copying) -> float:
    episode = read_episode(copying.at_work.station, NUMBER)
    assert episode is not None
    assert episode.newest is not None
    loudness = episode.newest.master.measure.integrated_lufs
    assert loudness is not None
    return float(loudness)


@pytest.mark.parametrize("form", LOSSY)
def test_a_lossy_copy_is_as_loud_as_its_master_and_stays_under_the_ceiling_by_a_meter_not_ours(
    copying: Copying, form: str, tmp_path: Path
) -> None:
    assert copying.export(str(NUMBER), "--as", form, "-o", copying.outside) == 0
    (copy,) = (path for path in copying.outside.iterdir() if path.suffix != ".txt")
    loudness, peak = file_by_ffmpeg(one_channel(copy, tmp_path / "heard.wav"))[:2]
    assert loudness == pytest.approx(master_lufs(copying), abs=0.3)
    assert peak <= -1.0
    assert float(probed(copy)["format"]["bit_rate"]) * 600 / 8 <= LOSSY[form] * 1.02


def test_a_wav_holds_the_masters_own_samples_without_its_lead_in(copying: Copying, tmp_path: Path) -> None:
    assert copying.export(str(NUMBER), "--as", "wav", "-o", copying.outside) == 0
    plain = ("-f", "s16le", "-ac", "1", "-")
    master = np.frombuffer(ffmpeg("-i", str(master_path(copying.at_work.station, NUMBER)), *plain), "<i2")
    copy = np.frombuffer(ffmpeg("-i", str(copying.outside / "E05.wav"), *plain), "<i2")
    first = round((3.0 - EDGE_S) * 48_000)
    assert len(copy) == pytest.approx(len(master) - 3.5 * 48_000, abs=48)
    assert np.abs(copy.astype(int) - master[first : first + len(copy)]).max() <= 1


@pytest.mark.parametrize("form", ["mp3", "opus", "wav"])
def test_a_copy_names_a_number_and_nothing_else(copying: Copying, form: str) -> None:
    assert copying.export(str(NUMBER), "--as", form) == 0
    assert copying.left() == [f"E05.{form}"]
    copy = copying.at_work.station.root / "copies" / f"E05.{form}"
    assert tags_of(copy) == {}
    assert b"Nuestra" not in copy.read_bytes()


def test_a_copy_is_on_record_by_the_hash_of_its_file(copying: Copying) -> None:
    copying.export(str(NUMBER), "--as", "opus", "-o", copying.outside / "boletin.opus")
    (made,) = copying.on_record()
    content = (copying.outside / "boletin.opus").read_bytes()
    assert made.copy_sha256 == hashlib.sha256(content).hexdigest()
    assert (made.episode, made.form, made.scope) == (NUMBER, "opus", "whatsapp")
    assert "boletin" not in repr(made)


def test_what_may_not_air_may_not_leave(copying: Copying, capfd: pytest.CaptureFixture[str]) -> None:
    for number in (NUMBER + 1, 1, 77):  # not approved, a sample, nothing at all
        assert copying.export(str(number), "--as", "mp3", "-o", copying.outside) == 65
    assert copying.at_work.call("episode", "suspend", str(NUMBER)) == 0
    assert copying.export(str(NUMBER), "--as", "mp3", "-o", copying.outside) == 65
    assert (copying.left(), copying.on_record()) == ([], [])
    assert "Traceback" not in capfd.readouterr().err


def test_a_consent_for_loudspeakers_lets_nothing_leave(copying: Copying, capfd: pytest.CaptureFixture[str]) -> None:
    """A second voice is in it, who signed for less."""
    station, only = copying.at_work.station, (Scope.LOUDSPEAKERS, Scope.USB)
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        heard = decisions_of(journal).newest(EpisodeNumber(NUMBER))
        assert heard is not None
        journal.append(ConsentRegistered("C-2", "d-08", "prueba", only, "F-2", FOR_EVER, OFFICER))
        both = ("C-1", "C-2")
        journal.append(ConsentConfirmed(heard.episode, heard.revision, heard.master_sha256, both, by="d-07"))
    for form in ("mp3", "opus", "wav", "facebook"):
        assert copying.export(str(NUMBER), "--as", form) == 65
    assert "Traceback" not in capfd.readouterr().err
    assert (copying.left(), copying.on_record()) == ([], [])
    assert copying.export(str(NUMBER), "--as", "usb", "-o", copying.outside) == 0


def test_who_takes_a_copy_along_stands_on_record_on_her_pin(copying: Copying, tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    for code, said, exit_code in (("nadie-1", "1234", 65), ("d-07", "9999", 65), ("d-07", "1234", 0)):
        pin.write_text(f"{said}\n", encoding="ascii")
        words = ("--as", "opus", "-o", copying.outside, "--by", code, "--pin-file", pin)
        assert copying.export(str(NUMBER), *words) == exit_code
    assert [made.by for made in copying.on_record()] == ["d-07"]


def test_a_master_that_was_changed_does_not_leave(copying: Copying) -> None:
    with master_path(copying.at_work.station, NUMBER).open("ab") as file:
        file.write(b"x")
    assert copying.export(str(NUMBER), "--as", "mp3", "-o", copying.outside) == 65
    assert copying.left() == []


def test_what_is_suspended_while_it_is_copied_does_not_leave(copying: Copying) -> None:
    station = copying.at_work.station

    def suspending(encoded: Encoded, _admitted: Admitted, _folder: Path, _progress: Progress) -> Path:
        journal.append(Suspended(EpisodeNumber(NUMBER), by=""))
        return encoded.path

    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        order = Order(EpisodeNumber(NUMBER), FORMS["opus"], copying.outside / "E05.opus")
        with pytest.raises(NoCopy):
            make(station, journal, order, lambda _share: None, suspending)
    assert (copying.left(), copying.on_record()) == ([], [])


def test_what_another_revision_governs_since_is_not_registered_as_what_was_copied(copying: Copying) -> None:
    """It may all be approved: the copy is still of a master that does not air any more."""
    station = copying.at_work.station

    def revising(encoded: Encoded, admitted: Admitted, _folder: Path, _progress: Progress) -> Path:
        newer = replace(admitted, revision=admitted.revision + 1)
        for row in (newer, *all_said(newer, by=OFFICER)):
            journal.append(row)
        assert require(station, journal, [EpisodeNumber(NUMBER)], FORMS["wav"]) == [newer], "its own gates stand open"
        return encoded.path

    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        order = Order(EpisodeNumber(NUMBER), FORMS["wav"], copying.outside / "E05.wav")
        with pytest.raises(NoCopy):
            make(station, journal, order, lambda _share: None, revising)
    assert (copying.left(), copying.on_record()) == ([], [])


@pytest.mark.parametrize(
    "place", ["episodes/E05.mp3", "episodes/005", "schedules", "data", "E05.mp3", "copies/../episodes"]
)
def test_no_copy_lies_inside_the_station_but_among_the_copies(copying: Copying, place: str) -> None:
    before = copying.at_work.shelf()
    (copying.at_work.station.root / "copies").mkdir()
    assert copying.export(str(NUMBER), "--as", "mp3", "-o", copying.at_work.station.root / place) == 65
    assert copying.at_work.shelf() == before
    assert copying.on_record() == []


def test_a_link_into_the_station_is_the_station(copying: Copying) -> None:
    (copying.outside / "link").symlink_to(copying.at_work.station.episodes)
    assert copying.export(str(NUMBER), "--as", "mp3", "-o", copying.outside / "link") == 65
    assert copying.on_record() == []


def test_nothing_is_written_over_and_no_folder_is_made_up(copying: Copying) -> None:
    (copying.outside / "E05.mp3").write_bytes(b"mine")
    assert copying.export(str(NUMBER), "--as", "mp3", "-o", copying.outside) == 65
    assert (copying.outside / "E05.mp3").read_bytes() == b"mine"
    assert copying.export(str(NUMBER), "--as", "mp3", "-o", copying.outside / "no" / "E05.mp3") == 65
    assert copying.left() == ["E05.mp3"]


def test_a_stick_is_filled_in_order_with_a_page_that_says_what_to_do(copying: Copying) -> None:
    open_gates(copying.at_work, NUMBER + 1)
    assert copying.export("--as", "usb", "-o", copying.outside) == 0
    assert copying.left() == ["E05.mp3", "E06.mp3", "LEAME.txt"]
    page = (copying.outside / "LEAME.txt").read_bytes()
    assert page.startswith(b"\xef\xbb\xbf")
    assert page.count(b"\r\n") == page.count(b"\n")
    for made in copying.on_record():
        assert made.copy.encode() in page
        assert tags_of(copying.outside / f"E{made.episode:02d}.mp3") == {
            "title": f"Episode {made.episode}",
            "track": str(made.episode - NUMBER + 1),
        }
    stream = probed(copying.outside / "E05.mp3")["streams"][0]
    assert (stream["sample_rate"], stream["channels"], stream["bit_rate"]) == ("44100", 2, "128000")
    written = [(copying.outside / f"E0{number}.mp3").stat().st_mtime_ns for number in (5, 6)]
    assert written == sorted(written)


def test_a_page_keeps_what_it_said_of_files_that_are_there_still(copying: Copying) -> None:
    copying.export(str(NUMBER), "--as", "usb", "-o", copying.outside)
    (first,) = copying.on_record()
    open_gates(copying.at_work, NUMBER + 1)
    copying.export(str(NUMBER + 1), "--as", "usb", "-o", copying.outside)
    page = (copying.outside / "LEAME.txt").read_text(encoding="utf-8-sig")
    assert all(made.copy in page for made in copying.on_record())
    (copying.outside / "E05.mp3").unlink()
    (copying.outside / "E06.mp3").unlink()
    copying.export(str(NUMBER + 1), "--as", "usb", "-o", copying.outside)
    assert first.copy not in (copying.outside / "LEAME.txt").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "words", [("--as", "mp3"), ("5", "6", "--as", "mp3"), ("5", "--as", "usb"), ("5", "--as", "cassette"), ("5",)]
)
def test_words_that_do_not_fit_together_are_told(copying: Copying, words: tuple[str, ...]) -> None:
    assert copying.export(*words) == 64
    assert copying.on_record() == []


def test_a_copy_cut_short_leaves_nothing(copying: Copying) -> None:
    """Ctrl+C in the midst of a video, as a terminal sends it: to the command and its children."""
    root = copying.at_work.station.root
    command = [sys.executable, "-P", "-m", "broadcaster", "--station", str(root), "episode", "export", str(NUMBER)]
    child = subprocess.Popen([*command, "--as", "facebook", "-o", copying.outside], start_new_session=True)
    deadline = time.monotonic() + 60
    while not list((root / "data" / "intake").glob("adding-*/video.mp4")) and time.monotonic() < deadline:
        assert child.poll() is None
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGINT)
    assert child.wait(20) == 130
    assert (copying.left(), copying.on_record(), copying.at_work.staged()) == ([], [], [])
