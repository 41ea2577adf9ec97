"""A recording becomes an episode: read :func:`_take_in` from top to bottom.

Whatever fails on the way, ``episodes/`` is afterwards as it was before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted
from broadcaster.library.decisions import decisions_of
from broadcaster.library.fingerprints import keep
from broadcaster.library.refusals import NothingAdmitted
from broadcaster.library.shelf import EpisodeFile, Revision, folder_of, read_episode, write_episode_toml
from broadcaster.model import EpisodeNumber, Sha256
from broadcaster.production.copying import carry_over, settle
from broadcaster.production.mono import part
from broadcaster.production.preparation import READY, Copied, Prepared, fetch, prepare
from broadcaster.production.quality import fingerprint, repeated
from broadcaster.production.staging import in_place, placing, put_right, staging
from broadcaster.production.submission import Submission, accepted, draft_at, refuse_withdrawn
from broadcaster.sound.blocks import Progress

DRAFT = "sample"
"""Folder inside the episode's, where a shipped sample that stood there goes."""


def add(station: Station, journal: Journal, source: Path, said: Submission, progress: Progress) -> EpisodeFile:
    """Admit ``source`` as the first revision of a new episode.

    Raises :class:`~broadcaster.errors.BadInput` for what is refused and
    :class:`~broadcaster.production.staging.CannotStore` when the disk will not take it.
    """
    put_in_order(station, journal)
    _first(station, journal, said)  # before a long decoding
    return _take_in(station, journal, source, progress, lambda: _first(station, journal, said))


def revise(station: Station, journal: Journal, source: Path, said: Submission, progress: Progress) -> EpisodeFile:
    """Admit ``source`` as the next revision of an episode; the one before goes to ``r<k>/``, approvals start anew.

    Raises as :func:`add` does, and :class:`~broadcaster.library.refusals.NothingAdmitted`.
    """
    put_in_order(station, journal)
    _next(station, journal, said)
    return _take_in(station, journal, source, progress, lambda: _next(station, journal, said))


def put_in_order(station: Station, journal: Journal) -> None:
    """Undo what an intake cut short has left."""
    put_right(station, lambda: journal.rows(kinds=[Admitted]))


@dataclass(frozen=True)
class _Entry:
    """Where a new revision is to go, as things stand."""

    said: Submission
    before: EpisodeFile | None
    """What stands in the episode's folder."""
    draft: bool
    """What stands there is a shipped sample that was never admitted."""

    @property
    def revision(self) -> int:
        newest = self.before.newest if self.before and not self.draft else None
        return newest.revision + 1 if newest else 1


def _first(station: Station, journal: Journal, said: Submission) -> _Entry:
    decisions = decisions_of(journal)
    said = accepted(said, station, decisions)
    draft = draft_at(station, decisions, said.number)
    return _Entry(said, draft, draft is not None)


def _next(station: Station, journal: Journal, said: Submission) -> _Entry:
    decisions = decisions_of(journal)
    before = read_episode(station, said.number)
    if before is None or before.newest is None or decisions.newest(said.number) is None:
        raise NothingAdmitted(number=said.number)
    return _Entry(accepted(said, station, decisions), before, draft=False)


def _take_in(
    station: Station, journal: Journal, source: Path, progress: Progress, entry_now: Callable[[], _Entry]
) -> EpisodeFile:
    """Stage, copy and hash, decode, measure, master, make durable, take the place, write the row."""
    with staging(station) as stage:
        copied = fetch(station, source, stage, part(progress, 0.0, 0.05))
        _refuse_withdrawn(journal, copied)  # before a long decoding
        prepared = prepare(station, copied, stage, part(progress, 0.05, 0.99))
        episode = _take_place(station, journal, stage, prepared, entry_now)
    progress(1.0)
    return episode


def take_prepared(
    station: Station, journal: Journal, said: Submission, stage: Path, prepared: Prepared, *, again: bool = False
) -> EpisodeFile:
    """Admit what lies prepared in ``stage``: a new episode or, ``again``, the next revision of one.

    Raises as :func:`add` and :func:`revise` do.
    """
    entry = _next if again else _first
    return _take_place(station, journal, stage, prepared, lambda: entry(station, journal, said))


def check(station: Station, journal: Journal, said: Submission, *, again: bool = False) -> None:
    """Return when it could be admitted now, whatever its audio is. Raises as :func:`add` and :func:`revise` do."""
    put_in_order(station, journal)
    (_next if again else _first)(station, journal, said)


def _take_place(
    station: Station, journal: Journal, stage: Path, prepared: Prepared, entry_now: Callable[[], _Entry]
) -> EpisodeFile:
    """What is prepared becomes the episode's folder, in one step with its row."""
    ready = stage / READY
    with placing(station):
        entry = entry_now()
        _refuse_withdrawn(journal, prepared.copied)  # consent may have been taken back meanwhile
        prepared = _compared(station, journal, ready, entry.said.number, prepared)
        episode = _episode(entry, prepared, journal.clock.now().utc)
        _lay_out(station, entry, episode, ready)
        with in_place(ready, folder_of(station, episode.number), stage):
            _record(journal, _row(entry, prepared, station))
    return episode


def _compared(station: Station, journal: Journal, ready: Path, number: EpisodeNumber, prepared: Prepared) -> Prepared:
    """With what it repeats of the library among its findings; its own fingerprint is kept from now on."""
    again = repeated(station, decisions_of(journal), ready, number, prepared.copied.name)
    keep(station, prepared.master.sha256, fingerprint(ready))
    return replace(prepared, findings=(*again, *prepared.findings))


def _refuse_withdrawn(journal: Journal, copied: Copied) -> None:
    refuse_withdrawn(decisions_of(journal), copied.sha256, copied.name)


# From here on: the revision takes its place


def _episode(entry: _Entry, prepared: Prepared, now: datetime) -> EpisodeFile:
    """The episode as it will be described on disk (pure)."""
    said = entry.said
    revision = Revision(
        revision=entry.revision,
        defenders=said.defenders,
        consents=said.consents,
        helplines=said.helplines,
        original=prepared.original,
        master=prepared.master,
        findings=prepared.findings,
        added_utc=now.replace(microsecond=0),
    )
    older = () if entry.before is None or entry.draft else tuple(map(_moved, entry.before.revisions))
    return EpisodeFile(said.number, said.title, said.sample, (*older, revision))


def _moved(revision: Revision) -> Revision:
    """An older revision, its files in their own folder ``r<k>/``; it may be there already."""
    folder = f"r{revision.revision}"
    return replace(
        revision,
        original=replace(revision.original, path=f"{folder}/{Path(revision.original.path).name}"),
        master=replace(revision.master, path=f"{folder}/{Path(revision.master.path).name}"),
    )


def _lay_out(station: Station, entry: _Entry, episode: EpisodeFile, ready: Path) -> None:
    """Complete ``ready`` as the episode's whole folder: what stood there, what is new, and its description; durable."""
    there = folder_of(station, episode.number)
    if entry.draft:
        carry_over(there, ready / DRAFT)
    elif there.is_dir():  # with older revisions, or with the parts that this one was built from
        _keep_older(there, entry.before.revisions if entry.before else (), ready)
    write_episode_toml(ready, episode)
    settle(ready)


def _keep_older(there: Path, revisions: Sequence[Revision], ready: Path) -> None:
    """Everything in ``there`` goes along; the audio that governed until now moves to its own folder."""
    new = [path.rename(path.with_name(f"new-{path.name}")) for path in ready.iterdir()]
    carry_over(there, ready)
    for revision in revisions:
        for old, moved in zip(_paths(revision), _paths(_moved(revision)), strict=True):
            if old != moved and (ready / old).exists():
                (ready / moved).parent.mkdir(exist_ok=True)
                (ready / old).rename(ready / moved)
    for path in new:
        path.rename(path.with_name(path.name.removeprefix("new-")))


def _paths(revision: Revision) -> tuple[str, str]:
    return revision.original.path, revision.master.path


def _record(journal: Journal, event: Admitted) -> None:
    """Write the row. An interruption comes too late when the row is durable: then the episode stays."""
    try:
        journal.append(event)
    except KeyboardInterrupt:
        if event not in [row.event for row in journal.rows(kinds=[Admitted])]:
            raise


def _row(entry: _Entry, prepared: Prepared, station: Station) -> Admitted:
    said, made = entry.said, station.mastering
    return Admitted(
        episode=EpisodeNumber(said.number),
        revision=entry.revision,
        original_sha256=Sha256(prepared.original.sha256),
        master_sha256=Sha256(prepared.master.sha256),
        duration_s=prepared.duration_s,
        defenders=said.defenders,
        consent="",
        helplines=said.helplines,
        sample=said.sample,
        lead_in_s=made.lead_in_s,
        tail_s=made.tail_s,
        consents=said.consents,
        helpline_numbers=tuple(station.helplines[id_].number for id_ in said.helplines),
        by=said.by,
    )
