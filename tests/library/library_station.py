"""What the library's tests share: a clock that stands, approvers and their PINs, a shelf to put episodes on."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from broadcaster.clock import Instant
from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted
from broadcaster.library.catalogue import master_path
from broadcaster.model import Approver, ClockTrust, EpisodeNumber, Helpline, Seconds, Sha256

TODAY = date(2021, 6, 18)
APPROVERS = ("uno", "dos", "oficial", "demo-1", "demo-2")
LINEA_100 = Helpline("linea-100", "Línea 100", "100", "24 h", ("es",), "", None, None, None, wrong=False)


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.utc = datetime(2021, 6, 18, 15, tzinfo=UTC)

    def now(self) -> Instant:
        return Instant(self.utc, 0.0, "boot", ClockTrust.SHIFTED)

    def pass_(self, **time: float) -> None:
        """Let time go by."""
        self.utc += timedelta(**time)


def approver(code: str) -> Approver:
    return Approver(code, "role", officer=code == "oficial", sample_only=code.startswith("demo"))


def pin_of(code: str) -> str:
    """Each hand's PIN in these tests."""
    return f"{1000 + APPROVERS.index(code)}"


@dataclass(frozen=True)
class Shelf:
    """Puts episodes on the station's shelf as the intake would."""

    station: Station
    journal: Journal

    def admit(self, number: int = 3, revision: int = 1, **facts: object) -> Admitted:
        """A master on disk and its row; ``facts`` replace the row's."""
        path = master_path(self.station, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = f"episode {number}, revision {revision}".encode()
        path.write_bytes(content)
        event = Admitted(
            EpisodeNumber(number),
            revision,
            Sha256("0" * 64),
            Sha256(hashlib.sha256(content).hexdigest()),
            Seconds(20.0),
            ("d-07",),
            "C-2021-014",
            ("linea-100",),
        )
        event = replace(event, **facts)  # type: ignore[arg-type]
        self.journal.append(event)
        return event


Approve = Callable[..., None]
