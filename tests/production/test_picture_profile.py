"""What a waveform picture shows is what the master holds, and it stands where the sound stands."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from intake_station import IntakeStation
from PIL import Image
from recordings import Recordings

from broadcaster.library.catalogue import master_path
from broadcaster.model import Finding, Lufs, Measure, Seconds, Severity
from broadcaster.production.pictures import PNG, SVG, draw, try_draw
from broadcaster.production.pictures.profile import RATE_HZ, Profile, profile
from broadcaster.production.pictures.shapes import Box, Text
from broadcaster.production.pictures.strip import BLOCKS, MARK, SILENT, strip
from broadcaster.production.pictures.svg import as_svg
from broadcaster.production.pictures.waveform import BLUE, GREY, LEFT, PALE, RIGHT, TOP, Shown, waveform
from broadcaster.sound.blocks import Samples

AMPLITUDE = 0.5
TONE_LUFS = -9.03
"""Of a 1 kHz sine at −6.02 dBFS: a full-scale one reads −3.01 on one channel (BS.1770-4)."""


def tone_and_gap() -> Profile:
    """3 s of lead-in, 10 s of a tone, 5 s of silence, 5 s of the tone 20 dB lower, 1 s of tail."""
    seconds = np.arange(24 * RATE_HZ) / RATE_HZ
    sound = AMPLITUDE * np.sin(2 * np.pi * 1000 * seconds)
    sound[: 3 * RATE_HZ] = sound[13 * RATE_HZ : 18 * RATE_HZ] = sound[23 * RATE_HZ :] = 0
    sound[18 * RATE_HZ : 23 * RATE_HZ] *= 0.1
    return profile(blocks_of(sound), 3.0, 20.0, 200)


def blocks_of(sound: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Iterator[Samples]:
    for first in range(0, len(sound), 65_536):
        yield sound[first : first + 65_536, None].astype(np.float32)


@pytest.fixture(scope="module")
def seen() -> Profile:
    return tone_and_gap()


def test_each_column_reaches_from_the_least_to_the_greatest_sample(seen: Profile) -> None:
    assert len(seen.lows) == len(seen.highs) == len(seen.loudness) == 200
    assert seen.highs[5:95] == pytest.approx(AMPLITUDE, abs=0.01)
    assert seen.lows[5:95] == pytest.approx(-AMPLITUDE, abs=0.01)
    assert np.abs(seen.highs[105:145]).max() == 0
    assert seen.highs[155:195] == pytest.approx(AMPLITUDE / 10, abs=0.01)


def test_loudness_is_the_short_term_loudness_around_each_moment(seen: Profile) -> None:
    assert seen.loudness[20:80] == pytest.approx(TONE_LUFS, abs=0.3)
    assert seen.loudness[168:195] == pytest.approx(TONE_LUFS - 20, abs=0.3)
    assert seen.loudness[125] == -60


def test_a_silence_is_found_where_it_is_and_a_pause_in_speech_is_none(seen: Profile) -> None:
    assert len(seen.silences) == 1
    assert seen.silences[0] == pytest.approx((10.0, 15.0), abs=0.05)


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.6, 2.9])
def test_a_sound_shorter_than_any_window_has_a_picture_too(seconds: float) -> None:
    sound = np.full(round((4 + seconds) * RATE_HZ), 0.1)
    short = profile(blocks_of(sound), 3.0, seconds, 900)
    picture = waveform(Shown(short, Lufs(-19.0), None))
    assert not any(math.isnan(value) for value in [*short.highs, *short.loudness])
    assert as_svg(picture).count("<polyline") > 2


def shown(*findings: Finding) -> Shown:
    return Shown(tone_and_gap(), Lufs(-19.0), Lufs(-19.0), findings)


def test_findings_and_silences_stand_at_their_second() -> None:
    at_10 = Finding("x", Severity.WARN, Seconds(10.0), "Mi prima Rosa")
    picture = waveform(shown(at_10, Finding("y", Severity.NOTE, None, "")))
    half = (LEFT + RIGHT) / 2
    stripes = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.striped and shape.colour == GREY]
    assert stripes[0].x == pytest.approx(half, abs=3)
    assert stripes[0].width == pytest.approx((RIGHT - LEFT) / 4, abs=3)
    flags = [shape for shape in picture.shapes if isinstance(shape, Text) and shape.text == "1"]
    assert flags[0].x == pytest.approx(half, abs=1)
    assert "Rosa" not in as_svg(picture)


def test_both_files_show_the_same_and_carry_nothing_else(tmp_path: Path) -> None:
    svg, png = draw(shown(), tmp_path)
    root = ET.fromstring(svg.read_text(encoding="utf-8"))  # noqa: S314  our own
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        *("svg", "pattern", "rect", "polygon", "polyline", "text")
    }
    image = Image.open(BytesIO(png.read_bytes()))
    assert (image.width, image.height) == (int(root.attrib["width"]), int(root.attrib["height"]))
    assert image.info == {}
    plain = image.convert("RGB")
    assert plain.getpixel((5, 5)) == (255, 255, 255)
    assert plain.getpixel((LEFT + 30, TOP + 10)) == pytest.approx(tuple(bytes.fromhex(PALE.lstrip("#"))), abs=4)
    blue = tuple(bytes.fromhex(BLUE.lstrip("#")))
    near = np.abs(np.asarray(image.convert("RGB")).astype(int) - blue).sum(axis=2) < 30
    assert near[:, : LEFT + 100].sum() > 10_000
    assert sorted(path.name for path in tmp_path.iterdir()) == [PNG, SVG]


def test_the_small_picture_is_as_wide_as_told_and_marks_silence_and_findings() -> None:
    lines = list(strip(shown(Finding("x", Severity.WARN, Seconds(19.9), "")), 40))
    text = ["".join(piece.text for piece in line) for line in lines]
    assert [len(line) for line in text] == [40, 40, 40, 40]
    assert text[0][:18] == BLOCKS[-1] * 18
    assert text[1][22:28] == SILENT * 6
    assert text[2].index(MARK) == 39
    assert text[3].startswith("0:00")
    assert text[3].endswith("0:20")


def test_the_two_pictures_lie_beside_an_admitted_master(intake_station: IntakeStation, recordings: Recordings) -> None:
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    folder = master_path(intake_station.station, 5).parent
    first = (folder / PNG).read_bytes()
    assert (folder / SVG).is_file()
    (folder / PNG).unlink()
    assert intake_station.call("episode", "picture", "5") == 0
    assert (folder / PNG).read_bytes() == first


def test_neither_title_nor_code_is_in_a_picture(intake_station: IntakeStation, recordings: Recordings) -> None:
    intake_station.add(recordings["16-bit.wav"])
    folder = master_path(intake_station.station, 5).parent
    for path in (folder / PNG, folder / SVG):
        assert b"Nuestra voz" not in path.read_bytes()
        assert b"d-07" not in path.read_bytes()


def test_a_picture_that_cannot_be_drawn_stops_nothing(intake_station: IntakeStation, tmp_path: Path) -> None:
    measure = Measure(None, None, None, None, None, Seconds(10.0), RATE_HZ, 1)
    try_draw(tmp_path / "nowhere.flac", intake_station.station.mastering, measure, ())
    assert list(tmp_path.glob("*wave*")) == []


def test_a_picture_of_nothing_is_refused(intake_station: IntakeStation, capfd: pytest.CaptureFixture[str]) -> None:
    assert intake_station.call("episode", "picture", "8") == 65
    assert "Traceback" not in capfd.readouterr().err


def test_the_show_command_draws_the_small_picture(
    intake_station: IntakeStation, recordings: Recordings, capfd: pytest.CaptureFixture[str]
) -> None:
    intake_station.add(recordings["16-bit.wav"])
    capfd.readouterr()
    assert intake_station.call("episode", "show", "5") == 0
    shown_lines = capfd.readouterr().out
    assert any(block in shown_lines for block in BLOCKS)
    assert "0:00" in shown_lines
    assert "\x1b[" not in shown_lines
