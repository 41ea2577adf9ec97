"""What happened around a crash, as it is known from outside: the lives, how each ended, what the disk had in between."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from crash_look import Look
from crash_report import Heard, Told
from crash_runs import Lived
from crash_season import AIRINGS, LEAD_IN_S, LENGTHS

from broadcaster.journal.events import Ended, Started
from broadcaster.model import Airing, AiringId

ROUNDING_S = 0.05


class End(StrEnum):
    """How a life ended."""

    ORDER = "ended in order"
    KILLED = "killed"
    CUT = "power cut"


@dataclass(frozen=True)
class Past:
    """One life, with what it told until its end."""

    lived: Lived
    end: End
    at: datetime
    """When it ended."""

    @property
    def told(self) -> tuple[Told, ...]:
        return self.lived.told

    def sounds(self) -> list[Heard]:
        """What sounded in it, until its end."""
        if not self.told:
            return []
        last = self.told[-1]
        more_s = (self.at - last.moment).total_seconds()
        return [replace(heard, for_s=heard.for_s + max(0.0, more_s)) for heard in last.heard]

    def acknowledged(self, kind: str) -> list[Told]:
        return [told for told in self.told if told.kind == kind]


@dataclass(frozen=True)
class Story:
    """The lives up to a crash, perhaps a second one, and the life after it to the season's end."""

    before: tuple[Past, ...]
    looks: tuple[Look, ...]
    """The disk after each crash; the last one is what ``final`` began with."""
    final: Past
    ending: Look
    same: tuple[Ended, ...] = ()
    """What a recovery that nothing interrupted wrote after the first crash."""

    @property
    def pasts(self) -> tuple[Past, ...]:
        return (*self.before, self.final)

    @property
    def found(self) -> Look:
        return self.looks[-1]


def ended(lived: Lived) -> Past:
    """A life that came to its own end."""
    return Past(lived, End.KILLED if lived.killed else End.ORDER, lived.life.until)


def settled(found: Look, after: Look) -> tuple[Ended, ...]:
    """The ends that a recovery wrote, before it said that it had started."""
    written = [row.event for row in after.rows[len(found.rows) :]]
    before = takewhile(lambda event: not isinstance(event, Started), written)
    return tuple(event for event in before if isinstance(event, Ended))


def airing_of(sound: Heard) -> Airing | None:
    """The airing a sound belongs to, by its output and its first word."""
    first_word = sound.began + timedelta(seconds=LEAD_IN_S)
    for airing in AIRINGS:
        late_s = (first_word - airing.due).total_seconds()
        if sound.sink == f"sink-{airing.market}" and -1.0 <= late_s <= airing.grace_s + 1.0:
            return airing
    return None


def length_s(airing: Airing) -> float:
    """Of its words."""
    return LENGTHS[airing.episode or 0]


def words_s(sound: Heard, airing: Airing) -> float:
    """How many seconds of an airing's words a sound gave."""
    return min(max(sound.for_s - LEAD_IN_S, 0.0), length_s(airing))


def spoken(story: Story) -> Iterator[tuple[Past, AiringId, float]]:
    """The words that sounded, by life and airing."""
    for past in story.pasts:
        for sound in past.sounds():
            airing = airing_of(sound)
            if airing is not None:
                yield past, airing.id, words_s(sound, airing)


class Stage(StrEnum):
    """Where a crash struck."""

    BEFORE_RECORD = "A1 before the record of a sound"
    BEFORE_SOUND = "A2 on record, before the sound"
    IN_PLAY = "A3 during a play"
    BEFORE_END = "A4 after the sound, before its end is on record"
    RECOVERING = "A5 while recovering"
    MIGRATING = "A7 while the record is opened and migrated"


def stage(crashed: Past) -> Stage:
    """Where a life was when it crashed."""
    if not crashed.acknowledged("plan_accepted"):
        return Stage.RECOVERING if len(crashed.told) > 1 else Stage.MIGRATING  # the next word is said at the first row
    ends = {told.airing for told in crashed.acknowledged("ended")}
    under_way = [told.airing for told in crashed.acknowledged("intent") if told.airing not in ends]
    if not under_way:
        return Stage.BEFORE_RECORD
    sounds = [(sound, airing_of(sound)) for sound in crashed.sounds()]
    for sound, airing in sounds:
        if airing is not None and airing.id in under_way:
            if sound.for_s >= LEAD_IN_S + length_s(airing) - ROUNDING_S:
                return Stage.BEFORE_END
            if words_s(sound, airing) > 0:
                return Stage.IN_PLAY
    return Stage.BEFORE_SOUND
