"""What a decoding amounts to: the container's promise beside what came out of it (pure)."""

from dataclasses import dataclass
from math import ceil

from broadcaster.model import Finding, Seconds
from broadcaster.sound.containers import Layout
from broadcaster.sound.findings import finding, refused

BAD_SHARE = 0.01
"""Share of frames in error, or of sound missing, above which a recording is refused."""
_EXACT_SLACK_S = 0.0001
_USUAL_FRAME = 1024
"""Samples of a frame, where the decoder does not say how many frames there were."""


@dataclass(frozen=True)
class Heard:
    """What the decoder gave."""

    duration_s: Seconds
    samples: int
    pieces: int
    """Frames as the decoder counted them; 0 when it did not say."""
    bad: int
    """Of these, in error."""


def judge(layout: Layout, heard: Heard, name: str) -> tuple[Finding, ...]:
    """The findings that do not stop a recording. Raises :class:`~broadcaster.sound.findings.Refused` with the one that does."""
    promised_s = layout.promised_s
    missing = _missing_share(layout, promised_s, heard.duration_s)
    if promised_s is not None and missing > (0.0 if layout.exact else BAD_SHARE):
        raise refused("sound_missing", name=name, heard_s=f"{heard.duration_s:.1f}", promised_s=f"{promised_s:.1f}")
    total = (heard.pieces or max(1, heard.samples // _USUAL_FRAME)) + layout.lost_frames
    bad = min(total, max(heard.bad + layout.lost_frames, ceil(missing * total)))
    if bad > BAD_SHARE * total and not layout.exact:
        raise refused("damaged", name=name, bad=bad, total=total)
    return tuple(_remarks(layout, bad, total))


def _missing_share(layout: Layout, promised_s: Seconds | None, heard_s: Seconds) -> float:
    """Share of the promised sound that did not come, 0 when it is within the slack."""
    slack = _EXACT_SLACK_S if layout.exact else layout.slack_s
    return (promised_s - heard_s) / promised_s if promised_s and promised_s - heard_s > slack else 0.0


def _remarks(layout: Layout, bad: int, total: int) -> list[Finding]:
    """An exact promise kept whole leaves errors only behind the sound."""
    remarks = []
    if bad and not layout.exact:
        remarks.append(finding("bad_frames", bad=bad, total=total))
    if layout.junk_bytes or (bad and layout.exact):
        remarks.append(finding("trailing_junk"))
    if layout.cut_last_frame:
        remarks.append(finding("cut_last_frame"))
    if not layout.verifiable:
        remarks.append(finding("length_unverified"))
    return remarks
