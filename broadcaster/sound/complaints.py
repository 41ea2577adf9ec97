"""What ffmpeg says on standard error, counted and not kept: a hostile file can make it say gigabytes."""

import re

_LONGEST = 4096
"""Bytes of a line that are looked at."""
_BAD_FRAME = re.compile(
    rb"CRC mismatch|Error while decoding stream|Error submitting (a )?packet to (the )?decoder"
    rb"|Error processing packet in decoder"
)
_DONE = re.compile(rb"Input stream #\d+:\d+ \(audio\): (\d+) packets read .*?(\d+) frames decoded")
_CONTEXT_ERROR = re.compile(
    rb"^\[(?:mp[123]|aac|flac|opus|vorbis|alac|amr|pcm|adpcm|gsm|g72[26]|e?ac3|wma|speex)\w* @ [^\]]*\] \[error\]"
)


class Complaints:
    """Counts of a decoding. Feed it chunks; read it when the child has ended."""

    def __init__(self) -> None:
        self.frames = 0
        """Frames decoded, as ffmpeg counted them."""
        self.packets = 0
        self._summaries = 0
        self._errors = 0
        self._rest = b""

    def take(self, chunk: bytes) -> None:
        """Look at the next bytes of standard error."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._rest = self._rest[-_LONGEST:]
        for line in lines:
            self._line(line[-_LONGEST:])

    def _line(self, line: bytes) -> None:
        if done := _DONE.search(line):
            self.packets += int(done[1])
            self.frames += int(done[2])
        elif _BAD_FRAME.search(line):
            self._summaries += 1
        elif _CONTEXT_ERROR.match(line):
            self._errors += 1

    @property
    def bad_frames(self) -> int:
        """Frames in error: one summary line each; without any, the decoder's own complaints."""
        return self._summaries or self._errors
