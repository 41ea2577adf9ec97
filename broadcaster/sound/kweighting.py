"""K-weighting (ITU-R BS.1770-4, annex 1, tables 1 and 2) for any sample rate, at the speed of matrix products.

The filter is recursive, but linear: over a *cell* of 16 samples the output and the next state are fixed matrices applied to
the input and the state. So a block of thousands of cells is three products, and the states between the cells, again a
linear recurrence, are found the same way one level up. This needs no more than numpy; importing ``scipy.signal`` alone
would cost more time and memory than metering a quarter of an hour of sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import pi, tan

import numpy as np
from numpy.typing import NDArray

CELL = 16
"""Samples of a cell."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Biquad:
    """One second-order section, ``a0`` = 1."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def head_shelf(rate_hz: float) -> Biquad:
    """The first stage: +4 dB above some 1.7 kHz, as a head does.

    The parameters are those of the analogue filter from which the standard's 48 kHz coefficients follow (Brecht De Man,
    "Evaluation of Implementations of the EBU R128 Loudness Measurement", AES 145, 2018).
    """
    gain = 10 ** (3.999843853973347 / 20)
    quality = 0.7071752369554196
    mid = gain**0.4996667741545416
    k = tan(pi * 1681.974450955533 / rate_hz)
    a0 = 1 + k / quality + k * k
    return Biquad(
        b0=(gain + mid * k / quality + k * k) / a0,
        b1=2 * (k * k - gain) / a0,
        b2=(gain - mid * k / quality + k * k) / a0,
        a1=2 * (k * k - 1) / a0,
        a2=(1 - k / quality + k * k) / a0,
    )


def rumble_filter(rate_hz: float) -> Biquad:
    """The second stage: a high-pass at 38 Hz (same source); the standard leaves its numerator at 1, −2, 1."""
    quality = 0.5003270373238773
    k = tan(pi * 38.13547087602444 / rate_hz)
    a0 = 1 + k / quality + k * k
    return Biquad(b0=1.0, b1=-2.0, b2=1.0, a1=2 * (k * k - 1) / a0, a2=(1 - k / quality + k * k) / a0)


class Weighting:
    """Second-order sections in a row, for one channel, keeping their state from block to block."""

    def __init__(self, sections: Sequence[Biquad]) -> None:
        self._system = _System.in_series(sections)
        self._recurrence = _Recurrence(np.linalg.matrix_power(self._system.a, CELL))
        self._state: Matrix = np.zeros(len(self._system.a))

    def run(self, samples: NDArray[np.floating]) -> Matrix:
        """The weighted samples, as many as given, in float64. Only the last block may not be whole cells."""
        n = len(samples)
        cells = np.zeros((-(-n // CELL), CELL))
        cells.reshape(-1)[:n] = samples
        states = self._recurrence.states(cells @ self._system.kick, self._state)
        self._state = states[-1]
        weighted: Matrix = cells @ self._system.direct
        weighted += states[:-1] @ self._system.ringing
        return weighted.reshape(-1)[:n]

    def cells(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The weighted samples of whole cells, one row a cell, in float32: a rounding of −130 dBFS for half the time.

        The recursion, where an error would add up, stays in float64.
        """
        kick, direct, ringing = self._system.single
        cells = samples.reshape(-1, CELL)
        states = self._recurrence.states((cells @ kick).astype(np.float64), self._state)
        self._state = states[-1]
        weighted: NDArray[np.float32] = cells @ direct
        weighted += states[:-1].astype(np.float32) @ ringing
        return weighted


class KWeighting(Weighting):
    """The standard's two stages in a row."""

    def __init__(self, rate_hz: float) -> None:
        super().__init__((head_shelf(rate_hz), rumble_filter(rate_hz)))


@dataclass(frozen=True)
class _System:
    """A filter as ``state' = a state + b x``, ``y = c state + d x``; row vectors are multiplied from the left below."""

    a: Matrix
    b: Matrix
    c: Matrix
    d: float

    @classmethod
    def of(cls, q: Biquad) -> "_System":
        """The section's transposed direct form II."""
        a = np.array([[-q.a1, 1.0], [-q.a2, 0.0]])
        b = np.array([q.b1 - q.a1 * q.b0, q.b2 - q.a2 * q.b0])
        return cls(a, b, np.array([1.0, 0.0]), q.b0)

    @classmethod
    def in_series(cls, sections: Sequence[Biquad]) -> "_System":
        """Each section hears what the one before it made."""
        whole, *others = map(cls.of, sections)
        for other in others:
            whole = whole.then(other)
        return whole

    def then(self, other: "_System") -> "_System":
        """This system and ``other`` behind it."""
        a = np.block([[self.a, np.zeros((len(self.a), len(other.a)))], [np.outer(other.b, self.c), other.a]])
        b = np.concatenate([self.b, other.b * self.d])
        return _System(a, b, np.concatenate([other.d * self.c, other.c]), self.d * other.d)

    @cached_property
    def _powers(self) -> list[Matrix]:
        return [np.linalg.matrix_power(self.a, n) for n in range(CELL)]

    @cached_property
    def direct(self) -> Matrix:
        """Input cell → output cell, from rest."""
        response = [self.d, *(float(self.c @ p @ self.b) for p in self._powers[:-1])]
        return np.array([[response[j - i] if j >= i else 0.0 for j in range(CELL)] for i in range(CELL)])

    @cached_property
    def ringing(self) -> Matrix:
        """State before a cell → what it adds to the output cell."""
        return np.array([self.c @ p for p in self._powers]).T

    @cached_property
    def kick(self) -> Matrix:
        """Input cell → what it adds to the state after it."""
        return np.array([p @ self.b for p in reversed(self._powers)])

    @cached_property
    def single(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Kick, direct and ringing in float32."""
        return self.kick.astype(np.float32), self.direct.astype(np.float32), self.ringing.astype(np.float32)


class _Recurrence:
    """``s[k+1] = p s[k] + u[k]`` for many k at once: groups of sixteen by one product, the groups by the same rule."""

    def __init__(self, p: Matrix) -> None:
        self._p = p

    @cached_property
    def _above(self) -> "_Recurrence":
        return _Recurrence(np.linalg.matrix_power(self._p, CELL))

    @cached_property
    def _products(self) -> tuple[Matrix, Matrix, Matrix]:
        """A group's inputs → its states from rest; its first state → its states; its inputs → what the group adds."""
        powers = [np.linalg.matrix_power(self._p, n).T for n in range(CELL)]
        zero = np.zeros_like(self._p)
        local = np.block([[powers[j - i - 1] if j > i else zero for j in range(CELL)] for i in range(CELL)])
        return local, np.hstack(powers), np.vstack(powers[::-1])

    def states(self, inputs: Matrix, start: Matrix) -> Matrix:
        """The state before each input and, last, after all of them: one row more than ``inputs``."""
        n, width = inputs.shape
        if n < CELL:
            return self._one_by_one(inputs, start)
        local, onward, added = self._products
        groups = np.zeros((n // CELL + 1, CELL * width))
        groups.reshape(-1)[: inputs.size] = inputs.reshape(-1)
        firsts = self._above.states(groups @ added, start)[:-1]
        found: Matrix = groups @ local
        found += firsts @ onward
        return found.reshape(-1, width)[: n + 1]

    def _one_by_one(self, inputs: Matrix, start: Matrix) -> Matrix:
        states = [start]
        for row in inputs:
            states.append(self._p @ states[-1] + row)
        return np.array(states)


def mean_squares(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """Energy of each cell (row); the rows are overwritten."""
    np.square(cells, out=cells)
    energies: NDArray[np.float32] = cells @ _MEAN
    return energies


_MEAN = np.full(CELL, 1 / CELL, dtype=np.float32)
