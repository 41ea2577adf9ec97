"""Crashes, one at a time, on a folder of its own: the scenario is traced once, then every sync of it can be the last.

* The kill model: the life is run again and killed by ``strace`` as it enters that sync. What was written stays.
* The power-cut model: the disk as it would be left then is put together from the trace (``crash_disk.py``).

After both a life follows to the season's end, and the story is judged. Nothing that can get lost between two syncs is
missing among what the power leaves at the second one, so the syncs are all the moments there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Self

from crash_disk import LEAVES, NOTHING, SECTORS, Disk, Leave, Snapshot
from crash_judge import faults
from crash_look import Look, look, put, take
from crash_report import Told, told
from crash_runs import SYNCS, Lived, Nursery, WentWrong
from crash_season import LIVES, Life, following
from crash_story import End, Past, Stage, Story, ended, settled, stage
from crash_trace import Call, Said, Synced, calls

from broadcaster.journal.events import Ended
from broadcaster.model import AiringId

SOON_S, LATE_S = 10.0, 90.0
"""How long after a crash the next life begins: within the grace of what was under way, and past it."""
AFTER_CUT, AFTER_SECOND = "after the cut", "after the second cut"
"""Boots: a kill leaves the system running, a power cut does not."""
AGAIN = (NOTHING, SECTORS)
"""What a second power cut, during recovery, leaves: in turn."""
ENOUGH = 10_000
"""No life has so many syncs."""


@dataclass(frozen=True)
class Point:
    """A sync of a life, and what was known outside when it was entered."""

    life: int
    place: int
    """Of the call, in the life's trace."""
    call: str
    number: int
    """The how many-th of its name in this life."""
    path: str
    """What is synced."""
    crashed: Past

    @property
    def name(self) -> str:
        return f"life {self.life}, {self.call} {self.number}"

    @property
    def stage(self) -> Stage:
        """What the life was about."""
        return stage(self.crashed)

    @property
    def recovering(self) -> bool:
        """Whether the life has not yet said what it promises."""
        return not self.crashed.acknowledged("plan_accepted")


@dataclass(frozen=True)
class Result:
    """One crash point, run and judged."""

    name: str
    model: str
    stage: Stage
    """Of the first crash."""
    crashes: int
    faults: tuple[str, ...]
    ends: Mapping[AiringId, Ended]
    """What became of each airing."""


@dataclass(frozen=True)
class Crashes:
    """One, or a second one while the life after it recovered; and the disk after each."""

    pasts: tuple[Past, ...]
    looks: tuple[Look, ...]
    same: tuple[Ended, ...] = ()
    """What a recovery that nothing interrupted came to."""


class Bench:
    """A station's folder in ``workshop`` and the process whose forks live on it."""

    def __init__(self, workshop: Path) -> None:
        self._workshop = workshop
        self.weakness = ""
        """What is deliberately broken in the lives that follow a crash."""
        self.root = workshop / "station"
        self._nursery = Nursery(self.root, workshop)
        self._before: list[Snapshot] = []
        self._pasts: list[Past] = []
        self.traces: list[list[Call]] = []
        self.points: list[Point] = []

    def __enter__(self) -> Self:
        self._trace_scenario()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._nursery.__exit__(kind, error, trace)

    # The scenario, once, without a crash

    def _trace_scenario(self) -> None:
        put({str(self.root): None, str(self.root / "config.toml"): b""}, self.root)
        disk = Disk(take(self.root))
        for number, life in enumerate(LIVES):
            self._before.append(take(self.root))
            lived, trace = self._traced(life)
            disk.born_again()
            disk.follow(trace)
            self._compare(disk)
            self.traces.append(trace)
            self.points.extend(_points(number, life, trace))
            self._pasts.append(ended(lived))

    def _traced(self, life: Life) -> tuple[Lived, list[Call]]:
        log = self._workshop / "trace"
        lived = self._nursery.traced(life, log)
        with log.open(encoding="ascii") as lines:
            return lived, calls(lines, str(self.root))

    def _compare(self, disk: Disk) -> None:
        """The model must have followed all that happened; shared memory is mapped, not written, and made anew after a crash."""
        model, real = disk.there(), take(self.root)
        differ = {path for path in model.keys() | real.keys() if model.get(path, b"-") != real.get(path, b"-")}
        if unexplained := {path for path in differ if not path.endswith("-shm")}:
            raise WentWrong("the trace does not explain", unexplained)

    def _disk(self, point: Point) -> Disk:
        """As it is when the point's sync is entered."""
        disk = Disk(self._before[0])
        for trace in self.traces[: point.life]:
            disk.follow(trace)
            disk.born_again()
        disk.follow(self.traces[point.life][: point.place])
        return disk

    # One crash

    def killed(self, point: Point, delay_s: float = SOON_S) -> Result:
        """Killed there, and a life that follows so long after."""
        crashed = self._kill(point)
        return self._follow(point, f"kill, {delay_s:.0f} s", Crashes((crashed,), (self._look(),)), delay_s)

    def cut(self, point: Point, leave: Leave = NOTHING, delay_s: float = SOON_S) -> Result:
        """The power fails there and leaves that of what was not synced."""
        crashed = self._cut(point, leave)
        return self._follow(point, f"cut, {leave.name}, {delay_s:.0f} s", Crashes((crashed,), (self._look(),)), delay_s)

    def leaves(self, point: Point) -> list[Leave]:
        """The ways of losing what is not synced that come to different disks there."""
        disk = self._disk(point)
        different: dict[frozenset[tuple[str, bytes | None]], Leave] = {}
        for leave in LEAVES:
            different.setdefault(frozenset(disk.left(leave).items()), leave)
        return list(different.values())

    def _kill(self, point: Point) -> Past:
        put(self._before[point.life], self.root)
        lived = self._nursery.killed_at(LIVES[point.life], point.call, point.number)
        if not lived.killed or len(lived.told) != len(point.crashed.told):
            raise WentWrong(point.name, lived.killed, len(lived.told), len(point.crashed.told))
        return Past(lived, End.KILLED, point.crashed.at)

    def _cut(self, point: Point, leave: Leave) -> Past:
        put(self._disk(point).left(leave), self.root)
        return replace(point.crashed, end=End.CUT)

    # And a second one while it recovers

    def killed_again(self, point: Point, every: int = 1) -> Iterator[Result]:
        """Killed there, and killed again at each ``every``-th sync of the recovery that follows."""
        crashed = self._kill(point)
        first, found = take(self.root), self._look()
        life = self._following(crashed, SOON_S)
        self._nursery.lived(life)
        same = settled(found, self._look())
        for call in SYNCS:
            for number in range(1, ENOUGH, every):
                put(first, self.root)
                lived = self._nursery.killed_at(life, call, number)
                again = Past(lived, End.KILLED, _moment(life, lived.told))
                if not lived.killed or again.acknowledged("plan_accepted"):
                    break
                model = f"kill, again at {call} {number}"
                yield self._follow(point, model, Crashes((crashed, again), (found, self._look()), same))

    def cut_again(self, point: Point, leaves: Iterable[Leave] = AGAIN, every: int = 1) -> Iterator[Result]:
        """The power fails there, and again at each ``every``-th sync of the recovery that follows."""
        crashed = self._cut(point, NOTHING)
        first, found = take(self.root), self._look()
        life = self._following(crashed, SOON_S)
        _lived, trace = self._traced(life)
        same = settled(found, self._look())
        syncs = [second for second in _points(point.life, life, trace) if second.recovering]
        for second, leave in zip(syncs[::every], cycle(leaves), strict=False):
            disk = Disk(first)
            disk.follow(trace[: second.place])
            put(disk.left(leave), self.root)
            again = replace(second.crashed, end=End.CUT)
            model = f"cut, again at {second.call} {second.number}, {leave.name}"
            yield self._follow(point, model, Crashes((crashed, again), (found, self._look()), same))

    # The life that follows

    def _follow(self, point: Point, model: str, crashes: Crashes, delay_s: float = SOON_S) -> Result:
        """To the season's end, so long after the last of the crashes."""
        final = ended(self._nursery.lived(self._following(crashes.pasts[-1], delay_s)))
        before = (*self._pasts[: point.life], *crashes.pasts)
        story = Story(before, crashes.looks, final, self._look(), crashes.same)
        return Result(
            name=point.name,
            model=model,
            stage=point.stage,
            crashes=len(crashes.pasts),
            faults=tuple(faults(story)),
            ends=story.ending.ends,
        )

    def _following(self, crashed: Past, delay_s: float) -> Life:
        boot = crashed.lived.life.boot
        if crashed.end is End.CUT:
            boot = AFTER_SECOND if boot == AFTER_CUT else AFTER_CUT
        return following(crashed.at, delay_s, boot=boot, weakness=self.weakness)

    def _look(self) -> Look:
        return look(self.root, self._workshop)


def _points(number: int, life: Life, trace: list[Call]) -> Iterator[Point]:
    """Every sync of a traced life."""
    counts = dict.fromkeys(SYNCS, 0)
    said: list[Told] = []
    for place, call in enumerate(trace):
        if isinstance(call, Said):
            said.append(told(call.line))
        elif isinstance(call, Synced):
            counts[call.call] += 1
            lived = Lived(life, tuple(said), killed=True)
            crashed = Past(lived, End.KILLED, _moment(life, lived.told))
            yield Point(number, place, call.call, counts[call.call], call.path, crashed)


def _moment(life: Life, said: tuple[Told, ...]) -> datetime:
    return said[-1].moment if said else life.start
