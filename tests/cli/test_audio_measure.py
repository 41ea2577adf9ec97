"""``audio measure``: JSON as promised, inside and outside a station, and one sentence for what is no recording."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from broadcaster.cli.program import run

FIELDS = [
    "integrated_lufs",
    "true_peak_dbtp",
    "loudness_range_lu",
    "max_momentary_lufs",
    "max_shortterm_lufs",
    "duration_s",
    "sample_rate_hz",
    "channels",
]


def recording(target: Path, source: str, *options: str) -> Path:
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, *options, str(target)], check=True)
    return target


def measured(capsys: pytest.CaptureFixture[str], file: Path) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["--language", "en", "audio", "measure", str(file), "--json"]) == 0
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    return shown


@pytest.fixture(autouse=True)
def outside_any_station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_json_has_the_promised_fields_and_the_meters_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recording(tmp_path / "tone.flac", "sine=f=1000:r=44100:d=4,volume=-2dB", "-ac", "2")  # -23.1 dBFS on each
    shown = measured(capsys, file)
    assert list(shown) == FIELDS
    assert shown["integrated_lufs"] == pytest.approx(-23.1, abs=0.2)
    assert shown["true_peak_dbtp"] == pytest.approx(-23.1, abs=0.2)
    assert shown["max_shortterm_lufs"] == pytest.approx(shown["integrated_lufs"], abs=0.1)
    assert shown["loudness_range_lu"] == pytest.approx(0.0, abs=0.1)
    assert (shown["duration_s"], shown["sample_rate_hz"], shown["channels"]) == (4.0, 44_100, 2)


def test_silence_is_null_and_not_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = measured(capsys, recording(tmp_path / "silence.wav", "anullsrc=r=48000:cl=mono", "-t", "4"))
    assert shown["duration_s"] == 4.0
    assert all(shown[field] is None for field in FIELDS[:5])


def test_a_telephone_recording_says_its_own_rate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recording(tmp_path / "phone.wav", "sine=f=1000:r=8000:d=4")
    shown = measured(capsys, file)
    assert (shown["sample_rate_hz"], shown["duration_s"]) == (8_000, pytest.approx(4.0, abs=0.01))


def test_people_get_a_table_with_units(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recording(tmp_path / "tone.wav", "sine=f=1000:r=48000:d=1")
    assert run(["--language", "en", "audio", "measure", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "LUFS" in shown
    assert "48000 Hz" in shown
    assert "—" in shown  # one second has no short-term loudness


def test_what_is_no_recording_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "letter.mp3"
    text.write_text("not a sound\n" * 500)
    assert run(["--language", "en", "audio", "measure", str(text)]) == 65
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1


@pytest.fixture
def some(tmp_path: Path) -> list[Path]:
    """A tone, a quieter one, and a letter."""
    files = [recording(tmp_path / f"{level}.wav", f"sine=f=997:r=48000:d=4,volume={level}dB") for level in (0, -9)]
    (tmp_path / "letter.mp3").write_text("not a sound\n" * 500)
    return [*files, tmp_path / "letter.mp3"]


def test_several_files_are_a_list_each_with_its_name(some: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["--language", "en", "audio", "measure", *map(str, some[:2]), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [list(one) for one in shown] == [["file", *FIELDS]] * 2
    assert [one["file"] for one in shown] == list(map(str, some[:2]))
    assert shown[0]["max_momentary_lufs"] - shown[1]["max_momentary_lufs"] == pytest.approx(9.0, abs=0.01)


def test_one_that_is_no_recording_does_not_stop_the_others(
    some: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["--language", "en", "audio", "measure", str(some[2]), str(some[0]), "--json"]) == 65
    said = capsys.readouterr()
    letter, tone = json.loads(said.out)
    assert letter["refused"]["code"] == "not_audio"
    assert tone["integrated_lufs"] is not None
    assert len(said.err.strip().splitlines()) == 2


def test_people_get_one_line_a_file(some: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--language", "en", "audio", "measure", *map(str, some)]) == 65
    said = capsys.readouterr()
    lines = [line for line in said.out.splitlines() if ".wav" in line]
    assert len(lines) == 2
    assert all(line.count("LUFS") == 3 for line in lines)
    assert "1 of 3 files" in said.err


def test_no_file_at_all_is_a_matter_of_usage() -> None:
    assert run(["--language", "en", "audio", "measure"]) == 64
