"""A recording becomes a shared part, or takes the place of one: heard whole first, as any stranger's recording."""

from dataclasses import dataclass
from pathlib import Path

from broadcaster.config import Station
from broadcaster.config.kinds import is_id
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import PartAdded, PartReplaced
from broadcaster.library import parts
from broadcaster.library.acts import decisions_of
from broadcaster.library.part_acts import PartIsWrong, known_part
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import PartRole, Sha256
from broadcaster.production.copying import copy_in
from broadcaster.production.mono import part as share
from broadcaster.production.staging import placing, staging
from broadcaster.sound.blocks import Progress
from broadcaster.sound.decode import decode
from broadcaster.sound.findings import refused
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
        "Choose another id, or `broadcaster part replace {part} FILE` for a new recording."
    )


@dataclass(frozen=True)
class _Heard:
    """A recording that decodes, in the stage."""

    file: Path
    sha256: Sha256
    container: str


def add_part(station: Station, journal: Journal, part: str, role: PartRole, source: Path, progress: Progress) -> Sha256:  # noqa: PLR0917
    """Make ``source`` the shared part of a new id. Raises a :class:`~broadcaster.errors.BadInput` when it is refused."""
    if not is_id(part):
        raise BadPartId(part=shown(part))
    if part in decisions_of(journal).parts.current:
        raise PartKnown(part=part)
    with staging(station) as stage:
        heard = _listen(station, source, stage, progress)
        with placing(station):
            if part in decisions_of(journal).parts.current:
                raise PartKnown(part=part)
            parts.put(station, part, heard.file, heard.sha256, heard.container)
            journal.append(PartAdded(part, role, heard.sha256))
    return heard.sha256


def replace_part(station: Station, journal: Journal, part: str, source: Path, progress: Progress) -> bool:
    """Let a shared part's id mean ``source`` from now on; whether that is another recording than before.

    Raises a :class:`~broadcaster.errors.BadInput` when it is refused; then the id means what it meant.
    """
    known_part(decisions_of(journal).parts, part)
    with staging(station) as stage:
        heard = _listen(station, source, stage, progress)
        with placing(station):
            decided = decisions_of(journal).parts
            before = known_part(decided, part)
            if heard.sha256 in decided.wrong:
                raise PartIsWrong(part=part)
            parts.put(station, part, heard.file, heard.sha256, heard.container)
            if heard.sha256 == before.sha256:
                return False
            journal.append(PartReplaced(part, heard.sha256, before.sha256))
    return True


def _listen(station: Station, source: Path, stage: Path, progress: Progress) -> _Heard:
    """Copy, hash, decode whole. Raises :class:`~broadcaster.sound.findings.Refused`."""
    name, copy = shown(source.name), stage / "copy"
    sha256 = copy_in(source, copy, station.intake.max_file_bytes, share(progress, 0.0, 0.1))
    decoded = decode(copy, stage, station.intake, share(progress, 0.1, 0.9), called=name)
    if measure_pcm(decoded.pcm, decoded.sample_rate_hz, decoded.channels).true_peak_dbtp is None:
        raise refused("silence", name=name)
    progress(1.0)
    return _Heard(copy, sha256, decoded.container)
