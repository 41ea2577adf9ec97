"""A station for the tests of the intake, spoken to through its command line."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from people_at_hand import ANSWERS, CONFIRMED, FOR_EVER, HANDS, OFFICER, staff

from broadcaster.cli.program import run
from broadcaster.clock import SystemClock
from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import ConsentRegistered, HelplineVerified
from broadcaster.library.pins import set_pin
from broadcaster.model import Scope


def register_everybody(station: Station) -> None:
    """Everybody with a PIN, a consent of the defender's own voice, a helpline that answered."""
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        for event in staff("d-07"):
            journal.append(event)
        for code in (OFFICER, *HANDS, "d-07"):
            set_pin(journal.store, code, "1234")
        journal.append(ConsentRegistered("C-1", "d-07", "prueba", tuple(Scope), "F-1", FOR_EVER, OFFICER))
        journal.append(HelplineVerified("linea-100", "100", FOR_EVER, OFFICER))


@dataclass(frozen=True)
class IntakeStation:
    """The station and what can be asked of it."""

    station: Station

    def call(self, *words: str | Path) -> int:
        """Type a command; its exit code."""
        return run(["--station", str(self.station.root), "--language", "en", *map(str, words)])

    def add(self, file: str | Path, number: int = 5, *more: str) -> int:
        """Type ``episode add``; its exit code."""
        facts = ("--title", "Nuestra voz", "--defender", "d-07", "--consent", "C-1", "--helpline", "linea-100")
        return self.call("episode", "add", file, "--number", str(number), *facts, *more)

    def confirm(self, number: int = 5, by: str = "d-07") -> int:
        """The producer's word on the episode's consents; the exit code."""
        return self._answer("confirm-consent", number, by, CONFIRMED)

    def approve(self, code: str, number: int = 5, *more: str) -> int:
        """An approval with a clean checklist; its exit code."""
        return self._answer("approve", number, code, ANSWERS, *more)

    def by(self, code: str, *words: str | Path) -> int:
        """Type a command that asks who she is; its exit code."""
        pin = self.station.root / "pin"
        pin.write_text("1234\n", encoding="ascii")
        return self.call(*words, "--as", code, "--pin-file", pin)

    def _answer(self, act: str, number: int, code: str, answers: str, *more: str) -> int:
        file = self.station.root / "answers"
        file.write_text(answers, encoding="ascii")
        return self.by(code, "episode", act, str(number), "--answers", file, *more)

    def json(self, capfd: pytest.CaptureFixture[str], *words: str | Path) -> Any:
        """Type a command with ``--json``; what it printed."""
        capfd.readouterr()
        assert self.call(*words, "--json") == 0
        return json.loads(capfd.readouterr().out)

    def shelf(self) -> dict[str, str]:
        """Every path under ``episodes/`` and the SHA-256 of what it holds."""
        root = self.station.episodes
        return {
            str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            for path in root.rglob("*")
        }

    def staged(self) -> list[Path]:
        """What is left in the staging room."""
        return list((self.station.data / "intake").glob("adding-*"))
