"""The witness's child: listens to an output and says what came out. ``python -P -m broadcaster.playout.listener_child``.

Lines of JSON on standard input: first the order, then ``{"end": true}``. Lines of JSON on standard output, one an event of
:mod:`broadcaster.playout.witness`.

Four threads put words into one queue and the main thread judges them: the owner (standard input; its end ends the process),
the ear (``parec``), the sound server (``pulsectl``; it may hang), and the reader of the master. Nothing but the queue is
waited for, and never longer than a tenth of a second, so a frozen server cannot silence the witness.
"""

import contextlib
import json
import os
import queue
import sys
import threading
import time
from array import array
from collections import deque
from pathlib import Path
from typing import Any

from broadcaster.playout.attest import STALLED_S, Course, ServerView, Stream, alarm, unheard
from broadcaster.playout.expected import read_aside
from broadcaster.playout.recorder import Anchor, follow, start_ear, start_keeper, stop_keeper
from broadcaster.playout.serverwatch import Watched, watch
from broadcaster.sound.envelope import FRAME_S, EnvelopeMaker
from broadcaster.sound.matching import Matcher

TICK_S = 0.1
WATCHING_LIMIT_S = 6.0
"""A monitor that gives nothing for so long gives nothing."""
REPORT_S = 1.0
LEAD_WINDOW_S = 2.5
"""The recorder hears ahead by what its lead was at most in this time; earlier, before the player ran, it was another."""
DEATH_S = 0.5
"""How long the news of a server's death may take to both of its clients: what answers later than this lives."""
SILENCE_S = 3 * DEATH_S
"""A server that has not answered for so long since the recorder ended went with it: it is asked twice a second."""
AWAY_S = 0.3
"""A witness that itself did not run for so long (a starved machine) has not listened: nobody else was silent."""
AFTER_S = 2.0
"""How long after a master's end its witness waits at most for what is still under way."""

Words = queue.SimpleQueue[tuple[str, Any]]


def say(event: str, **facts: Any) -> None:
    """One line to the owner."""
    os.write(1, json.dumps({"event": event, **facts}).encode() + b"\n")


def listen(words: Words) -> None:
    """Pass the owner's word on; end the process with the owner."""
    for _line in sys.stdin:
        words.put(("end", None))
    os._exit(0)


class Witness:
    """What is known, and what follows from each word."""

    def __init__(self, order: dict[str, Any], words: Words) -> None:
        self._order = order
        self._words = words
        self._lead_in_s, self._tail_s = float(order["lead_in_s"]), float(order["tail_s"])
        self._starts_s = float(order["starts_monotonic_s"])
        self._born_s = self._ticked_s = time.monotonic()
        self._master: array[float] | None = None
        self._envelope = EnvelopeMaker()
        self._before: array[float] = array("f")
        self._matcher: Matcher | None = None
        self._anchor = Anchor()
        self._expected_begins_s = 0.0
        self._stream = Stream()
        self._leads: deque[tuple[float, float]] = deque()
        self._view: ServerView | None = None
        self._watching_s: float | None = None
        self._piece_s: float | None = None
        self._ear_lost_s: float | None = None
        self._server_lost = False
        self._said: set[str] = set()
        self._failed = False
        self._report_s = self._starts_s + self._lead_in_s

    # Words

    def take(self, word: str, value: Any) -> bool:
        """One word; whether the witness goes on."""
        match word:
            case "pcm":
                self._hear(*value)
            case "view":
                self._see(value)
            case "master":
                self._master = value
            case "ear_lost":
                self._ear_lost_s = time.monotonic()
            case "server_lost":
                self._server_lost = True
            case "trouble":
                self._fail(value)
            case "end":
                self._last_word()
                return False
        return True

    def _hear(self, arrived_s: float, piece: bytes) -> None:
        self._piece_s = arrived_s
        self._anchor.note(arrived_s, len(piece) // 2)
        if self._view is not None and unheard(self._view):
            piece = bytes(len(piece))
        values = self._envelope.feed(piece)
        if self._matcher is not None:
            self._matcher.hear(values)
        else:
            self._before.extend(values)

    def _see(self, view: ServerView) -> None:
        self._view = view
        self._stream.remember(view)
        self._leads.append((view.at_s, view.lead_s))
        while self._leads[0][0] < view.at_s - LEAD_WINDOW_S:
            self._leads.popleft()
        if view.stream is not None and view.stream.on_sink:
            self._once("StreamSeen" if self._stream.uncorked_s is None else "StreamRuns", self._say_stream)
        if view.others and self._sounding(view.at_s):
            self._once("mixed_output", lambda: say("Noticed", code="mixed_output"))
        wrong = alarm(view, self._stream, self._course())
        if wrong is not None:
            self._alarm(wrong.value)
        elif view.recorder_on_monitor is False:
            self._fail("recorder moved")

    def _say_stream(self) -> None:
        say("StreamSeen", uncorked_monotonic_s=self._stream.uncorked_s)

    # Time

    def tick(self, now_s: float) -> bool:
        """What time alone brings; whether the witness goes on."""
        self._excuse(now_s)
        self._begin(now_s)
        self._check_ear(now_s)
        self._start_matching(now_s)
        if self._matcher is not None and not self._failed:
            if self._matcher.wrong:
                self._alarm("not_heard")
            if now_s >= self._report_s:
                self._report_s += REPORT_S
                self._report(final=False)
        if now_s >= self._ends_s() and (self._settled() or now_s >= self._ends_s() + AFTER_S):
            self._last_word()
            return False
        return True

    def _excuse(self, now_s: float) -> None:
        """The time in which this process itself did not run is no silence of the monitor's."""
        away_s, self._ticked_s = now_s - self._ticked_s, now_s
        if away_s > AWAY_S and self._piece_s is not None:
            self._piece_s = min(now_s, self._piece_s + away_s)

    def _begin(self, now_s: float) -> None:
        """Say that the monitor is being recorded, once it is and the server was seen."""
        if self._watching_s is not None or self._failed:
            return
        if self._piece_s is not None and self._view is not None:
            self._watching_s = now_s
            say("Watching", latency_s=self._view.latency_s)
        elif now_s > self._born_s + WATCHING_LIMIT_S:
            self._fail("no sound from the monitor" if self._piece_s is None else "the sound server does not answer")

    def _check_ear(self, now_s: float) -> None:
        """A recorder that ends while the server lives has failed; with the server the sound is lost."""
        lost_s, watching = self._ear_lost_s, self._watching_s is not None
        if self._server_lost and (watching or lost_s is not None):
            self._alarm("audio_lost")
        elif lost_s is not None:
            if self._view is not None and self._view.at_s > lost_s + DEATH_S:
                self._fail("recorder lost")
            elif now_s > lost_s + SILENCE_S:
                self._alarm("audio_lost")
        elif watching and self._piece_s is not None and now_s > self._piece_s + STALLED_S:
            self._alarm("audio_stalled")

    def _start_matching(self, now_s: float) -> None:
        """Fix where the master is expected in the recording, once it runs and before its first word is due."""
        if self._matcher is not None or self._master is None or self._piece_s is None:
            return
        if now_s < self._starts_s + 0.8 * self._lead_in_s:
            return
        lead_s = max((lead_s for _moment, lead_s in self._leads), default=0.0)
        recording_begins_s = self._anchor.begins_s + lead_s
        frames = round((self._starts_s - recording_begins_s) / FRAME_S)
        self._expected_begins_s = recording_begins_s + frames * FRAME_S
        last = len(self._master) - round(self._tail_s / FRAME_S)
        self._matcher = Matcher(self._master, round(self._lead_in_s / FRAME_S), last, frames)
        self._matcher.hear(self._before)
        self._before = array("f")

    # Conclusions

    def _course(self) -> Course:
        return Course(self._starts_s, self._ends_s() - self._tail_s)

    def _sounding(self, now_s: float) -> bool:
        return self._starts_s + self._lead_in_s <= now_s < self._ends_s() - self._tail_s

    def _ends_s(self) -> float:
        """When the master's last sample is due; unknown, and far away, until the master is read."""
        return self._starts_s + (len(self._master) * FRAME_S if self._master else 86400.0)

    def _settled(self) -> bool:
        return self._failed or (self._matcher is not None and self._matcher.done)

    def _start_error_ms(self) -> float | None:
        lag_s = self._matcher.first_lag_s if self._matcher else None
        return None if lag_s is None else round(1000 * (self._expected_begins_s + lag_s - self._starts_s), 1)

    def _report(self, *, final: bool) -> None:
        if self._matcher is None:
            return
        tally = self._matcher.tally
        say(
            "Heard",
            heard_s=tally.heard_s,
            active_blocks=tally.active,
            heard_blocks=tally.heard,
            start_error_ms=self._start_error_ms(),
            final=final,
        )

    def _last_word(self) -> None:
        if self._failed:
            return
        if self._matcher is None and time.monotonic() > self._starts_s + self._lead_in_s:
            self._fail("the master was not read in time")
            return
        if self._matcher is None:
            say("Heard", heard_s=0.0, active_blocks=0, heard_blocks=0, start_error_ms=None, final=True)
            return
        self._matcher.end()
        self._report(final=True)

    def _alarm(self, reason: str) -> None:
        self._once(reason, lambda: say("Alarm", reason=reason))

    def _fail(self, problem: str) -> None:
        self._failed = True
        self._once("failed", lambda: say("WitnessFailed", problem=problem))

    def _once(self, what: str, act: Any) -> None:
        if what not in self._said:
            self._said.add(what)
            act()


def main() -> None:
    """Obey one order."""
    order = json.loads(sys.stdin.readline())
    words: Words = queue.SimpleQueue()
    threading.Thread(target=listen, args=(words,), daemon=True).start()
    keeper = start_keeper(order["sink"], Path(order["recording"])) if order["recording"] else None
    ear = start_ear(order["sink"])
    witness = Witness(order, words)
    follow(ear, lambda at_s, piece: words.put(("pcm", (at_s, piece))), lambda: words.put(("ear_lost", None)))
    watched = Watched(order["sink"], order["player_pid"], ear.pid, order["volume"])
    watch(watched, lambda view: words.put(("view", view)), lambda: words.put(("server_lost", None)))
    read_aside(Path(order["master"]), lambda word, value: words.put((word, value)))
    going = True
    while going:
        with contextlib.suppress(queue.Empty):
            going = witness.take(*words.get(timeout=TICK_S))
        going = going and witness.tick(time.monotonic())
    if keeper is not None:
        stop_keeper(keeper)
    os._exit(0)


if __name__ == "__main__":
    main()
