"""What is heard on this computer by hand: whole, from where it was asked, as a horn gives it, on no market's speaker."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
import pytest
from playing import RATE_HZ, Sound, block_places, samples

from broadcaster.cli.episode_listen import seconds
from broadcaster.clock import SystemClock
from broadcaster.config import load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, Suspended, Withdrawn
from broadcaster.journal.reading import read
from broadcaster.library.catalogue import master_path, sha256_of
from broadcaster.model import EpisodeNumber, Seconds, Sha256
from broadcaster.playout.headphones import usual_output
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.production.horn import HEAD_S, prepare

SHIPPED = Path(__file__).parents[2] / "config.toml"
EPISODE = EpisodeNumber(3)


@pytest.fixture
def listening(tmp_path: Path, master: Path) -> Path:
    """A station with one admitted episode of four seconds."""
    root = tmp_path / "station"
    root.mkdir()
    (root / "config.toml").write_bytes(SHIPPED.read_bytes())
    station = load_station(root)
    there = master_path(station, EPISODE)
    there.parent.mkdir(parents=True)
    there.write_bytes(master.read_bytes())
    (there.parent / "episode.toml").write_text('number = 3\ntitle = "Rutas"\nsample = false\n', encoding="utf-8")
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        journal.append(
            Admitted(
                EPISODE,
                1,
                Sha256("0" * 64),
                sha256_of(there),
                Seconds(4.0),
                ("d-07",),
                consent="C-1",
                helplines=("linea-100",),
            )
        )
    return root


def listen(root: Path, outputs: VirtualOutputs, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "broadcaster", "--station", str(root), "--language", "en"]
    return subprocess.Popen(
        [*command, "episode", "listen", str(EPISODE), *more],
        env={**os.environ, **outputs.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def recorded(outputs: VirtualOutputs, target: Path) -> Iterator[list[Sound]]:
    """What the default output gave meanwhile."""
    found: list[Sound] = []
    with outputs.record("uno", target):
        time.sleep(0.3)
        yield found
        time.sleep(0.3)
    found.append(samples(target))


def loud_s(sound: Sound) -> float:
    """From the first to the last audible sample, in seconds."""
    where = np.flatnonzero(np.abs(sound) > 0.02)
    return float(where[-1] - where[0]) / RATE_HZ if len(where) else 0.0


def wait_for_sound(recording: Path) -> None:
    """Return when something was heard."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        content = recording.read_bytes()[44:] if recording.exists() else b""
        if np.abs(np.frombuffer(content[: len(content) // 2 * 2], "<i2").astype(int)).max(initial=0) > 1000:
            return
        time.sleep(0.05)
    raise AssertionError("nothing was heard")


def plays(root: Path) -> int:
    """Rows in the record."""
    return len(read(load_station(root).database))


@pytest.mark.sound
def test_an_episode_is_heard_whole_and_leaves_no_row(
    listening: Path, outputs: VirtualOutputs, master: Path, tmp_path: Path
) -> None:
    rows = plays(listening)
    with recorded(outputs, tmp_path / "heard.wav") as found:
        child = listen(listening, outputs)
        _out, said = child.communicate(timeout=30)
    assert child.returncode == 0, said
    assert loud_s(found[0]) == pytest.approx(loud_s(samples(master)), abs=0.15)
    assert len([place for place in block_places(samples(master), found[0]) if place is None]) == 0
    assert plays(listening) == rows


@pytest.mark.sound
def test_it_begins_where_it_is_told_and_as_a_horn_would_give_it(
    listening: Path, outputs: VirtualOutputs, master: Path, tmp_path: Path
) -> None:
    with recorded(outputs, tmp_path / "heard.wav") as found:
        child = listen(listening, outputs, "--from", "0:02", "--as-market", "unicachi")
        assert child.wait(30) == 0
    assert loud_s(found[0]) == pytest.approx(loud_s(samples(master)) - 2, abs=0.3)
    assert share_below(found[0], 250) < 0.1 * share_below(samples(master), 250)
    assert not list((listening / "data" / "intake").glob("adding-*"))


@pytest.mark.sound
def test_ctrl_c_silences_it_at_once(listening: Path, outputs: VirtualOutputs, tmp_path: Path) -> None:
    with recorded(outputs, tmp_path / "heard.wav") as found:
        child = listen(listening, outputs)
        wait_for_sound(tmp_path / "heard.wav")
        child.send_signal(signal.SIGINT)
        assert child.wait(10) == 130
    assert 0 < loud_s(found[0]) < 3


def share_below(sound: Sound, hertz: float) -> float:
    """The share of a sound's energy under a frequency."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float(power[: int(hertz * len(sound) / RATE_HZ)].sum() / power.sum())


def test_a_horn_gives_the_middle_and_little_else(master: Path, tmp_path: Path) -> None:
    heard = samples(prepare(master, tmp_path / "horn.flac", 3.0, horn=True))
    plain = samples(prepare(master, tmp_path / "plain.flac", 3.0, horn=False))
    assert len(heard) == len(plain) == pytest.approx((HEAD_S + 5.0) * RATE_HZ, abs=RATE_HZ / 10)
    assert share_below(heard, 250) < 0.1 * share_below(plain, 250)
    assert 1 - share_below(heard, 5000) < 0.3 * (1 - share_below(plain, 5000))
    assert np.abs(heard).max() < 1.0


def test_the_computers_own_output_is_found(outputs: VirtualOutputs) -> None:
    found = asyncio.run(usual_output(outputs.environment))
    assert (found.kind, found.sink) == ("pulse", "uno")


def test_no_market_hears_what_somebody_listens_to(
    listening: Path, outputs: VirtualOutputs, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The default output is the one that serves a market."""
    station = load_station(listening)
    sink = station.outputs[next(iter(station.markets.values())).output].sink
    config = (listening / "config.toml").read_text(encoding="utf-8").replace(f'"{sink}"', '"uno"')
    (listening / "config.toml").write_text(config, encoding="utf-8")
    with recorded(outputs, tmp_path / "heard.wav") as found:
        child = listen(listening, outputs)
        _out, said = child.communicate(timeout=20)
    assert child.returncode == 1
    assert "would be heard at" in said
    assert loud_s(found[0]) == 0


def test_what_was_withdrawn_is_heard_by_nobody(listening: Path, outputs: VirtualOutputs) -> None:
    station = load_station(listening)
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        journal.append(Withdrawn(EPISODE, through_revision=1, by="proteccion-1"))
    child = listen(listening, outputs)
    assert child.wait(20) == 65


def test_what_is_not_the_admitted_audio_is_not_played(listening: Path, outputs: VirtualOutputs) -> None:
    with master_path(load_station(listening), EPISODE).open("ab") as file:
        file.write(b"x")
    child = listen(listening, outputs)
    _out, said = child.communicate(timeout=20)
    assert child.returncode == 65
    assert "missing or was changed" in said


@pytest.mark.sound
def test_what_is_suspended_is_played_with_a_warning(listening: Path, outputs: VirtualOutputs) -> None:
    station = load_station(listening)
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        journal.append(Suspended(EPISODE, by=""))
    child = listen(listening, outputs, "--from", "3")
    _out, said = child.communicate(timeout=20)
    assert child.returncode == 0
    assert "suspended" in said


@pytest.mark.parametrize("moment", ["9:59", "-1", "abc", "1:2:3:4"])
def test_a_moment_that_is_none_is_told(listening: Path, outputs: VirtualOutputs, moment: str) -> None:
    child = listen(listening, outputs, "--from", moment)
    assert child.wait(20) in {64, 65}


@pytest.mark.parametrize(("text", "wanted"), [("80", 80), ("1:20", 80), ("1:02:03", 3723), ("0:07.5", 7.5), (None, 0)])
def test_moments_are_read_as_people_write_them(text: str | None, wanted: float) -> None:
    assert seconds(click.Context(click.Command("x")), click.Option(["--from"]), text) == wanted
