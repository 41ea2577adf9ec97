"""What is wrong with a recording, and at which second: findings for its producer, one file for each kind.

A recording is read once more after it was decoded (:mod:`.listening`); each judge sees the little that was kept of it.
Only what cannot be aired sensibly is refused: nobody speaks, both channels cancel each other, the audio was withdrawn.
``docs/findings.md`` says how each is found and what was measured.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from broadcaster.config import Station
from broadcaster.library.decisions import Decisions
from broadcaster.model import EpisodeNumber, Finding
from broadcaster.production.heard import Heard
from broadcaster.production.quality import (
    channels,
    clipping,
    evenness,
    hum,
    length,
    noise,
    offset,
    sameness,
    silences,
    talk,
)
from broadcaster.production.quality.listening import Traits, listen
from broadcaster.sound.fingerprint import Words

_FINGERPRINT = "fingerprint.npy"


def examine(heard: Heard, station: Station, ready: Path) -> tuple[Finding, ...]:
    """What was noticed in a recording that was heard whole. Its fingerprint is left beside ``ready``.

    Raises :class:`~broadcaster.sound.findings.Refused` for what must not become an episode.
    """
    traits = listen(heard.decoded)
    findings = tuple(_judged(traits, heard, station))
    np.save(ready.with_name(_FINGERPRINT), traits.words)
    return findings


def fingerprint(ready: Path) -> Words:
    """What :func:`examine` left beside ``ready``."""
    words: Words = np.load(ready.with_name(_FINGERPRINT))
    return words


def repeated(
    station: Station, decisions: Decisions, ready: Path, number: EpisodeNumber, name: str
) -> tuple[Finding, ...]:
    """Which admitted recordings it repeats. Raises :class:`~broadcaster.production.refusals.WithdrawnAudio`."""
    return tuple(sameness.judge(station, decisions, fingerprint(ready), number, name))


def _judged(traits: Traits, heard: Heard, station: Station) -> Iterator[Finding]:
    """Every judge, the gravest first."""
    duration_s, voice_db = heard.decoded.duration_s, noise.voice_level_db(traits.voice)
    # Before speech: of sides that cancel each other nothing is left to be heard speaking.
    sides = channels.judge(traits.channels, heard.name) if traits.channels else None
    drowned = noise.judge(traits.voice, voice_db)
    talks = talk.judge(traits.voice, duration_s, heard.name, drowned=drowned is not None)
    found = (
        talks,
        sides,
        clipping.judge(traits.tops) if talks is None else None,
        drowned if talks is None else None,
        hum.judge(traits.mains, voice_db) if talks is None else None,
        *silences.judge(traits.voice, voice_db, duration_s),
        evenness.judge(heard.hops, heard.measure.loudness_range_lu),
        length.judge(duration_s, station.intake),
        offset.judge(traits.means),
    )
    yield from (each for each in found if each is not None)
