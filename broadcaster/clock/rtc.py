"""The hardware clock, which goes on without power while its battery lasts."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path("/")
CLOCKS = "sys/class/rtc"
ALIVE, DEAD = ("okay", "yes"), ("dead", "no", "low")
"""What ``/proc/driver/rtc`` says of the battery."""


@dataclass(frozen=True)
class RtcReading:
    """One reading."""

    name: str
    """``rtc0``."""
    utc: datetime
    """What it says, aware, in UTC."""
    difference_s: float
    """By how much it is ahead of the system's clock; it counts whole seconds."""
    battery: bool | None
    """Whether its battery is good; ``None``: it does not say."""


def read_rtc(root: Path = ROOT, system_utc: datetime | None = None) -> RtcReading | None:
    """The hardware clock from which the kernel sets the system's, else the first; ``None`` where none can be read.

    A driver that knows that its clock has stopped (a dead battery) refuses to be read. ``root`` and ``system_utc`` are for
    tests.
    """
    name = _which(root)
    seconds = _number(root / CLOCKS / name / "since_epoch") if name else None
    if seconds is None:
        return None
    now = system_utc or datetime.now(UTC)
    utc = datetime.fromtimestamp(seconds + (_local_ahead_s(now) if _is_local(root) else 0), UTC)
    return RtcReading(name, utc, (utc - now).total_seconds(), _battery(root))


def _which(root: Path) -> str:
    try:
        names = sorted(path.name for path in (root / CLOCKS).iterdir())
    except OSError:
        return ""
    used = [name for name in names if _number(root / CLOCKS / name / "hctosys") == 1]
    return next(iter((*used, *names)), "")


def _is_local(root: Path) -> bool:
    """Whether it keeps local time, as beside Windows (third line of ``/etc/adjtime``)."""
    return _text(root / "etc/adjtime").split("\n")[2:3] == ["LOCAL"]


def _local_ahead_s(now: datetime) -> int:
    """What makes UTC of local time, by the machine's own zone: five hours in Lima."""
    return -time.localtime(now.timestamp()).tm_gmtoff


def _battery(root: Path) -> bool | None:
    for line in _text(root / "proc/driver/rtc").splitlines():
        key, _colon, value = line.partition(":")
        if key.strip() == "batt_status":
            word = value.strip().lower()
            return True if word in ALIVE else False if word in DEAD else None
    return None


def _number(path: Path) -> int | None:
    try:
        return int(_text(path))
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").rstrip("\n")
    except OSError:
        return ""
