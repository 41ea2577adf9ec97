"""A stick that goes round several markets: each one's part stands by itself, and one that is refused keeps no other out."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from stick_stations import Place, pair, round_trip

from broadcaster.hub import refusals
from broadcaster.hub.exchange import NotTaken
from broadcaster.hub.incoming import Taken
from broadcaster.hub.pairing import Met
from broadcaster.model import MarketId

UNICACHI, BOSQUE = MarketId("unicachi"), MarketId("el-bosque")


@pytest.fixture
def other(office: Place, tmp_path: Path) -> Place:
    """Another market's computer of the same office."""
    box = Place.new(tmp_path / "other", serves=BOSQUE)
    pair(office, box)
    return box


def older(office: Place, box: Place, stick: Path) -> None:
    """The box's part of the stick is from before what the office has of it by another one."""
    box.export(stick)
    kept = shutil.copytree(stick / "broadcaster" / f"from-{box.market}", stick.with_name("kept"))
    box.play(date(2021, 6, 18), 2)
    box.export(stick)
    office.take(stick)
    shutil.rmtree(stick / "broadcaster")
    shutil.copytree(kept, stick / "broadcaster" / f"from-{box.market}")


def torn(_office: Place, box: Place, stick: Path) -> None:
    """A byte of it is not what it was."""
    box.export(stick)
    part = next((stick / "broadcaster" / f"from-{box.market}").glob("*.part"))
    text = bytearray(part.read_bytes())
    text[len(text) // 2] ^= 1
    part.write_bytes(text)


Spoil = Callable[[Place, Place, Path], None]
SPOILT = pytest.mark.parametrize(("spoil", "why"), [(older, refusals.OlderStick), (torn, refusals.Tampered)])


@SPOILT
@pytest.mark.parametrize("bad", [UNICACHI, BOSQUE])
def test_one_market_s_part_that_is_old_or_damaged_keeps_no_other_market_out(  # noqa: PLR0917  what it is about
    office: Place, box: Place, other: Place, stick: Path, spoil: Spoil, why: type[Exception], bad: str
) -> None:
    """Whichever of the two is looked at first."""
    spoilt, good = (box, other) if bad == UNICACHI else (other, box)
    round_trip(office, spoilt, stick)
    round_trip(office, good, stick)
    shutil.rmtree(stick / "broadcaster")
    spoil(office, spoilt, stick)
    known = office.rows(spoilt.node)
    good.play(date(2021, 6, 16), 1)
    good.export(stick)
    done = office.take(stick)
    (left,) = [each for each in done if isinstance(each, NotTaken)]
    (taken,) = [each for each in done if isinstance(each, Taken)]
    assert (left.market, type(left.why), taken.market) == (spoilt.market, why, good.market)
    assert office.rows(good.node) == good.rows(good.node)
    assert office.rows(spoilt.node) == known
    assert office.is_whole()


def test_where_nothing_of_a_stick_can_be_taken_it_is_refused(
    office: Place, box: Place, other: Place, stick: Path
) -> None:
    for each in (box, other):
        torn(office, each, stick)
    before = office.rows()
    with pytest.raises(refusals.Tampered):
        office.take(stick)
    assert office.rows() == before


def test_a_card_whose_code_is_wrong_keeps_no_other_card_out(stick: Path, tmp_path: Path) -> None:
    office = Place.office(tmp_path / "office", episodes=())
    boxes = [Place.new(tmp_path / market, serves=market) for market in (UNICACHI, BOSQUE)]
    for box in boxes:
        office.export(stick, box.market)
        box.take(stick, office.code)
    done = office.take(stick, boxes[0].code)
    assert [each.market for each in done if isinstance(each, Met)] == [UNICACHI]
    (left,) = [each for each in done if isinstance(each, NotTaken)]
    assert (left.market, type(left.why)) == (BOSQUE, refusals.WrongCode)


def test_what_was_left_alone_is_told_with_its_market_and_by_the_exit_code(
    office: Place, box: Place, other: Place, stick: Path
) -> None:
    for each in (box, other):
        round_trip(office, each, stick)
    torn(office, box, stick)
    other.play(date(2021, 6, 16), 1)
    other.export(stick)
    command = [sys.executable, "-m", "broadcaster", "--station", str(office.root), "--language", "en", "bundle"]
    done = subprocess.run([*command, "import", str(stick), "--json"], capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == refusals.Tampered.exit_code
    assert [each["market"] for each in told["done"]] == [BOSQUE]
    assert "damaged or was changed" in told["not_taken"][UNICACHI]
    assert done.stderr.startswith(f"{UNICACHI}: ")


def test_a_card_that_is_nothing_but_brackets_is_refused_in_a_sentence(stick: Path, tmp_path: Path) -> None:
    """Anybody may leave a card; what reads it must not be driven into the ground by how deep it is."""
    box = Place.new(tmp_path / "box", serves=UNICACHI)
    (stick / "broadcaster").mkdir()
    (stick / "broadcaster" / "office-for-unicachi.card").write_text("[" * 1_000_000)
    with pytest.raises(refusals.Tampered):
        box.take(stick, "1234 5678 9012")
