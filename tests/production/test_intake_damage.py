"""Damaged recordings: what is refused, what is only remarked upon."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phone_files import PhoneFiles
from recordings import LIMITS, ONE_OF_EACH_CONTAINER, Recordings, damaged, decoded

from broadcaster.model import Seconds
from broadcaster.sound.containers import Damaged, look
from broadcaster.sound.findings import Refused

CUT = {"truncated", "sound_missing"}
HEADS = (
    b"RIFF\xff\xff\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data\x10\0\0\0",
    b"fLaC\0\0\0\x22" + bytes(10) + b"\x0a\xc4\x40\xf0\0\0\x10\0" + bytes(16),
    b"OggS\0\x02" + bytes(8) + b"abcd" + bytes(8) + b"\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0",
    b"\0\0\0\x10ftypM4A \0\0\0\0\0\0\0\x10moov\0\0\0\x08mvhd\0\0\0\x08mdat",
    b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x90",
    b"#!AMR\n",
    b"#!AMR-WB\n",
    b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + b"\xff\xfb\x50\xc0",
    (b"\xff\xfb\x14\xc0" + bytes(100)) * 6,
    (b"\xff\xf1\x50\x40\x02\x1f\xfc" + bytes(9)) * 6,
    b"caff\0\x01\0\0desc" + (32).to_bytes(8, "big") + b"\x40\xe5\x88\x80\0\0\0\0lpcm" + bytes(20) + b"data" + bytes(8),
    b"FORM\0\0\0\xffAIFCCOMM\0\0\0\x12\0\x01\0\0\0\x10\0\x10\x40\x0e\xac\x44" + bytes(6) + b"SSND\0\0\0\x10",
    bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c2000000000000000") + bytes(8) + b"\x36\x26\xb2\x75",
    b"RIFF\x80\0\0\0AVI LIST\x20\0\0\0hdrlavih",
    b"\0\0\x01\xba\x44\0\x04\0\x04\x01",
    (b"\x47\x40\0\x10" + bytes(184)) * 8,
    b"",
)
TENTHS = range(1, 10)


def outcome(content: bytes, folder: Path) -> list[str]:
    """Codes of the findings of a recording with this content; the one that stops it alone."""
    folder.mkdir()
    (folder / "recording").write_bytes(content)
    try:
        return [finding.code for finding in decoded(folder / "recording", folder / "spool").findings]
    except Refused as refusal:
        return [refusal.finding.code]


@pytest.mark.parametrize("tenth", TENTHS)
@pytest.mark.parametrize("name", ONE_OF_EACH_CONTAINER)
def test_a_cut_recording_is_refused(name: str, tenth: int, recordings: Recordings, tmp_path: Path) -> None:
    content = recordings.bytes_of(name)
    (code,) = outcome(content[: len(content) * tenth // 10], tmp_path / "x")
    assert code in CUT


@pytest.mark.parametrize("name", [name for name in ONE_OF_EACH_CONTAINER if not name.endswith(".mp3")])
def test_one_missing_byte_is_noticed(name: str, recordings: Recordings, tmp_path: Path) -> None:
    (code,) = outcome(recordings.bytes_of(name)[:-1], tmp_path / "x")
    assert code in CUT


@pytest.mark.parametrize("name", ["constant.mp3", "variable.mp3"])
def test_an_mp3_that_lacks_its_last_frames_is_refused(name: str, recordings: Recordings, tmp_path: Path) -> None:
    assert outcome(recordings.bytes_of(name)[:-1200], tmp_path / "x") == ["truncated"]


@pytest.mark.parametrize("name", ["uncounted.mp3", "raw.aac"])
def test_a_recording_without_a_count_that_stops_amid_a_frame_is_remarked_upon(
    name: str, recordings: Recordings, tmp_path: Path
) -> None:
    """Many recorders stop like that: the people who approve are told to listen to the end."""
    assert outcome(recordings.bytes_of(name)[:-50], tmp_path / "x") == ["cut_last_frame", "length_unverified"]


@pytest.mark.parametrize("tenth", TENTHS[::4])
@pytest.mark.parametrize("name", [*ONE_OF_EACH_CONTAINER[1:], "uncounted.mp3", "raw.aac"])
def test_a_tenth_overwritten_is_refused(name: str, tenth: int, recordings: Recordings, tmp_path: Path) -> None:
    """In formats that can tell; the samples of a wav are any numbers."""
    content = recordings.bytes_of(name)
    (code,) = outcome(damaged(content, tenth, len(content) // 10), tmp_path / "x")
    assert code in {*CUT, "damaged", "bad_container", "not_audio", "no_sound", "odd_samples"}


def test_one_bad_frame_among_hundreds_is_remarked_upon(recordings: Recordings, tmp_path: Path) -> None:
    content = recordings.bytes_of("uncounted.mp3")
    whole = content * 6  # some 800 frames, of which two are hit
    assert outcome(damaged(whole, 5, 40), tmp_path / "x") == ["bad_frames", "length_unverified"]


def test_more_than_one_frame_in_a_hundred_in_error_is_refused(recordings: Recordings, tmp_path: Path) -> None:
    content = recordings.bytes_of("raw.aac")
    for tenth in range(1, 10):
        content = damaged(content, tenth, 300, seed=tenth)
    assert outcome(content, tmp_path / "x") == ["damaged"]


def test_a_lossless_recording_with_one_frame_in_error_is_refused(recordings: Recordings, tmp_path: Path) -> None:
    """It counts its samples, and each is there or not."""
    assert outcome(damaged(recordings.bytes_of("16-bit.flac"), 5, 20), tmp_path / "x") == ["sound_missing"]


@pytest.mark.parametrize("name", ONE_OF_EACH_CONTAINER)
def test_junk_behind_the_sound_is_left_out(name: str, recordings: Recordings, tmp_path: Path) -> None:
    content = recordings.bytes_of(name) + b"<html>not found</html>\n" * 20
    remarks = outcome(content, tmp_path / "x")
    assert remarks[0] == "trailing_junk"
    assert "bad_frames" not in remarks


def test_an_ogg_without_its_last_page_is_refused(recordings: Recordings, tmp_path: Path) -> None:
    content = recordings.bytes_of("vorbis.ogg")
    assert outcome(content[: content.rindex(b"OggS")], tmp_path / "x") == ["truncated"]


def test_a_flac_that_promises_more_samples_is_refused(recordings: Recordings, tmp_path: Path) -> None:
    content = bytearray(recordings.bytes_of("16-bit.flac"))
    samples = int.from_bytes(content[18:26], "big") + 10  # the count is the lowest part of these eight bytes
    content[18:26] = samples.to_bytes(8, "big")
    assert outcome(bytes(content), tmp_path / "x") == ["sound_missing"]


def test_an_mp3_that_promises_more_frames_is_refused(recordings: Recordings, tmp_path: Path) -> None:
    content = bytearray(recordings.bytes_of("constant.mp3"))
    count = content.index(b"Info") + 8
    content[count : count + 4] = (int.from_bytes(content[count : count + 4], "big") + 10).to_bytes(4, "big")
    assert outcome(bytes(content), tmp_path / "x") == ["truncated"]


def test_a_vbri_header_counts_as_a_xing_header_does(recordings: Recordings, tmp_path: Path) -> None:
    content = bytearray(recordings.bytes_of("constant.mp3"))
    frame = content.index(b"Info") - 36
    if content[frame] != 0xFF:  # one channel: its side information is shorter
        frame = content.index(b"Info") - 21
    frames = content[content.index(b"Info") + 8 :][:4]
    content[frame + 4 : frame + 60] = bytes(56)
    content[frame + 36 : frame + 54] = b"VBRI" + bytes(10) + frames
    assert outcome(bytes(content), tmp_path / "whole") == []
    assert outcome(bytes(content[: len(content) // 2]), tmp_path / "half") == ["truncated"]


def test_lengths_are_counted_and_not_believed(recordings: Recordings, tmp_path: Path) -> None:
    """A wav that claims to be longer than allowed is refused unread; a small limit is kept against any claim."""
    short = replace(LIMITS, max_duration_s=Seconds(2.0))
    for name in ("16-bit.wav", "uncounted.mp3", "raw.aac", "streamed.wav"):
        with pytest.raises(Refused) as refusal:
            decoded(recordings[name], tmp_path / name, short)
        assert refusal.value.finding.code == "too_long"


def test_samples_that_are_no_numbers_are_refused(recordings: Recordings, tmp_path: Path) -> None:
    content = bytearray(recordings.bytes_of("float.wav"))
    first = content.index(b"data") + 8
    content[first + 40_000 : first + 40_004] = b"\x00\x00\xc0\x7f"  # NaN
    assert outcome(bytes(content), tmp_path / "x") == ["odd_samples"]


def test_the_list_of_containers_is_closed() -> None:
    """No program, picture, text or font of this machine is taken for a recording."""
    folders = (Path("/usr/bin"), Path("/usr/share"), Path("/etc"))
    files = [path for folder in folders for path in sorted(folder.glob("*")) if path.is_file()]
    assert len(files) > 100
    for path in files[::4]:
        with path.open("rb") as file:
            assert look(file, path.stat().st_size) is None, path


@given(st.sampled_from(HEADS), st.binary(max_size=300), st.integers(0, 400), st.binary(max_size=8))
def test_any_bytes_behind_any_beginning_are_described_or_called_damaged(
    head: bytes, body: bytes, at: int, hit: bytes
) -> None:
    content = head + body
    content = content[:at] + hit + content[at + len(hit) :]
    try:
        layout = look(io.BytesIO(content), len(content))
    except Damaged:
        return
    assert layout is None or layout.end is None or 0 <= layout.end <= len(content)
    assert layout is None or layout.junk_bytes >= 0


def test_an_amr_whose_middle_reads_as_zeros_is_refused(recordings: Recordings, tmp_path: Path) -> None:
    """Zeros are frames too, of the lowest rate, and say of themselves that they are damaged."""
    for name in ("narrow.amr", "wide.amr"):
        content = recordings.bytes_of(name)
        assert outcome(content[:2000] + bytes(1000) + content[3000:], tmp_path / name) == ["damaged"]


def test_a_wma_whose_middle_is_lost_is_refused_and_a_films_is_not_measured_by_the_film(
    phone_files: PhoneFiles, tmp_path: Path
) -> None:
    content = phone_files["old.wma"].read_bytes()
    middle = len(content) // 2
    assert outcome(content[:middle] + bytes(6000) + content[middle + 6000 :], tmp_path / "x") == ["sound_missing"]
    assert outcome(phone_files["film.wmv"].read_bytes(), tmp_path / "film") == []
