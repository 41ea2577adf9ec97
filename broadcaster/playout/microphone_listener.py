"""What the microphone's child knows and concludes: words in, one line out. Heavy to import: only once the child gives way."""

import contextlib
import json
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from broadcaster.model import Deaf
from broadcaster.playout.microphone_ear import Pcm, Samples, read_master, start_ear
from broadcaster.playout.microphone_watch import Place, watch
from broadcaster.playout.recorder import Anchor, follow
from broadcaster.sound.acoustic import RATE_HZ, Block, Seeker
from broadcaster.sound.acoustic_verdict import conclude

TICK_S = 0.1
HELD_S = 40
"""What is kept before it is known what to look for."""
AFTER_S = 3.0
"""How long after a play's end it still comes: the air, an amplifier's delay, the recorder's."""
STALLED_S = 10.0
"""A source that gives nothing for so long is gone."""
UNREAD_S = 30.0
"""A master that is not read so long after its first word will not be."""
SILENCE_DB = -120.0

Words = queue.SimpleQueue[tuple[str, Any]]


def say(event: str, **facts: Any) -> None:
    """One line to the owner."""
    os.write(1, json.dumps({"event": event, **facts}, allow_nan=False).encode() + b"\n")


class Listener:
    """What is known, and what follows from each word."""

    def __init__(self, source: str, words: Words) -> None:
        self._source = source
        self._words = words
        self._born_s = time.monotonic()
        self._piece_s: float | None = None
        self._placed = False
        self._samples = Samples()
        self._anchor = Anchor()
        self._held: deque[Pcm] = deque()
        self._heard = 0
        self._play: Mapping[str, Any] | None = None
        self._master: Pcm | None = None
        self._seeker: Seeker | None = None
        self._blocks: list[Block] = []
        self._ended_s: float | None = None

    def take(self, word: str, value: Any) -> bool:
        """One word; whether it goes on."""
        match word:
            case "pcm":
                self._hear(*value)
            case "place":
                return self._be_placed(value)
            case "play":
                self._expect(value)
            case "master" if self._play is not None and value[0] == self._play["master"]:
                self._master = value[1]
            case "unread":
                return self._give_up(Deaf.MASTER_UNREAD)
            case "end":
                self._end(value["at_s"])
            case "ear_lost":
                return self._give_up(Deaf.NO_SOURCE if self._seeker is None else Deaf.SOURCE_LOST)
        return True

    def tick(self, now_s: float) -> bool:
        """What time alone brings; whether it goes on."""
        if now_s > (self._piece_s or self._born_s) + STALLED_S:
            return self._give_up(Deaf.NO_SOURCE if self._seeker is None else Deaf.SOURCE_LOST)
        self._begin(now_s)
        if self._play is None:
            return True
        if self._seeker is None and now_s > self._first_s() + UNREAD_S:
            return self._give_up(Deaf.NO_SOURCE if self._master is not None else Deaf.MASTER_UNREAD)
        if now_s < self._over_s() + AFTER_S:
            return True
        return self._give_up(Deaf.NO_SOURCE) if self._seeker is None else self._conclude(self._seeker, self._play)

    # Words

    def _hear(self, arrived_s: float, piece: bytes) -> None:
        pcm = self._samples.of(piece)
        self._piece_s = arrived_s
        self._heard += len(pcm)
        self._anchor.note(arrived_s, len(pcm))
        if self._seeker is not None:
            self._blocks += self._seeker.hear(pcm)
        if self._seeker is not None and arrived_s > self._first_s():
            self._held.clear()
        else:
            self._hold(pcm)

    def _hold(self, pcm: Pcm) -> None:
        """Keep what comes before the first word: another player may be made for it, if this one fails until then."""
        self._held.append(pcm)
        held = sum(map(len, self._held))
        while held - len(self._held[0]) > HELD_S * RATE_HZ:
            held -= len(self._held.popleft())

    def _be_placed(self, place: Place) -> bool:
        if place.source != self._source:
            return self._give_up(Deaf.NO_SOURCE if self._seeker is None else Deaf.SOURCE_LOST)
        if place.silent:
            return self._give_up(Deaf.MUTED)
        self._placed = True
        return True

    def _expect(self, play: Mapping[str, Any]) -> None:
        self._play, self._master, self._seeker, self._blocks, self._ended_s = play, None, None, [], None
        read_aside(play["master"], self._words)

    def _end(self, at_s: float) -> None:
        self._ended_s = at_s
        if self._seeker is not None and self._play is not None:
            self._seeker.cut(round((at_s - self._play["starts_monotonic_s"]) * RATE_HZ))

    # Time

    def _begin(self, now_s: float) -> None:
        """Fix where the master is expected in what is heard, once all that needs is known and before its first word is due."""
        if self._seeker is not None or self._master is None or self._play is None:
            return
        starts_s, lead_in_s, tail_s = (self._play[key] for key in ("starts_monotonic_s", "lead_in_s", "tail_s"))
        if self._piece_s is None or not self._placed or now_s < starts_s + 0.8 * lead_in_s:
            return
        held = np.concatenate(self._held)
        gone = self._heard - len(held)
        begins = round((starts_s - self._anchor.begins_s) * RATE_HZ) - gone
        last = len(self._master) - round(tail_s * RATE_HZ)
        self._seeker = Seeker(self._master, round(lead_in_s * RATE_HZ), last, begins)
        if self._ended_s is not None:
            self._end(self._ended_s)
        self._blocks += self._seeker.hear(held)

    def _first_s(self) -> float:
        """When its first word is due; far away while nothing plays."""
        if self._play is None:
            return self._born_s + 86400.0
        return float(self._play["starts_monotonic_s"] + self._play["lead_in_s"])

    def _over_s(self) -> float:
        """When its last word is due, or when it was cut; far away while nobody knows."""
        if self._play is None or self._master is None:
            return self._born_s + 86400.0
        last_s = self._play["starts_monotonic_s"] + len(self._master) / RATE_HZ - self._play["tail_s"]
        return float(last_s if self._ended_s is None else min(last_s, self._ended_s))

    def _conclude(self, seeker: Seeker, play: Mapping[str, Any]) -> bool:
        say("Concluded", **asdict(conclude(self._blocks, seeker.background_db, play["usual_db"])))
        return False

    def _give_up(self, problem: Deaf) -> bool:
        say("Deaf", problem=problem.value)
        return False


def read_aside(master: str, words: Words) -> None:
    """Read it in a thread of its own: ``("master", (path, samples))`` or ``("unread", problem)``."""

    def read() -> None:
        try:
            words.put(("master", (master, read_master(Path(master)))))
        except Exception as problem:
            words.put(("unread", repr(problem)))

    threading.Thread(target=read, daemon=True).start()


class Measurer:
    """Says how loud the source is, after so many seconds of it."""

    def __init__(self, source: str, for_s: float) -> None:
        self._source = source
        self._placed = False
        self._wanted = round(for_s * RATE_HZ)
        self._born_s = time.monotonic()
        self._samples = Samples()
        self._count, self._energy, self._peak = 0, 0.0, 0.0

    def take(self, word: str, value: Any) -> bool:
        """One word; whether it goes on."""
        if word == "ear_lost" or (word == "place" and value.source != self._source):
            return self._give_up(Deaf.NO_SOURCE)
        if word == "place":
            self._placed = True
            return self._give_up(Deaf.MUTED) if value.silent else True
        if word == "pcm":
            heard = self._samples.of(value[1]).astype(np.float64) / 32768
            self._count += len(heard)
            self._energy += float(heard @ heard)
            self._peak = max(self._peak, float(np.abs(heard).max(initial=0.0)))
        return True

    def tick(self, now_s: float) -> bool:
        """Whether it goes on."""
        if self._count >= self._wanted and self._placed:
            say("Level", rms_db=decibels(self._energy / self._count), peak_db=decibels(self._peak**2))
            return False
        if now_s > self._born_s + self._wanted / RATE_HZ + STALLED_S:
            return self._give_up(Deaf.NO_SOURCE)
        return True

    def _give_up(self, problem: Deaf) -> bool:
        say("Deaf", problem=problem.value)
        return False


def decibels(power: float) -> float:
    """Of a mean square relative to full scale; :data:`SILENCE_DB` for none."""
    return round(max(SILENCE_DB, 10 * float(np.log10(power))) if power > 0 else SILENCE_DB, 1)


def listen(order: Mapping[str, Any], words: Words) -> None:
    """Obey one order; returns when its one line was said."""
    ear = start_ear(order["source"])
    judge = Measurer(order["source"], order["measure_s"]) if "measure_s" in order else Listener(order["source"], words)
    follow(ear, lambda at_s, piece: words.put(("pcm", (at_s, piece))), lambda: words.put(("ear_lost", None)))
    watch(ear.pid, lambda place: words.put(("place", place)))
    going = True
    while going:
        with contextlib.suppress(queue.Empty):
            going = judge.take(*words.get(timeout=TICK_S))
        going = going and judge.tick(time.monotonic())
