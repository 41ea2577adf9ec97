"""Each fault of a recording is found, at its second; a clean voice, recorded or synthetic, has none."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from quality_signals import (
    RATE_HZ,
    REPOSITORY,
    Signal,
    clock,
    codes,
    decoded,
    found,
    music,
    noise,
    real_voice,
    rms,
    silence,
    synthetic_voice,
)

from broadcaster.config import load_station
from broadcaster.model import Seconds
from broadcaster.production.quality import length
from broadcaster.sound.findings import Refused

VOICES = {"recorded": real_voice, "synthetic": synthetic_voice}


@pytest.fixture(params=sorted(VOICES))
def voice(request: pytest.FixtureRequest) -> Signal:
    """A minute of a voice without a fault."""
    return np.resize(VOICES[request.param](62.0), round(62 * RATE_HZ))


def _at(folder: Path, signal: Signal, code: str) -> float | None:
    """Where the only finding of this code begins."""
    (one,) = [each for each in found(folder, signal) if each.code == code]
    return None if one.at_s is None else float(one.at_s)


def test_a_clean_voice_raises_nothing(tmp_path: Path, voice: Signal) -> None:
    assert found(tmp_path, voice) == []


@pytest.mark.parametrize(
    "how", ["as a phone sends it", "narrow", "with quiet music", "much too soft", "44.1 kHz stereo"]
)
def test_what_a_phone_does_to_a_voice_raises_nothing(tmp_path: Path, how: str) -> None:
    voice = real_voice(62.0, seed=3)
    if how == "44.1 kHz stereo":
        slow = np.interp(np.arange(0, len(voice), RATE_HZ / 44_100), np.arange(len(voice)), voice)
        assert found(tmp_path, np.stack([slow, 0.6 * slow], axis=1), 44_100) == []
        return
    assert found(tmp_path, _spoiled(voice, how, tmp_path)) == []


def _spoiled(voice: Signal, how: str, folder: Path) -> Signal:
    if how == "with quiet music":
        return voice + music(62.0) * rms(voice) / rms(music(62.0)) * 0.1
    if how == "much too soft":
        return voice * 0.02
    wav = folder / "voice.wav"
    chain = (
        ["-af", "highpass=f=300,lowpass=f=3400"]
        if how == "narrow"
        else ["-c:a", "libopus", "-b:a", "12k", "-ar", "16000"]
    )
    sent = folder / ("sent.wav" if how == "narrow" else "sent.ogg")
    _write(wav, voice)
    _ffmpeg("-i", str(wav), *chain, str(sent))
    return decoded(sent)


def _ffmpeg(*arguments: str) -> None:
    subprocess.run(["/usr/bin/ffmpeg", "-v", "error", "-nostdin", "-y", *arguments], check=True)


def _write(path: Path, signal: Signal) -> None:
    raw = path.with_suffix(".f32")
    signal.astype("<f4").tofile(raw)
    _ffmpeg("-f", "f32le", "-ar", str(RATE_HZ), "-ac", "1", "-i", str(raw), str(path))


@pytest.mark.parametrize("after", [1.0, 0.1])
def test_torn_tops_are_found_where_they_begin_also_when_made_quieter_afterwards(
    tmp_path: Path, voice: Signal, after: float
) -> None:
    torn = voice.copy()
    part = slice(23 * RATE_HZ, 31 * RATE_HZ)
    torn[part] = np.clip(voice[part] * 5, -0.5, 0.5)
    first = 23 + np.argmax(np.abs(voice[part]) > 0.1) / RATE_HZ
    assert _at(tmp_path, torn * after, "clipped") == pytest.approx(first, abs=0.5)


def test_torn_tops_are_found_behind_an_mp3(tmp_path: Path) -> None:
    _write(tmp_path / "torn.wav", np.clip(real_voice(62.0) * 6, -0.5, 0.5))
    _ffmpeg("-i", str(tmp_path / "torn.wav"), "-b:a", "64k", str(tmp_path / "torn.mp3"))
    assert "clipped" in codes(found(tmp_path, decoded(tmp_path / "torn.mp3")))


@pytest.mark.parametrize("codec", ["pcm_mulaw", "pcm_alaw"])
def test_the_coarse_steps_of_a_telephone_are_no_torn_tops(tmp_path: Path, codec: str) -> None:
    """Nor in a rest of a second; tops that are torn are found behind them all the same."""
    whole = real_voice(62.0)
    for name, voice in (("clean", whole * 1.4), ("soft", whole * 0.3), ("torn", np.clip(whole * 6, -0.7, 0.7))):
        _write(tmp_path / "voice.wav", voice[: round(25.7 * RATE_HZ)])
        sent = tmp_path / f"{name}.wav"
        _ffmpeg("-i", str(tmp_path / "voice.wav"), "-ar", "8000", "-c:a", codec, str(sent))
        said = codes(found(tmp_path / name, decoded(sent, 8000), 8000, codec))
        assert ("clipped" in said) == (name == "torn")


def test_a_knock_on_the_microphone_is_no_torn_voice(tmp_path: Path, voice: Signal) -> None:
    knock = voice.copy()
    knock[20 * RATE_HZ - 1200 : 20 * RATE_HZ + 1200] = 0.98
    assert "clipped" not in codes(found(tmp_path, knock))


def test_silence_is_found_at_the_head_in_the_middle_and_at_the_end(tmp_path: Path, voice: Signal) -> None:
    half = voice[: 20 * RATE_HZ]
    findings = found(tmp_path, np.concatenate([silence(5), half, silence(6), half, voice, silence(7)]))
    places = [(each.code, each.at_s) for each in findings]
    assert [code for code, _ in places] == ["silent_head", "silent_middle", "silent_tail"]
    assert [at for _, at in places] == pytest.approx([0, 25, 51 + len(voice) / RATE_HZ], abs=0.5)
    assert [word for each in findings for word in each.text.split() if word.isdigit()] == ["5", "6", "7"]


def test_a_room_that_hums_softly_is_silence_too(tmp_path: Path, voice: Signal) -> None:
    quiet = np.concatenate([voice[: 30 * RATE_HZ], silence(5), voice[30 * RATE_HZ :]])
    assert codes(found(tmp_path, quiet + noise(len(quiet), rms(voice) / 150))) == ["silent_middle"]


def test_a_voice_that_hardly_stands_above_its_noise_is_remarked_upon(tmp_path: Path, voice: Signal) -> None:
    loud = np.cumsum(noise(len(voice), 1.0))  # like a street: strong below, weak above
    street = np.diff(loud, prepend=0) + 0.2 * noise(len(voice), 1.0, seed=2)
    assert codes(found(tmp_path, voice + street * rms(voice) / rms(street) * 0.6)) == ["noisy"]


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_a_hum_is_found_and_where_it_begins(tmp_path: Path, voice: Signal, mains_hz: int) -> None:
    t = clock(voice)
    hum = sum(np.sin(2 * np.pi * mains_hz * k * t) / k for k in (1, 2, 3)) * rms(voice) * 0.05
    assert _at(tmp_path / "part", voice + hum * (t > 30), "hum") == pytest.approx(30, abs=0.5)
    assert _at(tmp_path / "whole", voice + hum, "hum") is None


def test_a_constant_offset_is_noted(tmp_path: Path, voice: Signal) -> None:
    (one,) = found(tmp_path, voice + 0.05)
    assert (one.code, one.severity, one.at_s) == ("offset", "note", None)


@pytest.mark.parametrize(("side", "code"), [(0, "dead_left"), (1, "dead_right")])
def test_a_dead_side_is_named_and_when_it_died(tmp_path: Path, voice: Signal, side: int, code: str) -> None:
    both = np.stack([voice, voice * 0.8], axis=1)
    both[30 * RATE_HZ :, side] = 0
    assert _at(tmp_path / "part", both, code) == pytest.approx(30, abs=0.5)
    both[:, side] = noise(len(both), 1e-5)
    assert _at(tmp_path / "whole", both, code) is None


def test_sides_against_each_other_are_remarked_upon_where_they_begin(tmp_path: Path, voice: Signal) -> None:
    turned = np.where(clock(voice) > 30, -0.7, 0.7)
    both = np.stack([voice, voice * turned], axis=1)
    assert _at(tmp_path, both, "out_of_phase") == pytest.approx(30, abs=0.5)


@pytest.mark.parametrize("alike", [0.98, 1.0])
def test_sides_that_cancel_each_other_are_refused(tmp_path: Path, voice: Signal, alike: float) -> None:
    """Where nothing at all is left of them, nobody is told to speak closer to the microphone."""
    with pytest.raises(Refused) as refused:
        found(tmp_path, np.stack([voice, -voice * alike], axis=1))
    assert refused.value.finding.code == "channels_cancel"


NOBODY: dict[str, Callable[[Signal], Signal]] = {
    "a tone": lambda t: 0.3 * np.sin(2 * np.pi * 440 * t),
    "hum": lambda t: 0.3 * np.sin(2 * np.pi * 60 * t) + 0.1 * np.sin(2 * np.pi * 120 * t),
    "noise": lambda t: noise(len(t), 0.1),
    "a busy line": lambda t: 0.3 * np.sin(2 * np.pi * 425 * t) * (t % 0.5 < 0.25),
    "bursts of noise": lambda t: noise(len(t), 0.1) * (0.05 + (t % 0.27 < 0.13)),
}


@pytest.mark.parametrize("what", NOBODY)
def test_a_recording_in_which_nobody_speaks_is_refused(tmp_path: Path, what: str) -> None:
    with pytest.raises(Refused) as refused:
        found(tmp_path, NOBODY[what](np.arange(20 * RATE_HZ) / RATE_HZ))
    assert refused.value.finding.code == "no_speech"


def test_music_alone_is_remarked_upon_for_it_may_be_meant(tmp_path: Path) -> None:
    (one, *_) = found(tmp_path, music())
    assert (one.code, one.severity) == ("little_speech", "warn")


def test_a_voice_in_a_storm_is_not_refused(tmp_path: Path, voice: Signal) -> None:
    assert codes(found(tmp_path, voice + noise(len(voice), rms(voice) * 1.5)))[0] in {"little_speech", "noisy"}


def test_a_length_outside_the_stations_window_is_remarked_upon(tmp_path: Path, voice: Signal) -> None:
    (one,) = found(tmp_path, voice[: 40 * RATE_HZ])
    assert (one.code, one.severity, one.at_s) == ("short", "warn", None)
    assert "0:40" in one.text
    too_long = length.judge(Seconds(1900), load_station(REPOSITORY).intake)
    assert too_long is not None
    assert (too_long.code, too_long.severity) == ("long", "warn")
    assert "31:40" in too_long.text


def test_a_soft_part_that_a_market_would_lose_is_remarked_upon_where_it_begins(tmp_path: Path, voice: Signal) -> None:
    soft = voice * np.where((clock(voice) > 20) & (clock(voice) < 45), 0.1, 1.0)
    assert _at(tmp_path, soft, "uneven") == pytest.approx(20, abs=0.5)
