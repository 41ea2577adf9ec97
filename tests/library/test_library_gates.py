"""Nothing airs unless every gate stands open: each gate shut alone, one by one, in the order people are told of them."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from library_station import CLEAN, LINEA_100, THREE, TODAY, Approve, SetClock, Shelf, pin_of
from people_at_hand import CLEAN as ANSWERED

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Approved
from broadcaster.library import withdrawal
from broadcaster.library.approving import approve as put_approval
from broadcaster.library.catalogue import master_path, outlook, statuses
from broadcaster.library.shelf import EpisodeFile, folder_of, write_episode_toml
from broadcaster.model import EpisodeNumber, EpisodeStatus, Reason, Sha256


def status(station: Station, journal: Journal, *, samples_may_air: bool = False, day: date = TODAY) -> EpisodeStatus:
    return statuses(station, journal.rows(), day, samples_may_air=samples_may_air)[THREE]


def test_an_episode_with_every_gate_open_may_air(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    admitted = shelf.admit()
    approve(3, "uno", "dos")
    assert status(station, journal) == EpisodeStatus(THREE, 1, admitted.master_sha256, admitted.duration_s, None)


def test_an_episode_nobody_has_heard_of_is_not_there(station: Station) -> None:
    assert statuses(station, [], TODAY, samples_may_air=True) == {}


def test_a_fresh_clone_says_not_approved_without_any_database(station: Station) -> None:
    """A sample's folder with its description, nothing admitted: computed from files alone, and nothing is made."""
    folder = folder_of(station, 3)
    folder.mkdir(parents=True)
    write_episode_toml(folder, EpisodeFile(THREE, "Muestra", sample=True))
    before = sorted(station.root.rglob("*"))
    assert statuses(station, [], TODAY, samples_may_air=False)[THREE].reason is Reason.NOT_APPROVED
    assert statuses(station, [], TODAY, samples_may_air=True)[THREE].reason is Reason.NOT_APPROVED
    assert sorted(station.root.rglob("*")) == before


def test_one_approval_is_not_enough(station: Station, journal: Journal, shelf: Shelf, approve: Approve) -> None:
    shelf.admit()
    assert status(station, journal).reason is Reason.NOT_APPROVED
    approve(3, "uno")
    assert status(station, journal).reason is Reason.NOT_APPROVED
    approve(3, "dos")
    assert status(station, journal).reason is None


def test_the_same_hand_twice_counts_once(station: Station, journal: Journal, shelf: Shelf) -> None:
    """Even if two rows of hers came to be."""
    admitted = shelf.admit()
    for _ in range(2):
        journal.append(Approved(THREE, 1, admitted.master_sha256, "uno", answers=ANSWERED))
    assert status(station, journal).reason is Reason.NOT_APPROVED


def test_an_approval_is_of_one_master_only(station: Station, journal: Journal, shelf: Shelf) -> None:
    """Approvals of another master of the same revision count for nothing."""
    shelf.admit()
    for code in ("uno", "dos"):
        journal.append(Approved(THREE, 1, Sha256("f" * 64), code, answers=ANSWERED))
    assert status(station, journal).reason is Reason.NOT_APPROVED


def test_a_new_revision_needs_its_own_approvals(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    """The highest revision governs."""
    shelf.admit()
    approve(3, "uno", "dos")
    shelf.admit(revision=2)
    assert (status(station, journal).revision, status(station, journal).reason) == (2, Reason.NOT_APPROVED)
    approve(3, "uno", "dos")
    assert status(station, journal).reason is None


def test_a_sample_airs_only_where_samples_may(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    shelf.admit(sample=True)
    approve(3, "uno", "dos")
    assert status(station, journal).reason is Reason.NOT_APPROVED
    assert status(station, journal, samples_may_air=True).reason is None


def test_an_episode_that_names_no_helpline_does_not_air(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    shelf.admit(helplines=(), helpline_numbers=())
    approve(3, "uno", "dos")
    assert status(station, journal).reason is Reason.NO_HELPLINE


def _remove(master: Path) -> None:
    shutil.rmtree(master.parent)


def _change(master: Path) -> None:
    master.write_bytes(master.read_bytes()[:-1] + b"!")


@pytest.mark.parametrize("damage", [_remove, _change])
def test_a_master_that_is_missing_or_changed_does_not_air(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve, damage: Callable[[Path], None]
) -> None:
    """Seen although the same master was found good a moment ago."""
    shelf.admit()
    approve(3, "uno", "dos")
    assert status(station, journal).reason is None
    damage(master_path(station, 3))
    assert status(station, journal).reason is Reason.BAD_FILE


def test_a_suspension_stops_it_until_it_is_lifted(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    shelf.admit()
    approve(3, "uno", "dos")
    withdrawal.suspend(journal, 3, "uid:1000")
    assert status(station, journal).reason is Reason.SUSPENDED
    withdrawal.lift_suspension(journal, station, 3, "oficial", pin_of("oficial"))
    assert status(station, journal).reason is None


def test_a_withdrawal_stops_every_revision_so_far_and_a_later_one_may_be_approved_anew(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    shelf.admit()
    shelf.admit(revision=2)
    approve(3, "uno", "dos")
    withdrawal.withdraw(journal, station, 3, "uno", pin_of("uno"))
    assert status(station, journal).reason is Reason.WITHDRAWN
    shelf.admit(revision=3)
    assert status(station, journal).reason is Reason.NOT_APPROVED
    approve(3, "uno", "dos")
    assert status(station, journal).reason is None


def test_the_status_of_a_new_revision_still_names_the_withdrawn_one(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    """What sounds at that moment may be the old one."""
    shelf.admit()
    shelf.admit(revision=2)
    assert status(station, journal).withdrawn_through == 0
    withdrawal.withdraw(journal, station, 3, "uno", pin_of("uno"))
    shelf.admit(revision=3)
    assert (status(station, journal).revision, status(station, journal).withdrawn_through) == (3, 2)


def test_people_are_told_of_the_gravest_gate_first(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    """Withdrawn, then suspended, then not approved, consent, helpline, file."""
    shelf.admit(consents=(), helplines=(), helpline_numbers=(), consented=False)
    master_path(station, 3).unlink()
    assert status(station, journal).reason is Reason.NOT_APPROVED
    withdrawal.suspend(journal, 3, "uid:1000")
    assert status(station, journal).reason is Reason.SUSPENDED
    withdrawal.withdraw(journal, station, 3, "uno", pin_of("uno"))
    assert status(station, journal).reason is Reason.WITHDRAWN


def test_what_was_withdrawn_stays_so_when_its_folder_is_gone(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    shelf.admit()
    withdrawal.withdraw(journal, station, 3, "uno", pin_of("uno"))
    shutil.rmtree(folder_of(station, 3))
    assert status(station, journal).reason is Reason.WITHDRAWN


def test_the_officers_urgent_approval_lapses_after_72_hours(
    station: Station, journal: Journal, shelf: Shelf, hands: None, clock: SetClock
) -> None:
    """To the second when the time is given; by the day's end, early rather than late, when only the day is."""
    shelf.admit()
    put_approval(journal, station, 3, "oficial", pin_of("oficial"), answers=CLEAN, urgent=True)
    given = clock.utc

    def reason(hours: float) -> Reason | None:
        now = given + timedelta(hours=hours)
        day = now.astimezone(station.timezone).date()
        return statuses(station, journal.rows(), day, samples_may_air=False, now=now)[THREE].reason

    assert [reason(hours) for hours in (0, 71.999, 72, 100)] == [None, None, Reason.NOT_APPROVED, Reason.NOT_APPROVED]
    assert status(station, journal, day=TODAY + timedelta(days=2)).reason is None
    assert status(station, journal, day=TODAY + timedelta(days=3)).reason is Reason.NOT_APPROVED


def test_a_second_approval_makes_an_urgent_one_last(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    shelf.admit()
    put_approval(journal, station, 3, "oficial", pin_of("oficial"), answers=CLEAN, urgent=True)
    approve(3, "uno")
    assert status(station, journal, day=TODAY + timedelta(days=30)).reason is None


def test_only_the_episodes_asked_about_are_looked_at(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    """The master of another one is a pipe that would never be read to its end."""
    shelf.admit()
    shelf.admit(4)
    approve(3, "uno", "dos")
    approve(4, "uno", "dos")
    master_path(station, 4).unlink()
    os.mkfifo(master_path(station, 4))
    asked = statuses(station, journal.rows(), TODAY, samples_may_air=False, only={THREE, EpisodeNumber(9)})
    assert {number: status.reason for number, status in asked.items()} == {THREE: None}


def test_a_master_overwritten_in_place_is_noticed_though_its_time_was_set_back(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    shelf.admit()
    approve(3, "uno", "dos")
    assert status(station, journal).reason is None
    master = master_path(station, 3)
    before = master.stat()
    time.sleep(0.02)  # the disk's clock ticks every few milliseconds
    with master.open("r+b") as file:
        file.write(b"E")
    os.utime(master, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (master.stat().st_size, master.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert status(station, journal).reason is Reason.BAD_FILE


def test_each_day_has_its_own_outlook(
    station: Station, journal: Journal, shelf: Shelf, hands: None, clock: SetClock
) -> None:
    """Both an urgent approval and a helpline end on a day; the same rows are judged by the rules of the day asked about."""
    shelf.admit()
    put_approval(journal, station, 3, "oficial", pin_of("oficial"), answers=CLEAN, urgent=True)
    on = outlook(station, journal.rows(), samples_may_air=False)
    assert [on(TODAY + timedelta(days=days))[THREE].reason for days in (0, 2, 3)] == [None, None, Reason.NOT_APPROVED]
    ends = replace(LINEA_100, valid_to=TODAY + timedelta(days=1))
    on = outlook(replace(station, helplines={"linea-100": ends}), journal.rows(), samples_may_air=False, only=[THREE])
    assert [on(TODAY + timedelta(days=days))[THREE].reason for days in (1, 2)] == [None, Reason.NO_HELPLINE]
