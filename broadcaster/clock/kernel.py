"""What the kernel says of its own clock: ``adjtimex(2)``, read without changing anything.

Whoever sets the clock by the network (systemd-timesyncd, ntpd, chrony with ``rtcsync``) clears ``STA_UNSYNC``; setting the
clock by hand, or sixteen seconds of possible error (about nine hours without a time server), puts it back. Layout and
flags: ``<sys/timex.h>``, ``adjtimex(2)``.
"""

import ctypes
from dataclasses import dataclass

STA_UNSYNC = 0x0040
TIME_ERROR = 5
"""The call's answer when the clock is not synchronised."""
SPARE_BYTES = 256
"""More than any kernel writes behind the fields that are read."""


@dataclass(frozen=True)
class KernelClock:
    """The answer."""

    synchronised: bool
    max_error_s: float
    """The most the wall clock can be wrong by, as the kernel counts it; 16 when it has lost count."""


class _Timex(ctypes.Structure):
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("spare", ctypes.c_char * SPARE_BYTES),
    )


def read_kernel() -> KernelClock | None:
    """The kernel's word; ``None`` on a system that cannot be asked."""
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (AttributeError, OSError, TypeError):
        return None
    timex = _Timex()  # modes = 0: only read
    answer = adjtimex(ctypes.byref(timex))
    if answer < 0:
        return None
    synchronised = answer != TIME_ERROR and not timex.status & STA_UNSYNC
    return KernelClock(synchronised, timex.maxerror / 1e6)
