"""The video for the organisations' pages: it plays everywhere, moves with its sound, and shows what it must and no more."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from copies_station import NUMBER, TITLE, Copying, one_channel, probed, tags_of
from intake_station import IntakeStation
from master_meter import file_by_ffmpeg
from numpy.typing import NDArray
from PIL import Image
from recordings import ffmpeg

from broadcaster.config import load_station
from broadcaster.errors import BadInput
from broadcaster.production.exports.captions import as_ass, read_srt
from broadcaster.production.exports.card import SHAPES, SMALLEST, Layout, Words, card, wrapped
from broadcaster.production.exports.strip_frames import COMING, PAST, STEP, frames
from broadcaster.production.pictures.png import font

SRT = """1
00:00:00,500 --> 00:00:02,500
¿Sabe a quién llamar si <i>usted</i> vive violencia?

2
00:00:02,600 --> 00:00:03,000
{\\an8}La Línea 100
atiende las 24 horas.
"""
WORDS = Words(
    programme="Defensoras al Parlante",
    heading="Episodio 5",
    title=TITLE,
    help=["Línea 100 · marque 100 · 24 horas · gratuita"],
    organisations="Municipalidad de Lima · OIM Perú",
)
Picture = NDArray[np.int16]


def frame(video: Path, at_s: float) -> Picture:
    """One picture of a video, ``(height, width, 3)``."""
    stream = probed(video)["streams"][0]
    raw = ffmpeg("-ss", str(at_s), "-i", str(video), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    return np.frombuffer(raw, np.uint8).reshape(stream["height"], stream["width"], 3).astype(np.int16)


def differing(one: Picture, other: Picture, box: tuple[int, int, int, int]) -> float:
    """The share of pixels in ``(left, top, width, height)`` that differ."""
    left, top, width, height = box
    there = np.s_[top : top + height, left : left + width]
    return float((np.abs(one[there] - other[there]).max(axis=2) > 40).mean())


def captions_box(layout: Layout) -> tuple[int, int, int, int]:
    top = layout.wave[1] + layout.wave[3] + 10
    return (0, top, layout.width, layout.height - layout.captions_bottom + 10 - top)


@pytest.fixture(scope="module", params=["1:1", "16:9"])
def filmed(
    request: pytest.FixtureRequest, approved: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, Copying]:
    """A video of each shape, with captions, and the station it comes of."""
    folder = tmp_path_factory.mktemp("filmed")
    shutil.copytree(approved, folder / "station")
    (folder / "outside").mkdir()
    copying = Copying(IntakeStation(load_station(folder / "station")), folder / "outside")
    (folder / "station" / "episodes" / "005" / "subtitulos.srt").write_text(SRT, encoding="utf-8")
    shape = str(request.param)
    assert copying.export(str(NUMBER), "--as", "facebook", "--shape", shape, "-o", copying.outside) == 0
    return shape, copying.outside / f"E05-{shape.replace(':', 'x')}.mp4", copying


def test_it_is_what_every_browser_and_phone_plays(filmed: tuple[str, Path, Copying]) -> None:
    shape, video, _copying = filmed
    picture, sound = probed(video)["streams"]
    size = {"1:1": (1080, 1080), "16:9": (1920, 1080)}[shape]
    assert (picture["codec_name"], picture["pix_fmt"], picture["r_frame_rate"]) == ("h264", "yuv420p", "25/1")
    assert (picture["width"], picture["height"]) == size
    assert (sound["codec_name"], sound["profile"]) == ("aac", "LC")
    assert float(picture["duration"]) == pytest.approx(float(sound["duration"]), abs=0.1)
    content = video.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # it begins before it is loaded whole


def test_its_sound_is_as_loud_as_the_master_and_under_the_ceiling(
    filmed: tuple[str, Path, Copying], tmp_path: Path
) -> None:
    loudness, peak = file_by_ffmpeg(one_channel(filmed[1], tmp_path / "heard.wav"))
    assert loudness == pytest.approx(-19.0, abs=0.4)
    assert peak <= -1.0


def test_the_waveform_moves_and_the_rest_stands_still(filmed: tuple[str, Path, Copying]) -> None:
    shape, video, _copying = filmed
    layout = SHAPES[shape]
    one, other = frame(video, 3.4), frame(video, 3.52)
    assert differing(one, other, layout.wave) > 0.05
    assert differing(one, other, (0, 0, layout.width, layout.wave[1] - 5)) < 0.001


def test_captions_stand_in_the_picture_while_they_are_said(filmed: tuple[str, Path, Copying]) -> None:
    shape, video, _copying = filmed
    box = captions_box(SHAPES[shape])
    bare = frame(video, 4.5)
    assert differing(frame(video, 1.5), bare, box) > 0.01
    assert differing(frame(video, 3.05), bare, box) > 0.01
    assert differing(frame(video, 5.0), bare, box) < 0.001


def test_the_title_is_in_the_picture_alone(filmed: tuple[str, Path, Copying]) -> None:
    _shape, video, copying = filmed
    assert tags_of(video) == {}
    assert b"Nuestra" not in video.read_bytes()
    assert "Nuestra" not in repr(copying.on_record())
    assert copying.left() == [video.name]


def test_a_picture_of_the_stations_own_that_is_not_there_makes_no_video(copying: Copying) -> None:
    config = copying.at_work.station.root / "config.toml"
    text = config.read_text(encoding="utf-8").replace('picture = ""', 'picture = "no.png"')
    config.write_text(text, encoding="utf-8")
    assert copying.export(str(NUMBER), "--as", "facebook", "-o", copying.outside) == 65
    assert (copying.left(), copying.on_record()) == ([], [])


def test_captions_that_cannot_be_read_make_no_video(copying: Copying) -> None:
    folder = copying.at_work.station.episodes / "005"
    (folder / "a.srt").write_bytes(b"\xff\xfe\x00nothing")
    assert copying.export(str(NUMBER), "--as", "facebook", "-o", copying.outside) == 65
    (folder / "b.srt").write_text(SRT, encoding="utf-8")
    assert copying.export(str(NUMBER), "--as", "facebook", "-o", copying.outside) == 65
    assert (copying.left(), copying.on_record()) == ([], [])


def test_captions_lose_their_markup_whatever_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "x.srt"
    path.write_bytes(b"\xef\xbb\xbf" + SRT.replace("\n", "\r\n").encode())
    first, second = read_srt(path)
    assert first.lines == ("¿Sabe a quién llamar si usted vive violencia?",)
    assert second.lines == ("La Línea 100", "atiende las 24 horas.")
    assert (first.begin_s, second.end_s) == (0.5, 3.0)


def test_a_caption_cannot_order_the_renderer_about(tmp_path: Path) -> None:
    path = tmp_path / "x.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\na{\\p1}b {b \\N c}d \\fs9\n", encoding="utf-8")
    event = as_ass(read_srt(path), 100, 100, size=10, bottom=10, later_s=0.25).splitlines()[-1]
    assert event.startswith("Dialogue: 0,0:00:01.25,0:00:02.25,Said,,0,0,0,,")
    assert "{" not in event
    assert "\\fs9" not in event


@pytest.mark.parametrize("text", ["", "hola", "1\n00:00:02,000 --> 00:00:01,000\nal revés\n", "1\n00:00:0\nx"])
def test_what_holds_no_caption_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.srt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        read_srt(path)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("title", ["Paz", TITLE, "Ñandú " * 33, "x" * 200])
def test_a_title_of_any_length_stays_clear_of_the_waveform(shape: str, title: str) -> None:
    layout = SHAPES[shape]
    words = Words("P", "E", title, WORDS.help, WORDS.organisations)
    with_title = np.asarray(card(layout, words, None)).astype(np.int16)
    without = np.asarray(card(layout, Words("P", "E", "", WORDS.help, WORDS.organisations), None)).astype(np.int16)
    rows, columns = np.nonzero(np.abs(with_title - without).max(axis=2))
    assert rows.max() < layout.wave[1]
    assert columns.max() < layout.width - 10


def test_words_break_between_words_and_a_long_one_within() -> None:
    letters = font(SMALLEST, bold=True)
    lines = wrapped("una palabra " + "larguísima" * 30, letters, 200)
    assert lines[0] == "una palabra"
    assert all(letters.getlength(line) <= 200 for line in lines)


def test_the_stations_own_picture_stands_behind_the_words(tmp_path: Path) -> None:
    own = tmp_path / "own.png"
    Image.new("RGB", (640, 200), "#00ff00").save(own)
    drawn = card(SHAPES["1:1"], WORDS, own)
    assert drawn.size == (1080, 1080)
    red, green, blue = drawn.getpixel((540, 700))  # type: ignore[misc]
    assert green > red
    assert green > blue
    (tmp_path / "bad.png").write_bytes(b"no picture")
    with pytest.raises(BadInput):
        card(SHAPES["1:1"], WORDS, tmp_path / "bad.png")


def test_bars_pass_the_middle_when_they_are_heard() -> None:
    heights = np.array([0.0, 1.0, 0.0, 0.0])
    masks = list(frames(heights, 1.0, 200, 40))
    assert len(masks) == 25
    top = [np.flatnonzero(mask[3]) for mask in masks]
    assert top[0][0] == 120  # one bar later than the middle
    assert top[5][0] == 120 - 5 * STEP
    assert masks[0][3, 120] == COMING
    assert masks[10][3, 80] == PAST
