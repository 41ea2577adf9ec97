"""What the witness concludes from what it saw and heard: pure, moments given in seconds of ``CLOCK_MONOTONIC``."""

from dataclasses import dataclass

from broadcaster.model import Reason

STALLED_S = 2.0
"""No sound from the monitor for so long: the server is frozen or the output suspended. It ends the play, so that a machine
that only stumbles for a second keeps its episode; what was lost is counted as not heard anyway."""
CORKED_S = 0.6
"""A stream held for so long while it should sound is silent."""
ABSENT_S = 1.0
"""A stream gone for so long while its player lives is lost."""


@dataclass(frozen=True)
class StreamView:
    """The player's stream."""

    on_sink: bool
    silent: bool
    """Muted, or at volume 0."""
    corked: bool


@dataclass(frozen=True)
class ServerView:
    """The server as it was at one moment."""

    at_s: float
    """``CLOCK_MONOTONIC``."""
    sink_present: bool
    sink_silent: bool
    latency_s: float
    stream: StreamView | None
    recorder_on_monitor: bool | None
    """``None`` while the recorder has no stream yet."""
    others: int
    """Streams on the output that are not ours and not corked."""
    lead_s: float = 0.0
    """By how much the recorder hears ahead of the output: what the sink has rendered and not played yet, less what the server
    holds back from the recorder (it does so where a sink can take back what it has rendered)."""


def unheard(view: ServerView) -> bool:
    """Whether what the monitor gives is no evidence now: the market hears nothing of it, or it is another output's.

    A monitor does not always follow its sink's mute (PipeWire's do not where the card has a volume of its own).
    """
    if not view.sink_present or view.sink_silent or view.recorder_on_monitor is False:
        return True
    return view.stream is not None and (view.stream.silent or not view.stream.on_sink)


@dataclass(frozen=True)
class Course:
    """When a master begins and when its sound ends."""

    starts_s: float
    sound_ends_s: float


@dataclass
class Stream:
    """What is remembered of the player's stream between two looks."""

    uncorked_s: float | None = None
    """When it was first seen to run."""
    held_since_s: float | None = None
    absent_since_s: float | None = None

    def remember(self, view: ServerView) -> None:
        """Take in one look."""
        stream = view.stream
        running = stream is not None and not stream.corked
        if running and self.uncorked_s is None:
            self.uncorked_s = view.at_s
        self.absent_since_s = None if stream is not None else self.absent_since_s or view.at_s
        self.held_since_s = None if stream is None or running else self.held_since_s or view.at_s


def alarm(view: ServerView, stream: Stream, course: Course) -> Reason | None:
    """What is wrong with the sound as the server tells it, worst first."""
    if view.stream is not None and not view.stream.on_sink:
        return Reason.WRONG_DEVICE
    if not view.sink_present:
        return Reason.AUDIO_LOST
    if not course.starts_s <= view.at_s < course.sound_ends_s:
        return None
    if view.sink_silent or (view.stream is not None and view.stream.silent):
        return Reason.SILENT_OUTPUT
    if stream.uncorked_s is None:
        return None
    if stream.held_since_s is not None and view.at_s - stream.held_since_s >= CORKED_S:
        return Reason.SILENT_OUTPUT
    if stream.absent_since_s is not None and view.at_s - stream.absent_since_s >= ABSENT_S:
        return Reason.AUDIO_LOST
    return None
