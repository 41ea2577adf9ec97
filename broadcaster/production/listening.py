"""A stranger's file is decoded and heard in one go: nothing is read twice."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from broadcaster.config import IntakeSettings, MasteringSettings
from broadcaster.production.mastering import hearing
from broadcaster.production.sounding import Hearing, Sound, Spooled
from broadcaster.sound.blocks import Progress
from broadcaster.sound.decode import Decoded, decode
from broadcaster.sound.findings import refused

_SILENT_PEAK = 1e-4
"""A sample of −80 dBFS: below it no block can reach the meter's gate of −70 LUFS."""


def listened(
    source: Path, folder: Path, name: str, settings: tuple[IntakeSettings, MasteringSettings], progress: Progress
) -> tuple[Decoded, Sound]:
    """The recording decoded whole into ``folder``, and what was heard of it meanwhile.

    Raises :class:`~broadcaster.sound.findings.Refused` as :func:`~broadcaster.sound.decode.decode` does, and for silence.
    """
    limits, mastering = settings
    with ExitStack() as stack:
        hearings: list[Hearing] = []

        def listener(pcm: Path, rate_hz: int, channels: int) -> Callable[[bytes], None]:
            hearings.append(stack.enter_context(hearing(Spooled(pcm, rate_hz, channels), folder, mastering)))
            return hearings[0].take

        decoded = decode(source, folder, limits, progress, called=name, listener=listener)
        if decoded.peak < _SILENT_PEAK:  # hours of nothing need no meter
            raise refused("silence", name=name)
        sound = hearings[0].finish()
    if sound.measure.integrated_lufs is None:
        raise refused("silence", name=name)
    return decoded, sound
