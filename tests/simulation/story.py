"""A season of a simulated market told by its seed: what befalls it, and what of the invariants it violates."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from case import Violation
from invariants import violations
from mishaps import MISHAPS, OF_FILES, Mishap, set_right
from opened import watched
from tale import CANARY, SLOTS, Make, Tale, told

from broadcaster.playout.simulated.truth import History

AFTER_S = 3 * 3600.0
"""How long a season is waited for after its last slot: every grace is over."""
AWAKE_S = 300.0
"""And then for so long: hours in which nothing is due pass in one leap, without a look at the clock."""
HOW_MANY = (0, 0, 1, 1, 1, 2, 2, 3)
"""Mishaps around one slot."""


@dataclass
class Story:
    """What is to happen, by the moment."""

    tale: Tale
    happenings: list[tuple[float, int, Callable[[], object]]] = field(default_factory=list)

    def at(self, moment_s: float, do: Callable[[], object]) -> None:
        """See :class:`mishaps.Story`."""
        self.happenings.append((max(moment_s, 1.0), len(self.happenings), do))

    def trouble(self, kind: str, from_s: float, until_s: float, market: str = "") -> None:
        """See :class:`mishaps.Story`."""
        self.tale.box.trouble(kind, from_s, until_s, market)


@dataclass(frozen=True)
class Told:
    """What came of a seed."""

    seed: int
    market_seasons: int
    mishaps: Counter[str]
    violations: tuple[Violation, ...]
    rows: int = 0
    plays: int = 0
    """Sounds in which somebody spoke."""
    head: str = ""
    """Hash of the newest row: it stands for all of them."""


class Ears(logging.Handler):
    """Listens to the program's log: a secret in it, and exceptions that nobody meant to be raised."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__()
        self._problems = problems

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if CANARY in said:
            self._problems.append(f"a secret in the log: {said}")
        if record.exc_info:
            self._problems.append(f"{said}: {record.exc_info[1]!r}")


@contextmanager
def listening(history: History) -> Iterator[None]:
    """For as long as the block lasts, what the program logs and opens is held against it."""
    log, ears = logging.getLogger("broadcaster"), Ears(history.problems)
    log.addHandler(ears)
    propagates, log.propagate = log.propagate, False
    try:
        with watched(history.opened):
            yield
    finally:
        log.removeHandler(ears)
        log.propagate = propagates


def tell(seed: int, *, slots: int = SLOTS, only: tuple[str, ...] | None = None, of: Make | None = None) -> Told:
    """One station's season with everything that befalls it; ``only`` these mishaps, if any are named."""
    with told(seed, slots=slots, of=of) as tale:
        mishaps = _befall(tale, Random(f"mishaps {seed}"), only)
        history = tale.box.account()
        found = tuple(violations(history, tale.box.world.begins, remade=tale.of.remade))
        plays = sum(sound.spoken_s > 0 for sound in history.sounds)
        return Told(seed, len(tale.of.markets), mishaps, found, len(history.rows), plays, history.rows[-1].hash)


def _befall(tale: Tale, chance: Random, only: tuple[str, ...] | None) -> Counter[str]:
    story, box = Story(tale), tale.box
    tale.chance = chance
    mishaps = _choose(story, chance, only)
    with listening(box.history):
        box.switch_on()
        for moment_s, _order, do in sorted(story.happenings, key=lambda one: one[:2]):
            box.pass_until(moment_s)
            do()
        come_to_rest(tale)
    return mishaps


def _choose(story: Story, chance: Random, only: tuple[str, ...] | None) -> Counter[str]:
    known: dict[str, tuple[Mishap, int]] = {**MISHAPS, **(OF_FILES if story.tale.of.watched else {})}
    names = [name for name in known if only is None or name in only]
    weights = [known[name][1] for name in names]
    chosen: Counter[str] = Counter()
    for due_s in story.tale.dues:
        for name in chance.choices(names, weights, k=chance.choice(HOW_MANY)) if names else ():
            known[name][0](story, due_s)
            chosen[name] += 1
    return chosen


def come_to_rest(tale: Tale) -> None:
    """Everything is mended, and a last life of the daemon settles what is open."""
    box = tale.box
    box.disk.full = box.disk.busy = False
    box.pass_until(max(box.now_s, tale.dues[-1]) + 60)
    box.disk.full = box.disk.busy = False
    box.disk.doom = None
    set_right(tale)
    for market in tale.of.markets:
        box.mend(market)  # type: ignore[arg-type]
    tale.edit()
    if box.life is None:
        box.switch_on()
    box.pass_until(box.now_s + AFTER_S)
    box.pass_until(box.now_s + AWAKE_S)
    box.stop()
