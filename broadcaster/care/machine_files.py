"""Reading how a computer is set up from its own files, below a root folder that may be any: pure but for the reading.

A file that is not there, or that this user may not read, sets nothing: the system's own default then holds.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

SHELL = re.compile(r"""^\s*(?:export\s+)?([A-Z_]+)=(?:"([^"]*)"|'([^']*)'|([^\s#]*))""", re.MULTILINE)
APT = re.compile(r'^\s*([A-Za-z:-]+)\s+"([^"]*)"\s*;', re.MULTILINE)
CLOCK = re.compile(r"(?:^|\s)(\d{1,2}(?:,\d{1,2})*):(\d{2})(?::\d{2})?\s*$")
SPAN = re.compile(r"(\d+)\s*(h|min|m|s)?[a-z]*")
SECONDS = {"h": 3600, "min": 60, "m": 60, "s": 1, None: 1}


def text(path: Path) -> str:
    """The file's words; none where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def shell_values(files: Iterable[Path]) -> dict[str, str]:
    """The values that files of shell assignments give, the last one of each name."""
    found: dict[str, str] = {}
    for file in files:
        for name, *values in SHELL.findall(text(file)):
            found[name] = next((value for value in values if value), "")
    return found


def apt_values(folder: Path) -> dict[str, str]:
    """What ``apt.conf.d`` sets on lines of their own, in the files' order."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*")):
        found.update(APT.findall(text(file)))
    return found


def unit_values(files: Iterable[Path], section: str) -> dict[str, list[str]]:
    """The keys of one section of systemd's files, each with its values in order; an empty value forgets those before it."""
    found: dict[str, list[str]] = {}
    for file in files:
        here = ""
        for line in text(file).splitlines():
            if line.startswith("["):
                here = line.strip()
            elif here == f"[{section}]" and "=" in line and line.lstrip()[:1] not in {"#", ";"}:
                name, value = (part.strip() for part in line.split("=", 1))
                found[name] = [*found.get(name, []), value] if value else []
    return found


def with_dropins(root: Path, folders: Sequence[str], name: str) -> list[Path]:
    """A file of systemd's, from the most particular folder, and then its drop-ins in the order of their names."""
    main = next((root / folder / name for folder in folders if (root / folder / name).exists()), None)
    dropins = {each.name: each for folder in reversed(folders) for each in (root / folder / f"{name}.d").glob("*.conf")}
    return [*([main] if main else []), *(dropins[each] for each in sorted(dropins))]


def is_masked(root: Path, unit: str) -> bool:
    """Whether systemd is forbidden to start this unit of the system."""
    file = root / "etc/systemd/system" / unit
    return file.is_symlink() and file.readlink() == Path("/dev/null")


@dataclass(frozen=True)
class Window:
    """When, each day, something may be going on."""

    begins: time
    lasts: timedelta

    def touches(self, moment: datetime, before: timedelta, after: timedelta) -> bool:
        """Whether it may be going on so long before or after a moment, in that moment's own zone."""
        for days in (-1, 0, 1):
            begins = datetime.combine(moment.date() + timedelta(days=days), self.begins, moment.tzinfo)
            if begins <= moment + after and moment - before <= begins + self.lasts:
                return True
        return False


def timer_windows(values: dict[str, list[str]], lasts: timedelta) -> Iterator[Window]:
    """When a timer may have something running that ``lasts`` so long: from its hours on, and its random delay later.

    Only hours are read («*-*-* 6,18:00»); what else a timer may say counts as any hour of the day.
    """
    delay = timedelta(seconds=sum(_span(value) for value in values.get("RandomizedDelaySec", [])[-1:]))
    for said in values.get("OnCalendar", []):
        clock = CLOCK.search(said)
        if clock is None:
            yield Window(time(0), timedelta(days=1))
            continue
        for hour in clock[1].split(","):
            if int(hour) < 24 and int(clock[2]) < 60:
                yield Window(time(int(hour), int(clock[2])), delay + lasts)


def _span(said: str) -> int:
    return sum(int(number) * SECONDS.get(unit or None, 1) for number, unit in SPAN.findall(said))
