"""What the library's tests share: a clock that stands, people and their PINs, a shelf to put episodes on."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import people_at_hand
import pytest

from broadcaster.clock import Instant
from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Event, PersonRegistered
from broadcaster.library.catalogue import master_path, statuses
from broadcaster.model import ClockTrust, EpisodeNumber, EpisodeStatus, Helpline, Question, Role, Seconds, Sha256

TODAY = date(2021, 6, 18)
THREE = EpisodeNumber(3)
HANDS = ("uno", "dos", "tres")
OFFICER, DEFENDER, OTHER_DEFENDER = "oficial", "d-07", "d-08"
PEOPLE = (OFFICER, *HANDS, DEFENDER, OTHER_DEFENDER)
LINEA_100 = Helpline("linea-100", "Línea 100", "100", "24 h", ("es",), "", None, None, None, wrong=False)
CEM = replace(LINEA_100, id="cem", name="CEM", number="")
CLEAN = dict.fromkeys(Question, False)
"""Answers by which nobody is at risk."""


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.utc = datetime(2021, 6, 18, 15, tzinfo=UTC)

    def now(self) -> Instant:
        return Instant(self.utc, 0.0, "boot", ClockTrust.SHIFTED)

    def pass_(self, **time: float) -> None:
        """Let time go by."""
        self.utc += timedelta(**time)


def pin_of(code: str) -> str:
    """Each person's PIN in these tests."""
    return f"{1000 + PEOPLE.index(code)}"


def everybody() -> Iterator[Event]:
    """Their rows; ``tres`` may only approve."""
    yield from people_at_hand.staff(DEFENDER, OTHER_DEFENDER, hands=HANDS[:2], officer=OFFICER)
    yield PersonRegistered("tres", (Role.APPROVER,), OFFICER)


@dataclass(frozen=True)
class Shelf:
    """Puts episodes on the station's shelf as the intake would."""

    station: Station
    journal: Journal

    def admit(self, number: int = 3, revision: int = 1, **facts: object) -> Admitted:
        """A master on disk and its row; ``facts`` replace the row's. ``consented``: only approvals are missing."""
        consented = facts.pop("consented", True)
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
            (DEFENDER,),
            "",
            ("linea-100",),
            consents=("C-2021-014",),
            helpline_numbers=("100",),
        )
        event = replace(event, **facts)  # type: ignore[arg-type]
        self.journal.append(event)
        if consented:
            self.write(*people_at_hand.consented(event, OFFICER))
        return event

    def write(self, *events: Event) -> None:
        """Rows written round every act."""
        for event in events:
            self.journal.append(event)

    def status(
        self, *, samples_may_air: bool = False, day: date = TODAY, station: Station | None = None
    ) -> EpisodeStatus:
        """What the planner is told of episode 3."""
        rows = self.journal.rows()
        return statuses(station or self.station, rows, day, samples_may_air=samples_may_air)[THREE]


Approve = Callable[..., None]
Act = Callable[..., object]


def refused(journal: Journal, error: type[BadInput], act: Act, *args: object, **options: object) -> BadInput:
    """The refusal, exit 65, after which the journal has no new row."""
    before = len(journal.rows())
    with pytest.raises(error) as refusal:
        act(*args, **options)
    assert refusal.value.exit_code == 65
    assert str(refusal.value)
    assert len(journal.rows()) == before
    return refusal.value
