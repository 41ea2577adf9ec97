"""Whenever a stick is pulled out, or a program dies, what lies there is the old or the new, and doing it again finishes it."""

import os
import random
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from stick_stations import MARKETS, Place, pair, round_trip

from broadcaster.errors import BadInput
from broadcaster.journal.events import Withdrawn
from broadcaster.library.catalogue import master_path
from broadcaster.model import EpisodeNumber, Reason


def dies_at_sync(number: int, work: Callable[[], object]) -> bool:
    """Whether the work, done by a process that is killed at its n-th sync, was killed."""
    child = os.fork()
    if child == 0:
        seen, sync = 0, os.fsync

        def killing(descriptor: int) -> None:
            nonlocal seen
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
            sync(descriptor)

        os.fsync = killing  # type: ignore[assignment]
        try:
            work()
        except BaseException:
            os._exit(3)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}
    return status == signal.SIGKILL


def test_an_export_killed_at_any_sync_leaves_the_old_stick_or_the_new_one(
    office: Place, box: Place, stick: Path, tmp_path: Path
) -> None:
    office.export(stick, "unicachi")
    office.write(Withdrawn(EpisodeNumber(3), 1, "proteccion-1"))
    office.admit(4)
    before = tmp_path / "before"
    shutil.copytree(stick, before)
    outcomes = set()
    for number in range(1, 40):
        shutil.rmtree(stick)
        shutil.copytree(before, stick)
        killed = dies_at_sync(number, lambda: office.export(stick, "unicachi"))
        fresh = Place(tmp_path / f"box-{number}")
        shutil.copytree(box.root, fresh.root)
        fresh.take(stick)
        outcomes.add((fresh.reason(3), fresh.reason(4)))
        if not killed:
            break
    assert outcomes == {(None, Reason.NO_EPISODE), (Reason.WITHDRAWN, None)}
    assert not killed


def test_an_import_killed_at_any_sync_is_finished_by_putting_the_stick_in_again(
    office: Place, box: Place, stick: Path, tmp_path: Path
) -> None:
    """What it forbids is never behind what it brings."""
    round_trip(office, box, stick)
    office.write(Withdrawn(EpisodeNumber(3), 1, "proteccion-1"))
    office.admit(4)
    office.export(stick, "unicachi")
    for number in range(1, 40):
        fresh = Place(tmp_path / f"box-{number}")
        shutil.copytree(box.root, fresh.root)
        killed = dies_at_sync(number, lambda fresh=fresh: fresh.take(stick))  # type: ignore[misc]
        assert fresh.reason(3) is Reason.WITHDRAWN or not master_path(fresh.station, 4).exists()
        fresh.take(stick)
        assert (fresh.reason(1), fresh.reason(3), fresh.reason(4)) == (None, Reason.WITHDRAWN, None)
        assert fresh.is_whole()
        if not killed:
            break
    assert not killed


def cut(stick: Path, chance: random.Random) -> None:
    """As when it is pulled out: some file ends early, some are not there."""
    files = sorted(path for path in stick.rglob("*") if path.is_file())
    for path in chance.sample(files, k=min(len(files), chance.randint(1, 3))):
        if chance.random() < 0.3:
            path.unlink()
        else:
            os.truncate(path, chance.randrange(path.stat().st_size + 1))


@pytest.mark.parametrize("seed", range(2))
def test_four_markets_and_their_office_come_to_the_same_record_whatever_becomes_of_the_sticks(
    tmp_path: Path, seed: int
) -> None:
    """Sticks are copied, cut short, put in twice, out of order, an old one after a new one, at the wrong market."""
    chance = random.Random(seed)
    office = Place.office(tmp_path / "office", episodes=(1, 2))
    boxes = {market: Place.new(tmp_path / market, serves=market) for market in MARKETS}
    for each in boxes.values():
        pair(office, each)
    sticks = [tmp_path / f"stick-{number}" for number in range(4)]
    for stick in sticks:
        stick.mkdir()
    day = date(2021, 6, 16)
    for step in range(40):
        stick, box = chance.choice(sticks), boxes[chance.choice(MARKETS)]
        match chance.randrange(7):
            case 0:
                office.export(stick, box.market)
            case 1:
                with suppress(BadInput):
                    box.take(stick)
            case 2:
                box.export(stick)
            case 3:
                with suppress(BadInput):
                    office.take(stick)
            case 4:
                box.play(day + timedelta(days=step), 1)
            case 5:
                cut(stick, chance)
            case _:
                other = chance.choice([each for each in sticks if each != stick])
                shutil.rmtree(other)
                shutil.copytree(stick, other)
    office.write(Withdrawn(EpisodeNumber(2), 1, "proteccion-1"))
    for box in boxes.values():
        last = tmp_path / f"last-{box.market}"
        last.mkdir()
        round_trip(office, box, last)
    for box in boxes.values():
        assert office.rows(box.node) == box.rows(box.node)
        assert box.rows(office.node).items() <= office.rows(office.node).items()
        assert (box.reason(1), box.reason(2)) == (None, Reason.WITHDRAWN)
        assert box.is_whole()
    assert office.is_whole()
