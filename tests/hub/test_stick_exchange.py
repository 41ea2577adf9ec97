"""An office and its markets' computers are kept in step by a stick alone."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from stick_stations import MARKETS, SEASON, Place, pair, round_trip

from broadcaster.hub.incoming import Taken
from broadcaster.hub.outgoing import Invited, Written
from broadcaster.hub.refusals import NotSealedForUs, SignedByAnother, WrongCode
from broadcaster.journal.events import (
    EditionMade,
    LeaseRenewed,
    MicrophoneOff,
    MicrophoneOn,
    OfficePaired,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.journal.nodes import FORBIDDING, LIFTED_THERE, OPENING
from broadcaster.journal.playlog import PlayLog
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import master_path
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.model import EpisodeNumber, MarketId, Reason

TWO = EpisodeNumber(2)


def test_the_first_stick_carries_a_key_alone_and_what_is_read_out_must_be_its_code(stick: Path, tmp_path: Path) -> None:
    office = Place.office(tmp_path / "office", episodes=())
    box = Place.new(tmp_path / "box", serves="unicachi")
    done = office.export(stick, "unicachi")
    assert isinstance(done, Invited)
    assert done.code == office.code
    assert [path.name for path in stick.rglob("*") if path.is_file()] == ["office-for-unicachi.card"]
    with pytest.raises(WrongCode):
        box.take(stick, "1234 5678 9012")
    box.take(stick, office.code.replace(" ", "-"))
    with pytest.raises(WrongCode):
        office.take(stick, office.code)
    office.take(stick, box.code)
    assert isinstance(office.export(stick, "unicachi"), Written)


def test_after_a_new_key_on_either_side_the_two_are_paired_again(office: Place, box: Place, stick: Path) -> None:
    """Keys are in no backup: a record that was put back on a new computer has none."""
    round_trip(office, box, stick)
    for place in (box, office):
        (place.root / "data" / "stick.key").unlink()
        office.export(stick, "unicachi")
        with pytest.raises((NotSealedForUs, SignedByAnother)):
            box.take(stick)
        shutil.rmtree(stick / "broadcaster")
        office.export(stick, "unicachi", again=True)
        box.take(stick, office.code, again=True)
        office.take(stick, box.code)
        office.write(Withdrawn(EpisodeNumber(3 if place is box else 2), 1, "proteccion-1"))
        round_trip(office, box, stick)
    assert [box.reason(number) for number in (1, 2, 3)] == [None, Reason.WITHDRAWN, Reason.WITHDRAWN]


def test_what_the_office_approved_may_air_at_the_market_and_originals_stay_at_the_office(
    office: Place, box: Place, stick: Path
) -> None:
    assert box.reason(1) is Reason.NO_EPISODE
    office.export(stick, "unicachi")
    taken = box.take(stick)
    assert isinstance(taken[0], Taken)
    assert [box.reason(number) for number in (1, 2, 3)] == [None, None, None]
    for number in (1, 2, 3):
        assert master_path(box.station, number).read_bytes() == master_path(office.station, number).read_bytes()
    assert (box.root / "schedules" / SEASON).read_bytes() == (office.root / "schedules" / SEASON).read_bytes()
    assert not list(box.root.rglob("original*"))
    assert box.is_whole()


def test_nothing_on_a_stick_can_be_read_by_who_finds_it(office: Place, box: Place, stick: Path) -> None:
    office.export(stick, "unicachi")
    everything = b"".join(path.read_bytes() for path in stick.rglob("*") if path.is_file())
    assert b"episode 1" not in everything
    assert b"linea-100" not in everything
    assert b"d-07" not in everything


def test_the_office_has_the_same_rows_as_the_boxes_and_its_play_log_shows_every_market(
    office: Place, tmp_path: Path
) -> None:
    boxes = [Place.new(tmp_path / market, serves=market) for market in MARKETS]
    for place, box in enumerate(boxes):
        stick = tmp_path / f"stick-{place}"
        stick.mkdir()
        pair(office, box)
        round_trip(office, box, stick)
        box.play(date(2021, 6, 16), 1)
        round_trip(office, box, stick)
        assert office.rows(box.node) == box.rows(box.node)
    log = PlayLog(office.station.database)
    assert {(play.market, play.episode, play.outcome) for play in log.plays()} == {
        (market, 1, "played") for market in MARKETS
    }
    log.close()
    assert office.is_whole()
    assert all(box.is_whole() for box in boxes)


def test_a_withdrawal_goes_first_is_in_force_at_once_and_is_acknowledged(
    office: Place, box: Place, stick: Path
) -> None:
    round_trip(office, box, stick)
    office.write(Withdrawn(TWO, 1, "proteccion-1"))
    assert unconfirmed(office) == 1
    office.export(stick, "unicachi")
    taken = box.take(stick)
    assert isinstance(taken[0], Taken)
    assert taken[0].silenced == 1
    assert box.reason(2) is Reason.WITHDRAWN
    assert box.reason(1) is None
    box.export(stick)
    office.take(stick)
    assert unconfirmed(office) == 0


def unconfirmed(office: Place) -> int:
    from broadcaster.hub.standing import standing  # noqa: PLC0415  beside its only use

    with office.journal() as journal:
        return standing(office.station, journal).boxes[0].unconfirmed


def test_what_a_market_suspends_is_silent_everywhere_until_the_office_lifts_it(
    office: Place, box: Place, tmp_path: Path, stick: Path
) -> None:
    other = Place.new(tmp_path / "other", serves="el-bosque")
    pair(office, other)
    for each in (box, other):
        round_trip(office, each, stick)
    box.write(Suspended(TWO, "uid:1000"))
    assert box.reason(2) is Reason.SUSPENDED
    box.export(stick)
    office.take(stick)
    assert office.reason(2) is Reason.SUSPENDED
    round_trip(office, other, stick)
    assert other.reason(2) is Reason.SUSPENDED
    office.write(SuspensionLifted(TWO, "proteccion-1"))
    for each in (box, other):
        round_trip(office, each, stick)
        assert each.reason(2) is None


def test_what_a_market_suspended_and_lifts_by_a_row_of_its_own_stays_suspended(
    office: Place, box: Place, stick: Path
) -> None:
    round_trip(office, box, stick)
    box.write(Suspended(TWO, "uid:1000"), SuspensionLifted(TWO, "proteccion-1"))
    for _time in range(2):
        box.export(stick)
        office.take(stick)
        round_trip(office, box, stick)
        assert (box.reason(2), office.reason(2)) == (Reason.SUSPENDED, Reason.SUSPENDED)


def test_a_market_cannot_open_a_gate_by_rows_of_its_own(office: Place, box: Place, stick: Path) -> None:
    """Whoever sits at a market's computer may write rows; only the office's decide."""
    office.write(Suspended(TWO, "proteccion-1"))
    round_trip(office, box, stick)
    box.write(SuspensionLifted(TWO, "proteccion-1"))
    box.admit(7)
    assert box.reason(2) is Reason.SUSPENDED
    assert box.reason(7) is Reason.NO_EPISODE


def test_whatever_decides_is_told_apart_by_whether_it_opens_or_forbids() -> None:
    """A new kind of decision counts at a market's computer only once somebody has thought of whose it is."""
    own = {EditionMade, OfficePaired, LeaseRenewed}
    assert set(DECISIONS) == {*OPENING, *FORBIDDING, *own}
    assert not set(OPENING) & set(FORBIDDING)
    assert set(LIFTED_THERE) < set(FORBIDDING)


def test_a_microphone_listens_at_a_market_by_the_offices_word_and_is_switched_off_by_anyones(
    office: Place, box: Place, stick: Path
) -> None:
    box.write(MicrophoneOn(box.market, "mic", "proteccion-1"))
    assert microphones(box) == {}
    office.write(MicrophoneOn(box.market, "mic", "proteccion-1"))
    round_trip(office, box, stick)
    assert microphones(box) == {box.market: "mic"}
    box.write(MicrophoneOff(box.market, "uid:1000"))
    round_trip(office, box, stick)
    assert microphones(box) == {}
    office.write(MicrophoneOn(box.market, "mic", "proteccion-1"))
    round_trip(office, box, stick)
    round_trip(office, box, stick)
    assert microphones(box) == {box.market: "mic"}


def microphones(place: Place) -> dict[MarketId, str]:
    return decide(read(place.station.database, kinds=DECISIONS)).microphones


def test_only_what_is_missing_is_copied(office: Place, box: Place, stick: Path, tmp_path: Path) -> None:
    first = office.export(stick, "unicachi")
    again = office.export(stick, "unicachi")
    assert isinstance(first, Written)
    assert isinstance(again, Written)
    assert (first.files, first.copied, again.copied) == (4, 4, 0)
    box.take(stick)
    box.export(stick)
    office.take(stick)
    office.admit(4)
    new = tmp_path / "new-stick"
    new.mkdir()
    third = office.export(new, "unicachi")
    assert isinstance(third, Written)
    assert (third.files, third.copied) == (5, 2)  # the new master and the season: the box said which masters it has
    taken = box.take(new)[-1]
    assert isinstance(taken, Taken)
    assert taken.files == ("episodes/004/master.flac",)
    assert box.reason(4) is None


def test_a_stick_put_in_twice_changes_nothing(office: Place, box: Place, stick: Path) -> None:
    office.export(stick, "unicachi")
    box.take(stick)
    rows, files = box.rows(), box.files()
    for _time in range(2):
        taken = box.take(stick)[-1]
        assert isinstance(taken, Taken)
        assert (taken.rows, taken.files) == (0, ())
    assert (box.rows(), box.files()) == (rows, files)
    box.export(stick)
    office.take(stick)
    rows = office.rows()
    office.take(stick)
    assert office.rows() == rows


def test_a_revised_episode_takes_the_place_of_the_old_one(office: Place, box: Place, stick: Path) -> None:
    round_trip(office, box, stick)
    office.clock.utc += timedelta(days=1)
    office.admit(2, revision=2)
    round_trip(office, box, stick)
    status = box.status(2)
    assert status is not None
    assert (status.revision, status.reason) == (2, None)


def test_helplines_and_seasons_are_the_offices(office: Place, box: Place, stick: Path) -> None:
    (box.root / "schedules" / "vieja.toml").write_text('name = "x"\n')
    config = office.root / "config.toml"
    config.write_text(config.read_text().replace('number = "0800-15-170"', 'number = "0800-99-999"'))
    office.export(stick, "unicachi")
    taken = box.take(stick)[-1]
    assert isinstance(taken, Taken)
    assert taken.restart
    assert box.station.helplines == office.station.helplines
    assert [path.name for path in (box.root / "schedules").glob("*.toml")] == [SEASON]
