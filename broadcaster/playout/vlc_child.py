"""The player's child. ``python -P -m broadcaster.playout.vlc_child``.

Lines of JSON on standard input: first the order ``{master, card, sink, volume, slow_output}``, then
``{"start": monotonic_s}``, ``{"volume": v}`` and ``{"stop": fade_s}``. Lines of JSON on standard output, one an event of
:mod:`broadcaster.playout.player`.

Three rules keep it from hanging or outliving its owner: the thread that reads standard input calls no libvlc and ends the
process at end-of-file; libvlc's callbacks only pass on what they are given; every libvlc call is made by the main thread,
whose beat therefore says that libvlc still answers.
"""

import json
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import broadcaster.playout.pulse_library  # noqa: F401  before whoever imports pulsectl
from broadcaster.playout.card_voice import CardVoice
from broadcaster.playout.sink_voice import NoSink, SinkVoice

BEAT_S = 0.25

Words = queue.SimpleQueue[tuple[str, Any]]


class Voice(Protocol):
    """What makes a master sound. It tells ``ended`` (libvlc's end), ``error``, ``finished`` (all was heard) and ``lost``."""

    early_s: float
    """How long before its first sample it wants to be told to play."""

    def play(self, at_s: float, /) -> None: ...
    def decoded(self) -> None: ...
    def look(self) -> str | None: ...
    def set_volume(self, volume: float) -> None: ...
    def fade(self, over_s: float) -> None: ...
    @property
    def position_s(self) -> float: ...


def say(event: str, **facts: Any) -> None:
    """One line to the owner."""
    os.write(_TO_OWNER, json.dumps({"event": event, **facts}).encode() + b"\n")


def listen(words: Words) -> None:
    """Pass the owner's lines on; end the process with the owner."""
    for line in sys.stdin:
        try:
            words.put(*json.loads(line).items())
        except ValueError:
            continue
    os._exit(0)


def voice_of(order: dict[str, Any], words: Words) -> Voice:
    """The voice for the output that the order names."""
    master, out, volume = Path(order["master"]), str(order["sink"]), float(order["volume"])

    def tell(word: str) -> None:
        words.put((word, None))

    if order["card"]:
        return CardVoice(master, out, volume, tell, slow=bool(order["slow_output"]))
    return SinkVoice(master, out, volume, tell)


def wait_for_start(voice: Voice, words: Words) -> float:
    """The moment of the first sample, when it is time to say play; beat until then."""
    start = None
    while start is None or start - voice.early_s > time.monotonic():
        limit = BEAT_S if start is None else max(0.0, min(BEAT_S, start - voice.early_s - time.monotonic()))
        try:
            word, value = words.get(timeout=limit)
        except queue.Empty:
            say("Beat", position_s=0.0)
            continue
        if word == "start":
            start = float(value)
        elif word == "volume":
            voice.set_volume(float(value))
        elif word == "stop":
            os._exit(0)
        elif word == "lost":
            lose()
    return start


def sound(voice: Voice, words: Words, start: float) -> None:
    """Play to the end, beating, until told otherwise."""
    voice.play(start)
    say("Playing")
    beat_s = time.monotonic() + BEAT_S
    stopping = False
    while True:
        try:
            word, value = words.get(timeout=max(0.0, beat_s - time.monotonic()))
        except queue.Empty:
            beat_s += BEAT_S
            beat(voice)
            continue
        if word == "volume":
            voice.set_volume(float(value))
        elif word == "stop":
            stopping = True
            voice.fade(float(value))
        elif word == "ended":
            voice.decoded()
        elif word == "finished":
            if not stopping:
                say("Finished", position_s=voice.position_s)
            os._exit(0)
        elif word == "lost":
            lose()
        elif word == "error":
            fail("libvlc")


def beat(voice: Voice) -> None:
    """A sign of life, unless something is wrong."""
    problem = voice.look()
    if problem is not None:
        fail(problem)
    say("Beat", position_s=voice.position_s)


def fail(problem: str) -> None:
    """Say why, and end."""
    say("PlayerFailed", problem=problem)
    os._exit(1)


def lose() -> None:
    """The output is gone; the owner says what becomes of the rest."""
    say("OutputLost")
    while True:
        time.sleep(BEAT_S)
        say("Beat", position_s=0.0)


def main() -> None:
    """Obey one order."""
    order = json.loads(sys.stdin.readline())
    words: Words = queue.SimpleQueue()
    threading.Thread(target=listen, args=(words,), daemon=True).start()
    try:
        voice = voice_of(order, words)
        say("Ready")
        sound(voice, words, wait_for_start(voice, words))
    except NoSink:
        lose()
    except Exception as problem:  # whatever libvlc throws, the owner hears of it
        fail(repr(problem))


if __name__ == "__main__":
    _TO_OWNER = os.dup(1)  # libvlc and its plugins print to standard output; the owner must not read that
    os.dup2(2, 1)
    main()
