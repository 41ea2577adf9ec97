"""Recordings for the tests: one sound of a few seconds in every format a phone or recorder writes."""

import random
import struct
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from broadcaster.config import IntakeSettings
from broadcaster.model import Seconds
from broadcaster.sound.decode import Decoded, decode
from broadcaster.sound.ffmpeg import program

LENGTH_S = 3.5
SOUND = (
    "aevalsrc='0.3*sin(2*PI*220*t)*(0.5+0.5*sin(2*PI*3*t))+0.1*sin(2*PI*1900*t)+0.02*(random(0)-0.5)'"
    f":s=44100:d={LENGTH_S}"
)
"""Loud enough to measure, different everywhere, never a pure tone."""
COVER = "testsrc=size=32x32:duration=1:rate=1"
PLAIN = {
    # name: how ffmpeg writes it
    "16-bit.wav": "",
    "24-bit.wav": "-c:a pcm_s24le",
    "float.wav": "-c:a pcm_f32le",
    "8-bit-8khz.wav": "-c:a pcm_u8 -ar 8000",
    "stereo-96khz.wav": "-ar 96000 -ac 2",
    "a-law.wav": "-c:a pcm_alaw -ar 8000",
    "adpcm.wav": "-c:a adpcm_ms",
    "rf64.wav": "-rf64 always",
    "constant.mp3": "-b:a 64k",
    "variable.mp3": "-q:a 5",
    "stereo.mp3": "-ac 2 -b:a 96k",
    "16khz.mp3": "-ar 16000 -b:a 24k",
    "8khz.mp3": "-ar 8000 -b:a 16k",
    "id3v1.mp3": "-write_id3v1 1 -metadata title=x",
    "uncounted.mp3": "-write_xing 0 -id3v2_version 0",
    "phone.m4a": "-c:a aac",
    "index-first.m4a": "-c:a aac -movflags +faststart",
    "fragments.m4a": "-c:a aac -movflags frag_keyframe+empty_moov -frag_duration 500000",
    "lossless.m4a": "-c:a alac",
    "narrow.m4a": "-c:a aac -ar 8000 -b:a 12k",
    "phone.3gp": "-c:a aac -ar 16000",
    "quicktime.mov": "-c:a aac",
    "raw.aac": "-c:a aac",
    "vorbis.ogg": "-c:a libvorbis",
    "opus.opus": "-c:a libopus",
    "voice-note.ogg": "-c:a libopus -b:a 16k -ar 16000",
    "flac.oga": "-c:a flac -f ogg",
    "16-bit.flac": "-c:a flac -sample_fmt s16",
    "24-bit-88khz.flac": "-c:a flac -sample_fmt s32 -ar 88200",
    "browser.webm": "-c:a libopus",
    "unfinished.webm": "-c:a libopus -live 1",
}
WITH_COVER = {"cover.mp3": "-b:a 64k", "cover.m4a": "-c:a aac", "cover.flac": "-c:a flac -sample_fmt s16"}
UNVERIFIABLE = {
    "uncounted.mp3",
    "raw.aac",
    "fragments.m4a",
    "unfinished.webm",
    "streamed.wav",
    "narrow.amr",
    "wide.amr",
}
"""Formats that say nowhere how long they are."""
GOOD = (*PLAIN, *WITH_COVER, "streamed.wav", "narrow.amr", "wide.amr")
ONE_OF_EACH_CONTAINER = (
    "16-bit.wav",
    "constant.mp3",
    "variable.mp3",
    "phone.m4a",
    "index-first.m4a",
    "fragments.m4a",
    "vorbis.ogg",
    "opus.opus",
    "16-bit.flac",
    "browser.webm",
)
"""Of each container that says how long it is."""


@dataclass(frozen=True)
class Recordings:
    """Makes recordings once and keeps them."""

    folder: Path

    def __getitem__(self, name: str) -> Path:
        """The recording of this name."""
        path = self.folder / name
        if not path.exists():
            _make(path)
        return path

    def bytes_of(self, name: str) -> bytes:
        """What the recording holds."""
        return self[name].read_bytes()


def _make(path: Path) -> None:
    name = path.name
    if name.endswith(".amr"):
        path.write_bytes(_amr(wide=name == "wide.amr"))
    elif name == "streamed.wav":
        path.write_bytes(ffmpeg("-f", "lavfi", "-i", SOUND, "-f", "wav", "-"))
    elif name in WITH_COVER:
        pictured = ("-map", "0:a", "-map", "1:v", "-c:v", "png", "-disposition:v", "attached_pic")
        ffmpeg("-f", "lavfi", "-i", SOUND, "-f", "lavfi", "-i", COVER, *pictured, *WITH_COVER[name].split(), str(path))
    else:
        ffmpeg("-f", "lavfi", "-i", SOUND, *PLAIN[name].split(), str(path))


def ffmpeg(*arguments: str) -> bytes:
    """Run ffmpeg; answers what it writes to standard output."""
    command = [program("ffmpeg"), "-v", "error", "-nostdin", "-y", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def _amr(*, wide: bool) -> bytes:
    """Frames of the highest rate with chance bits: any bits are sound to this format."""
    chance = random.Random(7)
    magic, head, size = (b"#!AMR-WB\n", 0x44, 60) if wide else (b"#!AMR\n", 0x3C, 31)
    return magic + b"".join(bytes([head]) + chance.randbytes(size) for _ in range(175))


LIMITS = IntakeSettings(max_duration_s=Seconds(4 * 3600.0), max_file_bytes=1 << 30)


def decoded(path: Path, spool: Path, limits: IntakeSettings = LIMITS) -> Decoded:
    """``path`` decoded into the fresh folder ``spool``."""
    spool.mkdir()
    return decode(path, spool, limits, lambda _share: None)


def damaged(content: bytes, tenth: int, length: int, seed: int = 1) -> bytes:
    """``content`` with ``length`` chance bytes written over it from its ``tenth`` tenth on."""
    start = len(content) * tenth // 10
    length = min(length, len(content) - start)
    return content[:start] + random.Random(seed).randbytes(length) + content[start + length :]


def silent_flac(seconds: int) -> bytes:
    """Digital silence of two channels at 44.1 kHz, some 160 bytes a second: a bomb, made in no time (RFC 9639)."""
    block = 4608
    frames = -(-seconds * 44_100 // block)
    fields = 44_100 << 44 | 1 << 41 | 15 << 36 | frames * block
    info = struct.pack(">HH", block, block) + bytes(6) + fields.to_bytes(8, "big") + bytes(16)
    return b"fLaC\x80\0\0\x22" + info + b"".join(map(_silent_frame, range(frames)))


def _silent_frame(number: int) -> bytes:
    """4608 samples, each channel one constant."""
    head = b"\xff\xf8\x59\x18" + chr(number).encode("utf-8", "surrogatepass")
    body = head + bytes([_crc(head, 0x07, 8)]) + bytes(6)
    return body + _crc(body, 0x8005, 16).to_bytes(2, "big")


def _crc(content: bytes, polynomial: int, bits: int) -> int:
    table, mask, value = _table(polynomial, bits), (1 << bits) - 1, 0
    for byte in content:
        value = (value << 8) & mask ^ table[value >> bits - 8 ^ byte]
    return value


@cache
def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    return tuple(_remainder(byte << bits - 8, polynomial, bits) for byte in range(256))


def _remainder(value: int, polynomial: int, bits: int) -> int:
    for _ in range(8):
        value = value << 1 ^ (polynomial if value >> bits - 1 & 1 else 0)
    return value & (1 << bits) - 1
