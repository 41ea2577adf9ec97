"""A copy leaves the library: asked for, made, measured, put on record, put in its place. Read :func:`make`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, CopyMade
from broadcaster.library import copies
from broadcaster.library.acts import decisions_of
from broadcaster.library.catalogue import intact, master_path, rules_of
from broadcaster.library.decisions import Decisions
from broadcaster.library.gates import objections
from broadcaster.library.refusals import NothingAdmitted
from broadcaster.library.shelf import read_episode
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Lufs, Measure, Reason
from broadcaster.production.exports.audio import Encoded, encode, sound_of
from broadcaster.production.exports.forms import Form
from broadcaster.production.exports.placing import hash_of, put
from broadcaster.production.mono import part
from broadcaster.production.staging import staging
from broadcaster.reasons import sentence
from broadcaster.sound.blocks import Progress


class NoCopy(BadInput):
    """A gate is shut."""

    sentence: ClassVar[str] = N_("Episode {number} was not copied. {why}")


@dataclass(frozen=True)
class Made:
    """One copy, in its place and on record."""

    path: Path
    record: CopyMade
    measure: Measure
    """Of its sound, decoded again."""
    bytes: int


@dataclass(frozen=True)
class Order:
    """One episode in one form."""

    number: EpisodeNumber
    form: Form
    target: Path
    tags: tuple[tuple[str, str], ...] = ()
    by: str = ""


Finish = Callable[[Encoded, Admitted, Path, Progress], Path]
"""Makes the file that leaves of the encoded sound, in the folder given; answers where it is."""


def as_it_is(encoded: Encoded, _admitted: Admitted, _folder: Path, _progress: Progress) -> Path:
    """The encoded sound is the file that leaves."""
    return encoded.path


def require(station: Station, journal: Journal, numbers: Sequence[EpisodeNumber], form: Form) -> list[Admitted]:
    """What is to be copied, when all of it may be, now. Raises :class:`NoCopy` for the first that may not."""
    decisions, now = decisions_of(journal), journal.clock.now().utc
    return [allowed(station, decisions, number, form, now) for number in numbers]


def allowed(station: Station, decisions: Decisions, number: EpisodeNumber, form: Form, now: datetime) -> Admitted:
    """What may be copied: all gates of an airing stand open, the consents allow this form, the master is the approved one.

    :raises NothingAdmitted: there is no such episode.
    :raises NoCopy: and why.
    """
    admitted = decisions.newest(number)
    if admitted is None:
        raise NothingAdmitted(number=number)
    rules = rules_of(station, now.astimezone(station.timezone).date(), samples_may_air=False, now=now)
    objection = next(objections(number, decisions, rules, form.scope), None)
    if objection is not None:
        raise NoCopy(number=number, why=objection.sentence)
    if not intact(station, admitted):
        raise NoCopy(number=number, why=sentence(Reason.BAD_FILE))
    return admitted


def ready(station: Station, journal: Journal, form: Form) -> list[EpisodeNumber]:
    """Every episode that may be copied so, in order."""
    decisions, now = decisions_of(journal), journal.clock.now().utc

    def may(number: EpisodeNumber) -> bool:
        try:
            allowed(station, decisions, number, form, now)
        except BadInput:
            return False
        return True

    return [number for number in sorted(decisions.numbers()) if may(number)]


def make(station: Station, journal: Journal, order: Order, progress: Progress, finish: Finish = as_it_is) -> Made:
    """Make one copy and put it in its place.

    Its row is durable before the file has its name: a copy that is not on record does not exist. The gates are asked again
    then: consent may have been taken back meanwhile. Raises :class:`NoCopy` and what the steps raise; then nothing is left.
    """
    admitted = allowed(station, decisions_of(journal), order.number, order.form, journal.clock.now().utc)
    with staging(station) as folder:
        encoded = _encoded(
            station, admitted, order, folder, part(progress, 0.0, 0.3 if finish is not as_it_is else 0.97)
        )
        leaving = finish(encoded, admitted, folder, part(progress, 0.3, 0.97))
        digest, size = hash_of(leaving), leaving.stat().st_size
        record: list[CopyMade] = []

        def register() -> None:
            governs = allowed(station, decisions_of(journal), order.number, order.form, journal.clock.now().utc)
            if governs != admitted:  # revised meanwhile: what was copied is not what was asked about just now
                raise NoCopy(number=order.number, why=sentence(Reason.BAD_FILE))
            record.append(
                copies.register_copy(
                    journal,
                    admitted,
                    form=order.form.id,
                    copy_sha256=digest,
                    scope=order.form.scope.value,
                    by=order.by,
                )
            )

        put(leaving, order.target, register)
    progress(1.0)
    return Made(order.target, record[0], encoded.measure, size)


def _encoded(station: Station, admitted: Admitted, order: Order, folder: Path, progress: Progress) -> Encoded:
    master = master_path(station, admitted.episode)
    recording = sound_of(master, admitted, folder, part(progress, 0.0, 0.15))
    loudness = _loudness(station, admitted)
    suffix = ".m4a" if order.form.suffix == ".mp4" else order.form.suffix
    target = folder / f"copy{suffix}"
    moved = part(progress, 0.15, 1.0)
    return encode(recording, order.form, target, loudness=loudness, tags=dict(order.tags), progress=moved)


def _loudness(station: Station, admitted: Admitted) -> Lufs:
    """The master's own, which may have fallen short of the station's."""
    episode = read_episode(station, admitted.episode)
    measured = episode.newest.master.measure.integrated_lufs if episode and episode.newest else None
    return station.mastering.loudness_lufs if measured is None else measured
