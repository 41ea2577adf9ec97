"""The child that reads a stranger's file is held: memory, time, files, environment; and so is what it says."""

import os
import shutil
import struct
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from intake_station import IntakeStation
from recordings import LIMITS, Recordings, decoded, ffmpeg

from broadcaster.model import Seconds
from broadcaster.production import mastering
from broadcaster.production.copying import copy_in
from broadcaster.production.levelling import make_grid
from broadcaster.production.sounding import Hearing, Spooled
from broadcaster.sound import room
from broadcaster.sound.blocks import no_progress
from broadcaster.sound.complaints import Complaints
from broadcaster.sound.containers import Damaged, look
from broadcaster.sound.decode import decode
from broadcaster.sound.findings import Refused
from broadcaster.sound.flac import FlacWriter
from broadcaster.sound.limited import TookTooLong, run_limited
from broadcaster.sound.regular import open_regular
from broadcaster.sound.room import NoRoom


def held(program: str, deadline_s: float = 20.0) -> tuple[int, bytes, bytes]:
    """A Python program run as the decoder is: exit code and both outputs."""
    out, err = bytearray(), bytearray()
    with Path(__file__).open("rb") as file:
        code = run_limited(
            [sys.executable, "-I", "-S", "-c", program],
            deadline_s=Seconds(deadline_s),
            descriptor=file.fileno(),
            out=out.extend,
            err=err.extend,
        ).code
    return code, bytes(out), bytes(err)


def test_memory_is_limited() -> None:
    code, _, err = held("bytearray(1 << 31)")
    assert code != 0
    assert b"MemoryError" in err


def test_no_file_can_be_written(tmp_path: Path) -> None:
    code, _, _ = held(f"open({str(tmp_path / 'x')!r}, 'wb', buffering=0).write(b'x')")
    assert code != 0
    assert not (tmp_path / "x").exists() or not (tmp_path / "x").stat().st_size


def test_it_gets_one_file_no_input_and_no_environment_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    with Path(__file__).open("rb") as leak:
        os.set_inheritable(leak.fileno(), True)
        _, out, _ = held(
            "import os,sys; print(sorted(os.listdir('/proc/self/fd')), sys.stdin.read(), *os.environ, os.getcwd())"
        )
    words = out.decode()
    assert (
        len(words[words.index("[") : words.index("]")].split(",")) == 5
    )  # three streams, the file, the listing itself
    assert "SECRET" not in words
    assert words.split()[-1] == "/"


def test_the_deadline_ends_its_whole_family() -> None:
    program = (
        "import subprocess,sys,time; child=subprocess.Popen([sys.executable,'-c','import time; time.sleep(60)']);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    said = bytearray()
    with Path(__file__).open("rb") as file, pytest.raises(TookTooLong):
        run_limited(
            [sys.executable, "-I", "-c", program],
            deadline_s=Seconds(3.0),
            descriptor=file.fileno(),
            out=said.extend,
            err=lambda _: None,
        )
    grandchild = Path("/proc", said.decode().strip())
    for _ in range(100):
        if not grandchild.exists() or "Z" in grandchild.joinpath("stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    pytest.fail("the grandchild lives")


def test_processor_time_is_limited() -> None:
    """A child that only counts is ended by the kernel even if nobody watched it."""
    code, _, _ = held("import resource; print(resource.getrlimit(resource.RLIMIT_CPU))", deadline_s=7.0)
    assert code == 0
    assert held("import resource; print(resource.getrlimit(resource.RLIMIT_CPU)[0])", deadline_s=7.0)[1] == b"12\n"


def test_endless_complaints_are_counted_and_not_kept() -> None:
    complaints = Complaints()
    for _ in range(1000):
        complaints.take(b"[mp3float @ 0x1] [error] Header missing\n" * 100 + b"x" * 10_000)
    complaints.take(b"\n")
    assert complaints.bad_frames == 100_000 - 999  # a line that never ends hides the next
    assert sys.getsizeof(complaints.__dict__) < 10_000


class Counted(BytesIO):
    """A file that counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        return super().read(size)


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


FRAME = bytes((0xFF, 0xF3, 0x64, 0xC0)) + bytes(140)
"""Of MPEG 2, layer III: 48 kbit/s at 24 kHz."""
BOXES = box(b"moov", box(b"free") * 150_000)


@pytest.mark.parametrize(
    "content",
    [
        b"ID3\4\0\0\0\0\0\0" * 50_000 + FRAME * 30,
        FRAME * 30 + b"ID3\4\0\0\0\0\0\0" * 50_000 + FRAME * 30,
        FRAME * 30 + (b"TAG" + bytes(125)) * 50_000,
        FRAME * 30 + b"000000LYRICS200" * 50_000,
        box(b"ftyp", b"M4A ") + BOXES,
        box(b"ftyp", b"M4A ") + BOXES * 3,
        b"".join(b"OggS\0\2" + bytes(8) + struct.pack("<I", serial) + bytes(9) for serial in range(50_000)),
    ],
    ids=["tags before", "tags amid", "tags behind", "lyrics behind", "boxes", "more boxes", "streams"],
)
def test_our_own_look_at_a_file_is_held_too(content: bytes) -> None:
    """No limited child reads headers, so what no recording has, thousands of tags, boxes or streams, is left unread."""
    file = Counted(content)
    with pytest.raises(Damaged):
        look(file, len(content))
    assert file.reads < 102_000


def wav(channels: int, rate_hz: int, bits: int = 16, sound: bytes = bytes(1200)) -> bytes:
    """A wav header that says so, and some zeros."""
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, (rate_hz * max(1, block)) & 0xFFFFFFFF, block & 0xFFFF, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (wav(65_535, 48_000, sound=bytes(131_070 * 3)), "too_many_channels"),
        (wav(6, 48_000), "too_many_channels"),
        (wav(1, 100_000_000), "odd_sample_rate"),
        (wav(1, 1), "odd_sample_rate"),
        (wav(0, 48_000), "bad_container"),
        (wav(1, 0), "bad_container"),
    ],
)
def test_headers_that_cannot_be_are_refused(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.wav"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        decoded(path, tmp_path / "spool")
    assert refusal.value.finding.code in {code, "no_sound"}


def test_a_recording_with_too_many_channels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "six.flac"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=1:r=48000", "-ac", "6", str(path))
    with pytest.raises(Refused) as refusal:
        decoded(path, tmp_path / "spool")
    assert refusal.value.finding.code == "too_many_channels"


def test_a_file_larger_than_allowed_is_not_read(recordings: Recordings, tmp_path: Path) -> None:
    small = type(LIMITS)(max_duration_s=Seconds(60.0), max_file_bytes=10_000)
    with pytest.raises(Refused) as refusal:
        decoded(recordings["16-bit.wav"], tmp_path / "spool", small)
    assert refusal.value.finding.code == "too_large"


def test_the_progress_never_goes_back_and_ends_at_one(recordings: Recordings, tmp_path: Path) -> None:
    from broadcaster.sound.decode import decode  # noqa: PLC0415  beside its only use

    shares: list[float] = []
    decode(recordings["constant.mp3"], tmp_path, LIMITS, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


# Room on the disk


def copy_of_a_recording(recordings: Recordings, folder: Path) -> None:
    copy_in(recordings["16-bit.wav"], folder / "copy", 1 << 30, no_progress)


def decoding(recordings: Recordings, folder: Path) -> None:
    decode(recordings["16-bit.wav"], folder, LIMITS, no_progress)


def copy_without_junk(recordings: Recordings, folder: Path) -> None:
    (folder / "x.mp3").write_bytes(recordings.bytes_of("constant.mp3") + b"junk" * 10)
    with open_regular(folder / "x.mp3") as file:
        layout = look(file, (folder / "x.mp3").stat().st_size)
        assert layout is not None
        assert layout.end is not None
    decode(folder / "x.mp3", folder, LIMITS, no_progress)


def hearing_of_a_recording(recordings: Recordings, folder: Path) -> None:
    with Hearing(Spooled(folder / "pcm", 48_000, 2), folder, 8.0) as heard:
        heard.take(np.ones(9600, dtype="<f4").tobytes())
        heard.finish()


def grid_of_a_recording(recordings: Recordings, folder: Path) -> None:
    make_grid([np.zeros(4800, dtype=np.float32)], folder, 8.0)


def encoded_recording(recordings: Recordings, folder: Path) -> None:
    with FlacWriter(folder / "x.flac", 48_000) as flac:
        flac.write(np.zeros(4800, dtype=np.float32))


@pytest.mark.parametrize(
    "work",
    [
        copy_of_a_recording,
        copy_without_junk,
        decoding,
        hearing_of_a_recording,
        grid_of_a_recording,
        encoded_recording,
    ],
)
def test_every_step_leaves_the_disk_its_free_space(
    work: Callable[[Recordings, Path], None], recordings: Recordings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that has less free than must stay so: the record of what is on the air needs it."""
    work(recordings, tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    monkeypatch.setattr(room, "KEEP_FREE", 1 << 60)
    with pytest.raises((Refused, NoRoom)) as told:
        work(recordings, tmp_path)
    assert not isinstance(told.value, Refused) or told.value.finding.code == "no_room"
    assert sum(path.stat().st_size for path in tmp_path.iterdir() if path.name not in {"pcm", "x.mp3"}) < 1000


def test_a_recording_that_would_take_the_last_free_space_is_refused_before_it_is_copied(
    recordings: Recordings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.wav").touch()
    os.truncate(tmp_path / "large.wav", 1 << 34)
    (tmp_path / "to").mkdir()
    monkeypatch.setattr(room, "KEEP_FREE", shutil.disk_usage(tmp_path).free - (1 << 33))
    copy_in(recordings["16-bit.wav"], tmp_path / "to" / "small", 1 << 40, no_progress)
    with pytest.raises(Refused) as told:
        copy_in(tmp_path / "large.wav", tmp_path / "to" / "copy", 1 << 40, no_progress)
    assert told.value.finding.code == "no_room"
    assert (tmp_path / "to" / "copy").stat().st_size == 0


def test_a_master_without_room_is_refused_with_a_sentence_and_leaves_nothing(
    recordings: Recordings,
    intake_station: IntakeStation,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = intake_station.shelf()
    monkeypatch.setattr(mastering, "FlacWriter", full)
    assert intake_station.add(recordings["16-bit.wav"]) == 65
    assert "not enough free space" in capfd.readouterr().err
    assert intake_station.shelf() == before


def full(*_: object) -> NoReturn:
    raise NoRoom
