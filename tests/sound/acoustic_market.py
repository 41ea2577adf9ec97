"""What a microphone in a market would hear of an episode, made by arithmetic: voice, horn, hall, crowd, cheap microphone.

Everything follows from a seed. Levels are those of the band from 300 to 3,400 Hz, as the loudspeaker and the program have it.
"""

import io
import random
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from broadcaster.sound.ffmpeg import program

RATE_HZ = 8000
LEAD_IN_S, TAIL_S = 3, 1
BEFORE_S, AFTER_S = 12, 3
"""How long the microphone listens before the first word, and after the last."""
MASTER_RMS = 0.1
PROMPTS = Path("/usr/share/asterisk/sounds/es_MX_f_Allison")
SYNTHETIC = ("es-419+f2", "es-419+f4", "es-419+m3", "es+f3")
RECORDED = "recorded"
VOICES = (*SYNTHETIC, RECORDED)
EPISODES = 6
"""Episodes of a voice that are aired;"""
TALK = 2
"""and texts of its own that it says in the crowd."""
EPISODE_S = 75

"""What a made voice says: every sentence takes one of each."""
OPENERS = """
Vecinas,; Hoy; Recuerde:; Por eso; En el mercado; Muchas veces; Cada mañana; Si puede,; Además; Ayer
"""
WHO = """
una compañera; la señora del puesto; quien nos escucha; una amiga de Venezuela; nuestra defensora; la
familia; una madre joven; el vecino de enfrente; toda persona; la trabajadora; alguien que acaba de
llegar; usted
"""
DOES = """
pregunta por sus derechos; llama a la Línea cien; busca un lugar seguro; guarda sus documentos; pide
orientación; habla con alguien de confianza; acompaña a su hermana; reconoce el maltrato; cuenta lo que
pasó; no se queda sola; va al centro de emergencia mujer; denuncia sin miedo; aprende a escuchar; recibe
ayuda gratuita; cuida a sus hijos
"""
WHY = """
porque nadie merece vivir con miedo; sin que le pidan papeles; aunque sea de noche; antes de que sea
tarde; con calma; cuando termina la jornada; en cualquier distrito de Lima; y también en quechua y
aimara; sin pagar nada; paso a paso
"""

Sound = NDArray[np.float64]
Pcm = NDArray[np.int16]


# Voices


@cache
def episode(voice: str, number: int) -> Sound:
    """More than a minute of a voice, a text of its own, as loud as a master."""
    said = _prompts(number) if voice == RECORDED else _synthetic(voice, number)
    return as_loud(said[: EPISODE_S * RATE_HZ], MASTER_RMS)


def _synthetic(voice: str, number: int) -> Sound:
    chance = random.Random(f"{voice} {number}")
    opener, who, does, why = (" ".join(words.split()).split("; ") for words in (OPENERS, WHO, DOES, WHY))
    pick = chance.choice
    text = " ".join(f"{pick(opener)} {pick(who)} {pick(does)}, {pick(why)}." for _ in range(22))
    command = [program("espeak-ng"), "-v", voice, "-s", str(chance.randrange(140, 165)), "--stdout", text]
    said = subprocess.run(command, capture_output=True, check=True).stdout
    sound = np.frombuffer(said[44:], "<i2").astype(np.float64)
    return np.asarray(soxr.resample(sound, 22050, RATE_HZ), dtype=np.float64)


@cache
def _deal() -> tuple[tuple[Path, ...], ...]:
    """The recorded prompts, each dealt to one episode only."""
    deck = sorted(
        path for path in PROMPTS.rglob("*.wav") if path.stat().st_size > 12_000 and "silence" not in str(path)
    )
    random.Random(1).shuffle(deck)
    return tuple(tuple(deck[number :: EPISODES + TALK]) for number in range(EPISODES + TALK))


def _prompts(number: int) -> Sound:
    parts = []
    for path in _deal()[number]:
        with wave.open(io.BytesIO(path.read_bytes())) as file:
            parts.append(np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64))
    return np.concatenate(parts)


def excerpt(voice: str, number: int, seconds: float, chance: np.random.Generator) -> Sound:
    """So much of an episode, from any place."""
    whole = episode(voice, number)
    start = int(chance.integers(0, max(1, len(whole) - int(seconds * RATE_HZ))))
    return whole[start : start + int(seconds * RATE_HZ)]


def master_of(sound: Sound) -> Pcm:
    """With lead-in and tail."""
    return as_pcm(np.concatenate([np.zeros(LEAD_IN_S * RATE_HZ), sound, np.zeros(TAIL_S * RATE_HZ)]))


# The market


def babble(seconds: float, chance: np.random.Generator, voices: Sequence[str] = VOICES, people: int = 8) -> Sound:
    """Several people at once, some nearer than others."""
    total = np.zeros(int(seconds * RATE_HZ))
    for _ in range(people):
        one = episode(str(chance.choice(list(voices))), EPISODES + int(chance.integers(TALK)))
        start = int(chance.integers(max(1, len(one) - len(total))))
        total += 10 ** (chance.uniform(-9, 0) / 20) * np.resize(one[start : start + len(total)], len(total))
    return in_band(total)


def bustle(seconds: float, chance: np.random.Generator) -> Sound:
    """Engines, water and steps, swelling and fading; and things that are put down."""
    count = int(seconds * RATE_HZ)
    white = np.fft.rfft(chance.standard_normal(count))
    pink = np.fft.irfft(white / np.maximum(np.arange(len(white)), 1) ** 0.5, count)
    pink *= 10 ** (_wavering(count, chance) / 20) / rms(pink)
    for _ in range(int(2 * seconds)):
        at, length = int(chance.integers(count)), int(chance.uniform(0.02, 0.2) * RATE_HZ)
        clack = chance.standard_normal(length) * np.exp(-5 * np.arange(length) / length) * chance.pareto(2.5)
        pink[at : at + length] += clack[: count - at]
    return in_band(pink)


def _wavering(count: int, chance: np.random.Generator) -> Sound:
    """Some decibels up and down within seconds."""
    points = chance.standard_normal(count // (4 * RATE_HZ) + 2) * 1.5
    return np.interp(np.arange(count) / (4 * RATE_HZ), np.arange(len(points)), points)


def crowd(seconds: float, chance: np.random.Generator) -> Sound:
    """Babble and bustle, as loud as each other give or take 6 dB; RMS 1 in the band."""
    share_db = chance.uniform(-6, 6)
    both = as_loud(babble(seconds, chance), 10 ** (share_db / 20)) + as_loud(bustle(seconds, chance), 1.0)
    return as_loud(both, 1.0)


# From the loudspeaker to the microphone


@dataclass(frozen=True)
class Way:
    """How a sound comes to the microphone."""

    delay_s: float = 0.06
    ppm: float = 0.0
    """How much slower the microphone's clock makes it."""
    reverberation_s: float = 0.6
    echoes: tuple[tuple[float, float], ...] = ((0.11, 0.4),)
    """Later arrivals: seconds, amplitude."""


def any_way(chance: np.random.Generator) -> Way:
    """A hall, a distance, a pair of clocks."""
    return Way(
        delay_s=float(chance.choice([chance.uniform(0.01, 0.15), chance.uniform(0.1, 1.5)])),
        ppm=float(chance.uniform(-150, 150)),
        reverberation_s=float(chance.uniform(0.2, 1.0)),
        echoes=((float(chance.uniform(0.05, 0.2)), float(chance.uniform(0.2, 0.6))),),
    )


def arrived(sound: Sound, way: Way, chance: np.random.Generator) -> Sound:
    """Through horn, air and hall; begins as the sound does and is some seconds longer."""
    answer = np.zeros(int(1.2 * RATE_HZ))
    answer[0] = 1.0
    for _ in range(8):
        answer[int(chance.uniform(0.003, 0.07) * RATE_HZ)] += chance.uniform(-0.4, 0.4)
    for at_s, amplitude in way.echoes:
        answer[int(at_s * RATE_HZ)] += amplitude
    moments = np.arange(len(answer)) / RATE_HZ
    tail = chance.standard_normal(len(answer)) * 10 ** (-3 * moments / way.reverberation_s)
    answer += 0.5 * tail * (moments > 0.02) / np.sqrt(np.sum(tail**2))
    wet = fftconvolve(in_band(sound), answer)
    late = np.concatenate([np.zeros(int(way.delay_s * RATE_HZ)), wet, np.zeros(4 * RATE_HZ)])
    return np.asarray(soxr.resample(late, RATE_HZ, RATE_HZ * (1 + way.ppm * 1e-6)), dtype=np.float64)


def beside(sounding: Sound, noise: Sound, level_db: float) -> tuple[Sound, Sound]:
    """Both as they come to the microphone, of one length: what sounds from the first word on, and the noise all the time.

    The noise's RMS is 0.02, and the sound's so far above it as both are from the first word to the last.
    """
    start, stop = BEFORE_S * RATE_HZ, len(noise) - AFTER_S * RATE_HZ
    there = np.zeros(len(noise))
    there[start : start + len(sounding)] = sounding[: len(noise) - start]
    noise = noise * (0.02 / rms(noise[start:stop]))
    return there * (0.02 * 10 ** (level_db / 20) / max(rms(there[start:stop]), 1e-9)), noise


# Microphones


def agc(sound: Sound, attack_s: float = 0.3, release_s: float = 3.0) -> Sound:
    """A cheap microphone that makes everything as loud, quickly down and slowly up."""
    frame = RATE_HZ // 100
    levels = np.sqrt(np.mean(sound[: len(sound) // frame * frame].reshape(-1, frame) ** 2, axis=1))
    held, gains = 0.05, []
    for level in levels:
        held += (level - held) * (1 - np.exp(-0.01 / (attack_s if level > held else release_s)))
        gains.append(0.1 / max(held, 0.003))
    levelled: Sound = sound * np.interp(np.arange(len(sound)), (np.arange(len(gains)) + 0.5) * frame, gains)
    return levelled


def hum(seconds: float) -> Sound:
    """The mains, 60 Hz in Peru, and its harmonics."""
    moments = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    waves = [np.sin(2 * np.pi * 60 * n * moments + n) / n**0.5 for n in range(1, 30)]
    return np.asarray(np.sum(waves, axis=0), dtype=np.float64)


def clipped(sound: Sound, ceiling: float) -> Sound:
    """What comes of too much gain."""
    return np.asarray(np.clip(sound, -ceiling, ceiling), dtype=np.float64)


# Levels


def in_band(sound: Sound) -> Sound:
    """300 to 3,400 Hz, as a horn has it."""
    return np.asarray(sosfilt(butter(4, (300, 3400), "bandpass", fs=RATE_HZ, output="sos"), sound), dtype=np.float64)


def rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(sound**2)))


def as_loud(sound: Sound, level: float) -> Sound:
    louder: Sound = sound * (level / max(rms(sound), 1e-9))
    return louder


def as_pcm(sound: Sound) -> Pcm:
    return np.clip(np.round(sound * 32767), -32768, 32767).astype(np.int16)
