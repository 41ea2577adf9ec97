"""Everything that phones, recorders, cameras and computers hand over is taken; what nobody has is refused in one sentence."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from phone_files import ALL, LENGTH_S, NOBODY_HAS, PICTURE, SOUND, WITH_PICTURE, PhoneFiles
from recordings import decoded, ffmpeg

from broadcaster.sound.containers import Damaged, asf, look
from broadcaster.sound.findings import Refused

NO_LENGTH = {"fragments.mp4", "dash.mp4", "raw.aac", "live.webm", "layer-2.mp2", "sound.ts", "sound.mpg"}
NO_LENGTH |= {"camcorder.mts", "disc.vob", "voice.amr", "wide.amr"}
"""They say nowhere how long they are."""
TAKEN_LONG_AGO = {
    *(
        "recorder.wav",
        "24-bit.wav",
        "constant.mp3",
        "variable.mp3",
        "memo.m4a",
        "fragments.mp4",
        "raw.aac",
        "vorbis.ogg",
    ),
    *("lossless.flac", "lossless.oga", "browser.webm", "live.webm", "cover.mp3", "cover.m4a", "cover.flac"),
    *("voice.amr", "wide.amr"),
}
"""The tests of common recordings decode the like of these."""
CODECS_OWN_S = 0.15
"""Sound that a lossy coding adds or leaves out at both ends."""
CUT = ("pcm.caf", "memo.caf", "studio.aiff", "studio.aifc", "old.wma", "film.wmv", "camera.avi", "film.avi")


@pytest.mark.parametrize("name", [name for name in ALL if name not in TAKEN_LONG_AGO])
def test_what_phones_and_computers_hand_over_is_decoded_whole(
    name: str, phone_files: PhoneFiles, tmp_path: Path
) -> None:
    result = decoded(phone_files[name], tmp_path / "spool")
    length_s = 3.5 if "amr" in name else LENGTH_S
    assert result.duration_s == pytest.approx(length_s, abs=CODECS_OWN_S)
    assert {finding.code for finding in result.findings} <= ({"length_unverified"} if name in NO_LENGTH else set())
    samples = np.fromfile(result.pcm, dtype="<f4")
    assert np.isfinite(samples).all()
    assert 0.2 < np.abs(samples).max() == result.peak


@pytest.mark.parametrize("name", NOBODY_HAS)
def test_what_nobody_hands_over_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    """No demuxer of these is ever started."""
    file = tmp_path / f"sound.{name}"
    ffmpeg("-f", "lavfi", "-i", SOUND, "-f", name, f"file:{file}")
    with pytest.raises(Refused) as refusal:
        decoded(file, tmp_path / "spool")
    assert refusal.value.finding.code == "not_audio"
    assert len(refusal.value.finding.text.splitlines()) == 1
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_name_tells_nothing(phone_files: PhoneFiles, tmp_path: Path) -> None:
    """WhatsApp, mail programs and people rename files."""
    for name, ending in (("memo.caf", "mp3"), ("old.wma", "wav"), ("phone.mp4", "amr"), ("note.opus", "aac")):
        renamed = tmp_path / f"{name}.{ending}"
        renamed.write_bytes(phone_files[name].read_bytes())
        assert (
            decoded(renamed, tmp_path / f"spool-{ending}").container
            == decoded(phone_files[name], tmp_path / f"own-{ending}").container
        )


@pytest.mark.parametrize("tenth", [3, 7, 9])
@pytest.mark.parametrize("name", CUT)
def test_a_cut_file_is_refused(name: str, tenth: int, phone_files: PhoneFiles, tmp_path: Path) -> None:
    content = phone_files[name].read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(content[: len(content) * tenth // 10])
    with pytest.raises(Refused) as refusal:
        decoded(cut, tmp_path / "spool")
    assert refusal.value.finding.code in {"truncated", "sound_missing"}


@pytest.mark.parametrize(
    "content",
    [
        b"caff\0\x01\0\0" + (b"free" + bytes(8)) * 30_000,
        b"FORM\x7f\0\0\0AIFC" + (b"NAME" + bytes(4)) * 30_000,
        asf.HEADER + struct.pack("<QIH", 10**6, 30_000, 0) + (bytes(16) + struct.pack("<Q", 24)) * 30_000,
        b"".join(b"RIFF" + struct.pack("<I", 4) + b"AVI " for _ in range(30_000)),
    ],
    ids=["caf", "aiff", "asf", "avi"],
)
def test_a_file_of_countless_parts_is_left_unread(content: bytes) -> None:
    """No limited child reads headers."""
    with pytest.raises(Damaged):
        look(io.BytesIO(content), len(content))


@pytest.mark.parametrize("name", [name for name in WITH_PICTURE if name.startswith(("film", "phone", "reel"))])
def test_a_film_may_go_on_after_its_sound(name: str, tmp_path: Path) -> None:
    """Cameras stop the two a moment apart, which is nothing missing."""
    longer = PICTURE.replace(f"duration={LENGTH_S}", f"duration={LENGTH_S + 1}")
    ffmpeg("-f", "lavfi", "-i", SOUND, "-f", "lavfi", "-i", longer, *WITH_PICTURE[name].split(), str(tmp_path / name))
    result = decoded(tmp_path / name, tmp_path / "spool")
    assert result.duration_s == pytest.approx(LENGTH_S, abs=CODECS_OWN_S)
    assert result.findings == ()


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    mute = tmp_path / "mute.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x64:duration=1", "-an", str(mute))
    with pytest.raises(Refused) as refusal:
        decoded(mute, tmp_path / "spool")
    assert refusal.value.finding.code == "no_sound"
