"""How sure the microphone's evidence is: ``python tests/bench/bench_microphone.py [--plays 300] [--nulls 1000]``.

Plays of 35 s are made as a microphone in a market would hear them (``tests/sound/acoustic_market.py``), the episode above and
below a crowd, and others in which it does not sound; the program and the obvious ways look for it in each. Writes the tables
of ``docs/microphone.md``. A quarter of an hour on two cores.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "sound"))

import numpy as np
from acoustic_market import VOICES, Pcm, Sound
from acoustic_scenes import SCENES
from acoustic_trials import BEGINS, Take, heard, nulls, played
from microphone_ways import WAYS

from broadcaster.model import Hearing
from broadcaster.sound.acoustic import FOUND, RATE_HZ, Block
from broadcaster.sound.acoustic_search import EARLIEST, LATEST
from broadcaster.sound.acoustic_verdict import Listening, agreeing, conclude

DOCUMENT = Path(__file__).parents[2] / "docs" / "microphone.md"
LEVELS_DB = (10.0, 0.0, -5.0, -10.0, -15.0)
OURS = "this program"
LATE_S = 0.010
"""A block counts as rightly found when it lies this near to where most of its play's found blocks do."""


@dataclass(frozen=True)
class Trial:
    """What came of one play."""

    kind: str
    blocks: tuple[Block, ...]
    listening: Listening
    others: Mapping[str, tuple[tuple[float, float], ...]]
    """For each other way, where every block fits best, and how well."""
    level_error_db: tuple[float, ...]
    cpu_s: float
    """For each second of recording."""


def tried(kind: str, make: Callable[[], Take], *, ways: bool = True) -> Trial:
    """Listen to one play in every way."""
    take = make()
    recording = take.recording
    begun = time.process_time()
    blocks, background_db = heard(take, recording, piece=800)
    cpu_s = (time.process_time() - begun) / (len(recording) / RATE_HZ)
    errors = [block.level_db - take.level_db(block) for block in blocks if block.found and take.ours.any()]
    pairs = [pair(take.master, recording, take.first + round(block.at_s * RATE_HZ)) for block in blocks]
    others = {name: tuple(way(*each) for each in pairs) for name, way in WAYS.items()} if ways else {}
    return Trial(kind, tuple(blocks), conclude(blocks, background_db), others, tuple(errors), cpu_s)


def pair(master: Pcm, recording: Pcm, start: int) -> tuple[Sound, Sound]:
    """A block of the master, and where it may be heard."""
    wanted = master[start : start + 5 * RATE_HZ].astype(np.float64)
    place = BEGINS + start + EARLIEST
    return wanted, recording[place : place + len(wanted) + LATEST - EARLIEST].astype(np.float64)


def null(number: int) -> Trial:
    """The null trial of this number."""
    kind, make = list(nulls(number + 1))[number]
    return tried(kind, make)


def positive(level_db: float, number: int) -> Trial:
    """A play of the episode at this level."""
    return tried("", partial(played, VOICES[number % len(VOICES)], level_db, 1000 + number))


def scene(name: str, number: int) -> Trial:
    """A play of a scene."""
    return tried(name, partial(SCENES[name], VOICES[number % len(VOICES)], 2000 + number), ways=False)


# The tables


def way_blocks(trial: Trial, way: str, limits: Mapping[str, float]) -> list[Block]:
    """A trial's blocks as a way has them."""
    if way == OURS:
        return list(trial.blocks)
    made = zip(trial.blocks, trial.others[way], strict=True)
    return [Block(b.at_s, score >= limits[way], lag_s, score, 0.0, 0.0, 0.0) for b, (lag_s, score) in made]


def rightly(blocks: Sequence[Block]) -> int:
    """Blocks that were found where the play is."""
    agreed = agreeing(blocks)
    middle = float(np.median([block.lag_s for block in agreed])) if agreed else 0.0
    return sum(block.found and abs(block.lag_s - middle) <= LATE_S for block in blocks) if agreed else 0


def main_table(trials: Mapping[float, Sequence[Trial]], without: Sequence[Trial]) -> Iterator[str]:
    """Blocks and plays found, by way and level, and what was found where nothing is."""
    limits = {way: float(np.percentile([s for trial in without for _lag, s in trial.others[way]], 95)) for way in WAYS}
    heads = " | ".join(map(decibels, LEVELS_DB))
    yield f"| way | counted | {heads} | where it does not sound |"
    yield "|---|---|" + "---|" * (len(LEVELS_DB) + 1)
    for way in (OURS, *WAYS):
        found = {at: [way_blocks(trial, way, limits) for trial in trials[at]] for at in LEVELS_DB}
        false = [way_blocks(trial, way, limits) for trial in without]
        cells = [share(sum(map(rightly, found[at])), sum(map(len, found[at]))) for at in LEVELS_DB]
        by_chance = share(sum(block.found for blocks in false for block in blocks), sum(map(len, false)))
        yield f"| {way} | blocks | {' | '.join(cells)} | {by_chance} |"
        cells = [share(sum(bool(agreeing(each)) for each in found[at]), len(found[at])) for at in LEVELS_DB]
        yield f"| | plays | {' | '.join(cells)} | {share(sum(bool(agreeing(each)) for each in false), len(false))} |"


def null_table(without: Sequence[Trial]) -> Iterator[str]:
    """What the program says where the episode does not sound."""
    yield "| what sounds instead | plays | called heard | blocks above the limit | highest score |"
    yield "|---|---|---|---|---|"
    for kind in sorted({trial.kind for trial in without}):
        these = [trial for trial in without if trial.kind == kind]
        blocks = [block for trial in these for block in trial.blocks]
        called = sum(trial.listening.hearing is Hearing.HEARD for trial in these)
        over = share(sum(block.found for block in blocks), len(blocks))
        yield f"| {kind} | {len(these)} | {called} | {over} | {max(block.score for block in blocks):.1f} |"


def level_table(trials: Mapping[float, Sequence[Trial]]) -> Iterator[str]:
    """How far the estimated level is off."""
    yield "| level | blocks | off by, median | nine of ten within |"
    yield "|---|---|---|---|"
    for at in LEVELS_DB:
        errors = np.array([error for trial in trials[at] for error in trial.level_error_db])
        low, middle, high = np.percentile(errors, [5, 50, 95])
        off = [f"{value:+.1f}".replace("-", "−") for value in (middle, low, high)]
        yield f"| {decibels(at)} | {len(errors)} | {off[0]} dB | {off[1]} … {off[2]} dB |"


def decibels(level: float) -> str:
    """As people read it."""
    return f"{level:+g} dB".replace("-", "−") if level else "0 dB"


def scene_table(trials: Mapping[str, Sequence[Trial]]) -> Iterator[str]:
    """What the program says of each scene."""
    words = " | ".join(f"`{hearing.value}`" for hearing in Hearing)
    yield f"| scene | plays | {words} | blocks found | missing | talked over |"
    yield "|---|---|" + "---|" * (len(Hearing) + 3)
    for name, these in trials.items():
        all_ = [trial.listening for trial in these]
        said = [str(sum(each.hearing is hearing for each in all_) or "") for hearing in Hearing]
        blocks = sum(each.blocks for each in all_)
        found, missing, over = (
            share(sum(counts), blocks)
            for counts in zip(*((each.found, each.missing, each.talked_over) for each in all_), strict=True)
        )
        yield f"| {name} | {len(these)} | {' | '.join(said)} | {found} | {missing} | {over} |"


def share(part: int, whole: int) -> str:
    """As people read it."""
    return f"{100 * part / max(whole, 1):.1f} % of {whole}"


def replaced(text: str, name: str, lines: Iterable[str]) -> str:
    """``text`` with the table between the two comments of this name."""
    mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not mark.search(text):
        raise SystemExit(f"{DOCUMENT} has no place for {name}")
    table = "\n".join(lines) + "\n"
    return mark.sub(lambda found: found[1] + table + found[2], text)


def main() -> None:
    """Measure everything and write the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=300, help="of each level from 0 dB on; below it a third")
    parser.add_argument("--nulls", type=int, default=1000, help="plays of something else")
    parser.add_argument("--scenes", type=int, default=40, help="plays of each scene")
    parser.add_argument("--dry", action="store_true", help="print the tables, write nothing")
    asked = parser.parse_args()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        without = list(pool.map(null, range(asked.nulls), chunksize=10))
        write({"nulls": list(null_table(without))}, dry=asked.dry)
        plays = {at: range(asked.plays if at >= 0 else asked.plays // 3) for at in LEVELS_DB}
        trials = {at: list(pool.map(partial(positive, at), count, chunksize=10)) for at, count in plays.items()}
        write({"found": list(main_table(trials, without)), "levels": list(level_table(trials))}, dry=asked.dry)
        scenes = {name: list(pool.map(partial(scene, name), range(asked.scenes), chunksize=4)) for name in SCENES}
        write({"scenes": list(scene_table(scenes))}, dry=asked.dry)
    tell(without, trials)


def write(tables: Mapping[str, Sequence[str]], *, dry: bool) -> None:
    """Print the tables and put them into the document."""
    for name, lines in tables.items():
        print("\n".join(lines), end="\n\n", flush=True)
        if not dry:
            DOCUMENT.write_text(replaced(DOCUMENT.read_text(encoding="utf-8"), name, lines), encoding="utf-8")


def tell(without: Sequence[Trial], trials: Mapping[float, Sequence[Trial]]) -> None:
    """What the limits were chosen from, and what it costs."""
    scores = [block.score for trial in without for block in trial.blocks]
    print(
        f"scores where it is not, 50, 95, 99, 99.9 %: {np.percentile(scores, [50, 95, 99, 99.9]).round(2)}, limit {FOUND}"
    )
    for at, group in trials.items():
        scores = [block.score for trial in group for block in trial.blocks]
        print(f"scores at {at:+g} dB, 0.1, 1, 5, 50 %: {np.percentile(scores, [0.1, 1, 5, 50]).round(2)}")
    cpu = [trial.cpu_s for group in trials.values() for trial in group]
    print(f"{100 * float(np.median(cpu)):.2f} % of a core while listening")


if __name__ == "__main__":
    main()
