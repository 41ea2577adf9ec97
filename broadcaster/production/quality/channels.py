"""Two channels that do not belong together: one is dead, or they cancel each other in a single loudspeaker.

A market's horn has one channel, the mean of both. What is said here is what that does to a voice.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from broadcaster.model import Finding, Seconds
from broadcaster.sound.findings import finding, refused
from broadcaster.sound.narrowband import Signal

SPAN_S = 0.25
_SILENT = 1e-6
"""Mean square of −60 dBFS: where both channels are quieter, nothing is judged."""
_DEAD = 10**-3.0
"""A channel is dead where it has less than this share of the other's power: 30 dB."""
_LASTING_SPANS = 40
"""Spans with sound that a channel must be dead without a break: ten seconds."""
_CANCELLED = 10**-2.0
"""Share of the power left in the mean below which nothing that can be aired is left: 20 dB."""
_THIN = 10**-0.6
"""Share below which the voice is thin: 6 dB lost."""
_MUCH = 0.3
"""Share of the sounding spans in which it must be so."""

Spans = NDArray[np.float64]


@dataclass
class Channels:
    """Takes two narrow-band channels and keeps their powers, and that of their mean, for each span."""

    rate_hz: float
    _kept: list[Spans] = field(default_factory=list)
    _held: Signal = field(default_factory=lambda: np.zeros((2, 0), dtype=np.float32))

    def feed(self, left: Signal, right: Signal) -> None:
        """The next samples of both."""
        span = round(SPAN_S * self.rate_hz)
        held = np.concatenate([self._held, np.stack([left, right])], axis=1)
        count = held.shape[1] // span
        both = held[:, : count * span].reshape(2, count, span)
        powers = [np.einsum("ij,ij->i", each, each) / span for each in (both[0], both[1], (both[0] + both[1]) / 2)]
        self._kept.append(np.array(powers, dtype=np.float64))
        self._held = held[:, count * span :]

    def spans(self) -> Spans:
        """``(3, spans)``: mean squares of left, right and the mean of both."""
        return np.concatenate([np.zeros((3, 0)), *self._kept], axis=1)


def judge(channels: Channels, name: str) -> Finding | None:
    """The gravest thing about the two. Raises :class:`~broadcaster.sound.findings.Refused` where they cancel each other."""
    left, right, mean = channels.spans()
    sounding = (left + right) / 2 > _SILENT
    if not sounding.any():
        return None
    before, after = float((left + right)[sounding].sum()) / 2, float(mean[sounding].sum())
    if after < _CANCELLED * before:
        raise refused("channels_cancel", name=name)
    dead = _dead_from(left, right, sounding)
    if dead is not None:
        return dead
    thin = sounding & (mean < _THIN * (left + right) / 2) & (np.minimum(left, right) > 0.1 * np.maximum(left, right))
    if thin.sum() < _MUCH * sounding.sum():
        return None
    return finding("out_of_phase", at_s=_where(int(thin.argmax()), sounding))


def _dead_from(left: Spans, right: Spans, sounding: NDArray[np.bool_]) -> Finding | None:
    """Where a channel dies and stays dead to the end, or for long."""
    for side, this, that in (("left", left, right), ("right", right, left)):
        dead = this < _DEAD * that
        at = _longest(dead[sounding])
        if at is not None:
            first = int(np.flatnonzero(sounding)[at])
            return finding(f"dead_{side}", at_s=_where(first, sounding))
    return None


def _longest(flags: NDArray[np.bool_]) -> int | None:
    """Where the longest unbroken run begins, if it lasts."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    begins, ends = edges[::2], edges[1::2]
    if not len(begins):
        return None
    best = int((ends - begins).argmax())
    lasting = min(_LASTING_SPANS, len(flags))
    return int(begins[best]) if ends[best] - begins[best] >= lasting else None


def _where(span: int, sounding: NDArray[np.bool_]) -> Seconds | None:
    """The second of a span; ``None`` where that is the first sound of all: then it is so throughout."""
    return Seconds(span * SPAN_S) if sounding[:span].any() else None
