"""How sure the witness is, on a real speaker's Spanish: ``python tests/bench/bench_witness.py air|arithmetic``.

``air`` plays episodes of 30 s, 2 min and 10 min by libvlc on null sinks, four at a time (some twelve minutes); ``arithmetic``
puts simulated recordings through the matching (some three minutes). Both print the tables of ``docs/witness.md``.
"""

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from real_voices import DEGRADATIONS, degraded, mastered, spoken

from broadcaster.model import Seconds
from broadcaster.playout.expected import read_master
from broadcaster.playout.listener import MonitorWitnesses
from broadcaster.playout.player import PlayOrder, Ready
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayers
from broadcaster.playout.witness import Heard, WatchOrder
from broadcaster.sound.envelope import RATE_HZ, EnvelopeMaker
from broadcaster.sound.matching import Matcher

LEAD_IN_S, TAIL_S = Seconds(3.0), Seconds(1.0)
CUT = 300
"""Milliseconds of a cut."""

Sound = NDArray[np.float32]


# On the air


@dataclass(frozen=True)
class Case:
    """One play: what is aired, and what the witness was told to expect."""

    name: str
    sink: str
    aired: Path
    expected: Path


def air_cases(folder: Path) -> Iterator[Case]:
    """The plays of the table."""
    sounds = {}
    for number, how in enumerate(DEGRADATIONS):
        source = spoken(30, 10 + number, folder / "raw.wav")
        sounds[how] = mastered(degraded(source, how, folder / "worse.wav"), folder / f"d{number}.flac")
    for seconds in (30, 120, 600):
        sounds[f"{seconds} s"] = mastered(spoken(seconds, seconds, folder / "raw.wav"), folder / f"{seconds}.flac")
    for number, (name, master) in enumerate(sounds.items()):
        yield Case(name, f"s{number}", master, master)
    other = mastered(spoken(600, 7, folder / "raw.wav"), folder / "other.flac")
    yield Case("another episode, 600 s", "other", other, sounds["600 s"])
    yield Case("another episode, 30 s", "other30", other, sounds["30 s"])
    for name in ("120 s", "600 s"):
        cut = folder / f"cut{name[:3]}.flac"
        write_flac(jumped(samples(sounds[name], 48000), 48000, 20.0), cut)
        yield Case(f"{name}, {CUT} ms cut out", f"cut{name[:3]}", cut, sounds[name])


async def air(outputs: VirtualOutputs, case: Case) -> str:
    """Play one case; its row of the table."""
    output = outputs.outputs[case.sink]
    starts_s = time.monotonic() + 8
    player = await VlcPlayers(outputs.environment).spawn(PlayOrder(case.aired, output, 0.8))
    order = WatchOrder(case.expected, LEAD_IN_S, TAIL_S, output, 0.8, player.process.pid, starts_s)
    witness = await MonitorWitnesses(outputs.environment).spawn(order)
    heard: Heard | None = None
    others: list[str] = []

    async def follow_player() -> None:
        async for event in player.events():
            if isinstance(event, Ready):
                player.start(starts_s)

    async def follow_witness() -> None:
        nonlocal heard
        async for event in witness.events():
            if isinstance(event, Heard):
                heard = event
            elif type(event).__name__ in ("Alarm", "WitnessFailed", "Noticed"):
                others.append(str(event))

    await asyncio.gather(follow_player(), follow_witness())
    if heard is None:
        return f"| {case.name} | nothing | | | | {others} |"
    share = 100 * heard.heard_blocks / heard.active_blocks
    blocks = f"{heard.heard_blocks} of {heard.active_blocks}"
    error = "" if heard.start_error_ms is None else f"{heard.start_error_ms:+.0f} ms"
    return f"| {case.name} | {blocks} | {share:.2f} % | {heard.heard_s:.1f} s | {error} | {' '.join(others)} |"


async def all_airs(outputs: VirtualOutputs, cases: list[Case]) -> list[str]:
    """All cases, four at a time as four markets do, the longest first."""
    free = asyncio.Semaphore(4)

    async def in_turn(case: Case) -> str:
        async with free:
            return await air(outputs, case)

    rows = {case.name: asyncio.create_task(in_turn(case)) for case in sorted(cases, key=_length, reverse=True)}
    return [await rows[case.name] for case in cases]


def _length(case: Case) -> int:
    return case.aired.stat().st_size


def bench_air() -> None:
    """The table of real plays."""
    with tempfile.TemporaryDirectory() as name:
        cases = list(air_cases(Path(name)))
        with VirtualOutputs([case.sink for case in cases]) as outputs:
            rows = asyncio.run(all_airs(outputs, cases))
    print("| play | active blocks heard | share | seconds heard | start error | alarms |\n|---|---|---|---|---|---|")
    print("\n".join(rows))


# The arithmetic alone


def samples(path: Path, rate_hz: int = RATE_HZ) -> Sound:
    """A file as mono samples."""
    command = [
        "/usr/bin/ffmpeg",
        "-loglevel",
        "error",
        "-i",
        str(path),
        "-ac",
        "1",
        "-ar",
        str(rate_hz),
        "-f",
        "s16le",
        "-",
    ]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<i2").astype(np.float32)


def write_flac(sound: Sound, target: Path) -> None:
    """Mono samples at 48 kHz as FLAC."""
    command = ["/usr/bin/ffmpeg", "-loglevel", "error", "-y", "-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "-"]
    subprocess.run([*command, str(target)], input=sound.astype("<i2").tobytes(), check=True)


def drifting(sound: Sound, *, gain: float = 1.0, late_s: float = 0.04) -> Sound:
    """As libvlc plays: late, and 3,000 ppm slow for the first thirty seconds."""
    moments = np.arange(int(1.003 * len(sound)) + RATE_HZ) / RATE_HZ
    slow = moments / 1.003
    source = np.where(moments < 30, slow, 30 / 1.003 + moments - 30) - late_s
    aired = np.interp(source * RATE_HZ, np.arange(len(sound)), sound, left=0, right=0) * gain
    return np.round(aired).astype(np.float32)


def jumped(sound: Sound, rate_hz: int, after_s: float) -> Sound:
    """With a piece cut out, and what follows moved forward, where there is speech."""
    length = rate_hz * CUT // 1000
    at = int(after_s * rate_hz)
    while np.abs(sound[at : at + length]).reshape(3, -1).max(axis=1).min() < 2000:
        at += length // 3
    return np.concatenate([sound[:at], sound[at + length :]])


def holed(sound: Sound, after_s: float) -> Sound:
    """With silence instead of a piece where there is speech."""
    length = RATE_HZ * CUT // 1000
    at = int(after_s * RATE_HZ)
    while np.abs(sound[at : at + length]).reshape(3, -1).max(axis=1).min() < 2000:
        at += length // 3
    holed = sound.copy()
    holed[at : at + length] = 0
    return holed


def match(master: "array[float]", recording: Sound) -> tuple[int, int]:
    """Active and heard blocks."""
    matcher = Matcher(master, 300, len(master) - 100, 0)
    maker = EnvelopeMaker()
    raw = recording.astype("<i2").tobytes()
    for start in range(0, len(raw), 3200):
        matcher.hear(maker.feed(raw[start : start + 3200]))
    matcher.end()
    return matcher.tally.active, matcher.tally.heard


def bench_arithmetic() -> None:
    """The table of simulated recordings: two episodes of two minutes a row."""
    print(
        "| recording | right, drifting | 30 dB down | another episode | hole found | jump found |\n|---|---|---|---|---|---|"
    )
    cuts = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for how in DEGRADATIONS:
            master, other = (
                mastered(degraded(spoken(120, seed, folder / "a.wav"), how, folder / "b.wav"), folder / f"{seed}.flac")
                for seed in (1, 2)
            )
            shape, sound = read_master(master), samples(master)
            short = shape[: 34 * 100]
            moments = [cuts.uniform(4, 28) for _ in range(20)]
            holes = [match(short, drifting(holed(sound, at)[: 36 * RATE_HZ])) for at in moments]
            jumps = [match(short, drifting(jumped(sound, RATE_HZ, at)[: 36 * RATE_HZ])) for at in moments]
            row = [
                match(shape, drifting(sound)),
                match(shape, drifting(sound, gain=0.03)),
                match(shape, drifting(samples(other))),
            ]
            shares = [f"{100 * heard / active:.2f} % of {active}" for active, heard in row]
            found = [f"{sum(heard < active for active, heard in tries)} of {len(tries)}" for tries in (holes, jumps)]
            print(f"| {how} | {' | '.join([*shares, *found])} |", flush=True)


if __name__ == "__main__":
    for bench in sys.argv[1:] or ("arithmetic", "air"):
        {"air": bench_air, "arithmetic": bench_arithmetic}[bench]()
