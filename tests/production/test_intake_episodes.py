"""Good recordings become episodes in one step; people see where they stand and decide."""

import errno
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyebur128
import pytest
from intake_station import IntakeStation, register_everybody
from patience import until
from recordings import LENGTH_S, Recordings, ffmpeg, silent_flac

from broadcaster.journal.events import Admitted, Withdrawn
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import statuses
from broadcaster.library.shelf import read_episode
from broadcaster.model import EpisodeNumber, EpisodeStatus, Reason
from broadcaster.production.staging import MARK, CannotStore, in_place, put_right, staging

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def pin(tmp_path: Path) -> str:
    """The file with everybody's PIN."""
    path = tmp_path / "pin"
    path.write_text("1234\n")
    return str(path)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def status_of(station: IntakeStation, number: int = 5) -> EpisodeStatus:
    """What the planner is told."""
    rows = read(station.station.database)
    return statuses(station.station, rows, datetime.now(UTC).date(), samples_may_air=False)[EpisodeNumber(number)]


def state(station: IntakeStation, number: int = 5) -> Reason | None:
    """What keeps the episode off the air, as the planner is told."""
    return status_of(station, number).reason


@pytest.mark.parametrize("name", ["constant.mp3", "phone.m4a", "voice-note.ogg", "stereo-96khz.wav"])
def test_an_admitted_recording_is_kept_as_it_came_and_mastered(
    name: str, recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    assert intake_station.add(recordings[name]) == 0
    shown = intake_station.json(capfd, "episode", "show", "5")
    original, master = Path(shown["original"]["path"]), Path(shown["master"]["path"])
    assert original.read_bytes() == recordings.bytes_of(name)
    assert shown["original"]["sha256"] == sha256(original)
    assert shown["master"]["sha256"] == sha256(master)
    assert shown["master"]["integrated_lufs"] == pytest.approx(-19.0, abs=0.2)
    assert shown["master"]["true_peak_dbtp"] <= -1.5
    assert (shown["master"]["sample_rate_hz"], shown["master"]["channels"]) == (48_000, 1)
    assert shown["original"]["duration_s"] == pytest.approx(LENGTH_S, abs=0.15)
    assert shown["duration_s"] == pytest.approx(LENGTH_S, abs=0.15)
    assert shown["master"]["duration_s"] == pytest.approx(shown["duration_s"] + 4.0, abs=0.01)


def test_an_independent_meter_confirms_the_master(recordings: Recordings, intake_station: IntakeStation) -> None:
    assert intake_station.add(recordings["phone.m4a"]) == 0
    import numpy as np  # noqa: PLC0415  beside its only use

    raw = ffmpeg("-i", str(intake_station.station.episodes / "005" / "master.flac"), "-f", "f32le", "-")
    meter = pyebur128.R128State(1, 48_000, pyebur128.MeasurementMode.MODE_I | pyebur128.MeasurementMode.MODE_TRUE_PEAK)
    samples = np.frombuffer(raw, dtype="<f4")
    meter.add_frames(samples, len(samples))
    assert pyebur128.get_loudness_global(meter) == pytest.approx(-19.0, abs=0.2)


def test_the_answer_has_the_promised_fields(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    facts = ("--number", "5", "--title", "  Nuestra vóz ", "--defender", "d-07", "--defender", "d-07")
    answer = intake_station.json(capfd, "episode", "add", recordings["uncounted.mp3"], *facts)
    measure = ["integrated_lufs", "true_peak_dbtp", "loudness_range_lu", "max_momentary_lufs", "max_shortterm_lufs"]
    measure += ["duration_s", "sample_rate_hz", "channels"]
    assert {"episode", "revision", "title", "state", "defenders", "original", "master", "findings"} <= set(answer)
    assert (answer["episode"], answer["revision"], answer["state"]) == (5, 1, "not_approved")
    assert (answer["title"], answer["defenders"]) == ("Nuestra vóz", ["d-07"])
    assert list(answer["original"]) == list(answer["master"]) == ["sha256", "path", *measure]
    finding = answer["findings"][0]
    assert list(finding) == ["code", "severity", "at_s", "text"]
    assert (finding["code"], finding["severity"], finding["at_s"]) == ("length_unverified", "note", None)
    assert [each["severity"] for each in answer["findings"] if each["code"] == "levelled"] == ["note"]
    assert answer == intake_station.json(capfd, "episode", "show", "5")


def test_a_recording_that_cannot_be_made_loud_enough_is_remarked_upon(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    """Its peaks stand so far out that only crushing it would do; what is missing is said instead."""
    words = ("--number", "5", "--title", "Voz", "--defender", "d-07")
    answer = intake_station.json(capfd, "episode", "add", recordings["narrow.amr"], *words)
    assert answer["master"]["integrated_lufs"] < -19.2
    said = {each["code"]: each for each in answer["findings"]}
    assert said["quiet_master"]["severity"] == "warn"
    missing = -19.0 - answer["master"]["integrated_lufs"]
    told = re.search(r"([0-9.]+) LU ", said["short_of_loudness"]["text"])
    assert told is not None
    assert float(told[1]) == pytest.approx(missing, abs=0.11)
    capfd.readouterr()
    assert intake_station.call("episode", "findings", "5", "--whatsapp") == 0
    assert " LU" not in capfd.readouterr().out


def test_with_json_nothing_else_is_printed(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    capfd.readouterr()
    assert intake_station.add(recordings["16-bit.wav"], 5, "--json") == 0
    said = capfd.readouterr()
    assert json.loads(said.out)["episode"] == 5
    assert said.err == ""


def test_neither_title_nor_name_reach_a_file_name_or_the_record(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path
) -> None:
    secret = tmp_path / "canario.mp3"
    secret.write_bytes(recordings.bytes_of("constant.mp3"))
    words = ("--number", "5", "--title", "Canario", "--defender", "d-07")
    assert intake_station.call("episode", "add", secret, *words) == 0
    assert not [path for path in intake_station.station.root.rglob("*") if "canario" in path.name.lower()]
    for path in intake_station.station.data.rglob("*"):
        assert not path.is_file() or b"canario" not in path.read_bytes().lower()


def test_tags_of_the_recording_do_not_reach_the_master(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path
) -> None:
    tagged = tmp_path / "x.mp3"
    ffmpeg(
        "-i", str(recordings["constant.mp3"]), "-metadata", "artist=Canario", "-metadata", "location=-12", str(tagged)
    )
    assert b"Canario" in tagged.read_bytes()
    assert intake_station.add(tagged) == 0
    assert b"Canario" not in (intake_station.station.episodes / "005" / "master.flac").read_bytes()


def test_a_master_keeps_the_silence_it_was_made_with_when_the_setting_changes(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    """What the row says of lead-in and tail is what lies in the file, older settings and newer ones alike."""

    def silence() -> tuple[float, float]:
        told = status_of(intake_station)
        shown = intake_station.json(capfd, "episode", "show", "5")
        assert shown["master"]["duration_s"] == pytest.approx(
            told.lead_in_s + shown["duration_s"] + told.tail_s, abs=0.001
        )
        return told.lead_in_s, told.tail_s

    assert intake_station.add(recordings["16-bit.wav"]) == 0
    config = intake_station.station.root / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("lead_in_s = 3.0", "lead_in_s = 2.0").replace("tail_s = 1.0", "tail_s = 0.5"))
    assert silence() == (3.0, 1.0)
    assert intake_station.call("episode", "revise", "5", recordings["constant.mp3"]) == 0
    assert silence() == (2.0, 0.5)


# The shipped sample


def test_a_shipped_sample_does_not_take_its_number(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    """Not even when it is itself the recording that is added; what stood there is kept."""
    folder = intake_station.station.episodes / "001"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert intake_station.add(folder / "original.ogg", 1) == 0
    assert {path.name: path.read_bytes() for path in (folder / "sample").iterdir()} == before
    assert (folder / "original.ogg").read_bytes() == before["original.ogg"]
    assert intake_station.json(capfd, "episode", "show", "1")["sample"] is False
    assert intake_station.add(recordings["16-bit.wav"], 1) == 65


def test_a_refused_recording_leaves_the_shipped_sample_where_it_was(intake_station: IntakeStation) -> None:
    before = intake_station.shelf()
    assert intake_station.add("/dev/null", 1) == 65
    assert intake_station.shelf() == before


# Revisions


def test_a_revision_keeps_the_older_one_and_needs_approval_anew(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture, pin: str
) -> None:
    folder = intake_station.station.episodes / "005"
    assert intake_station.add(recordings["constant.mp3"]) == 0
    first_master = (folder / "master.flac").read_bytes()
    assert intake_station.confirm() == 0
    for code in ("coordinadora-1", "coordinadora-2"):
        assert intake_station.approve(code) == 0
    assert state(intake_station) is None
    (folder / "portada.png").write_bytes(b"picture")
    assert intake_station.call("episode", "revise", "5", recordings["voice-note.ogg"], "--title", "Otra") == 0
    assert state(intake_station) is Reason.NOT_APPROVED
    assert (folder / "r1" / "original.mp3").read_bytes() == recordings.bytes_of("constant.mp3")
    assert (folder / "r1" / "master.flac").read_bytes() == first_master
    assert (folder / "original.ogg").read_bytes() == recordings.bytes_of("voice-note.ogg")
    assert (folder / "portada.png").read_bytes() == b"picture"
    assert not (folder / "original.mp3").exists()
    shown = intake_station.json(capfd, "episode", "show", "5")
    assert (shown["revision"], shown["title"], shown["defenders"]) == (2, "Otra", ["d-07"])
    assert shown["consents"] == ["C-1"]
    assert intake_station.call("episode", "revise", "5", recordings["16-bit.flac"]) == 0
    episode = read_episode(intake_station.station, 5)
    assert episode is not None
    for revision in episode.revisions:
        for audio in (revision.original, revision.master):
            assert sha256(folder / audio.path) == audio.sha256
    assert [revision.original.path for revision in episode.revisions] == [
        "r1/original.mp3",
        "r2/original.ogg",
        "original.flac",
    ]


def test_a_refused_revision_changes_nothing(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path
) -> None:
    assert intake_station.add(recordings["constant.mp3"]) == 0
    before = intake_station.shelf()
    (tmp_path / "cut.mp3").write_bytes(recordings.bytes_of("variable.mp3")[:9000])
    assert intake_station.call("episode", "revise", "5", tmp_path / "cut.mp3") == 65
    assert intake_station.call("episode", "revise", "6", recordings["constant.mp3"]) == 65
    assert intake_station.call("episode", "revise", "1", recordings["constant.mp3"]) == 65
    assert intake_station.shelf() == before


# Decisions


def test_two_hands_put_it_on_the_air_and_one_hand_takes_it_off(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture, pin: str
) -> None:
    def typed(act: str, code: str) -> int:
        return intake_station.call("episode", act, "5", "--as", code, "--pin-file", pin)

    assert intake_station.add(recordings["16-bit.wav"]) == 0
    assert intake_station.confirm() == 0
    assert intake_station.approve("coordinadora-1") == 0
    assert intake_station.approve("coordinadora-1") == 65
    assert state(intake_station) is Reason.NOT_APPROVED
    assert intake_station.json(capfd, "episode", "show", "5")["approvals"] == ["coordinadora-1"]
    assert intake_station.approve("coordinadora-2") == 0
    shown = intake_station.json(capfd, "episode", "show", "5")
    assert (shown["state"], shown["missing"]) == ("ready", [])
    assert intake_station.call("episode", "suspend", "5") == 0
    assert state(intake_station) is Reason.SUSPENDED
    assert typed("lift", "coordinadora-1") == 65
    assert typed("lift", "proteccion-1") == 0
    assert state(intake_station) is None
    assert typed("withdraw", "coordinadora-2") == 0
    assert state(intake_station) is Reason.WITHDRAWN
    assert [type(row.event) for row in read(intake_station.station.database)][-1] is Withdrawn


def test_an_unknown_code_is_told_before_it_types_a_pin(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    capfd.readouterr()
    assert intake_station.call("episode", "approve", "5", "--as", "nadie") == 65
    assert "nadie" in capfd.readouterr().err


def test_withdrawn_audio_does_not_come_back_under_another_number(
    recordings: Recordings, intake_station: IntakeStation, pin: str
) -> None:
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    assert intake_station.call("episode", "withdraw", "5", "--as", "coordinadora-1", "--pin-file", pin) == 0
    before = intake_station.shelf()
    assert intake_station.add(recordings["16-bit.wav"], 6) == 65
    assert intake_station.call("episode", "revise", "5", recordings["16-bit.wav"]) == 65
    assert intake_station.shelf() == before
    assert intake_station.add(recordings["constant.mp3"], 6) == 0


def test_a_consent_that_was_taken_back_carries_no_other_recording(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture, pin: str
) -> None:
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    assert intake_station.call("episode", "withdraw", "5", "--as", "coordinadora-1", "--pin-file", pin) == 0
    assert intake_station.call("episode", "revise", "5", recordings["constant.mp3"]) == 0
    shown = intake_station.json(capfd, "episode", "show", "5")
    assert (shown["revision"], shown["consents"]) == (2, [])
    assert len(shown["missing"]) == 2  # two approvals, no consent


def test_an_urgent_approval_is_marked_with_its_end(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture, pin: str
) -> None:
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    assert intake_station.confirm() == 0
    assert intake_station.approve("proteccion-1", 5, "--urgent") == 0
    shown = intake_station.json(capfd, "episode", "show", "5")
    until = datetime.fromisoformat(shown["urgent_until"])
    assert timedelta(hours=71) < until - datetime.now(UTC) <= timedelta(hours=72)
    assert intake_station.call("episode", "show", "5") == 0
    assert f"{until:%Y-%m-%d %H:%M}" in capfd.readouterr().out
    assert intake_station.approve("coordinadora-1") == 0
    assert intake_station.json(capfd, "episode", "show", "5")["urgent_until"] is None


def test_the_preview_judges_each_airing_by_its_own_day(
    on_the_air: IntakeStation, capfd: Capture, tmp_path: Path
) -> None:
    """As playout will: on the last day of the only helpline the episode still airs, the day after no more."""
    today = datetime.now(on_the_air.station.timezone).date()
    config = on_the_air.station.root / "config.toml"
    text = config.read_text(encoding="utf-8")
    valid = f"[helplines.linea-100]\nvalid_to = {today + timedelta(days=2)}\n"
    config.write_text(re.sub(r"\[helplines\.linea-100\]\n(valid_to.*\n)?", valid, text), encoding="utf-8")
    for path in (on_the_air.station.root / "schedules").iterdir():
        path.unlink()
    (on_the_air.station.root / "schedules" / "s.toml").write_text(SEASON.format(first=today, last=today + timedelta(4)))
    rows = on_the_air.json(capfd, "schedule", "preview")
    assert [row["state"] for row in rows] == ["ready"] * 3 + ["no_helpline"] * 2


SEASON = """
name = "s"
from = {first}
until = {last}
order = [5, 5, 5, 5, 5]
holidays = "air"
[[rules]]
weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
times = ["10:00"]
markets = ["el-bosque"]
"""


def test_all_that_is_missing_is_said(recordings: Recordings, intake_station: IntakeStation, capfd: Capture) -> None:
    words = ("--number", "5", "--title", "Voz", "--defender", "d-07", "--sample")
    assert intake_station.call("episode", "add", recordings["16-bit.wav"], *words) == 0
    missing = intake_station.json(capfd, "episode", "show", "5")["missing"]
    assert len(missing) == 4  # a sample, two approvals, no consent, no helpline


def test_the_list_names_every_episode_and_asking_creates_no_record(
    intake_station: IntakeStation, capfd: Capture, tmp_path: Path
) -> None:
    for path in intake_station.station.data.iterdir():
        path.unlink()
    intake_station.station.data.rmdir()
    listed = intake_station.json(capfd, "episode", "list")
    assert [(each["episode"], each["state"], each["master"]) for each in listed] == [(1, "not_approved", None)]
    assert intake_station.call("episode", "list") == 0
    assert intake_station.call("episode", "show", "1") == 0
    assert intake_station.call("episode", "show", "9") == 65
    assert not intake_station.station.data.exists()


# In one step or not at all


def test_two_who_want_the_same_number_do_not_both_get_it(recordings: Recordings, intake_station: IntakeStation) -> None:
    words = ("--number", "5", "--title", "Voz", "--defender", "d-07")
    command = [sys.executable, "-m", "broadcaster", "--station", str(intake_station.station.root), "episode", "add"]
    both = [
        subprocess.Popen(
            [*command, str(recordings[name]), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for name in ("constant.mp3", "phone.m4a")
    ]
    assert sorted(process.wait(60) for process in both) == [0, 65]
    admitted = [row.event for row in read(intake_station.station.database) if isinstance(row.event, Admitted)]
    episode = read_episode(intake_station.station, 5)
    assert episode is not None
    assert [event.master_sha256 for event in admitted] == [revision.master.sha256 for revision in episode.revisions]


def test_when_the_row_cannot_be_written_the_old_folder_stands_again(intake_station: IntakeStation) -> None:
    place = intake_station.station.episodes / "001"
    before = intake_station.shelf()

    def attempt() -> None:
        with staging(intake_station.station) as stage:
            (stage / "ready").mkdir()
            (stage / "ready" / "new").touch()
            with in_place(stage / "ready", place, stage):
                assert (place / "new").exists()
                raise OSError(errno.ENOSPC, "full")

    with pytest.raises(CannotStore):
        attempt()
    assert intake_station.shelf() == before


def test_what_a_killed_intake_left_is_put_right_by_the_next(
    recordings: Recordings, intake_station: IntakeStation
) -> None:
    """Killed between moving the old folder aside and moving the new one in."""
    before = intake_station.shelf()
    left = intake_station.station.data / "intake" / "adding-dead"
    (left / "aside").mkdir(parents=True)
    (left / "copy").write_bytes(b"x" * 1000)
    (intake_station.station.episodes / "001").rename(left / "aside" / "001")
    assert intake_station.add(recordings["16-bit.wav"], 7) == 0
    assert {path: kept for path, kept in intake_station.shelf().items() if path in before} == before
    assert not left.exists()


def cut_off_before_its_row(station: IntakeStation, *words: str | Path) -> None:
    """Type a command that adds an episode, and kill it when its folder has taken its place and its row is not written.

    Somebody else is writing into the record just then, so the row waits.
    """
    place = station.station.episodes / "005"
    before = place.stat().st_ino if place.exists() else None
    command = [sys.executable, "-m", "broadcaster", "--station", str(station.station.root), "episode", *map(str, words)]
    database = sqlite3.connect(station.station.data / "broadcaster.db", isolation_level=None)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: bool(station.staged()))
        database.execute("BEGIN IMMEDIATE")
        until(lambda: place.exists() and place.stat().st_ino != before)
        process.kill()
    database.close()
    assert len(station.staged()) == 1


@pytest.fixture
def on_the_air(recordings: Recordings, intake_station: IntakeStation, pin: str) -> IntakeStation:
    """The station with an approved episode 5."""
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    assert intake_station.confirm() == 0
    for code in ("coordinadora-1", "coordinadora-2"):
        assert intake_station.approve(code) == 0
    return intake_station


@pytest.mark.parametrize("by", ["the daemon's start", "the next intake"])
def test_a_revision_killed_before_its_row_does_not_take_the_approved_episode_off_the_air(
    by: str, on_the_air: IntakeStation, recordings: Recordings, tmp_path: Path
) -> None:
    before = on_the_air.shelf()
    cut_off_before_its_row(on_the_air, "revise", "5", recordings["constant.mp3"])
    assert on_the_air.shelf() != before
    if by == "the next intake":
        assert on_the_air.add("/dev/null", 6) == 65
    else:
        command = [sys.executable, "-m", "broadcaster", "--station", str(on_the_air.station.root), "run"]
        nowhere = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path), "PULSE_SERVER": f"unix:{tmp_path}/none"}
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=nowhere) as daemon:
            try:
                until(lambda: on_the_air.shelf() == before and not on_the_air.staged())
            finally:
                daemon.terminate()
    assert on_the_air.shelf() == before
    assert state(on_the_air) is None
    assert on_the_air.staged() == []


def test_a_killed_revision_leaves_no_word_to_the_next(
    on_the_air: IntakeStation, recordings: Recordings, capfd: Capture
) -> None:
    """Its consent was never on record, so no later recording rests on it."""
    words = ("--title", "Otra", "--consent", "C-99")
    cut_off_before_its_row(on_the_air, "revise", "5", recordings["constant.mp3"], *words)
    assert on_the_air.call("episode", "revise", "5", recordings["voice-note.ogg"]) == 0
    shown = on_the_air.json(capfd, "episode", "show", "5")
    assert (shown["revision"], shown["title"], shown["consents"]) == (2, "Nuestra voz", ["C-1"])


def test_an_episode_killed_before_its_row_is_added_by_trying_again(
    recordings: Recordings, intake_station: IntakeStation
) -> None:
    words = ("--title", "Nuestra voz", "--defender", "d-07")
    cut_off_before_its_row(intake_station, "add", recordings["constant.mp3"], "--number", "5", *words)
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    assert state(intake_station) is Reason.NOT_APPROVED


def test_an_episode_whose_row_is_written_stays_though_its_intake_died_then(
    recordings: Recordings, intake_station: IntakeStation
) -> None:
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    before = intake_station.shelf()
    (intake_station.station.episodes / "005" / MARK).write_text("adding-dead")
    put_right(intake_station.station, lambda: read(intake_station.station.database))
    assert intake_station.shelf() == before


def test_a_living_intake_is_left_alone_by_the_next(recordings: Recordings, intake_station: IntakeStation) -> None:
    with staging(intake_station.station) as stage:
        (stage / "copy").touch()
        assert intake_station.add(recordings["16-bit.wav"], 7) == 0
        assert (stage / "copy").exists()


def test_an_intake_cut_short_by_the_power_is_told_from_an_episode(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    """The folder took its place and the row was never written: what to do is said, and works."""
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    for path in (*intake_station.station.data.glob("broadcaster.*"), intake_station.station.root / ".record"):
        path.unlink()  # both copies of the record
    register_everybody(intake_station.station)
    capfd.readouterr()
    assert state(intake_station) is Reason.NOT_APPROVED
    assert intake_station.add(recordings["16-bit.wav"]) == 65
    assert "episodes/005" in capfd.readouterr().err
    (intake_station.station.episodes / "005").rename(intake_station.station.root / "left")
    assert intake_station.add(recordings["16-bit.wav"]) == 0


def test_an_episode_whose_row_is_refused_by_the_disk_leaves_nothing(
    recordings: Recordings, intake_station: IntakeStation, capfd: Capture
) -> None:
    with sqlite3.connect(intake_station.station.data / "broadcaster.db") as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.kind = 'admitted' BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    before = intake_station.shelf()
    capfd.readouterr()
    for number in (1, 5):  # where a sample stands, and where nothing does
        assert intake_station.add(recordings["16-bit.wav"], number) == 74
        assert len(capfd.readouterr().err.splitlines()) == 1
        assert intake_station.shelf() == before


def test_an_intake_killed_while_it_decodes_leaves_no_decoder_and_no_trace(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path
) -> None:
    (tmp_path / "long.flac").write_bytes(silent_flac(14_000))
    before = intake_station.shelf()
    words = ("episode", "add", str(tmp_path / "long.flac"), "--number", "5", "--title", "Voz", "--defender", "d-07")
    command = [sys.executable, "-m", "broadcaster", "--station", str(intake_station.station.root), *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: any(folder.joinpath("decoded.f32").exists() for folder in intake_station.staged()))
        process.kill()
    (left,) = intake_station.staged()
    until(lambda: not readers_of(left / "copy"))
    assert intake_station.shelf() == before
    assert intake_station.add(recordings["16-bit.wav"]) == 0


def readers_of(path: Path) -> list[str]:
    """The processes that have a file open."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if link.readlink() == path:
                found.append(link.parts[2])
    return found
