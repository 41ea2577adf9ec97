"""Any common recording is decoded whole."""

from pathlib import Path

import numpy as np
import pytest
from recordings import GOOD, LENGTH_S, UNVERIFIABLE, WITH_COVER, Recordings, decoded, ffmpeg

KEPT = {44_100, 48_000}


@pytest.mark.parametrize("name", GOOD)
def test_every_common_recording_gives_all_of_its_sound(name: str, recordings: Recordings, tmp_path: Path) -> None:
    """Its length is the sound's, its samples are numbers, and only what cannot be verified is remarked upon."""
    result = decoded(recordings[name], tmp_path / "spool")
    assert result.duration_s == pytest.approx(LENGTH_S, abs=0.15)
    assert result.sample_rate_hz in KEPT
    assert [finding.code for finding in result.findings] == ["length_unverified"] * (name in UNVERIFIABLE)
    samples = np.fromfile(result.pcm, dtype="<f4")
    assert len(samples) == result.frames * result.channels
    assert np.isfinite(samples).all()
    assert 0.05 < np.abs(samples).max() == result.peak


def test_a_webm_that_is_whole_and_says_no_length_is_remarked_upon(recordings: Recordings, tmp_path: Path) -> None:
    """Its Segment's length is filled in, its Duration is not (RFC 9559, 5.1.2.10): a missing end could not be noticed."""
    content = recordings.bytes_of("browser.webm")
    at = content.index(b"\x44\x89\x88")
    silent = tmp_path / "silent.webm"
    silent.write_bytes(content[:at] + b"\xec\x89" + bytes(9) + content[at + 11 :])
    result = decoded(silent, tmp_path / "spool")
    assert result.duration_s == pytest.approx(LENGTH_S, abs=0.15)
    assert [finding.code for finding in result.findings] == ["length_unverified"]


@pytest.mark.parametrize("name", ["16-bit.wav", "16-bit.flac", "cover.flac"])
def test_what_is_lossless_stays_exact(name: str, recordings: Recordings, tmp_path: Path) -> None:
    result = decoded(recordings[name], tmp_path / "spool")
    raw = ffmpeg("-i", str(recordings["16-bit.wav"]), "-f", "f32le", "-")
    assert result.pcm.read_bytes() == raw


@pytest.mark.parametrize("name", ["stereo-96khz.wav", "stereo.mp3"])
def test_two_channels_stay_two(name: str, recordings: Recordings, tmp_path: Path) -> None:
    assert decoded(recordings[name], tmp_path / "spool").channels == 2


@pytest.mark.parametrize(
    ("name", "own", "spooled"),
    [("8khz.mp3", 8_000, 48_000), ("stereo-96khz.wav", 96_000, 48_000), ("constant.mp3", 44_100, 44_100)],
)
def test_only_common_rates_are_kept(name: str, own: int, spooled: int, recordings: Recordings, tmp_path: Path) -> None:
    result = decoded(recordings[name], tmp_path / "spool")
    assert (result.source_rate_hz, result.sample_rate_hz) == (own, spooled)


def test_the_content_decides_and_not_the_name(recordings: Recordings, tmp_path: Path) -> None:
    liar = tmp_path / "really-a-wav.mp3"
    liar.write_bytes(recordings.bytes_of("16-bit.wav"))
    assert decoded(liar, tmp_path / "spool").container == "wav"


@pytest.mark.parametrize("name", WITH_COVER)
def test_a_cover_is_no_sound(name: str, recordings: Recordings, tmp_path: Path) -> None:
    assert decoded(recordings[name], tmp_path / "spool").findings == ()


def test_digital_silence_takes_no_room_on_the_disk(tmp_path: Path) -> None:
    """Hours of zeros are a hole in the spool."""
    quiet = tmp_path / "quiet.flac"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono", "-t", "600", "-c:a", "flac", str(quiet))
    result = decoded(quiet, tmp_path / "spool")
    assert (result.duration_s, result.peak) == (600.0, 0.0)
    assert result.pcm.stat().st_size == 600 * 44_100 * 4
    assert result.pcm.stat().st_blocks * 512 < 1_000_000
