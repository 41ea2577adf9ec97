"""The sound stream of a container as ffprobe sees it: codec, rate, channels, and the length its headers give."""

import json
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from broadcaster.model import Seconds
from broadcaster.sound.ffmpeg import probe_command
from broadcaster.sound.findings import refused
from broadcaster.sound.limited import TookTooLong, run_limited

KEPT_RATES_HZ = (44_100, 48_000)
"""Sample rates left as they are; every other becomes :data:`WORKING_RATE_HZ`."""
WORKING_RATE_HZ = 48_000
MOST_CHANNELS = 2
RATES_HZ = range(4_000, 192_001)
"""Sample rates that a recording can sensibly have."""
_PATIENCE_S = Seconds(30.0)
_LONGEST_ANSWER = 1 << 20


@dataclass(frozen=True)
class Stream:
    """One stream of sound."""

    codec: str
    rate_hz: int
    channels: int
    duration_s: Seconds | None
    alone: bool = True
    """No film runs beside it."""

    @property
    def decoded_rate_hz(self) -> int:
        return self.rate_hz if self.rate_hz in KEPT_RATES_HZ else WORKING_RATE_HZ


def probe(file: BinaryIO, demuxer: str, name: str) -> Stream:
    """The first sound stream of an open file. Raises :class:`~broadcaster.sound.findings.Refused`."""
    said = _ask(file, demuxer, name)
    streams = said.get("streams") or []
    if not streams:
        raise refused("bad_container", name=name)
    sound = next((stream for stream in streams if stream.get("codec_type") == "audio"), None)
    if sound is None:
        raise refused("no_sound", name=name)
    filmed = any(stream.get("codec_type") == "video" for stream in streams)
    return _checked(replace(_stream(sound, said.get("format", {})), alone=not filmed), name)


def _ask(file: BinaryIO, demuxer: str, name: str) -> dict[str, Any]:
    text = bytearray()

    def keep(chunk: bytes) -> None:
        text.extend(chunk[: max(0, _LONGEST_ANSWER - len(text))])

    command = probe_command(file.fileno(), demuxer)
    try:
        run_limited(command, deadline_s=_PATIENCE_S, descriptor=file.fileno(), out=keep, err=lambda _: None)
        said = json.loads(text or b"{}")
    except TookTooLong:
        raise refused("decode_timeout", name=name) from None
    except ValueError:
        raise refused("bad_container", name=name) from None
    return said if isinstance(said, dict) else {}


def _stream(stream: dict[str, Any], container: dict[str, Any]) -> Stream:
    lengths = (_length(stream.get("duration")), _length(container.get("duration")))
    return Stream(
        codec=str(stream.get("codec_name", "unknown")),
        rate_hz=int(stream.get("sample_rate", 0)),
        channels=int(stream.get("channels", 0)),
        duration_s=next((length for length in lengths if length), None),
    )


def _length(text: object) -> Seconds | None:
    """A header's length where it is a sensible number: it may say NaN, infinity or less than nothing."""
    try:
        number = float(str(text))
    except ValueError:
        return None
    return Seconds(number) if 0 < number < float("inf") else None


def _checked(stream: Stream, name: str) -> Stream:
    if stream.channels > MOST_CHANNELS:
        raise refused("too_many_channels", name=name, channels=stream.channels)
    if stream.rate_hz not in RATES_HZ and stream.rate_hz:
        raise refused("odd_sample_rate", name=name, rate=stream.rate_hz)
    if stream.channels < 1 or not stream.rate_hz:
        raise refused("no_sound", name=name)
    return stream
