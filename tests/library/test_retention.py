"""What is kept no longer than it must be: each day's end of it, and that nothing else goes."""

from datetime import timedelta
from pathlib import Path

import pytest
from library_station import SetClock, Shelf

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Answer, Approved, OriginalRemoved, Purged, PurgeOrdered, Withdrawn
from broadcaster.library import retention
from broadcaster.library.retention import RETENTION, Due
from broadcaster.library.shelf import AudioFile, EpisodeFile, Revision, folder_of, write_episode_toml
from broadcaster.model import EpisodeNumber, Measure, Question, Seconds
from broadcaster.production.tidying import tidy

THREE = EpisodeNumber(3)
KEEP = timedelta(days=30)
CLEAN = tuple(Answer(question, yes=False) for question in Question)

pytestmark = pytest.mark.usefixtures("hands")


def approve(journal: Journal, admitted: Admitted, *codes: str) -> None:
    for code in codes:
        approved = Approved(admitted.episode, admitted.revision, admitted.master_sha256, code, answers=CLEAN)
        journal.append(approved)


def due(journal: Journal, clock: SetClock) -> Due:
    return retention.due(journal.rows(kinds=RETENTION), KEEP, KEEP, clock.utc)


def test_an_original_goes_thirty_days_after_the_second_yes(journal: Journal, shelf: Shelf, clock: SetClock) -> None:
    """One yes, or the same hand twice, starts no clock; nor does a yes to another master."""
    admitted = shelf.admit()
    approve(journal, admitted, "uno", "uno")
    clock.pass_(days=60)
    assert due(journal, clock).originals == ()
    approve(journal, admitted, "dos")
    clock.pass_(days=30, seconds=-1)
    assert due(journal, clock).originals == ()
    clock.pass_(seconds=1)
    assert due(journal, clock).originals == (admitted,)
    journal.append(OriginalRemoved(THREE, 1, admitted.original_sha256))
    assert due(journal, clock).originals == ()


def test_an_older_original_goes_with_the_approval_of_a_newer_one(
    journal: Journal, shelf: Shelf, clock: SetClock
) -> None:
    """Nobody will make the first master again once the second airs; a third that waits for its yes is kept."""
    first, second, third = (shelf.admit(3, revision) for revision in (1, 2, 3))
    approve(journal, second, "uno", "dos")
    clock.pass_(days=30)
    assert due(journal, clock).originals == (first, second)
    assert third not in due(journal, clock).originals


def test_withdrawn_audio_goes_thirty_days_after_the_last_withdrawal(
    journal: Journal, shelf: Shelf, clock: SetClock
) -> None:
    admitted = shelf.admit()
    approve(journal, admitted, "uno", "dos")
    journal.append(Withdrawn(THREE, 1, "uno"))
    clock.pass_(days=30, seconds=-1)
    assert due(journal, clock) == Due((), ())
    clock.pass_(seconds=1)
    assert due(journal, clock) == Due((), (THREE,))
    journal.append(PurgeOrdered(THREE, 1, "retention"))
    assert due(journal, clock) == Due((), ())


@pytest.fixture
def kept(station: Station, journal: Journal, shelf: Shelf) -> tuple[Admitted, Path]:
    """An approved episode with its original on disk."""
    admitted = shelf.admit()
    folder = folder_of(station, 3)
    (folder / "original.ogg").write_bytes(b"as it came")
    measure = Measure(None, None, None, None, None, Seconds(20.0), 48_000, 1)
    revision = Revision(
        revision=1,
        defenders=("d-07",),
        consents=("C-1",),
        helplines=("linea-100",),
        original=AudioFile("original.ogg", admitted.original_sha256, measure),
        master=AudioFile("master.flac", admitted.master_sha256, measure),
        findings=(),
        added_utc=SetClock().utc,
    )
    write_episode_toml(folder, EpisodeFile(THREE, "Nuestra voz", sample=False, revisions=(revision,)))
    approve(journal, admitted, "uno", "dos")
    return admitted, folder


def test_tidying_removes_what_is_due_once_and_puts_it_on_record(
    station: Station, journal: Journal, clock: SetClock, kept: tuple[Admitted, Path]
) -> None:
    """The master and the description stay; a withdrawal's day takes the rest."""
    admitted, folder = kept
    assert tidy(station, journal, clock.utc) == retention.Tidied((), ())
    clock.pass_(days=30)
    for _again in range(2):
        tidy(station, journal, clock.utc)
    removed = [row.event for row in journal.rows(kinds=[OriginalRemoved])]
    assert removed == [OriginalRemoved(THREE, 1, admitted.original_sha256)]
    assert sorted(path.name for path in folder.iterdir()) == ["episode.toml", "master.flac"]
    journal.append(Withdrawn(THREE, 1, "uno"))
    clock.pass_(days=30)
    for _again in range(2):
        tidy(station, journal, clock.utc)
    rows = [row.event for row in journal.rows(kinds=[PurgeOrdered, Purged])]
    assert rows == [PurgeOrdered(THREE, 1, "retention"), Purged(THREE, 1, files=2)]
    assert not folder.exists()
