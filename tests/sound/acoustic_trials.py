"""Plays before a microphone: what sounds, how loud, and what the program makes of it. The suite takes a few, the bench all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from acoustic_market import (
    AFTER_S,
    BEFORE_S,
    EPISODES,
    LEAD_IN_S,
    RATE_HZ,
    RECORDED,
    VOICES,
    Pcm,
    Sound,
    any_way,
    arrived,
    as_pcm,
    babble,
    beside,
    crowd,
    excerpt,
    master_of,
)

from broadcaster.sound.acoustic import Block, Seeker
from broadcaster.sound.acoustic_verdict import Listening, conclude

SECONDS = 35
"""Of a play: seven blocks."""
BEGINS = (BEFORE_S - LEAD_IN_S) * RATE_HZ


@dataclass(frozen=True)
class Take:
    """One play, as the microphone had it."""

    master: Pcm
    """What should sound."""
    ours: Sound
    """What came of it to the microphone: silence when it did not sound."""
    others: Sound
    """Everything else there."""

    @property
    def recording(self) -> Pcm:
        return as_pcm(self.ours + self.others)

    @property
    def first(self) -> int:
        return LEAD_IN_S * RATE_HZ

    @property
    def last(self) -> int:
        return len(self.master) - RATE_HZ

    def level_db(self, block: Block) -> float:
        """How far the master truly stood above everything else while a block sounded."""
        start = round((BEFORE_S + block.at_s + block.lag_s) * RATE_HZ)
        ours, others = (float(np.sum(each[start : start + 5 * RATE_HZ] ** 2)) for each in (self.ours, self.others))
        return 10 * float(np.log10(max(ours, 1e-12) / max(others, 1e-12)))


def heard(take: Take, recording: Pcm | None = None, *, piece: int = 4001) -> tuple[list[Block], float | None]:
    """The blocks and the background, from a recording that comes in pieces."""
    sound = take.recording if recording is None else recording
    seeker = Seeker(take.master, take.first, take.last, BEGINS)
    blocks = [block for at in range(0, len(sound), piece) for block in seeker.hear(sound[at : at + piece])]
    return blocks, seeker.background_db


def verdict(take: Take, recording: Pcm | None = None) -> Listening:
    return conclude(*heard(take, recording))


# What may sound


def played(voice: str, level_db: float, seed: int, seconds: float = SECONDS) -> Take:
    """The episode itself, above or below a crowd."""
    chance = np.random.default_rng([seed, 1])
    sound = excerpt(voice, seed % EPISODES, seconds, chance)
    there = arrived(sound, any_way(chance), chance)
    noise = crowd(BEFORE_S + seconds + AFTER_S, chance)
    return Take(master_of(sound), *beside(there, noise, level_db))


def another_episode(voice: str, level_db: float, seed: int, seconds: float = SECONDS) -> Take:
    """Another episode of the same voice in its place, at the same time."""
    chance = np.random.default_rng([seed, 2])
    master = excerpt(voice, seed % EPISODES, seconds, chance)
    other = (seed + 1 + int(chance.integers(EPISODES - 1))) % EPISODES
    there = arrived(excerpt(voice, other, seconds, chance), any_way(chance), chance)
    wrong, noise = beside(there, crowd(BEFORE_S + seconds + AFTER_S, chance), level_db)
    return Take(master_of(master), np.zeros(len(noise)), wrong + noise)


def only_noise(voice: str, seed: int, seconds: float = SECONDS) -> Take:
    """A crowd, and nothing of ours."""
    chance = np.random.default_rng([seed, 3])
    noise = crowd(BEFORE_S + seconds + AFTER_S, chance)
    return Take(master_of(excerpt(voice, seed % EPISODES, seconds, chance)), np.zeros(len(noise)), 0.02 * noise)


def the_voice_all_over(voice: str, seed: int, seconds: float = SECONDS) -> Take:
    """The same voice from three loudspeakers of other markets, with other episodes, and no crowd to hide them."""
    chance = np.random.default_rng([seed, 4])
    master = excerpt(voice, seed % EPISODES, seconds, chance)
    total = np.zeros(int((BEFORE_S + seconds + AFTER_S) * RATE_HZ))
    for step in (1, 2, 3):
        other = excerpt(voice, (seed + step) % EPISODES, seconds, chance)
        there, _calm = beside(arrived(other, any_way(chance), chance), np.ones(len(total)), chance.uniform(-6, 6))
        total += there
    hiss = 0.001 * babble(BEFORE_S + seconds + AFTER_S, chance, people=2)
    return Take(master_of(master), np.zeros(len(total)), total + hiss)


def nulls(count: int) -> Iterator[tuple[str, Callable[[], Take]]]:
    """Plays of which the master is no part, by the name of their kind."""
    for seed in range(count):
        voice, kind = VOICES[seed % len(VOICES)], seed // len(VOICES) % 5
        whose = "a recorded voice" if voice == RECORDED else "made voices"
        if kind < 3:
            level_db = (10.0, 0.0, -5.0)[kind]
            yield f"another episode, {whose}", partial(another_episode, voice, level_db, seed)
        elif kind == 3:
            yield f"the crowd alone, {whose}", partial(only_noise, voice, seed)
        else:
            yield f"three other episodes from three sides, {whose}", partial(the_voice_all_over, voice, seed)
