"""Everything that can go wrong in front of a person, as one small family.

::

    BroadcasterError          70  internal
    ├── CheckFailed            1  a check found faults
    ├── UsageError            64  the command's words are off
    ├── BadInput              65  a file or a value cannot be accepted; nothing was lost
    ├── RecordUnavailable     74  the record could not be read or written
    ├── StationLocked         75  another daemon holds the station
    └── ConfigurationError    78  the station's files are wrong: every fault at once

Rooms derive their own errors from these. A class owns its exit code and its sentence (what happened, what follows, what
to do); an instance owns the facts put into the sentence. Only the command line exits.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from broadcaster.locale import gettext
from broadcaster.locale import mark as N_


class BroadcasterError(Exception):
    """Base of the family. ``facts`` fill the braces of ``sentence``."""

    exit_code: ClassVar[int] = 70
    sentence: ClassVar[str] = N_("Something unexpected happened: {problem}.")

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return gettext(self.sentence).format(**self.facts)


class CheckFailed(BroadcasterError):
    """A check ran and found faults, which it has already shown."""

    exit_code = 1
    sentence = N_("The check found faults; they are listed above.")


class UsageError(BroadcasterError):
    """The words of a command do not fit together."""

    exit_code = 64
    sentence = N_("{problem}")


class BadInput(BroadcasterError):
    """A file or value from outside cannot be accepted."""

    exit_code = 65
    sentence = N_("{name} cannot be accepted: {problem}.")


class RecordUnavailable(BroadcasterError):
    """The database cannot be opened, read or written."""

    exit_code = 74
    sentence = N_("The record {path} cannot be used ({problem}), so nothing will play. Call the coordinator.")


class StationLocked(BroadcasterError):
    """Another daemon holds the station."""

    exit_code = 75
    sentence = N_("Another broadcaster is already running for {path}; this one stops and changes nothing.")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a station's file."""

    file: str
    """The file, relative to the station."""
    key: str
    """Dotted path of the key, with ``[2]`` for the second of a list; empty when the whole file is meant."""
    problem: str
    """What is wrong and what is expected, translated, without full stop."""

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.problem}" if self.key else f"{self.file}: {self.problem}"


class ConfigurationError(BroadcasterError):
    """The station's files are wrong. ``faults`` holds all of them, in the order of the file."""

    exit_code = 78
    sentence = N_("The station is not configured correctly; correct these and try again:\n{faults}")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults="\n".join(f"  {fault}" for fault in faults))
        self.faults = tuple(faults)


def trace(error: BaseException) -> str:
    """What went wrong and where, for a log that others read: files and lines of the program, kinds of error, no message.

    A message may quote what was being worked on: a title, the name of a file, a person's words.
    """
    import traceback  # noqa: PLC0415  it takes as long to import as half of click, and is hardly ever needed

    lines: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        number = f" {errno.errorcode.get(at.errno or 0, at.errno)}" if isinstance(at, OSError) else ""
        lines.append(f"{type(at).__module__}.{type(at).__qualname__}{number}\n")
        lines += traceback.format_tb(at.__traceback__)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "".join(lines)
