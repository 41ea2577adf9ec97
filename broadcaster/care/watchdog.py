"""The daemon's pulse: a tick that makes every part of it do a little of its work, and lives by the answers.

An alarm is set and must come round; a child is started as a player is and must answer and end; the record is read and the
right to write taken. Only when all of them have answered is it said that the daemon lives: to systemd's watchdog outside, and
to a :class:`~broadcaster.care.lifeguard.Lifeguard` inside, for computers where no systemd starts it. The tick runs on the
loop, so a loop that stands still says nothing either.

What hangs is ended within a minute, at best in order and with its last row, at worst by a signal; who started it starts it
anew, and that start settles what was under way. A record that *refuses* (busy, full, read-only) is told and lived with: a new
start would be refused too, and would take with it what still plays.
"""

import asyncio
import logging
from collections.abc import Awaitable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from broadcaster.care.lifeguard import Lifeguard
from broadcaster.care.supervisor import ALIVE, READY, STOPPING, Supervisor
from broadcaster.errors import RecordUnavailable
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.playout.companions import Beside, Unfit
from broadcaster.playout.record import RecordWriter

PATIENCE_S = 60.0
"""Within this time a daemon that hangs is no more."""
CANARY = "watchdog"
"""The name of its alarm; an airing's has a date and a slash."""
WORDS: Mapping[str, str] = {
    "alarms": N_("what wakes the airings"),
    "players": N_("what starts the players"),
    "record": N_("the record"),
}
"""The parts that are asked, and what people call them."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rhythm:
    """How long what may take, in seconds."""

    tick_s: float
    """Between two ticks."""
    answer_s: float
    """A part that takes longer to answer is failing: it is asked again at once."""
    patience_s: float
    """The daemon that has failed for so long ends in order."""
    limit_s: float
    """The one that cannot even do that is ended."""


def rhythm(watched_s: float | None) -> Rhythm:
    """For somebody outside who waits so long. A failing part is known after 2/6 of it, at the latest. Pure."""
    whole = PATIENCE_S if watched_s is None else watched_s
    return Rhythm(tick_s=whole / 6, answer_s=whole / 6, patience_s=whole * 7 / 12, limit_s=whole * 5 / 6)


class Watchdog:
    """A companion of the daemon. ``log_file``: where it is kept what every thread did when the daemon hung."""

    def __init__(self, outside: Supervisor, log_file: Path) -> None:
        self._outside = outside
        self._rhythm = rhythm(outside.patience_s)
        self._log_file = log_file

    async def __call__(self, beside: Beside) -> None:
        """Tick until cancelled.

        :raises Unfit: a part did not answer for too long.
        """
        lifeguard = Lifeguard(self._rhythm.limit_s, self._log_file)
        lifeguard.watch()
        try:
            await self._tick(beside, lifeguard)
        except asyncio.CancelledError:
            lifeguard.stand_down()
            self._outside.tell(STOPPING)
            raise

    async def _tick(self, beside: Beside, lifeguard: Lifeguard) -> None:
        loop, failing = asyncio.get_running_loop(), beside.bill.stage.failing
        fed = loop.time()
        word = READY
        while True:
            hanging = await self._ask(beside)
            if not hanging:
                lifeguard.feed()
                self._outside.tell(word, ALIVE, f"STATUS={_told(failing)}")
                fed, word = loop.time(), ALIVE
            elif loop.time() - fed >= self._rhythm.patience_s:
                raise Unfit(parts=_named(hanging))
            await asyncio.sleep(self._rhythm.tick_s / 10 if hanging else self._rhythm.tick_s)

    async def _ask(self, beside: Beside) -> list[str]:
        """The parts that hang; ``failing`` of the stage is brought up to date."""
        stage = beside.bill.stage
        questions: Mapping[str, Awaitable[bool]] = {
            "alarms": alarm_rings(beside, self._rhythm.tick_s / 10),
            "players": child_answers(),
            "record": record_answers(stage.record),
        }
        answers = await asyncio.gather(*(self._in_time(question) for question in questions.values()))
        said = dict(zip(questions, answers, strict=True))
        failing = {part for part, answer in said.items() if answer is not True}
        for part in sorted(failing.symmetric_difference(stage.failing)):
            log.warning("%s: %s", part, "answers again" if part in stage.failing else "does not do its work")
        stage.failing.clear()
        stage.failing.update(failing)
        return sorted(part for part, answer in said.items() if answer is None)

    async def _in_time(self, question: Awaitable[bool]) -> bool | None:
        """Whether the part does its work; ``None``: it does not even answer."""
        try:
            async with asyncio.timeout(self._rhythm.answer_s):
                return await question
        except TimeoutError:
            return None
        except Exception:  # it is asked again; one that fails so for too long hangs
            log.exception("a part could not be asked")
            return None


def _named(parts: Collection[str]) -> str:
    return ", ".join(_(WORDS[part]) for part in sorted(parts))


def _told(failing: Collection[str]) -> str:
    """One line for ``systemctl status``."""
    if not failing:
        return _("All parts of the program answer.")
    return _("Does not answer: {parts}.").format(parts=_named(failing))


async def alarm_rings(beside: Beside, after_s: float) -> bool:
    """An alarm of our own comes round."""
    rang = asyncio.Event()

    async def ring() -> None:
        rang.set()

    beside.alarms.at(CANARY, beside.bill.stage.clock.now().utc + timedelta(seconds=after_s), ring)
    return await rang.wait()


async def child_answers() -> bool:
    """A child can be started, spoken to and heard, and its end is noticed; no player or witness needs more of us.

    It is ``cat``, for it costs a thousandth of a player; a child that cannot be started never answers.
    """
    word = b"alive\n"
    try:
        child = await asyncio.create_subprocess_exec(
            "cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError as problem:
        log.warning("no child can be started: %s", problem.strerror)
        await asyncio.Event().wait()
    try:
        answer, _nothing = await child.communicate(word)
    finally:
        if child.returncode is None:
            child.kill()
    return answer == word


async def record_answers(record: RecordWriter) -> bool:
    """Whether it can be read and written; a thread that is busy with others' work has answered too, if not in the best way."""
    before = record.answered
    asked = asyncio.ensure_future(record.prove())
    try:
        while not asked.done():
            await asyncio.wait([asked], timeout=0.5)
            if record.answered != before and not asked.done():
                return False
        await asked
    except RecordUnavailable:
        return False
    finally:
        asked.cancel()
    return True
