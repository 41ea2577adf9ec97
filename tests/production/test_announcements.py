"""Masters with a market's announcement before them: made ahead of time, bit for bit, and gone with what they hold."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from announcing_station import OTHER, PART, AnnouncingStation, announce, read_samples
from copies_station import NUMBER, open_gates, voice
from rundowns import RATE_HZ, sharpest

from broadcaster.clock import SystemClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Withdrawn
from broadcaster.library import purge
from broadcaster.library.catalogue import edition_path, editions_folder, master_path, sha256_of
from broadcaster.library.parts import folder_of_parts
from broadcaster.model import EpisodeNumber, Flag, Seconds
from broadcaster.production.tidying import tidy
from broadcaster.sound.loudness import measure_blocks

LEAD_IN = 3 * RATE_HZ


@pytest.fixture
def at_work(approved: Path, tmp_path: Path) -> AnnouncingStation:
    """A station with one approved episode; at one market a chime and an ident, not approved yet, before every episode."""
    return AnnouncingStation.made_of(approved, tmp_path / "station")


def loudness(samples: np.ndarray) -> float:
    measured = measure_blocks([(samples / 32768).astype(np.float32).reshape(-1, 1)], RATE_HZ, 1).integrated_lufs
    assert measured is not None
    return measured


def test_the_episode_in_an_edition_is_bit_for_bit_the_master_and_before_it_nothing_clicks(
    at_work: AnnouncingStation,
) -> None:
    """Lead-in, announcement from the first sample on, a pause, the master's own samples; both as loud; no peak too high."""
    assert at_work.approve() == 0
    (made,) = at_work.made()
    edition = at_work.samples(made)
    master = read_samples(master_path(at_work.station, NUMBER))
    ahead = round(made.announcement_s * RATE_HZ)
    assert not edition[:LEAD_IN].any()
    assert np.array_equal(edition[LEAD_IN + ahead :], master[LEAD_IN:])
    announcement = edition[LEAD_IN : LEAD_IN + ahead]
    assert np.abs(announcement[: RATE_HZ // 10]).max() > 300, "it begins on the minute"
    pause = round(0.4 * RATE_HZ)
    assert not announcement[-pause:].any()
    assert abs(loudness(announcement[:-pause]) - loudness(master)) <= 0.5
    whole = edition / 32768
    for at_s in (3.0, 3.0 + made.announcement_s - 0.4):
        assert sharpest(whole, at_s) <= sharpest(whole, 3.0 + made.announcement_s + 2.0, 2.0)
    status = at_work.status(NUMBER)
    assert status.edition is not None
    assert status.duration_s == pytest.approx(made.announcement_s + (len(master) - LEAD_IN - RATE_HZ) / RATE_HZ)
    assert at_work.status(NUMBER, OTHER).edition is None


def test_the_same_recordings_give_the_same_file_and_it_is_made_again_when_it_is_gone(
    at_work: AnnouncingStation,
) -> None:
    assert at_work.approve() == 0
    (made,) = at_work.made()
    edition_path(at_work.station, made.edition_sha256).unlink()
    assert at_work.status(NUMBER).flags == (Flag.UNANNOUNCED,)
    assert at_work.at_work.call("part", "announcements") == 0
    assert at_work.made() == [made]
    assert sha256_of(edition_path(at_work.station, made.edition_sha256)) == made.edition_sha256
    assert at_work.status(NUMBER).edition is not None


def test_nothing_of_an_announcement_sounds_until_every_part_of_it_is_approved(
    at_work: AnnouncingStation, capfd: pytest.CaptureFixture[str]
) -> None:
    (shown,) = listed(at_work, capfd)
    assert shown["ready"] == []
    assert PART in shown["problems"][0]
    assert at_work.status(NUMBER).reason is None, "the episode airs without it"
    assert at_work.approve() == 0
    (shown,) = listed(at_work, capfd)
    assert (shown["ready"], shown["problems"]) == ([NUMBER], [])


def listed(at_work: AnnouncingStation, capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = at_work.at_work.json(capfd, "part", "announcements")
    return found


def test_a_replaced_ident_goes_on_with_the_older_recording_until_somebody_approves_the_new_one(
    at_work: AnnouncingStation,
) -> None:
    assert at_work.approve() == 0
    before = at_work.status(NUMBER).edition
    assert at_work.bring(40, again=True) == 0
    assert at_work.status(NUMBER).edition == before
    assert at_work.approve() == 0
    after = at_work.status(NUMBER).edition
    assert after is not None
    assert before is not None
    assert after.sha256 != before.sha256
    assert [path.stem for path in editions_folder(at_work.station).iterdir()] == [after.sha256], "the older one is gone"


def test_a_wrong_ident_sounds_nowhere_from_that_moment_and_costs_no_episode(at_work: AnnouncingStation) -> None:
    assert at_work.approve() == 0
    (made,) = at_work.made()
    assert at_work.at_work.call("part", "wrong", PART) == 0
    status = at_work.status(NUMBER)
    assert (status.reason, status.edition, status.flags) == (None, None, (Flag.UNANNOUNCED,))
    assert status.wrong_editions == {made.edition_sha256}
    assert at_work.at_work.call("part", "announcements") == 0
    assert list(editions_folder(at_work.station).iterdir()) == []


def test_a_new_episode_has_its_edition_when_its_second_approval_is_given(
    at_work: AnnouncingStation, tmp_path: Path
) -> None:
    assert at_work.approve() == 0
    assert len(at_work.made()) == 1
    open_gates(at_work.at_work, NUMBER + 1)
    assert {made.episode for made in at_work.made()} == {NUMBER, NUMBER + 1}
    assert at_work.status(NUMBER + 1).edition is not None
    assert at_work.at_work.add(voice(tmp_path, 1), NUMBER + 2) == 0
    assert len(at_work.made()) == 2, "nothing is made of what may not air"


def test_a_purge_takes_every_edition_of_the_episode_and_whatever_lies_beside_them_unknown(
    at_work: AnnouncingStation,
) -> None:
    """The other episode's stays, and the ident that was built into the purged one stays for it."""
    assert at_work.approve() == 0
    open_gates(at_work.at_work, NUMBER + 1)
    going, staying = at_work.made()
    station, root = at_work.station, at_work.station.root
    folder = editions_folder(station)
    shutil.copy(edition_path(station, going.edition_sha256), root / "copia.flac")
    (folder / "half").write_bytes(master_path(station, NUMBER).read_bytes())
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        journal.append(Withdrawn(EpisodeNumber(NUMBER), 1, "proteccion-1"))
        purge.order(journal, EpisodeNumber(NUMBER), "proteccion-1")
        tidy(station, journal, journal.clock.now().utc)
    assert [path.stem for path in folder.iterdir()] == [staying.edition_sha256]
    assert not (root / "copia.flac").exists()
    assert at_work.status(NUMBER + 1).edition is not None
    assert list((folder_of_parts(station) / PART).iterdir())


def test_a_market_that_names_nothing_any_more_hears_the_episode_alone(at_work: AnnouncingStation) -> None:
    assert at_work.approve() == 0
    announce(at_work.station.root)
    later = AnnouncingStation(type(at_work.at_work)(load_station(at_work.station.root)))
    status = later.status(NUMBER)
    assert (status.edition, status.flags) == (None, ())
    assert status.duration_s is not None
    assert status.duration_s < Seconds(at_work.made()[0].duration_s)
