"""Whether the newest revision of an episode is what building would give: the same parts, rundown, words and settings.

Content decides, never a file's time: the recording is compared by its bytes, and so is the master that today's settings make of
it. The same recording and settings give the same master.
"""

from typing import TYPE_CHECKING

from broadcaster.config import Station
from broadcaster.journal.events import Admitted
from broadcaster.library.catalogue import intact
from broadcaster.library.decisions import Decisions
from broadcaster.library.shelf import EpisodeFile, read_episode
from broadcaster.model import Sha256
from broadcaster.production.mono import part
from broadcaster.production.preparation import fetch, prepare
from broadcaster.production.staging import staging
from broadcaster.production.submission import Submission
from broadcaster.sound.blocks import Progress

if TYPE_CHECKING:
    from broadcaster.production.rundown.building import Recorded


def standing(
    station: Station, decisions: Decisions, recorded: "Recorded", said: Submission, progress: Progress
) -> EpisodeFile | None:
    """The episode as it stands, where its newest revision is this one, whole on disk and not withdrawn; else ``None``."""
    admitted, there = decisions.newest(said.number), read_episode(station, said.number)
    if admitted is None or there is None or decisions.is_withdrawn(said.number):
        return None
    if there.title != said.title or not _says(admitted, said, station) or not _made_of(admitted, recorded, decisions):
        return None
    if not intact(station, admitted) or _master(station, recorded, progress) != admitted.master_sha256:
        return None
    return there


def _says(admitted: Admitted, said: Submission, station: Station) -> bool:
    """Whether whoever brought it said the same (pure)."""
    numbers = tuple(station.helplines[id_].number for id_ in said.helplines)
    then = (admitted.defenders, admitted.consent_refs, admitted.helplines, admitted.helpline_numbers, admitted.sample)
    return then == (said.defenders, said.consents, said.helplines, numbers, said.sample)


def _made_of(admitted: Admitted, recorded: "Recorded", decisions: Decisions) -> bool:
    """Whether it was built from the same recordings in the same way, and came out the same (pure)."""
    before = decisions.parts.built.get(admitted.original_sha256)
    return (
        before is not None
        and admitted.original_sha256 == recorded.sha256
        and (before.shape_sha256, before.parts) == (recorded.shape_sha256, recorded.built)
    )


def _master(station: Station, recorded: "Recorded", progress: Progress) -> Sha256:
    """The master that today's settings would make of it; it is gone on return."""
    with staging(station) as stage:
        copied = fetch(station, recorded.file, stage, part(progress, 0.0, 0.05))
        return prepare(station, copied, stage, part(progress, 0.05, 1.0)).master.sha256
