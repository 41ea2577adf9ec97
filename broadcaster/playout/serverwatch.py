"""What the sound server says of a play: seen by one thread with a connection of its own, judged by pure rules.

``pulsectl`` is not safe between threads and may hang for ever in a request to a frozen server: this thread may hang, the
witness does not wait for it.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pulsectl

from broadcaster.playout.attest import ServerView, StreamView

LOOK_S = 0.5
CLOSE_LOOK_S = 0.1
CLOSE_FOR_S = 12.0
"""A stream is looked at more often until its first word: how far the output renders ahead is part of when it sounded."""
CONNECT_S = 3
"""``pulsectl`` waits for the whole of it, and that is as well: looked at from the first tenth of a second on, while the streams
are being made, starts on lazy sinks lay up to 0.4 s off, and witnesses failed.
"""
NOWHERE = 0xFFFFFFFF
"""The output of a stream that has none: PipeWire shows a new stream before it has joined it to its output."""


@dataclass(frozen=True)
class Watched:
    """What to look at."""

    sink: str
    player_pid: int
    recorder_pid: int
    volume: float


def _pid(proplist: Any) -> str:
    return str(proplist.get("application.process.id", ""))


class _Look:
    """One connection and what was seen through it."""

    def __init__(self, pulse: Any, watched: Watched) -> None:
        self._pulse = pulse
        self._watched = watched
        self._settled: set[int] = set()
        self._running_s: float | None = None

    def __call__(self, at_s: float) -> ServerView:
        sinks = {sink.name: sink for sink in self._pulse.sink_list()}
        sink = sinks.get(self._watched.sink)
        inputs = self._pulse.sink_input_list()
        recorder = self._recorder()
        latency_s = sink.latency / 1e6 if sink is not None else 0.0
        ours = [
            stream
            for stream in inputs
            if _pid(stream.proplist) == str(self._watched.player_pid) and stream.sink != NOWHERE
        ]
        others = [
            stream
            for stream in inputs
            if stream not in ours and sink is not None and stream.sink == sink.index and not stream.corked
        ]
        return ServerView(
            at_s=at_s,
            sink_present=sink is not None,
            sink_silent=sink is not None and (bool(sink.mute) or sink.volume.value_flat == 0),
            latency_s=latency_s,
            stream=self._stream(ours[0], sink) if ours else None,
            recorder_on_monitor=None
            if recorder is None
            else sink is not None and recorder.source == sink.monitor_source,
            others=len(others),
            lead_s=latency_s - (recorder.buffer_usec / 1e6 if recorder is not None else 0.0),
        )

    def _stream(self, stream: Any, sink: Any) -> StreamView:
        """The stream; set loud and unmuted the first time it is seen, and read back."""
        if stream.index not in self._settled:
            self._pulse.volume_set_all_chans(stream, self._watched.volume)
            self._pulse.mute(stream, mute=False)
            self._settled.add(stream.index)  # not before: what failed is tried again
            stream = self._pulse.sink_input_info(stream.index)
        if not stream.corked and self._running_s is None:
            self._running_s = time.monotonic()
        silent = bool(stream.mute) or stream.volume.value_flat == 0
        return StreamView(sink is not None and stream.sink == sink.index, silent, bool(stream.corked))

    def closely(self, now_s: float) -> bool:
        """Whether the stream has begun a moment ago."""
        return self._running_s is not None and now_s < self._running_s + CLOSE_FOR_S

    def _recorder(self) -> Any:
        """The witness's own stream; ``None`` while there is none, or while it is not yet joined to what it records."""
        joined = (one for one in self._pulse.source_output_list() if one.source != NOWHERE)
        return next((one for one in joined if _pid(one.proplist) == str(self._watched.recorder_pid)), None)


def close_look_s(number: int) -> float:
    """The pause after a close look: never the same, for an output that renders every tenth of a second would always be seen
    at the same point of it. Multiples of the golden section fall evenly.
    """
    return CLOSE_LOOK_S * (0.6 + 0.8 * (number * 0.618034 % 1.0))


def _watch(watched: Watched, seen: Callable[[ServerView], None]) -> None:
    with contextlib.closing(pulsectl.Pulse("broadcaster-witness", connect=False)) as pulse:
        pulse.connect(autospawn=False, wait=False, timeout=CONNECT_S)
        look = _Look(pulse, watched)
        moment, looks = time.monotonic(), count()

        def changed(_event: Any) -> None:
            nonlocal moment
            moment = time.monotonic()
            raise pulsectl.PulseLoopStop

        pulse.event_mask_set("sink", "sink_input", "source_output")
        pulse.event_callback_set(changed)
        while True:
            with contextlib.suppress(pulsectl.PulseOperationFailed, pulsectl.PulseIndexError):  # gone while we looked
                seen(look(moment))
            pause_s = close_look_s(next(looks)) if look.closely(time.monotonic()) else LOOK_S
            moment = time.monotonic() + pause_s
            pulse.event_listen(timeout=pause_s)


def watch(watched: Watched, seen: Callable[[ServerView], None], lost: Callable[[], None]) -> None:
    """Look at every change and at least twice a second, from a thread of its own; ``lost`` when the server is."""

    def run() -> None:
        with contextlib.suppress(pulsectl.PulseError, pulsectl.PulseDisconnected):
            _watch(watched, seen)
        lost()

    threading.Thread(target=run, daemon=True).start()
