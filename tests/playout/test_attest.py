"""What follows from what the sound server says: pure rules on moments."""

from dataclasses import replace

import pytest

from broadcaster.model import Reason
from broadcaster.playout.attest import Course, ServerView, Stream, StreamView, alarm, unheard
from broadcaster.playout.recorder import Anchor

COURSE = Course(starts_s=100.0, sound_ends_s=130.0)
RUNNING = StreamView(on_sink=True, silent=False, corked=False)
WELL = ServerView(
    at_s=110.0, sink_present=True, sink_silent=False, latency_s=0.1, stream=RUNNING, recorder_on_monitor=True, others=0
)


def seen(*views: ServerView) -> Reason | None:
    """The alarm after the last of several looks."""
    stream = Stream()
    for view in views:
        stream.remember(view)
    return alarm(views[-1], stream, COURSE)


def test_a_stream_that_runs_unmuted_on_its_output_is_well() -> None:
    assert seen(WELL) is None


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (replace(WELL, stream=replace(RUNNING, on_sink=False)), Reason.WRONG_DEVICE),
        (replace(WELL, stream=replace(RUNNING, on_sink=False), sink_present=False), Reason.WRONG_DEVICE),
        (replace(WELL, stream=None, sink_present=False), Reason.AUDIO_LOST),
        (replace(WELL, stream=replace(RUNNING, silent=True)), Reason.SILENT_OUTPUT),
        (replace(WELL, sink_silent=True), Reason.SILENT_OUTPUT),
    ],
)
def test_each_fault_has_its_reason(view: ServerView, reason: Reason) -> None:
    assert seen(WELL, view) is reason


def test_a_stream_held_or_gone_for_a_moment_is_forgiven_and_for_long_is_not() -> None:
    held, gone = replace(WELL, stream=replace(RUNNING, corked=True)), replace(WELL, stream=None)
    assert seen(WELL, replace(held, at_s=111.0), replace(held, at_s=111.5)) is None
    assert seen(WELL, replace(held, at_s=111.0), replace(held, at_s=111.7)) is Reason.SILENT_OUTPUT
    assert seen(WELL, replace(gone, at_s=111.0), replace(gone, at_s=111.9)) is None
    assert seen(WELL, replace(gone, at_s=111.0), replace(gone, at_s=112.1)) is Reason.AUDIO_LOST


def test_before_the_start_and_after_the_sound_a_silent_stream_is_nobodys_concern() -> None:
    silent = replace(WELL, stream=replace(RUNNING, silent=True))
    assert seen(replace(silent, at_s=99.0)) is None
    assert seen(replace(silent, at_s=130.5)) is None


@pytest.mark.parametrize(
    "view",
    [
        replace(WELL, sink_present=False),
        replace(WELL, sink_silent=True),
        replace(WELL, recorder_on_monitor=False),
        replace(WELL, stream=replace(RUNNING, silent=True)),
        replace(WELL, stream=replace(RUNNING, on_sink=False)),
    ],
)
def test_what_a_monitor_gives_of_a_muted_or_another_output_is_no_evidence(view: ServerView) -> None:
    assert unheard(view)
    assert not unheard(WELL)
    assert not unheard(replace(WELL, stream=None, recorder_on_monitor=None))


def test_a_first_piece_rendered_ahead_is_forgotten_after_a_second() -> None:
    anchor = Anchor()
    anchor.note(10.0, 16000)  # two seconds at once
    for piece in range(1, 100):
        anchor.note(12.0 + 0.02 * piece + (0.01 if piece % 3 else 0.0), 160)
    assert anchor.begins_s == pytest.approx(10.0, abs=0.001)
