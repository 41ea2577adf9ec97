"""Episodes that hold an older recording of a shared part are built again with the new one, one by one.

What is left to do follows from the record alone: the episodes whose newest revision was built from recordings that their
parts' ids no longer mean. So a rebuilding that the power cut short goes on where it was, and one that is done finds nothing.

An episode that may air goes on airing with the older recording until somebody has approved the new one: then its new
revision needs no other yes. One that may not air anyway is built at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Built
from broadcaster.library.acts import decisions_of
from broadcaster.library.approvals import approved
from broadcaster.library.catalogue import rules_of
from broadcaster.library.decisions import Decisions
from broadcaster.library.shelf import read_episode
from broadcaster.model import EpisodeNumber
from broadcaster.production.mono import part as share
from broadcaster.production.rundown.building import Recorded, admit, put_together
from broadcaster.production.rundown.finding import rundown_of
from broadcaster.production.staging import staging
from broadcaster.production.submission import Submission
from broadcaster.sound.blocks import Progress


class State(StrEnum):
    """What became of an episode that holds an older recording."""

    REBUILT = "rebuilt"
    WAITS = "waits"
    """It airs with the older recording until somebody approves the new one."""
    CHANGED = "changed"
    """Its rundown or its own recordings are others by now: somebody must build and approve it."""
    FAILED = "failed"
    """It could not be built; ``problem`` says why."""


@dataclass(frozen=True)
class Rebuilt:
    """One episode, and what became of it."""

    episode: EpisodeNumber
    revision: int
    """The one that governs now."""
    state: State
    problem: str = ""


def holding_older(decisions: Decisions) -> tuple[Admitted, ...]:
    """The episodes whose newest revision holds an older recording of a shared part; withdrawn ones are left alone (pure)."""
    newest = (decisions.newest(number) for number in sorted(decisions.numbers()))
    return tuple(
        admitted
        for admitted in newest
        if admitted and decisions.parts.stale_in(admitted) and not decisions.is_withdrawn(admitted.episode)
    )


def rebuild(station: Station, journal: Journal, progress: Progress) -> Iterator[Rebuilt]:
    """Build again what can be, and say what became of each. Stopped anywhere, it can be begun again."""
    waiting = holding_older(decisions_of(journal))
    for at, admitted in enumerate(waiting):
        step = share(progress, at / len(waiting), (at + 1) / len(waiting))
        try:
            yield _one(station, journal, admitted, step)
        except BroadcasterError as error:
            if error.exit_code != 65:  # of this episode alone; a disk or a record that fails stops everything
                raise
            yield Rebuilt(admitted.episode, admitted.revision, State.FAILED, str(error))


def _one(station: Station, journal: Journal, admitted: Admitted, progress: Progress) -> Rebuilt:
    decisions = decisions_of(journal)
    if _airs(station, journal, admitted, decisions) and not _new_ones_approved(admitted, decisions):
        return Rebuilt(admitted.episode, admitted.revision, State.WAITS)
    with staging(station) as stage:
        rundown = rundown_of(station, admitted.episode)
        recorded = put_together(station, rundown, decisions, stage, share(progress, 0.0, 0.4))
        if not _same_but_shared(recorded, decisions.parts.built[admitted.original_sha256]):
            return Rebuilt(admitted.episode, admitted.revision, State.CHANGED)
        episode = admit(station, journal, recorded, _said(station, admitted), share(progress, 0.4, 1.0))
    newest = episode.newest
    return Rebuilt(admitted.episode, newest.revision if newest else 0, State.REBUILT)


def _airs(station: Station, journal: Journal, admitted: Admitted, decisions: Decisions) -> bool:
    now = journal.clock.now().utc
    rules = rules_of(station, now.astimezone(station.timezone).date(), samples_may_air=True, now=now)
    return approved(admitted, decisions, rules) and not decisions.parts.holds_wrong(admitted)


def _new_ones_approved(admitted: Admitted, decisions: Decisions) -> bool:
    parts = decisions.parts
    return all(parts.approved.get((part, parts.current[part].sha256)) for part in parts.stale_in(admitted))


def _same_but_shared(recorded: Recorded, before: Built) -> bool:
    """Whether nothing differs but recordings of shared parts."""
    return (
        recorded.shape_sha256 == before.shape_sha256
        and len(recorded.built) == len(before.parts)
        and all(
            now == then or (now.part and (now.part, now.role) == (then.part, then.role))
            for now, then in zip(recorded.built, before.parts, strict=True)
        )
    )


def _said(station: Station, admitted: Admitted) -> Submission:
    """As it was admitted, whatever the rundown's head says by now."""
    there = read_episode(station, admitted.episode)
    return Submission(
        number=admitted.episode,
        title=there.title if there else "",
        defenders=admitted.defenders,
        consents=admitted.consent_refs,
        helplines=admitted.helplines,
        sample=admitted.sample,
    )
