"""The player's child: the only place that touches libvlc. ``python -P -m broadcaster.playout.vlc_child``.

Lines of JSON on standard input: first the order ``{master, card, sink, volume, slow_output}``, then
``{"start": monotonic_s}``, ``{"volume": v}`` and ``{"stop": fade_s}``. Lines of JSON on standard output, one an event of
:mod:`broadcaster.playout.player`.

Three rules keep it from hanging or outliving its owner: the thread that reads standard input calls no libvlc and ends the
process at end-of-file; libvlc's callbacks only put a word into a queue; every libvlc call is made by the main thread, whose
beat therefore says that libvlc still answers.
"""

import json
import os
import queue
import sys
import threading
import time
from typing import Any

import vlc

BEAT_S = 0.25
STEP_S = 0.005
"""Between two steps of a fade: finer than the output takes them, so that it takes as many as it can."""
RAMP_S = 0.25
"""Of a change of volume. An output takes a step some 20 ms after the one before, so a shorter ramp would be heard as one."""
SETTLE_S = 2.0
"""For so long after its start the stream's volume is set again: the witness sets the one it was told before the play."""
OUTPUT_LIMIT_S = 2.0
"""A player that has played no buffer this long after its start never had an output."""
LIBVLC = [
    "--ignore-config",
    "--intf=dummy",
    "--no-video",
    "--no-spu",
    "--no-sub-autodetect-file",
    "--no-lua",
    "--no-media-library",
    "--no-metadata-network-access",
    "--no-auto-preparse",
    "--no-interact",
    "--no-volume-save",
    "--quiet",
]
SLOW_OUTPUT = "--file-caching=3000"
"""A device slower than libvlc's own read-ahead stays silent; this one reads three seconds ahead."""

Words = queue.SimpleQueue[tuple[str, Any]]


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


def way_out(order: dict[str, Any]) -> list[str]:
    """libvlc's options for the output: a sink of the sound server (``PULSE_SINK`` says which), or a card."""
    if order["card"]:
        return ["--aout=alsa", f"--alsa-audio-device={order['sink']}"]
    return ["--aout=pulse"]


class Voice:
    """libvlc opened on one master."""

    def __init__(self, order: dict[str, Any], words: Words) -> None:
        self._master = os.open(order["master"], os.O_RDONLY | os.O_CLOEXEC)  # held: another file may get its name
        if os.read(self._master, 4) != b"fLaC":
            raise ValueError("not a master")
        os.posix_fadvise(self._master, 0, 0, os.POSIX_FADV_WILLNEED)
        self._libvlc = vlc.Instance([*LIBVLC, *way_out(order), *([SLOW_OUTPUT] if order["slow_output"] else [])])
        media = self._libvlc.media_new_path(f"/proc/self/fd/{self._master}")
        media.add_option(":demux=flac")
        self._player = self._libvlc.media_player_new()
        self._player.set_media(media)
        self._media = media
        self.volume = float(order["volume"])
        for kind, word in (
            (vlc.EventType.MediaPlayerEndReached, "ended"),
            (vlc.EventType.MediaPlayerEncounteredError, "error"),
        ):
            self._player.event_manager().event_attach(kind, lambda _event, word=word: words.put((word, None)))

    def play(self) -> None:
        """Begin."""
        if self._player.play() == -1:
            raise RuntimeError("play")
        self.settle()

    def settle(self) -> None:
        """Sound at the volume that was last asked for."""
        self._player.audio_set_volume(round(100 * self.volume))

    def ramp(self, volume: float, over_s: float) -> None:
        """To another volume in small steps, without a click."""
        begin, steps = self.volume, max(1, round(over_s / STEP_S))
        for step in range(1, steps + 1):
            self.volume = begin + (volume - begin) * step / steps
            self.settle()
            time.sleep(STEP_S)

    def position(self) -> float:
        """Seconds from the master's beginning."""
        return float(max(0, self._player.get_time())) / 1000

    def silent(self) -> bool:
        """Whether not one buffer has reached an output."""
        stats = vlc.MediaStats()
        return bool(self._media.get_stats(stats)) and stats.played_abuffers == 0

    def fade(self, fade_s: float) -> None:
        """Down to nothing in small steps, without a click, and stop."""
        self.ramp(0.0, fade_s)
        self._player.stop()


def wait_for_start(voice: Voice, words: Words) -> None:
    """Return at the moment the owner names; beat until then."""
    start = None
    while start is None or start > time.monotonic():
        limit = BEAT_S if start is None else max(0.0, min(BEAT_S, start - time.monotonic()))
        try:
            word, value = words.get(timeout=limit)
        except queue.Empty:
            say("Beat", position_s=0.0)
            continue
        if word == "start":
            start = float(value)
        elif word == "volume":
            voice.volume = float(value)
        elif word == "stop":
            os._exit(0)


def sound(voice: Voice, words: Words) -> None:
    """Play to the end, beating, until told otherwise."""
    voice.play()
    say("Playing")
    started = time.monotonic()
    beat = started
    while True:
        beat += BEAT_S
        try:
            word, value = words.get(timeout=max(0.0, beat - time.monotonic()))
        except queue.Empty:
            say("Beat", position_s=voice.position())
            if beat - started < SETTLE_S:
                voice.settle()
            if OUTPUT_LIMIT_S < beat - started < 2 * OUTPUT_LIMIT_S and voice.silent():
                say("PlayerFailed", problem="no output")
                os._exit(1)
            continue
        beat -= BEAT_S
        if word == "volume":
            voice.ramp(float(value), RAMP_S)
        if word == "stop":
            voice.fade(float(value))
            os._exit(0)
        if word == "ended":
            say("Finished", position_s=voice.position())
            os._exit(0)
        if word == "error":
            say("PlayerFailed", problem="libvlc")
            os._exit(1)


def main() -> None:
    """Obey one order."""
    order = json.loads(sys.stdin.readline())
    if not order["card"]:
        os.environ["PULSE_SINK"] = order["sink"]
    words: Words = queue.SimpleQueue()
    threading.Thread(target=listen, args=(words,), daemon=True).start()
    try:
        voice = Voice(order, words)
        say("Ready")
        wait_for_start(voice, words)
        sound(voice, words)
    except Exception as problem:  # whatever libvlc throws, the owner hears of it
        say("PlayerFailed", problem=repr(problem))
    os._exit(1)


if __name__ == "__main__":
    _TO_OWNER = os.dup(1)  # libvlc and its plugins print to standard output; the owner must not read that
    os.dup2(2, 1)
    main()
