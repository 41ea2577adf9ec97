"""What a producer says with her recording, and whether it can be accepted before anybody listens."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from broadcaster.config import Station
from broadcaster.library.codes import is_code
from broadcaster.library.decisions import Decisions
from broadcaster.library.people import require_defenders
from broadcaster.library.shelf import EpisodeFile, folder_of, read_episode
from broadcaster.locale.shown import is_plain, shown
from broadcaster.model import EPISODE_NUMBERS, EpisodeNumber, Sha256
from broadcaster.production.refusals import (
    BadConsent,
    BadNumber,
    BadTitle,
    FolderTaken,
    HelplineUnknown,
    NoDefender,
    NumberTaken,
    WithdrawnAudio,
)

LONGEST_TITLE = 200
RUNDOWN = "rundown.toml"
"""In an episode's folder: how it is put together from its parts."""


@dataclass(frozen=True)
class Submission:
    """An episode as its producer describes it; the audio comes beside it."""

    number: EpisodeNumber
    title: str
    defenders: tuple[str, ...]
    consents: tuple[str, ...]
    """References of the consents of all its recognisable voices; none yet: the episode will not air."""
    helplines: tuple[str, ...]
    """Ids of the station's register; none: the episode will not air."""
    sample: bool
    by: str = ""
    """The code of who brings it, where the program knows."""


def accepted(submission: Submission, station: Station, decisions: Decisions) -> Submission:
    """The submission in its normal form. Raises a :class:`~broadcaster.errors.BadInput` for the first thing wrong."""
    if submission.number not in EPISODE_NUMBERS:
        raise BadNumber(number=submission.number)
    if not submission.defenders:
        raise NoDefender
    require_defenders(decisions, submission.defenders)
    for helpline in submission.helplines:
        if helpline not in station.helplines:
            raise HelplineUnknown(helpline=shown(helpline), known=", ".join(station.helplines))
    return replace(
        submission,
        title=_title(submission.title),
        consents=_consents(submission.consents),
        defenders=_once(submission.defenders),
        helplines=_once(submission.helplines),
    )


def _title(text: str) -> str:
    title = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(title) <= LONGEST_TITLE or not is_plain(title):
        raise BadTitle(longest=LONGEST_TITLE)
    return title


def _consents(refs: Sequence[str]) -> tuple[str, ...]:
    for ref in refs:
        if not is_code(ref):
            raise BadConsent(text=shown(ref))
    return _once(refs)


def _once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def draft_at(station: Station, decisions: Decisions, number: EpisodeNumber) -> EpisodeFile | None:
    """The shipped sample that stands where a new episode is to go; ``None`` when the place is free.

    A sample that nobody ever admitted does not take its number, nor does a rundown with its parts, which stay where they are.
    Raises :class:`NumberTaken` or :class:`FolderTaken`.
    """
    if decisions.newest(number):
        raise NumberTaken(number=number)
    folder = folder_of(station, number)
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    there = read_episode(station, number) if folder.is_dir() else None
    if there is None and (folder / RUNDOWN).is_file():
        return None
    if there is None or not there.sample:
        raise FolderTaken(folder=f"{station.episodes.name}/{folder.name}")
    return there


def refuse_withdrawn(decisions: Decisions, digest: Sha256, name: str) -> None:
    """Return unless consent for exactly these bytes was taken back, under whatever number."""
    for (number, revision), admitted in decisions.admitted.items():
        if revision <= decisions.withdrawn.get(number, 0) and digest in {
            admitted.original_sha256,
            admitted.master_sha256,
        }:
            raise WithdrawnAudio(name=name, number=number)
