"""Half an hour of a real speaker's Spanish, from the phone to the market: ``bench_real_voices.py [--quick]``.

Every prompt of ``asterisk-core-sounds-es-wav`` goes once into one of eight episodes, each spoiled in another way and sent in
another format; they are added, approved and rehearsed by the program's own commands, four markets playing different episodes
at once. What each market heard is then looked for in its recording twice: by the witness's arithmetic, and by that of
``tests/playout/market_ear.py``, which knows nothing of it. Prints the table of ``docs/witness.md``; exit 1 when a threshold
does not hold. A quarter of an hour, ten minutes of it in real time, on an idle machine.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "playout"))
sys.path.insert(0, str(Path(__file__).parents[1] / "production"))

import numpy as np
from alignment import Samples
from market_ear import Found, look_for, pcm
from master_meter import file_by_ffmpeg
from phones import PHONES, Phone, dealt, sent
from real_station import MARKETS
from voiced_station import VoicedStation, found_station

from broadcaster.model import MarketId
from broadcaster.playout.expected import read_master
from broadcaster.sound.envelope import FRAME_S, envelope
from broadcaster.sound.matching import Matcher, Tally

LEAD_IN_S, TAIL_S = 3.0, 1.0
BEFORE_S = 15
"""How long before the first minute the rehearsal begins."""
APART_S = 300
"""From one slot to the next."""
AFTER_S = 8
"""How long after the last word the rehearsal ends."""
BY_CHANCE = 3
"""So many blocks of any other episode are found at the place that fits its beginning best, however short it is."""
CALM, PATIENCE_S = 1.0, 480
"""A rehearsal waits for a load average below this, so many seconds at most."""


@dataclass(frozen=True)
class Occasion:
    """What is rehearsed: which phones, how many slots, how much speech."""

    phones: Sequence[Phone]
    markets: Sequence[MarketId]
    longest_s: float | None = None
    """Seconds of each recording that are used; ``None``: all."""

    @property
    def slots(self) -> int:
        return len(self.phones) // len(self.markets)

    def orders(self) -> dict[MarketId, list[int]]:
        """Which episodes each market plays, slot by slot."""
        count = len(self.markets)
        return {
            market: [place + 1 + count * slot for slot in range(self.slots)]
            for place, market in enumerate(self.markets)
        }


FULL = Occasion(PHONES, MARKETS)
QUICK = Occasion((PHONES[0], PHONES[-1]), MARKETS[:2], 8.0)


# What became of it


@dataclass(frozen=True)
class Airing:
    """One episode on the air: what was promised, what the log says, what two ears heard."""

    phone: Phone
    length_s: float
    findings: list[str]
    lufs: float
    true_peak_dbtp: float
    play: dict[str, Any]
    by_witness: Tally
    by_ear: Found
    other_by_witness: Tally
    other_by_ear: Found

    def faults(self) -> Iterator[str]:
        """The thresholds that do not hold."""
        told = (self.play["outcome"], self.play["reason"], self.play["evidence"], self.play["notes"])
        if told != ("played", "on_time", "monitor", []):
            yield f"the log says {told}"
        if share(self.by_witness.heard, self.by_witness.active) < 99.5:
            yield "the witness heard less than 99.5 %"
        if share(self.other_by_witness.heard, self.other_by_witness.active) > 1:
            yield "the witness heard another episode"
        if self.other_by_ear.found > max(BY_CHANCE, 0.01 * self.other_by_ear.active):
            yield "another episode was heard"
        if self.by_ear.found < self.by_ear.active or self.by_ear.elsewhere_s > 0:
            yield f"not every block once and in order, or {self.by_ear.elsewhere_s:.2f} s of other sound"
        if abs(self.by_ear.drift_s) > 0.15:
            yield "drift"
        if abs(self.lufs + 19) > 0.2 and "quiet_master" not in self.findings:
            yield "loudness"
        if self.true_peak_dbtp > -1.5:
            yield "true peak"

    def row(self, number: int) -> str:
        """Its row of the table."""
        play, ear = self.play, self.by_ear
        cells = [
            f"{number}: {self.phone.name}",
            f"{self.phone.suffix}, {self.length_s:.0f} s",
            ", ".join(self.findings) or "none",
            f"{self.lufs:.1f}",
            f"{self.true_peak_dbtp:.1f}",
            f"{play['outcome']}, {play['evidence']}",
            f"{play['played_s']:.1f} of {play['expected_s']:.1f}",
            percent(self.by_witness.heard, self.by_witness.active),
            percent(ear.found, ear.active),
            f"{1000 * ear.drift_s:+.0f}",
            "–" if play["start_error_ms"] is None else f"{play['start_error_ms']:+.0f}",
            f"{share(self.other_by_witness.heard, self.other_by_witness.active):.2f} %",
            f"{share(self.other_by_ear.found, self.other_by_ear.active):.2f} %",
        ]
        return f"| {' | '.join(cells)} |"


HEAD = (
    "degraded as",
    "sent as",
    "findings",
    "LUFS",
    "dBTP",
    "log",
    "seconds heard, by the log",
    "blocks heard, by the witness's arithmetic",
    "blocks once and in order, by the other",
    "drift ms",
    "start error ms",
    "another episode, by the witness's",
    "another episode, by the other",
)


def share(some: int, all_: int) -> float:
    return 100 * some / all_ if all_ else 0.0


def percent(some: int, all_: int) -> str:
    return f"{share(some, all_):.2f} % of {all_}"


def stretch(recording: Samples, slot: int, slots: int) -> Samples:
    """What was recorded from ten seconds before a slot to ten before the next, so that all of it belongs to one slot."""
    edges = [BEFORE_S - 10 + APART_S * each for each in range(slots)]
    edges = [0, *edges[1:], len(recording) // 8000 + 1]
    return recording[8000 * edges[slot] : 8000 * edges[slot + 1]]


def by_witness(master: Path, recording: Samples, begins_s: float) -> Tally:
    """The witness's arithmetic on a recording in which a master is expected at ``begins_s``."""
    shape = read_master(master)
    last = len(shape) - round(TAIL_S / FRAME_S)
    matcher = Matcher(shape, round(LEAD_IN_S / FRAME_S), last, round(begins_s / FRAME_S))
    matcher.hear(envelope([np.round(recording * 32768).astype("<i2").tobytes()]))
    matcher.end()
    return matcher.tally


def heard(episodes: dict[int, dict[str, Any]], occasion: Occasion, station: VoicedStation) -> Iterator[Airing]:
    """Rehearse the occasion, then judge every airing, episode by episode."""
    longest_s = max(episode["duration_s"] for episode in episodes.values())
    lasts_s = BEFORE_S + APART_S * (occasion.slots - 1) + longest_s + TAIL_S + AFTER_S
    recordings = station.rehearse("09:59:45", lasts_s, occasion.markets)
    masters = {number: Path(episode["master"]["path"]) for number, episode in episodes.items()}
    sounds = {market: pcm(wav) for market, wav in recordings.items()}
    plays = {play["episode"]: play for play in station.plays()}
    for number, episode in episodes.items():
        slot, place = divmod(number - 1, len(occasion.markets))
        other = masters[slot * len(occasion.markets) + (place + 1) % len(occasion.markets) + 1]
        recording = stretch(sounds[occasion.markets[place]], slot, occasion.slots)
        found = look_for(pcm(masters[number]), recording)
        lufs, peak = file_by_ffmpeg(masters[number])
        yield Airing(
            phone=occasion.phones[number - 1],
            length_s=episode["duration_s"],
            findings=[finding["code"] for finding in episode["findings"]],
            lufs=lufs,
            true_peak_dbtp=peak,
            play=plays[number],
            by_witness=by_witness(masters[number], recording, found.first_s),
            by_ear=found,
            other_by_witness=by_witness(other, recording, found.first_s),
            other_by_ear=look_for(pcm(other), recording, found.first_s),
        )


def admitted(occasion: Occasion, station: VoicedStation) -> dict[int, dict[str, Any]]:
    """Every phone's recording is added and approved: number → what ``episode show`` says."""
    episodes = {}
    for number, (phone, lot) in enumerate(zip(occasion.phones, dealt(len(occasion.phones)), strict=True), start=1):
        recording = sent(phone, lot, occasion.longest_s, station.root / f"phone{number}")
        episodes[number] = station.admit(number, recording)
        print(f"{number}/{len(occasion.phones)} admitted: {phone.name}", file=sys.stderr)
    return episodes


def calm() -> float:
    """Wait for a calm machine, but not for ever; the load average then."""
    until_s = time.monotonic() + PATIENCE_S
    while (load := os.getloadavg()[0]) >= CALM and time.monotonic() < until_s:
        time.sleep(5)
    return load


def bench(occasion: Occasion, folder: Path) -> int:
    """Print the table; 1 when a threshold does not hold."""
    station = found_station(folder / "station")
    episodes = admitted(occasion, station)
    station.schedule(occasion.orders(), ["10:00", "10:05"][: occasion.slots])
    load = calm() if occasion.longest_s is None else os.getloadavg()[0]
    airings = list(heard(episodes, occasion, station))
    after = os.getloadavg()[1]
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    print("\n".join(airing.row(number) for number, airing in enumerate(airings, start=1)))
    faults = [f"{number}: {fault}" for number, airing in enumerate(airings, start=1) for fault in airing.faults()]
    total_s = sum(airing.length_s for airing in airings)
    print(
        f"\n{total_s / 60:.1f} minutes of speech; load average {load:.1f} before the rehearsal, {after:.1f} over its end."
    )
    print("\n".join(["Does not hold:", *faults]) if faults else "Every threshold holds.")
    return 1 if faults else 0


def main() -> int:
    """Read the wishes, then bench."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--quick", action="store_true", help="two episodes of eight seconds in two markets")
    wishes.add_argument("--keep", type=Path, help="an empty folder in which station and recordings stay")
    said = wishes.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-voices-") as passing:
        return bench(QUICK if said.quick else FULL, said.keep or Path(passing))


if __name__ == "__main__":
    sys.exit(main())
