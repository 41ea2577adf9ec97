"""A stick is never trusted: what is old, foreign, half copied or changed is refused, and nothing is half taken."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey
from stick_stations import MARKETS, Place, pair, round_trip

from broadcaster.errors import BadInput, BroadcasterError
from broadcaster.hub import refusals
from broadcaster.hub.fellows import fellows_of
from broadcaster.hub.keys import Keys, keys_of
from broadcaster.hub.listing import NAME, Listing, as_text, listing_from
from broadcaster.hub.stick import SMALL
from broadcaster.journal.events import FORKED, RecordIncident, Withdrawn
from broadcaster.journal.settling import OtherRow
from broadcaster.library.catalogue import master_path
from broadcaster.model import EpisodeNumber

TO = "broadcaster/to-unicachi"


def refused(place: Place, stick: Path, error: type[BroadcasterError], code: int = 65) -> str:
    """The sentence, after which rows and files are what they were."""
    rows, files = place.rows(), place.files()
    with pytest.raises(error) as refusal:
        place.take(stick, "1234 5678 9012")
    assert refusal.value.exit_code == code
    assert (place.rows(), place.files()) == (rows, files)
    assert not (place.root / "data" / "stick").exists()
    return str(refusal.value)


def forged(
    office: Place, box: Place, stick: Path, change: Callable[[Listing], Listing], keys: Keys | None = None
) -> None:
    """The stick's list anew, as the office would sign it, with something in it that no program of ours writes."""
    with box.journal() as journal:
        known, own = fellows_of(journal).office, keys_of(box.station)
        card = own.card(journal.node)
    assert known is not None
    path = stick / TO / NAME
    listing = listing_from(own.unseal(path.read_bytes(), known))
    path.write_bytes((keys or keys_of(office.station)).seal(as_text(change(listing)), card))


def test_one_changed_byte_anywhere_is_found(office: Place, box: Place, stick: Path) -> None:
    office.export(stick, "unicachi")
    for path in sorted((stick / TO).iterdir()):
        good = path.read_bytes()
        for place in sorted({0, 30, len(good) // 2, len(good) - 1}):
            path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
            refused(box, stick, BadInput)
        path.write_bytes(good)
    box.take(stick)
    assert box.reason(1) is None


def test_a_stick_that_lacks_something_is_refused(office: Place, box: Place, stick: Path) -> None:
    office.export(stick, "unicachi")
    for path in sorted((stick / TO).iterdir()):
        good = path.read_bytes()
        for length in (0, 10, len(good) - 1):
            path.write_bytes(good[:length])
            refused(box, stick, BadInput)
        path.unlink()
        assert path.name in refused(box, stick, refusals.HalfCopied)
        path.write_bytes(good)


def test_a_stick_signed_by_somebody_else_is_refused(office: Place, box: Place, stick: Path) -> None:
    """Anybody can seal for a market's computer, whose key is on a card; only the office can sign."""
    office.export(stick, "unicachi")
    stranger = Keys(SigningKey.generate(), PrivateKey.generate())
    forged(office, box, stick, lambda listing: listing, stranger)
    refused(box, stick, refusals.SignedByAnother)


def test_a_stick_for_another_market_is_refused(office: Place, box: Place, stick: Path, tmp_path: Path) -> None:
    other = Place.new(tmp_path / "other", serves="el-bosque")
    pair(office, other)
    office.export(stick, "el-bosque")
    assert "el-bosque" in refused(box, stick, refusals.ForAnotherMarket)
    (stick / "broadcaster" / "to-el-bosque").rename(stick / TO)
    refused(box, stick, refusals.NotSealedForUs)


def test_a_stick_of_another_office_is_refused(box: Place, stick: Path, tmp_path: Path) -> None:
    """Its card is not enough: whoever brings a new office must say so, and type its code."""
    other = Place.office(tmp_path / "other-office", episodes=())
    other.export(stick, "unicachi")
    refused(box, stick, refusals.AnotherOffice)
    with pytest.raises(refusals.WrongCode):
        box.take(stick, "1234", again=True)


def test_an_empty_stick_and_one_with_other_things_are_refused(box: Place, stick: Path) -> None:
    refused(box, stick, refusals.NothingOnStick)
    (stick / "fotos").mkdir()
    refused(box, stick, refusals.NothingOnStick)


def test_an_older_stick_after_a_newer_one_is_left_alone(office: Place, box: Place, stick: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    office.export(stick, "unicachi")
    shutil.copytree(stick, old)
    office.write(Withdrawn(EpisodeNumber(2), 1, "proteccion-1"))
    office.export(stick, "unicachi")
    box.take(stick)
    refused(box, old, refusals.OlderStick)


def test_a_stick_whose_forerunner_never_came_is_refused_and_one_with_everything_helps(
    office: Place, box: Place, stick: Path
) -> None:
    """The market's record was put back from before the stick that the office has the receipt of."""
    backup = box.root.with_name("backup")
    shutil.copytree(box.root, backup)
    round_trip(office, box, stick)
    shutil.rmtree(box.root)
    shutil.copytree(backup, box.root)
    office.export(stick, "unicachi")
    refused(box, stick, refusals.StickBefore)
    office.export(stick, "unicachi", everything=True)
    box.take(stick)
    assert box.reason(1) is None


def test_a_master_that_was_lost_here_is_asked_for(office: Place, box: Place, stick: Path, tmp_path: Path) -> None:
    round_trip(office, box, stick)
    master_path(box.station, 1).unlink()
    shutil.rmtree(stick / "broadcaster")
    office.export(stick, "unicachi")
    assert "001/master.flac" in refused(box, stick, refusals.FileNotThere)


@pytest.mark.parametrize(
    "name",
    [
        "../out.toml", "schedules/../../out.toml", "/etc/passwd", "config.toml", "episodes/001/original.ogg",
        "episodes/001/../002/master.flac", "data/broadcaster.db", "schedules/.toml", "schedules/a\\b.toml",
        "episodes/_parts/x/../../../y.flac", "schedules/a.toml\n",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused_whoever_signed_it(
    office: Place, box: Place, stick: Path, name: str
) -> None:
    office.export(stick, "unicachi")
    forged(office, box, stick, lambda told: replace(told, files=(replace(told.files[0], name=name), *told.files[1:])))
    refused(box, stick, refusals.Tampered)
    assert not list(box.root.parent.rglob("out.toml"))


@pytest.mark.parametrize(
    "lie",
    [
        {"size": 1 << 40}, {"size": -1}, {"size": 3}, {"part": "../../x"}, {"part": "f" * 31}, {"key": "00" * 31},
        {"key": "00" * 32}, {"sha256": "00" * 32}, {"sha256": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_a_list_that_lies_of_a_file_is_refused(office: Place, box: Place, stick: Path, lie: dict[str, Any]) -> None:
    office.export(stick, "unicachi")
    forged(office, box, stick, lambda told: replace(told, files=(replace(told.files[0], **lie), *told.files[1:])))
    refused(box, stick, BadInput)


@pytest.mark.parametrize(
    "lie",
    [
        {"node": "ffffffffffff"}, {"market": "el-bosque"}, {"to": "ffffffffffff"}, {"head": (1, 9999)}, {"head": (9, 1)},
        {"after": (1, 3)}, {"format": 2}, {"helplines": {"x.y": {"name": "z"}}}, {"helplines": {"x": {"database": "z"}}},
        {"helplines": {"x": {"valid_from": "z"}}}, {"helplines": {"x": {"wrong": "z"}}}, {"holds": ("x",)},
    ],
    ids=str,
)  # fmt: skip
def test_a_list_that_lies_of_the_rest_is_refused(office: Place, box: Place, stick: Path, lie: dict[str, Any]) -> None:
    office.export(stick, "unicachi")
    forged(office, box, stick, lambda told: replace(told, **lie))
    refused(box, stick, BadInput)


def test_helplines_that_do_not_fit_the_settings_here_are_refused_before_anything_changes(
    office: Place, box: Place, stick: Path
) -> None:
    office.export(stick, "unicachi")
    forged(office, box, stick, lambda told: replace(told, helplines={"x": {"name": "z", "languages": "es"}}))
    assert "helplines.x.languages" in refused(box, stick, refusals.SeasonDoesNotFit)


def test_a_terabyte_that_holds_nothing_a_pipe_and_a_link_are_not_read(office: Place, box: Place, stick: Path) -> None:
    """A stick may be made to fill a disk or to hang whoever reads it; nothing of ours is packed, so nothing swells."""
    office.export(stick, "unicachi")
    part = max((stick / TO).glob("*.part"), key=lambda path: path.stat().st_size)
    good, listing = part.read_bytes(), (stick / TO / NAME).read_bytes()
    os.truncate(part, 1 << 40)
    refused(box, stick, refusals.Tampered)
    part.unlink()
    os.mkfifo(part)
    refused(box, stick, refusals.Tampered)
    part.unlink()
    part.symlink_to("/dev/zero")
    refused(box, stick, refusals.Tampered)
    part.unlink()
    part.write_bytes(good)
    (stick / TO / NAME).unlink()
    with (stick / TO / NAME).open("wb") as file:
        file.truncate(SMALL + 1)
    refused(box, stick, refusals.Tampered)
    (stick / TO / NAME).write_bytes(listing)
    box.take(stick)
    assert box.reason(1) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"node": "../x", "sign_key": "00", "box_key": "00"}'])
def test_a_card_that_is_none_is_refused(stick: Path, tmp_path: Path, text: str) -> None:
    box = Place.new(tmp_path / "box", serves="unicachi")
    (stick / "broadcaster").mkdir()
    (stick / "broadcaster" / "office-for-unicachi.card").write_text(text)
    refused(box, stick, refusals.Tampered)


def test_another_row_under_a_known_key_is_refused_and_put_on_record(
    office: Place, box: Place, stick: Path, tmp_path: Path
) -> None:
    """A market's computer was copied, and both went on writing."""
    box.export(stick)
    office.take(stick)
    twin = Place(tmp_path / "twin")
    shutil.copytree(box.root, twin.root)
    box.write(RecordIncident("disk_full"))
    twin.write(RecordIncident("damaged"))
    box.export(stick)
    office.take(stick)
    before = office.rows()
    twin.export(stick)
    with pytest.raises(OtherRow):
        office.take(stick)
    after = office.rows()
    assert len(after) == len(before) + 1
    with office.journal() as journal:
        assert [row.event for row in journal.rows(kinds=[RecordIncident])] == [RecordIncident(FORKED)]
    assert office.is_whole()


def test_who_knows_no_office_takes_nothing(office: Place, box: Place, stick: Path, tmp_path: Path) -> None:
    office.export(stick, "unicachi")
    new = Place.new(tmp_path / "new", serves="unicachi")
    refused(new, stick, refusals.NotPaired)


def test_an_office_takes_no_record_from_a_market_it_does_not_know(box: Place, stick: Path, tmp_path: Path) -> None:
    box.export(stick)
    refused(Place.office(tmp_path / "other-office", episodes=()), stick, refusals.NotPaired)


def test_cards_hold_nothing_secret(office: Place, stick: Path) -> None:
    office.export(stick, MARKETS[0])
    text = next(stick.rglob("*.card")).read_text()
    with office.journal() as journal:
        keys = keys_of(office.station)
        assert json.loads(text) == asdict(keys.card(journal.node))
    assert keys.sign.encode().hex() not in text
    assert keys.box.encode().hex() not in text
    assert (office.root / "data" / "stick.key").stat().st_mode & 0o777 == 0o600
