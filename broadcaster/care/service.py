"""What has become of what starts the program: installed or not, running, dead or failing, as systemd tells it."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from broadcaster.care.boot import ANSWER_LIMIT_S, Boot, Way, failing
from broadcaster.clock import Instant

PROPERTIES = (
    *("LoadState", "UnitFileState", "ActiveState", "SubState", "Result", "NRestarts"),
    *("ExecMainCode", "ExecMainStatus", "MainPID", "StatusText", "ActiveEnterTimestampMonotonic"),
)
KILLED = {"2", "3"}
"""``ExecMainCode`` of a program ended by a signal (CLD_KILLED, CLD_DUMPED of sigaction(2))."""


class Condition(StrEnum):
    """How the program's service is."""

    ABSENT = "absent"
    """Nothing starts the program."""
    RUNNING = "running"
    STARTING = "starting"
    AGAIN = "again"
    """It ended badly and is about to be started anew."""
    STOPPED = "stopped"
    """Somebody stopped it, or it has not been started yet."""
    FAILED = "failed"
    """It ended badly, and nobody starts it anew."""
    SILENT = "silent"
    """The user's systemd does not answer."""


@dataclass(frozen=True)
class Service:
    """What is known of it."""

    way: Way
    path: Path
    condition: Condition
    current: bool
    """Whether the file is what this station and this program need; else another station's, or an older program's."""
    enabled: bool
    """Whether it starts with the computer, or with the desktop."""
    since: datetime | None = None
    """Since when it has been running, UTC."""
    restarts: int = 0
    """How often it was started anew by itself since it was last started."""
    exit_code: int | None = None
    """Of the last run, where it ended by itself."""
    hung: bool = False
    """The last run was ended because it gave no sign of life."""
    says: str = ""
    """What the program says of itself, a sentence."""


def look(planned: Boot, now: Instant, *, held: bool) -> Service:
    """The service that ``planned`` describes, as it is.

    ``held``: somebody runs the station; where a desktop starts the program, nobody knows more.
    """
    if not planned.path.exists():
        return Service(planned.way, planned.path, Condition.ABSENT, current=False, enabled=False)
    if planned.way is Way.DESKTOP:
        condition = Condition.RUNNING if held else Condition.STOPPED
        return Service(planned.way, planned.path, condition, current=planned.is_written, enabled=True)
    return judge(planned, _show(planned.path.name), now)


def judge(planned: Boot, shown: Mapping[str, str], now: Instant) -> Service:
    """What systemd's properties of the unit come to."""
    return Service(
        planned.way,
        planned.path,
        _condition(shown),
        current=planned.is_written,
        enabled=shown.get("UnitFileState") in {"enabled", "enabled-runtime"},
        since=_since(shown, now),
        restarts=_number(shown, "NRestarts"),
        exit_code=None if shown.get("ExecMainCode") in KILLED else _number(shown, "ExecMainStatus"),
        hung=shown.get("Result") == "watchdog",
        says=shown.get("StatusText", ""),
    )


def _condition(shown: Mapping[str, str]) -> Condition:
    match shown.get("ActiveState"), shown.get("SubState"):
        case None, _:
            return Condition.SILENT
        case (("active" | "reloading" | "deactivating"), _):
            return Condition.RUNNING
        case "activating", "auto-restart":
            return Condition.AGAIN
        case "activating", _:
            return Condition.STARTING
        case "failed", _:
            return Condition.FAILED
    return Condition.STOPPED


def _since(shown: Mapping[str, str], now: Instant) -> datetime | None:
    entered_s = _number(shown, "ActiveEnterTimestampMonotonic") / 1e6
    if shown.get("ActiveState") != "active" or not entered_s:
        return None
    return now.utc - timedelta(seconds=max(0.0, now.monotonic_s - entered_s))


def _number(shown: Mapping[str, str], name: str) -> int:
    value = shown.get(name, "")
    return int(value) if value.isdecimal() else 0


def _show(unit: str) -> Mapping[str, str]:
    """The unit's properties; nothing when systemd does not answer."""
    try:
        asked = subprocess.run(
            ["systemctl", "--user", "show", unit, f"--property={','.join(PROPERTIES)}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=ANSWER_LIMIT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return parsed(asked.stdout)


def parsed(shown: str) -> Mapping[str, str]:
    """Lines of ``NAME=VALUE``."""
    return dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)


def remove(planned: Boot) -> list[tuple[str, ...]]:
    """Undo all of it, stopping the program in order; the commands that did not succeed, which somebody else must type."""
    silently = ("loginctl", "--no-ask-password")
    commands = [(*silently, *each[1:]) if each[0] == "loginctl" else each for each in planned.undo]
    return [tuple(command) for command in failing(commands)]
