"""The program broken on purpose, one way each: what the simulation must notice, and by which invariant.

A mutant is a copy of the package in which one piece of text is another. A text that is no longer there, or there twice, is a
fault of this file: whoever changed the code says anew how it could go wrong.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tale import Make

PACKAGE = Path(__file__).parents[2] / "broadcaster"
HERE = Path(__file__).parent
LIMIT_S = 120.0


@dataclass(frozen=True)
class Mutant:
    """One way to break it."""

    name: str
    file: str
    """Under ``broadcaster/``."""
    old: str
    new: str
    numbers: frozenset[int]
    """The invariants of which at least one must notice."""
    only: tuple[str, ...]
    """The mishaps that bring it out; the rest is left alone, so that a few seeds suffice."""
    needs: "Callable[[Make], bool]" = lambda _make: True
    """Which stations bring it out."""
    seeds: int = 12
    """How many are told at most."""

    def apply(self, folder: Path) -> None:
        """A copy of the package in ``folder``, broken."""
        shutil.copytree(
            PACKAGE, folder / "broadcaster", ignore=shutil.ignore_patterns("__pycache__", "*.flac", "*.png")
        )
        target = folder / "broadcaster" / self.file
        text = target.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise LookupError(self.name, text.count(self.old))
        target.write_text(text.replace(self.old, self.new), encoding="utf-8")


MUTANTS = (
    Mutant(
        "the record is synced now and then",
        "store/guarantees.py",
        '"synchronous": 2,  # FULL',
        '"synchronous": 1,',
        frozenset({9}),
        ("light out", "light out at a row"),
    ),
    Mutant(
        "the intent is written after the sound has begun",
        "playout/attempt.py",
        """            play = await self._put_on_record(player)
            if play is None:
                return Obstacle(Reason.RECORD_UNAVAILABLE)
            player.start(ensemble.facts.starts_s)
""",
        """            player.start(ensemble.facts.starts_s)
            await ensemble.wait(lambda _facts: False, ensemble.facts.starts_s + 0.5)
            play = await self._put_on_record(player)
            if play is None:
                return Obstacle(Reason.RECORD_UNAVAILABLE)
""",
        frozenset({2}),
        ("killed",),
    ),
    Mutant(
        "what has ended is promised again when the clock goes back",
        "playout/recovery.py",
        "if airing.due >= since and airing.id not in ended",
        "if airing.due >= since",
        frozenset({1, 7}),
        ("clock set", "killed", "restarted"),
    ),
    Mutant(
        "heartbeats claim the whole",
        "playout/sounding.py",
        "Heartbeat(self._play, facts.heard_s, facts.evidence)",
        "Heartbeat(self._play, facts.expected_s, facts.evidence)",
        frozenset({3}),
        ("killed", "light out"),
    ),
    Mutant(
        "heartbeats are never written",
        "playout/sounding.py",
        "            if self._play is not None:\n",
        "            if self._play is None:\n",
        frozenset({4, 12}),
        ("killed", "light out"),
    ),
    Mutant(
        "recovery plays again what was cut off",
        "playout/recovery.py",
        "    closed = closed_plays(rows, now.utc)\n",
        "    closed: dict[AiringId, Ended] = {}\n",
        frozenset({7}),
        ("killed", "light out"),
    ),
    Mutant(
        "a withdrawal waits for the next airing",
        "playout/playbill.py",
        "            if reason is not None:\n                performance.cut(reason)",
        "            if reason is None:\n                performance.cut(reason)",
        frozenset({5}),
        ("withdrawn", "suspended"),
    ),
    Mutant(
        "quiet hours are not heeded",
        "model/places.py",
        "return moment in self.hours and not any(moment in quiet for quiet in self.quiet)",
        "return moment in self.hours",
        frozenset({6}),
        (),
        lambda make: bool(make.quiet) and 70.0 in make.lengths,
    ),
    Mutant(
        "a clock that is set back makes the hours longer",
        "playout/sounding.py",
        "if now.utc >= self._cut_at or now.monotonic_s >= self._cut_s:",
        "if now.utc >= self._cut_at:",
        frozenset({6}),
        ("clock set",),
        lambda make: bool(make.quiet) and 70.0 in make.lengths,
    ),
    Mutant(
        "two voices on one output",
        "playout/performance.py",
        "if self.market.output in self._stage.in_use:",
        "if False:",
        frozenset({7}),
        ("test as the clock jumps",),
    ),
    Mutant(
        "a file is not looked at again before it sounds",
        "playout/attempt.py",
        "if not await self._still_stands():",
        "if False:",
        frozenset({8}),
        ("revised", "master damaged"),
    ),
    Mutant(
        "the light going out is called a switch",
        "playout/recovery.py",
        "return Reason.PROCESS_DIED if started.boot_id == boot_id else Reason.POWER_LOSS",
        "return Reason.SWITCHED_OFF",
        frozenset({1}),
        ("light out",),
    ),
    Mutant(
        "alarms sleep on when the clock is set",
        "playout/clockwatch.py",
        "            self._alarms.clock_stepped()\n",
        "",
        frozenset({1, 12}),
        ("clock set",),
    ),
    Mutant(
        "what has played is made good",
        "journal/makegoods.py",
        "    if ended.outcome not in FAILED:\n",
        "    if False:\n",
        frozenset({1}),
        ("made good",),
    ),
    Mutant(
        "a rule makes good what people stopped",
        "journal/makegoods.py",
        "return ended.outcome in FAILED and ended.reason not in DECIDED",
        "return ended.outcome in FAILED",
        frozenset({1}),
        ("stopped by the operator",),
        lambda make: make.remade,
    ),
    Mutant(
        "the daemon opens a socket to the network",
        "playout/clockwatch.py",
        "            await asyncio.sleep(TICK_S)\n",
        "            await asyncio.sleep(TICK_S)\n            __import__('socket').socket()\n",
        frozenset({8}),
        (),
    ),
)


NOTICED = 3
"""A mutant's process ends with this, as with nothing else, when something was noticed."""


@dataclass(frozen=True)
class Noticed:
    """What gave a mutant away."""

    seed: int
    said: tuple[str, ...]


def told_by(mutant: Mutant, folder: Path) -> Noticed | None:
    """What the simulation says of the mutant, told in a process that imports nothing but the copy."""
    said = _told_of(mutant, folder)
    if said is None:
        return None
    seed, *noticed = said.splitlines()
    return Noticed(int(seed), tuple(noticed))


def found_by_stories(mutant: Mutant, number: int, folder: Path) -> str | None:
    """What so many stories that are tried say of it, the same way."""
    return _told_of(mutant, folder, str(number))


def _told_of(mutant: Mutant, folder: Path, *more: str) -> str | None:
    mutant.apply(folder)
    command = [sys.executable, str(HERE / "mutants.py"), mutant.name, *more]
    seen = {"PYTHONPATH": str(folder), "PATH": "/usr/bin"}
    done = subprocess.run(command, env=seen, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode not in {0, NOTICED}:
        raise RuntimeError(done.stderr)
    return done.stdout if done.returncode == NOTICED else None


def violated(mutant: Mutant, seed: int) -> tuple[str, ...]:
    """What of the mutant's invariants the program that is imported here violates in its story of that seed."""
    from story import tell  # noqa: PLC0415

    found = tell(seed, slots=5, only=mutant.only).violations
    return tuple(str(one) for one in found if one.number in mutant.numbers)


def tried(mutant: Mutant, number: int) -> tuple[str, ...]:
    """What of the mutant's invariants so many stories find violated."""
    from any_story import AnyStory, stories  # noqa: PLC0415
    from days import Violated  # noqa: PLC0415
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415

    try:
        run_state_machine_as_test(AnyStory, settings=stories(number, shrunk=False))
    except Violated as found:
        return tuple(str(one) for one in found.violations if one.number in mutant.numbers)
    return ()


def main(name: str, number: str | None = None) -> int:
    """Tell seeds, or so many stories, until something is noticed."""
    import broadcaster  # noqa: PLC0415  the copy

    mutant = next(one for one in MUTANTS if one.name == name)
    if PACKAGE in Path(broadcaster.__file__).parents:
        raise LookupError(broadcaster.__file__)
    noticed = tried(mutant, int(number)) if number else _by_seeds(mutant)
    print(*noticed, sep="\n")
    return NOTICED if noticed else 0


def _by_seeds(mutant: Mutant) -> tuple[str, ...]:
    from tale import make  # noqa: PLC0415

    for seed in islice((seed for seed in count(1) if mutant.needs(make(seed))), mutant.seeds):
        noticed = violated(mutant, seed)
        if noticed:
            return (str(seed), *noticed)
    return ()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
