"""The moving waveform of a video: bars that run from right to left under a fixed middle, as masks, one a frame.

Each bar is a fifth of a second. From one frame to the next everything moves by whole pixels, so that an encoder has next to
nothing to do: a new picture of the sound in each frame takes ten times the bytes.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from broadcaster.production.mono import RATE_HZ, Recording

FRAMES_A_SECOND = 25
STEP = 4
"""Pixels a frame."""
PITCH, BAR = 20, 13
"""Pixels from bar to bar, and of a bar: the rest is gap."""
PAST, COMING = 255, 96
"""How opaque a bar is before and after it was heard."""
LEAST = 3
"""Half the height of a bar of silence."""

Mask = NDArray[np.uint8]


def bar_heights(recording: Recording) -> NDArray[np.float64]:
    """How strong each bar's time is, as a share of the strongest; bent a little, so that soft speech is seen."""
    samples_a_bar = RATE_HZ * PITCH // (STEP * FRAMES_A_SECOND)
    powers = [float(np.mean(np.square(block))) for block in recording.blocks(samples_a_bar)]
    heights = np.array(powers or [0.0]) ** 0.4
    whole: NDArray[np.float64] = heights / max(float(heights.max()), 1e-6)
    return whole


def frames(heights: NDArray[np.float64], duration_s: float, width: int, height: int) -> Iterator[Mask]:
    """The masks ``(height, width)``, from the first frame to the last; what is heard stands in the middle."""
    middle = width // 2
    halves = np.maximum(heights * (height // 2 - 1), LEAST).astype(np.int16)
    away = np.abs(np.arange(height, dtype=np.int16) - height // 2)[:, None]
    opacity = np.where(np.arange(width) < middle, PAST, COMING).astype(np.uint8)
    for number in range(round(duration_s * FRAMES_A_SECOND)):
        places = np.arange(width) - middle + number * STEP
        bars = places // PITCH
        drawn = (places % PITCH < BAR) & (bars >= 0) & (bars < len(halves))
        tall = np.where(drawn, halves[np.clip(bars, 0, len(halves) - 1)], 0)
        mask: Mask = (away < tall[None, :]) * opacity
        yield mask
