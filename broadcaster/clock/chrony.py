"""What chrony says of the clock: ``chronyc -c tracking``.

The kernel does not always know: without ``rtcsync`` in its configuration chrony leaves ``STA_UNSYNC`` set. Fields of the
report: ``chronyc(1)``, *tracking*.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = (Path("/usr/bin/chronyc"), Path("/usr/local/bin/chronyc"))
LIMIT_S = 1.0
"""It answers in milliseconds, or not at all."""
FIELDS = 14
REFERENCE, OFFSET, DELAY, DISPERSION, LEAP = 0, 4, 10, 11, 13
NOBODY = ("00000000", "7F7F0101")
"""References that are none: not synchronised, and chrony's own clock (``local``)."""


@dataclass(frozen=True)
class ChronyReport:
    """The report."""

    synchronised: bool
    error_s: float
    """The most the clock can be wrong by: offset, dispersion and half of the delay."""


def read_chrony(programs: tuple[Path, ...] = PROGRAMS) -> ChronyReport | None:
    """Chrony's word; ``None`` where it is not installed, does not run or does not answer."""
    program = next((path for path in programs if path.exists()), None)
    if program is None:
        return None
    try:
        asked = subprocess.run(
            [program, "-c", "-n", "tracking"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return understood(asked.stdout)


def understood(report: str) -> ChronyReport | None:
    """The report as one value; ``None`` when it is none."""
    fields = report.strip().split(",")
    if len(fields) != FIELDS:
        return None
    try:
        error_s = abs(float(fields[OFFSET])) + float(fields[DISPERSION]) + float(fields[DELAY]) / 2
    except ValueError:
        return None
    return ChronyReport(fields[REFERENCE] not in NOBODY and fields[LEAP] != "Not synchronised", error_s)
