"""Playing a master on a virtual output with a witness beside it, and judging what was recorded there."""

import asyncio
import json
import os
import subprocess
import time
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from broadcaster.model import Output, Seconds
from broadcaster.playout.listener import MonitorWitness, MonitorWitnesses
from broadcaster.playout.player import PlayerEvent, PlayOrder, Ready
from broadcaster.playout.virtual import VirtualOutputs
from broadcaster.playout.vlc import VlcPlayer, VlcPlayers
from broadcaster.playout.witness import Alarm, Heard, StreamSeen, WatchOrder, WitnessEvent

LEAD_IN_S, TAIL_S = Seconds(3.0), Seconds(1.0)
AHEAD_S = 4.0
"""How long before a master's beginning its player and witness are started here."""
RATE_HZ = 48000
FFMPEG = ["/usr/bin/ffmpeg", "-nostdin", "-loglevel", "error", "-y"]

Sound = NDArray[np.float64]


def make_master(words: str, target: Path) -> Path:
    """Four seconds of a synthetic voice as a master: FLAC, mono, 48 kHz."""
    spoken = target.with_suffix(".wav")
    subprocess.run(["espeak-ng", "-v", "es-419", "-w", str(spoken), words], check=True)
    trim = "silenceremove=start_periods=1:start_threshold=-45dB"
    shape = f"{trim},aresample={RATE_HZ},atrim=duration=4,adelay=3000,apad=pad_dur=1"
    subprocess.run(
        [*FFMPEG, "-i", str(spoken), "-af", shape, "-ac", "1", "-sample_fmt", "s16", str(target)], check=True
    )
    return target


def samples(path: Path) -> Sound:
    """A recording or master as 48 kHz mono, full scale 1."""
    command = [*FFMPEG, "-i", str(path), "-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<i2") / 32768


def write_master(sound: Sound, target: Path) -> Path:
    """Samples as a master."""
    with wave.open(str(target.with_suffix(".wav")), "wb") as plain:
        plain.setnchannels(1)
        plain.setsampwidth(2)
        plain.setframerate(RATE_HZ)
        plain.writeframes((sound * 32767).astype("<i2").tobytes())
    subprocess.run([*FFMPEG, "-i", str(target.with_suffix(".wav")), str(target)], check=True)
    return target


def block_places(master: Sound, recording: Sound) -> list[float | None]:
    """Where each active 100 ms block of a master lies in a recording, in seconds; ``None`` where it does not.

    Cross-correlation of the band 100-1,200 Hz; each block is searched 60 ms around where the one before puts it, the first
    one everywhere. This knows nothing of the witness's arithmetic.
    """
    band = butter(4, (100, 1200), "bandpass", fs=RATE_HZ, output="sos")
    wanted, there = (sosfiltfilt(band, sound)[::8] for sound in (master, recording))
    rate, length = RATE_HZ // 8, RATE_HZ // 80
    loud = np.sqrt(np.mean(wanted**2))
    places: list[float | None] = []
    lag: int | None = None
    for start in range(0, len(wanted) - length, length):
        block = wanted[start : start + length]
        if np.sqrt(np.mean(block**2)) < 0.3 * loud:
            continue
        if lag is None:
            block = wanted[start : start + 3 * length]
        first = 0 if lag is None else max(0, start + lag - rate * 60 // 1000)
        last = len(there) if lag is None else start + lag + len(block) + rate * 60 // 1000
        stretch = there[first:last]
        if len(stretch) < len(block):
            places.append(None)
            continue
        product = np.correlate(stretch, block, "valid")
        energy = np.convolve(stretch**2, np.ones(len(block)), "valid")
        score = product / np.sqrt(np.maximum(energy, 1e-9) * np.sum(block**2))
        best = int(np.argmax(score))
        if score[best] < 0.7:
            places.append(None)
        else:
            lag = first + best - start
            places.append((first + best) / rate)
    return places


def level(sound: Sound) -> float:
    """RMS, full scale 1."""
    return float(np.sqrt(np.mean(sound**2))) if len(sound) else 0.0


@dataclass
class Take:
    """What player and witness said of one play; moments count from the master's beginning, in seconds."""

    starts_s: float
    player: VlcPlayer
    witness: MonitorWitness
    of_player: list[tuple[float, PlayerEvent]] = field(default_factory=list)
    of_witness: list[tuple[float, WitnessEvent]] = field(default_factory=list)

    @property
    def last_heard(self) -> Heard:
        """The witness's last word."""
        return [event for _at, event in self.of_witness if isinstance(event, Heard)][-1]

    @property
    def alarms(self) -> dict[str, float]:
        """Alarm → when it came."""
        return {event.reason.value: at for at, event in self.of_witness if isinstance(event, Alarm)}

    @property
    def stream_seen(self) -> bool:
        return any(isinstance(event, StreamSeen) for _at, event in self.of_witness)


@dataclass(frozen=True)
class Scene:
    """One play to perform: what airs where, what the witness was told, and what happens to it."""

    outputs: VirtualOutputs
    sink: str
    master: Path
    expected: Path | None = None
    """What the witness listens for, where it is not what airs."""
    act: Callable[[Take], None] | None = None
    at: float = 5.0
    """When ``act`` happens: seconds after the master's beginning."""
    recording: Path | None = None
    volume: float = 0.8


async def perform(scene: Scene) -> Take:
    """Play a scene to its end; whatever hangs for long fails."""
    starts_s = time.monotonic() + AHEAD_S
    environment, output = scene.outputs.environment, Output(scene.sink, "pulse", scene.sink)
    player = await VlcPlayers(environment).spawn(PlayOrder(scene.master, output, scene.volume))
    order = WatchOrder(
        master=scene.expected or scene.master,
        lead_in_s=LEAD_IN_S,
        tail_s=TAIL_S,
        output=output,
        volume=scene.volume,
        player_pid=player.process.pid,
        starts_monotonic_s=starts_s,
        recording=scene.recording,
    )
    take = Take(starts_s, player, await MonitorWitnesses(environment).spawn(order))
    async with asyncio.timeout(25):
        await asyncio.gather(_follow_player(take), _follow_witness(take), _interfere(take, scene))
    return take


async def perform_all(scenes: Mapping[str, Scene], at_once: int = 5) -> dict[str, Take]:
    """Play all scenes, five at a time."""
    takes: dict[str, Take] = {}
    names = list(scenes)
    while names:
        now, names = names[:at_once], names[at_once:]
        takes.update(zip(now, await asyncio.gather(*(perform(scenes[name]) for name in now)), strict=True))
    return takes


async def _follow_player(take: Take) -> None:
    async for event in take.player.events():
        take.of_player.append((time.monotonic() - take.starts_s, event))
        if isinstance(event, Ready):
            take.player.start(take.starts_s)


async def _follow_witness(take: Take) -> None:
    async for event in take.witness.events():
        take.of_witness.append((time.monotonic() - take.starts_s, event))
    take.player.kill()


async def _interfere(take: Take, scene: Scene) -> None:
    if scene.act is not None:
        await asyncio.sleep(take.starts_s + scene.at - time.monotonic())
        scene.act(take)


def pactl(outputs: VirtualOutputs, *words: str) -> str:
    """Ask the virtual outputs' server for something."""
    environment = {**os.environ, **outputs.environment, "LC_ALL": "C"}
    return subprocess.run(
        ["pactl", *words], env=environment, capture_output=True, text=True, check=True, timeout=5
    ).stdout


def stream_of(take: Take, outputs: VirtualOutputs) -> dict[str, Any]:
    """The take's stream, as the server describes it."""
    streams: list[dict[str, Any]] = json.loads(pactl(outputs, "--format=json", "list", "sink-inputs"))
    pid = str(take.player.process.pid)
    return next(stream for stream in streams if stream["properties"].get("application.process.id") == pid)
