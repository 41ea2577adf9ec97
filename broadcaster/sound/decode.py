"""A recording from a stranger becomes plain samples: decoded whole, in a limited child, or refused with its reason.

Whatever is not an ordinary file, not a known container, not whole, too long or too wide stops here. The decoder is ffmpeg,
told which demuxer to use by our own look at the file's bytes, under limits of memory, time, files and protocols.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import BinaryIO

from broadcaster.config import IntakeSettings
from broadcaster.locale.shown import shown
from broadcaster.model import Finding, Seconds
from broadcaster.sound.complaints import Complaints
from broadcaster.sound.containers import Damaged, Layout, look
from broadcaster.sound.ffmpeg import decode_command
from broadcaster.sound.findings import refused
from broadcaster.sound.judge import Heard, judge
from broadcaster.sound.limited import Output, TookTooLong, run_limited
from broadcaster.sound.regular import open_regular
from broadcaster.sound.room import NoRoom, check_room
from broadcaster.sound.spool import Spool, SpoolFull
from broadcaster.sound.stream import MOST_CHANNELS, Stream, probe

_BYTES_PER_SAMPLE = 4
_PATIENCE_S = 30.0
_PLAYED_PER_SECOND = 5.0
"""A recording must decode at least this much faster than it plays, after :data:`_PATIENCE_S`."""
_COPY_BYTES = 1 << 20
Listener = Callable[[Path, int, int], Callable[[bytes], None]]
"""Told where the spool lies, its rate and channels before the first sample, it answers what takes samples as they come."""
_LOUDEST = 1000.0
"""Floating-point recordings may pass full scale, hardly by 60 dB."""


@dataclass(frozen=True)
class Decoded:
    """A recording as samples, and what was noticed on the way."""

    pcm: Path
    """Raw little-endian f32, channels interleaved, in the folder the caller gave."""
    sample_rate_hz: int
    """Of ``pcm``: 44,100 or 48,000."""
    channels: int
    """1 or 2."""
    frames: int
    """Samples of one channel in ``pcm``."""
    container: str
    codec: str
    source_rate_hz: int
    """Of the recording itself."""
    peak: float
    """Largest sample in either direction; 1 is full scale."""
    findings: tuple[Finding, ...]

    @property
    def duration_s(self) -> Seconds:
        return Seconds(self.frames / self.sample_rate_hz)


@dataclass(frozen=True)
class _Job:
    """One decoding on its way."""

    file: BinaryIO
    name: str
    layout: Layout
    stream: Stream
    limits: IntakeSettings
    listener: Listener | None

    @property
    def bytes_per_s(self) -> int:
        return self.stream.decoded_rate_hz * self.stream.channels * _BYTES_PER_SAMPLE

    @property
    def expected_s(self) -> Seconds:
        """Length to expect, for the time limit and the progress only."""
        said = self.layout.promised_s or self.stream.duration_s or self.limits.max_duration_s
        return Seconds(min(said, self.limits.max_duration_s))

    def too_long(self) -> Exception:
        return refused("too_long", name=self.name, limit_min=round(self.limits.max_duration_s / 60))


def decode(
    source: Path,
    spool_dir: Path,
    limits: IntakeSettings,
    progress: Callable[[float], None],
    *,
    called: str | None = None,
    listener: Listener | None = None,
) -> Decoded:
    """Decode ``source`` whole into ``spool_dir``; ``progress`` gets the share done, 0 … 1.

    ``called`` is the name to use in sentences, when it is not the file's own. ``listener`` hears the samples while they
    are decoded; what it raises is raised, and the recording may still be refused after its last sample.

    Raises :class:`~broadcaster.sound.findings.Refused` with the finding that stops it; the caller owns and removes
    ``spool_dir``. Silence is not refused here.
    """
    name = shown(called or source.name)
    with open_regular(source) as file:
        layout = _layout(file, _size(file, name, limits), name)
        if not layout.whole:
            raise refused("truncated", name=name)
        if (layout.channels or 0) > MOST_CHANNELS:
            raise refused("too_many_channels", name=name, channels=layout.channels)
        with _good_part(file, layout, spool_dir, name) as good:
            stream = probe(good, layout.demuxer, name)
            job = _Job(good, name, _with_length_of(stream, layout), stream, limits, listener)
            if job.layout.promised_s is not None and job.layout.promised_s > limits.max_duration_s:
                raise job.too_long()
            return _decode(job, spool_dir / "decoded.f32", progress)


def _with_length_of(stream: Stream, layout: Layout) -> Layout:
    """The layout with the promise that only the demuxer can read: from an index, or a header that was filled in.

    Where there is none either, nothing says how long the recording should be.
    """
    if layout.container in {"asf", "webm"} and not stream.alone:  # the length that they give is the film's
        return replace(layout, promised_s=None)
    if layout.container not in {"mp4", "webm"} or not layout.verifiable:
        return layout
    promised_s = stream.duration_s or layout.promised_s
    return replace(layout, promised_s=promised_s, verifiable=promised_s is not None)


def _size(file: BinaryIO, name: str, limits: IntakeSettings) -> int:
    size = file.seek(0, 2)
    if size == 0:
        raise refused("empty", name=name)
    if size > limits.max_file_bytes:
        raise refused("too_large", name=name, limit_mb=limits.max_file_bytes // 1_000_000)
    return size


def _layout(file: BinaryIO, size: int, name: str) -> Layout:
    try:
        layout = look(file, size)
    except Damaged:
        raise refused("bad_container", name=name) from None
    if layout is None:
        raise refused("not_audio", name=name)
    return layout


@contextmanager
def _good_part(file: BinaryIO, layout: Layout, spool_dir: Path, name: str) -> Iterator[BinaryIO]:
    """The file, or a copy without the junk behind its sound, which a decoder would take for frames in error."""
    if layout.end is None:
        yield file
        return
    try:
        check_room(spool_dir, layout.end)
    except NoRoom:
        raise refused("no_room", name=name, needed_mb=ceil(layout.end / 1e6)) from None
    with (spool_dir / "trimmed").open("x+b") as good:
        file.seek(0)
        left = layout.end
        while left and (block := file.read(min(left, _COPY_BYTES))):
            good.write(block)
            left -= len(block)
        good.flush()
        yield good


def _decode(job: _Job, pcm: Path, progress: Callable[[float], None]) -> Decoded:
    complaints = Complaints()
    spool, code = _spool(job, pcm, complaints, progress)
    rate_hz, frames = job.stream.decoded_rate_hz, spool.size // (job.stream.channels * _BYTES_PER_SAMPLE)
    heard = Heard(Seconds(frames / rate_hz), frames, complaints.packets, complaints.bad_frames)
    findings = judge(job.layout, heard, job.name)
    if code:  # it gave up, for a reason that the sound does not show
        raise refused("decode_crashed", name=job.name)
    progress(1.0)
    return Decoded(
        pcm=pcm,
        sample_rate_hz=rate_hz,
        channels=job.stream.channels,
        frames=frames,
        container=job.layout.container,
        codec=job.stream.codec,
        source_rate_hz=job.stream.rate_hz,
        peak=spool.peak,
        findings=findings,
    )


def _spool(job: _Job, pcm: Path, complaints: Complaints, progress: Callable[[float], None]) -> tuple[Spool, int]:
    """Run the decoder into ``pcm``; answers the filled spool and the decoder's exit code."""

    def wrote(size: int) -> None:
        progress(min(1.0, size / job.bytes_per_s / job.expected_s))

    limit = int((job.limits.max_duration_s + 1) * job.bytes_per_s)
    listen = job.listener and job.listener(pcm, job.stream.decoded_rate_hz, job.stream.channels)
    try:
        with Spool(pcm, limit, wrote, listen) as spool:
            output = _run(job, spool.take, complaints.take)
    except TookTooLong:
        raise refused("decode_timeout", name=job.name) from None
    except SpoolFull:
        raise job.too_long() from None
    except NoRoom:
        needed_mb = round(job.expected_s * job.bytes_per_s / 1e6)
        raise refused("no_room", name=job.name, needed_mb=needed_mb) from None
    if output.code < 0:
        raise refused("decode_crashed", name=job.name)
    if spool.size == 0:
        raise refused("no_sound", name=job.name)
    if spool.peak > _LOUDEST:
        raise refused("odd_samples", name=job.name)
    return spool, output.code


def _run(job: _Job, out: Callable[[bytes], None], err: Callable[[bytes], None]) -> Output:
    descriptor, stream = job.file.fileno(), job.stream
    command = decode_command(
        descriptor,
        job.layout.demuxer,
        rate_hz=stream.decoded_rate_hz,
        channels=stream.channels,
        strict=job.layout.exact,
    )
    deadline = Seconds(_PATIENCE_S + job.expected_s / _PLAYED_PER_SECOND)
    return run_limited(command, deadline_s=deadline, descriptor=descriptor, out=out, err=err)
