"""A market's days told step by step: what a state machine tries, and how a story that found something is kept.

::

    with Days() as days:
        days.begin()
        days.light_goes_out(at=-2, for_s=30)
        days.made_good(at=400)
    assert days.violations == ()

``at`` are seconds after the next slot for which that moment is still to come; when no slot is left, it is done at once. The
steps are the mishaps of :mod:`mishaps` without their dice.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from types import TracebackType
from typing import Self

from case import Violation
from invariants import violations
from mishaps import order_make_good, set_right, take_back
from story import Story, come_to_rest, listening
from tale import Make, Tale, told

from broadcaster.journal.events import Ended, Resumed
from broadcaster.model import AiringId, ClockTrust, EpisodeNumber, MarketId, Reason, Seconds
from broadcaster.playout.orders import Pause, Play, Resume, Stop
from broadcaster.playout.simulated import Fault, Planned
from broadcaster.playout.simulated.disk import Doom
from broadcaster.schedule.plan import airing_id

NORTH = MarketId("norte")
SHORT = Make(
    seed=0,
    zone="America/Lima",
    first=date(2021, 6, 11),
    at="10:00",
    markets=("norte",),
    lengths=(11.0, 8.0, 14.0),
    second="",
    quiet="",
    watched=False,
    remade=False,
    slots=2,
)
"""Two slots, five days apart, at one market: a story that needs more is rarely found by chance."""
AFTER_S = 30.0
"""How long after its end something is still felt."""


class Violated(AssertionError):
    """What does not hold at the end of these days."""

    def __init__(self, found: tuple[Violation, ...]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.violations = found


class Days:
    """They begin a day before the first slot, with the box on and everything right."""

    def __init__(self) -> None:
        super().__init__()
        self.violations: tuple[Violation, ...] = ()
        self._stack = ExitStack()
        self._tale: Tale | None = None
        self._story: Story | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_what: BaseException | TracebackType | None) -> None:
        try:
            if kind is None:
                self.judge()
        finally:
            self._stack.close()

    def begin(self, *, same_day: bool = False) -> None:
        """The box is switched on. ``same_day``: the season makes good by itself what was missed."""
        tale = self._tale = self._stack.enter_context(told(0, of=replace(SHORT, remade=same_day)))
        self._story = Story(tale)
        self._stack.enter_context(listening(tale.box.history))
        tale.box.switch_on()

    def judge(self) -> None:
        """Time passes until everything is mended and settled; then what was found is in ``violations``."""
        tale = self._told
        self._pass_until(max([tale.box.now_s, *(moment for moment, _order, _do in self._happenings.happenings)]))
        come_to_rest(tale)
        history = tale.box.account()
        self.violations = tuple(violations(history, tale.box.world.begins, remade=tale.of.remade))

    @property
    def _told(self) -> Tale:
        if self._tale is None:
            raise RuntimeError
        return self._tale

    @property
    def _happenings(self) -> Story:
        if self._story is None:
            raise RuntimeError
        return self._story

    # Time

    def _until(self, at: float) -> float:
        """Let time pass until then; the slot meant, in the world's time."""
        box, dues = self._told.box, self._told.dues
        slot_s = next((due for due in dues if due + at >= box.now_s - 1e-6), None)
        if slot_s is not None:
            self._pass_until(slot_s + at)
        return dues[-1] if slot_s is None else slot_s

    def _pass_until(self, until_s: float) -> None:
        happenings, box = self._happenings.happenings, self._told.box
        while happenings and min(happenings)[0] <= until_s:
            coming = min(happenings, key=lambda one: one[:2])
            happenings.remove(coming)
            box.pass_until(coming[0])
            coming[2]()
        box.pass_until(until_s)

    def _later(self, in_s: float, do: Callable[[], object]) -> None:
        self._happenings.at(self._told.box.now_s + in_s, do)

    def _trouble(self, kind: str, lasts_s: float) -> None:
        now_s = self._told.box.now_s
        self._told.box.trouble(kind, now_s - 1, now_s + lasts_s + AFTER_S)

    # The process and the light

    def killed(self, at: float) -> None:
        """Its process, and it is started again in ten seconds."""
        self._until(at)
        self._trouble("killed", 10)
        self._told.box.kill()

    def killed_at_a_row(self, at: float, rows: int, where: str, *, power: bool = False) -> None:
        """At the row after so many; ``power``: the light goes out there, for a minute."""
        box = self._told.box
        self._until(at)
        self._trouble("killed", 900)
        box.outage_s = 60.0
        box.disk.doom = Doom(rows, where, power) if box.life else None
        self._later(800, lambda: setattr(box.disk, "doom", None))

    def light_goes_out(self, at: float, for_s: float) -> None:
        """And comes back, and with it the box."""
        self._until(at)
        self._trouble("light", for_s)
        self._told.box.outage_s = for_s
        self._told.box.kill(power=True)

    def light_comes_back_to_a_wrong_clock(
        self, at: float, for_s: float, off_s: float, set_in_s: float, *, in_order: bool = False
    ) -> None:
        """Out for so long; the clock is off until a time server is reached, and nobody vouches for it.

        ``in_order``: the box was switched off before.
        """
        box = self._told.box
        self._until(at)
        self._trouble("clock", for_s + set_in_s + 60)
        box.outage_s = 1e9
        if in_order:
            box.stop()
        else:
            box.kill(power=True)

        def back() -> None:
            if box.life is None:
                box.believe(ClockTrust.UNVERIFIED)
                box.switch_on(off_s=off_s)

        self._later(for_s, back)
        self._later(for_s + set_in_s, lambda: set_right(self._told))

    def switched_off(self, at: float, for_s: float) -> None:
        """In order, by somebody who switches it on again."""
        box = self._told.box
        self._until(at)
        self._trouble("away", for_s)
        box.stop()
        self._later(for_s, lambda: box.switch_on() if box.life is None else None)

    # The clock

    def clock_set(self, at: float, by_s: float, for_s: float) -> None:
        """Forward or back; later it is set right."""
        self._until(at)
        self._trouble("clock", for_s + 60 + (90000 if abs(by_s) > 600 else 0))
        self._told.box.step_clock(by_s)
        self._later(for_s, lambda: set_right(self._told))

    def nobody_vouches_for_the_clock(self, at: float, for_s: float) -> None:
        """It is right, and the program cannot know."""
        self._until(at)
        self._trouble("clock", for_s + 15)
        self._told.box.believe(ClockTrust.UNVERIFIED)
        self._later(for_s, lambda: set_right(self._told))

    # The outputs, the players, the disk

    def unplugged(self, at: float, for_s: float) -> None:
        """The market's output."""
        self._until(at)
        self._trouble("unplugged", for_s)
        self._told.box.unplug(NORTH)
        self._later(for_s, lambda: self._told.box.mend(NORTH))

    def next_player_fails(self, at: float, fault: Fault, second: float) -> None:
        """At that second of the master."""
        self._until(at)
        self._trouble("player", 900)
        self._told.hall.faults["sink-norte"] = [Planned(fault, Seconds(second))]
        self._later(900, lambda: self._told.hall.faults.pop("sink-norte", None))

    def disk_full(self, at: float, for_s: float) -> None:
        """Nothing can be written."""
        self._until(at)
        self._trouble("disk", for_s)
        self._told.box.disk.full = True
        self._later(for_s, lambda: setattr(self._told.box.disk, "full", False))

    # The library and the operator

    def withdrawn(self, at: float) -> None:
        """What airs then, or aired last."""
        self._decided(at, Reason.WITHDRAWN)

    def suspended(self, at: float, for_s: float) -> None:
        """The same, and lifted."""
        number = self._decided(at, Reason.SUSPENDED)
        self._later(for_s, lambda: self._told.decide(replace(self._told.statuses[number], reason=None)))

    def _decided(self, at: float, reason: Reason) -> int:
        tale, slot_s = self._told, self._until(at)
        number = tale.dues.index(slot_s) + 1
        before = tale.statuses[number]
        self._trouble("library", 900)
        gone = before.revision if reason is Reason.WITHDRAWN else before.withdrawn_through
        tale.decide(replace(before, reason=reason, withdrawn_through=gone))
        return number

    def stopped(self, at: float) -> None:
        """By the operator, everywhere."""
        self._until(at)
        self._trouble("operator", 60)
        self._told.box.obey(Stop(None))

    def paused(self, at: float, for_s: float) -> None:
        """And resumed."""
        self._until(at)
        self._trouble("operator", for_s + 60)
        self._told.box.obey(Pause(NORTH, ""))

        def resume_again() -> None:
            """Should the record have been away then; where it still is, the market stays paused."""
            if not self._told.box.write(Resumed(NORTH, "uid:1000")):
                self._trouble("operator", 1e9)

        self._later(for_s, lambda: self._told.box.obey(Resume(NORTH)))
        self._later(for_s + 60, resume_again)

    def played_by_hand(self, at: float, episode: int) -> None:
        """An episode, as the hours allow."""
        self._until(at)
        self._trouble("operator", 60)
        self._told.box.obey(Play(EpisodeNumber(episode), NORTH, None))

    def made_good(self, at: float, ahead_s: float | None = None, *, written: bool = False) -> None:
        """What was missed at the slot: now, or so many seconds ahead; ``written``: by a command that finds nobody."""
        order_make_good(self._told, self._named(self._until(at)), ahead_s, written=written)

    def make_good_taken_back(self, at: float, *, written: bool = False) -> None:
        """The one of the slot, by a command that finds somebody, or nobody."""
        take_back(self._told, self._named(self._until(at)), written=written)

    def _named(self, slot_s: float) -> AiringId:
        begins = self._told.box.world.begins
        return airing_id(begins.fromtimestamp(begins.timestamp() + slot_s, begins.tzinfo), NORTH)

    # What came of it

    @property
    def fates(self) -> list[tuple[AiringId, Reason]]:
        """What every airing ended with, in order."""
        ends = (row.event for row in self._told.box.history.rows)
        return [(end.airing, end.reason) for end in ends if isinstance(end, Ended)]
