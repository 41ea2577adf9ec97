"""A station of its own, spoken to by typed commands only: recordings go in, a rehearsal and its play log come out."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from people_at_hand import ANSWERS, CONFIRMED, FOR_EVER, HANDS, OFFICER

from broadcaster.cli.program import run
from broadcaster.model import MarketId

ROOT = Path(__file__).parents[2]
DAY = "2021-06-18"
DEFENDER = "D-001"
CONSENT = "C-001"
SEASON = """\
name = "Voces reales"
from = {day}
until = {day}
order = {order}

[[rules]]
weekdays = ["friday"]
times = {times}
markets = ["{market}"]
"""


class CommandFailed(Exception):
    """A command ended badly; this is what it said."""


@dataclass(frozen=True)
class VoicedStation:
    """The station's folder and what can be typed there."""

    root: Path

    @property
    def _pin(self) -> Path:
        return self.root / "pin"

    def call(self, *words: str | Path) -> str:
        """Type a command; what it printed. Raises :class:`CommandFailed` with its sentence."""
        said, complaints = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(complaints):
            code = run(["--station", str(self.root), "--language", "en", *map(str, words)])
        if code != 0:
            raise CommandFailed(f"{words}: exit {code}\n{said.getvalue()}{complaints.getvalue()}")
        return said.getvalue()

    def json(self, *words: str | Path) -> Any:
        """Type a command with ``--json``; what it said."""
        return json.loads(self.call(*words, "--json"))

    def admit(self, number: int, recording: Path) -> dict[str, Any]:
        """Add a recording, confirm its consent and let two people approve it; the episode as ``episode show`` gives it."""
        facts = ("--number", str(number), "--title", f"Voz {number}", "--defender", DEFENDER)
        self.call("episode", "add", recording, *facts, "--consent", CONSENT, "--helpline", "linea-100")
        pin, answers = ("--pin-file", self._pin), (self.root / "answers", self.root / "confirmed")
        self.call("episode", "confirm-consent", str(number), "--as", DEFENDER, *pin, "--answers", answers[1])
        for code in HANDS:
            self.call("episode", "approve", str(number), "--as", code, *pin, "--answers", answers[0])
        shown: dict[str, Any] = self.json("episode", "show", str(number))
        return shown

    def schedule(self, orders: Mapping[MarketId, Sequence[int]], times: Sequence[str]) -> None:
        """A season for each market: its episodes, slot by slot. All of them must be on the shelf."""
        for market, order in orders.items():
            season = SEASON.format(day=DAY, order=list(order), times=json.dumps(list(times)), market=market)
            (self.root / "schedules" / f"{market}.toml").write_text(season, encoding="utf-8")
        self.call("schedule", "check")

    def rehearse(self, at: str, for_s: float, markets: Sequence[MarketId]) -> dict[MarketId, Path]:
        """Rehearse a moment of the day in real time, in a process of its own; what each market heard."""
        chosen = [word for market in markets for word in ("--market", market)]
        command = [sys.executable, "-m", "broadcaster", "--station", str(self.root), "rehearse", "--json"]
        sounding = subprocess.run(
            [*command, "--at", f"{DAY}T{at}", "--for", f"{for_s:.0f}", *chosen],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
        )
        done = json.loads(sounding.stdout)
        return {MarketId(market): Path(wav) for market, wav in done["recordings"].items()}

    def plays(self) -> list[dict[str, Any]]:
        """The play log of the rehearsal."""
        log: list[dict[str, Any]] = self.json("plays", "--rehearsal", "latest")
        return log


def found_station(root: Path) -> VoicedStation:
    """The shipped configuration, no episode, everybody registered with a PIN, a consent, a helpline that answered."""
    (root / "schedules").mkdir(parents=True)
    shutil.copy(ROOT / "config.toml", root)
    station = VoicedStation(root)
    pin = root / "pin"
    pin.touch(mode=0o600)
    pin.write_text("246810\n", encoding="ascii")
    (root / "answers").write_text(ANSWERS, encoding="ascii")
    (root / "confirmed").write_text(CONFIRMED, encoding="ascii")
    by_her = ("--as", OFFICER, "--pin-file", pin, "--new-pin-file", pin)
    station.call("person", "add", OFFICER, "--role", "protection_officer", "--new-pin-file", pin)
    for code in HANDS:
        station.call("person", "add", code, "--role", "approver", *by_her)
    station.call("defender", "add", DEFENDER, *by_her)
    signed = ("--voice", DEFENDER, "--season", "prueba", "--form", "F-001", "--expires", FOR_EVER.isoformat())
    station.call("consent", "add", CONSENT, *signed, *by_her[:4])
    station.call("helpline", "verify", "linea-100", *by_her[:4])
    return station
