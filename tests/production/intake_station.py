"""A station for the tests of the intake, spoken to through its command line."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from broadcaster.cli.program import run
from broadcaster.config import Station


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
