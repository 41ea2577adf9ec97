"""Command lines of ffmpeg and ffprobe (pure), and where programs of the system are.

Only the demuxer that the file's own first bytes call for is offered, no protocol but ``file``, only the decoders of a list. The
file is reached through our own open descriptor, so what was looked at is what is decoded and a name is never an option.
"""

from functools import cache
from pathlib import Path

from broadcaster.errors import BroadcasterError
from broadcaster.locale import mark as N_

FOLDERS = ("/usr/bin", "/usr/local/bin", "/bin", "/opt/homebrew/bin")
"""Where system programs live; the current folder and ``PATH`` are never asked."""

OPEN_FILES = "/proc/self/fd" if Path("/proc/self/fd").is_dir() else "/dev/fd"
"""Where a process finds the files it was given, by number."""

CODECS = (
    "mp3,mp3float,mp2,mp2float,mp1,mp1float,aac,aac_fixed,aac_latm,alac,flac,vorbis,libvorbis,opus,libopus,"
    "amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,gsm,gsm_ms,libgsm,libgsm_ms,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,"
    "adpcm_g722,g722,adpcm_g726,g726,adpcm_yamaha,speex,libspeex,wmav1,wmav2,wmapro,wmavoice,wmalossless,ac3,eac3,"
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,"
    "pcm_alaw,pcm_mulaw,pcm_dvd,pcm_bluray,"
    "png,mjpeg,bmp,gif,h263,mpeg4,h264,hevc,vp8,vp9,theora,mpeg1video,mpeg2video,msmpeg4,msmpeg4v2,wmv1,wmv2,wmv3,vc1"
)
"""Decoders of sound; and of the covers and pictures that may stand beside it, for a demuxer looks at them in passing."""


class ProgramMissing(BroadcasterError):
    """A program of the system is not installed."""

    exit_code = 78
    sentence = N_(
        "The program {program} is not installed, so nothing was done. Run install-system-packages and try again."
    )


@cache
def program(name: str) -> str:
    """Absolute path of a program of the system: ``ffmpeg``, ``ffprobe``, ``espeak-ng``. Raises :class:`ProgramMissing`."""
    for folder in FOLDERS:
        path = Path(folder, name)
        if path.is_file():
            return str(path)
    raise ProgramMissing(program=name)


def _input(descriptor: int, demuxer: str) -> list[str]:
    return [
        *("-protocol_whitelist", "file", "-format_whitelist", demuxer, "-codec_whitelist", CODECS),
        *("-f", demuxer, "-i", f"file:{OPEN_FILES}/{descriptor}"),
    ]


def probe_command(descriptor: int, demuxer: str) -> list[str]:
    """Streams and length as the demuxer sees them, as JSON."""
    shown = "format=duration:stream=codec_type,codec_name,sample_rate,channels,duration"
    return [
        *(program("ffprobe"), "-hide_banner", "-v", "error", "-show_entries", shown, "-of", "json"),
        *_input(descriptor, demuxer),
    ]


def decode_command(descriptor: int, demuxer: str, *, rate_hz: int, channels: int, strict: bool) -> list[str]:
    """The first sound stream, whole, as little-endian f32 on standard output; every complaint on standard error.

    ``crccheck`` makes frames with a wrong checksum count as errors, ``strict`` leaves them out; ``repeat`` keeps equal
    complaints countable.
    """
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostdin", "-nostats", "-v", "repeat+level+verbose", "-threads", "1"),
        *("-err_detect", "crccheck+explode" if strict else "crccheck", *_input(descriptor, demuxer)),
        *("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1"),
        *("-ar", str(rate_hz), "-ac", str(channels), "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1"),
    ]
