"""What a look at the box gives: one thing looked at, whether it is well, one sentence, and what to do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from broadcaster.config import Station

Detail = Mapping[str, str | int | float | bool | None]


class State(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARN = "warn"
    """The next airing goes out; somebody should see to it all the same."""
    FAIL = "fail"
    """It keeps an airing silent, or nobody could prove that it sounded."""


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    code: str
    """What was looked at, an issued word (``volume``): stable, for programs and for the record."""
    state: State
    sentence: str
    """What was found and what follows, said already, in the language spoken. It names no person and no title."""
    todo: str = ""
    """What to do, said already; empty when there is nothing to do."""
    subject: str = ""
    """Which one, where there are several: a market's, a helpline's id, an episode's number. A code, never a name or a title."""
    detail: Detail = field(default_factory=dict)
    """Figures behind it, under stable names; for programs only."""

    @property
    def line(self) -> str:
        """All of it that a person reads."""
        return f"{self.sentence} {self.todo}".rstrip()


@dataclass(frozen=True)
class Probe:
    """Who looks, and under which code it is told when the look itself fails."""

    code: str
    look: Callable[[Station, datetime], Iterable[Check]]
    """Given the station and the moment (UTC, aware). It writes nothing, creates nothing, and may raise anything."""
    patience_s: float = 0.0
    """How long it may take, where that is longer than what all others may: it reads what has grown for years."""


def well(code: str, sentence: str, /, *, subject: str = "", **detail: str | float | bool | None) -> Check:
    """What stands as it should."""
    return Check(code, State.OK, sentence, "", subject, detail)


def doubtful(
    code: str, sentence: str, todo: str, /, *, subject: str = "", **detail: str | float | bool | None
) -> Check:
    """What somebody should see to, although the next airing goes out."""
    return Check(code, State.WARN, sentence, todo, subject, detail)


def broken(code: str, sentence: str, todo: str, /, *, subject: str = "", **detail: str | float | bool | None) -> Check:
    """What keeps an airing silent or unproved."""
    return Check(code, State.FAIL, sentence, todo, subject, detail)
