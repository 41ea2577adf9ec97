"""Plays in which something is out of the ordinary; each makes a :class:`Take` from a voice and a seed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from acoustic_market import (
    AFTER_S,
    BEFORE_S,
    EPISODES,
    RATE_HZ,
    Sound,
    Way,
    agc,
    any_way,
    arrived,
    as_loud,
    beside,
    clipped,
    crowd,
    excerpt,
    hum,
    master_of,
)
from acoustic_trials import SECONDS, Take, another_episode, only_noise, played

ALL_S = BEFORE_S + SECONDS + AFTER_S
START = BEFORE_S * RATE_HZ


def _by(voice: str, seed: int, level_db: float, *ways: Way) -> Take:
    """The episode by one loudspeaker or several, above a crowd."""
    chance = np.random.default_rng([seed, 5])
    sound = excerpt(voice, seed % EPISODES, SECONDS, chance)
    arrivals = [arrived(sound, way, chance) for way in ways]
    total = np.sum([each[: min(map(len, arrivals))] for each in arrivals], axis=0)
    return Take(master_of(sound), *beside(total, crowd(ALL_S, chance), level_db))


def ordinary(voice: str, seed: int) -> Take:
    return played(voice, 5.0, seed)


def long_echo(voice: str, seed: int) -> Take:
    """A wall eighty metres away, almost as loud as the loudspeaker."""
    return _by(voice, seed, 0.0, Way(echoes=((0.5, 0.8),)))


def two_loudspeakers(voice: str, seed: int) -> Take:
    """One at 10 m, one at 60 m that is turned up."""
    return _by(voice, seed, 0.0, Way(delay_s=0.03), Way(delay_s=0.176))


def steep_drift(voice: str, seed: int) -> Take:
    """The worst pair of crystals."""
    return _by(voice, seed, 0.0, Way(ppm=200.0 if seed % 2 else -200.0))


def neighbour(voice: str, seed: int) -> Take:
    """The market next door plays another episode of the voice at the same time, as loud as ours."""
    take = played(voice, 3.0, seed)
    other = another_episode(voice, 0.0, seed)
    ours = take.ours + 0
    next_door = other.others * float(np.sqrt(np.mean(ours**2) / np.mean(other.others**2)))
    return replace(take, others=take.others + next_door)


def _heard_by(take: Take, microphone: Callable[[Sound], Sound]) -> Take:
    """Through a microphone that does what no sum does: what was ours cannot be told from the rest any more."""
    return Take(take.master, np.zeros(len(take.ours)), microphone(take.ours + take.others))


def overdriven(voice: str, seed: int) -> Take:
    """So much gain that a tenth of all samples are clipped."""
    take = played(voice, 0.0, seed)
    ceiling = float(np.quantile(np.abs(take.ours + take.others), 0.9))
    return _heard_by(take, lambda sound: clipped(sound, ceiling) * 0.9 / ceiling)


def levelled(voice: str, seed: int) -> Take:
    """Automatic gain control."""
    return _heard_by(played(voice, 0.0, seed), agc)


def humming(voice: str, seed: int) -> Take:
    """The mains, 10 dB above everything."""
    take = played(voice, 0.0, seed)
    return replace(take, others=take.others + as_loud(hum(ALL_S), 0.06))


def talked_over(voice: str, seed: int) -> Take:
    """A vendor with a megaphone for the middle third, 15 dB above the episode."""
    take = played(voice, 5.0, seed)
    chance = np.random.default_rng([seed, 6])
    other = arrived(excerpt(voice, (seed + 2) % EPISODES, SECONDS / 3, chance), any_way(chance), chance)
    over = np.zeros(len(take.ours))
    start = START + SECONDS * RATE_HZ // 3
    over[start : start + SECONDS * RATE_HZ // 3] = other[: SECONDS * RATE_HZ // 3]
    loud = float(np.sqrt(np.mean(take.ours[START : START + SECONDS * RATE_HZ] ** 2))) * 10 ** (15 / 20)
    spoken = over[start : start + SECONDS * RATE_HZ // 3]
    return replace(take, others=take.others + over * loud / float(np.sqrt(np.mean(spoken**2))))


def silent(voice: str, seed: int) -> Take:
    return only_noise(voice, seed)


def wrong(voice: str, seed: int) -> Take:
    """Another episode of the voice, 5 dB above the crowd."""
    return another_episode(voice, 5.0, seed)


def wrong_levelled(voice: str, seed: int) -> Take:
    """The same before a microphone with automatic gain control."""
    return _heard_by(wrong(voice, seed), agc)


def shared_ident(voice: str, seed: int) -> Take:
    """Another episode that begins with the same twelve seconds."""
    take, other = played(voice, 8.0, seed), another_episode(voice, 8.0, seed)
    until = START + 12 * RATE_HZ
    ours = take.ours.copy()
    ours[until:] = 0
    others = take.others.copy()
    others[until:] = other.others[until:]
    return Take(take.master, ours, others)


def switched_off(voice: str, seed: int) -> Take:
    """The amplifier goes off after eleven seconds."""
    take = played(voice, 8.0, seed)
    ours = take.ours.copy()
    ours[START + 11 * RATE_HZ :] = 0
    return replace(take, ours=ours)


def drowned(voice: str, seed: int) -> Take:
    """A crowd so loud that the episode is 30 dB below it, and the microphone near its limit."""
    take = played(voice, -30.0, seed)
    return replace(take, ours=15 * take.ours, others=15 * take.others)


SCENES: Mapping[str, Callable[[str, int], Take]] = {
    "the episode, 5 dB above the crowd": ordinary,
    "an echo after 0.5 s, almost as loud": long_echo,
    "two loudspeakers, 10 m and 60 m away": two_loudspeakers,
    "clocks 200 ppm apart": steep_drift,
    "another episode of the voice next door, as loud": neighbour,
    "a microphone that clips a tenth of all samples": overdriven,
    "a microphone with automatic gain control": levelled,
    "mains hum 10 dB above everything": humming,
    "a megaphone over the middle third": talked_over,
    "the amplifier silent": silent,
    "another episode instead, 5 dB above the crowd": wrong,
    "the same, with automatic gain control": wrong_levelled,
    "another episode that begins with the same 12 s": shared_ident,
    "the amplifier off after 11 s": switched_off,
    "30 dB below a deafening crowd": drowned,
}
