"""What every container's reader answers."""

from dataclasses import dataclass

from broadcaster.model import Seconds


class Damaged(Exception):
    """The container's own structure is broken beyond reading."""


@dataclass(frozen=True)
class Layout:
    """A container as its own headers describe it."""

    container: str
    """Short name, and the ending of an original's file: ``wav``, ``mp3``, ``mp4``, ``aac``, ``ogg``, ``flac``, ``amr``,
    ``webm``, ``caf``, ``aiff``, ``asf``, ``avi``, ``ts``, ``mpg``."""
    demuxer: str
    """The one ffmpeg demuxer that may read it."""
    whole: bool = True
    """``False``: the headers promise bytes or frames that are not there."""
    promised_s: Seconds | None = None
    """Length of sound the headers promise; ``None`` when they promise none."""
    slack_s: float = 0.06
    """Sound by which the promise may be missed for no fault: encoder delays that a header does not tell."""
    exact: bool = False
    """The promise counts samples, and a lossless decoder must give every one of them."""
    end: int | None = None
    """Offset of the first byte after the sound's last good byte, when what follows would disturb a decoder."""
    junk_bytes: int = 0
    """Bytes at the end that belong to nothing."""
    lost_frames: int = 0
    """Frames whose headers are unreadable amid good ones."""
    cut_last_frame: bool = False
    """The last frame is begun and not finished."""
    channels: int | None = None
    """Where the header says so before any decoder is asked."""
    verifiable: bool = True
    """``False``: nothing in the file says how long it should be."""
