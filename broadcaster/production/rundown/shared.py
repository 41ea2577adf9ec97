"""A recording becomes a shared part, or takes the place of one: heard whole first, as any stranger's recording."""

from dataclasses import dataclass
from pathlib import Path

from broadcaster.config import Station
from broadcaster.config.kinds import is_id
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import PartAdded, PartReplaced
from broadcaster.library import parts
from broadcaster.library.decisions import BRINGERS, Decisions, decisions_of
from broadcaster.library.fingerprints import WHOLE, known, same
from broadcaster.library.part_acts import PartIsWrong, known_part
from broadcaster.library.parts_decided import CARRYING
from broadcaster.library.people import identify
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import PartRole, Sha256
from broadcaster.production.copying import copy_in
from broadcaster.production.mono import part as share
from broadcaster.production.refusals import WithdrawnAudio
from broadcaster.production.staging import placing, staging
from broadcaster.production.submission import refuse_withdrawn
from broadcaster.sound.blocks import Progress, read_blocks
from broadcaster.sound.decode import decode
from broadcaster.sound.findings import refused
from broadcaster.sound.fingerprint import Words, alike, fingerprint_of
from broadcaster.sound.loudness import measure_pcm


class BadPartId(BadInput):
    """A shared part's id is an issued word."""

    sentence = N_(
        "{part} cannot be a shared part's id: write lower-case letters, digits and hyphens, such as linea-100. Never a name."
    )


class PartKnown(BadInput):
    """The id is taken."""

    sentence = N_(
        "There is a shared part {part} already, so nothing was changed. "
        "Choose another id, or `broadcaster part replace {part} FILE --as CODE` for a new recording."
    )


@dataclass(frozen=True)
class _Heard:
    """A recording that decodes, in the stage."""

    file: Path
    name: str
    """What whoever brought it calls it, fit to be shown."""
    sha256: Sha256
    container: str
    words: Words
    """What it sounds like."""


@dataclass(frozen=True)
class Bringer:
    """Who says that she brings a recording."""

    code: str
    pin: str


def add_part(  # noqa: PLR0917
    station: Station, journal: Journal, part: str, role: PartRole, source: Path, by: Bringer, progress: Progress
) -> Sha256:
    """Make ``source`` the shared part of a new id. Raises a :class:`~broadcaster.errors.BadInput` when it is refused."""
    if not is_id(part):
        raise BadPartId(part=shown(part))
    if part in decisions_of(journal).parts.current:
        raise PartKnown(part=part)
    identify(journal, by.code, by.pin, *BRINGERS)
    with staging(station) as stage:
        heard = _listen(station, source, stage, progress)
        with placing(station):
            decisions = decisions_of(journal)
            if part in decisions.parts.current:
                raise PartKnown(part=part)
            _refuse_withdrawn(station, decisions, role, heard)
            parts.put(station, part, heard.file, heard.sha256, heard.container)
            journal.append(PartAdded(part, role, heard.sha256, by.code))
    return heard.sha256


def replace_part(  # noqa: PLR0917
    station: Station, journal: Journal, part: str, source: Path, by: Bringer, progress: Progress
) -> bool:
    """Let a shared part's id mean ``source`` from now on; whether that is another recording than before.

    Raises a :class:`~broadcaster.errors.BadInput` when it is refused; then the id means what it meant.
    """
    known_part(decisions_of(journal).parts, part)
    identify(journal, by.code, by.pin, *BRINGERS)
    with staging(station) as stage:
        heard = _listen(station, source, stage, progress)
        with placing(station):
            decisions = decisions_of(journal)
            before = known_part(decisions.parts, part)
            if heard.sha256 in decisions.parts.wrong:
                raise PartIsWrong(part=part)
            _refuse_withdrawn(station, decisions, before.role, heard)
            parts.put(station, part, heard.file, heard.sha256, heard.container)
            if heard.sha256 == before.sha256:
                return False
            journal.append(PartReplaced(part, heard.sha256, before.sha256, by.code))
    return True


def _listen(station: Station, source: Path, stage: Path, progress: Progress) -> _Heard:
    """Copy, hash, decode whole. Raises :class:`~broadcaster.sound.findings.Refused`."""
    name, copy = shown(source.name), stage / "copy"
    sha256 = copy_in(source, copy, station.intake.max_file_bytes, share(progress, 0.0, 0.1))
    decoded = decode(copy, stage, station.intake, share(progress, 0.1, 0.9), called=name)
    if measure_pcm(decoded.pcm, decoded.sample_rate_hz, decoded.channels).true_peak_dbtp is None:
        raise refused("silence", name=name)
    mono = (block.mean(axis=1) for block in read_blocks(decoded.pcm, decoded.channels))
    words = fingerprint_of(mono, decoded.sample_rate_hz)
    progress(1.0)
    return _Heard(copy, name, sha256, decoded.container, words)


def _refuse_withdrawn(station: Station, decisions: Decisions, role: PartRole, heard: _Heard) -> None:
    """Return unless the recording, or in a speaking role what it was cut from, was taken off the air for good.

    Of the other roles only the whole recording counts: a withdrawn episode holds the station's idents and helplines too.
    """
    refuse_withdrawn(decisions, heard.sha256, heard.name)
    for admitted, other in known(station, decisions):
        withdrawn = admitted.revision <= decisions.withdrawn.get(admitted.episode, 0)
        if withdrawn and _holds(heard.words, other, cut=role not in CARRYING):
            raise WithdrawnAudio(name=heard.name, number=admitted.episode)


def _holds(words: Words, other: Words, *, cut: bool) -> bool:
    """Whether all of ``other`` is in the recording; with ``cut`` also, whether all of the recording is in it."""
    return same(words, other) or alike(other, words).share >= WHOLE or (cut and alike(words, other).share >= WHOLE)
