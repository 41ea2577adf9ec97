"""The same audio is known again as another file; other words of the same voice are not."""

from pathlib import Path

import numpy as np
import pytest
from intake_station import IntakeStation
from quality_signals import RATE_HZ, Signal, decoded, music, noise, real_voice, silence, synthetic_voice
from recordings import ffmpeg

from broadcaster.clock import SystemClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Withdrawn
from broadcaster.journal.reading import read
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.library.fingerprints import known, of, same, same_audio
from broadcaster.model import EpisodeNumber
from broadcaster.sound.fingerprint import Words, alike, fingerprint_of

Capture = pytest.CaptureFixture[str]
AGAIN = {
    "mp3, 24 kbit/s": ("a.mp3", "-b:a 24k -ar 16000"),
    "a narrow voice note": ("a.ogg", "-c:a libopus -b:a 6k -ar 8000"),
    "m4a, 44.1 kHz": ("a.m4a", "-c:a aac -b:a 32k -ar 44100"),
    "ten times softer": ("a.wav", "-af volume=-20dB"),
    "cut at the head, not on the grid": ("a.wav", "-ss 1.337"),
    "compressed, without bass": ("a.wav", "-af highpass=f=250,acompressor=threshold=-25dB:ratio=4"),
}


def _words(signal: Signal, rate_hz: int = RATE_HZ) -> Words:
    return fingerprint_of([signal], rate_hz)


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of a recorded voice."""
    return _written(tmp_path_factory.mktemp("voice") / "voice.wav", real_voice(60.0))


def _written(path: Path, signal: Signal) -> Path:
    raw = path.with_suffix(".f32")
    signal.astype("<f4").tofile(raw)
    ffmpeg("-f", "f32le", "-ar", str(RATE_HZ), "-ac", "1", "-i", str(raw), str(path))
    return path


@pytest.mark.parametrize("how", AGAIN)
def test_the_same_recording_is_known_again(tmp_path: Path, wav: Path, how: str) -> None:
    name, options = AGAIN[how]
    ffmpeg("-i", str(wav), *options.split(), str(tmp_path / name))
    rate_hz = 44_100 if "44.1" in how else RATE_HZ
    assert same(_words(decoded(tmp_path / name, rate_hz), rate_hz), _words(real_voice(60.0)))


def test_other_words_of_the_same_voice_are_another_recording() -> None:
    """Forty pieces of one woman's prompts, of one synthetic voice and of one band: none is taken for another."""
    long = real_voice(800.0, seed=5)
    pieces = [_words(long[at * 20 * RATE_HZ : (at + 1) * 20 * RATE_HZ]) for at in range(40)]
    pieces += [_words(synthetic_voice(40.0)), _words(music(60.0)), _words(noise(20 * RATE_HZ, 0.1))]
    shares = [alike(one, other).share for at, one in enumerate(pieces) for other in pieces[at + 1 :]]
    assert len(shares) == 903
    assert max(shares) == 0


def test_steady_sound_is_not_taken_for_other_steady_sound() -> None:
    t = np.arange(30 * RATE_HZ) / RATE_HZ
    tones = [
        _words(np.sin(2 * np.pi * hertz * t) * 0.3 + noise(len(t), 0.001, seed))
        for seed, hertz in enumerate((300, 440))
    ]
    assert alike(tones[0], tones[1]).share == 0


def test_how_much_is_repeated_is_said_and_from_where() -> None:
    voice, other = real_voice(60.0), synthetic_voice(30.0)
    mixed = _words(np.concatenate([other, voice[: 30 * RATE_HZ]]))
    like = alike(mixed, _words(voice))
    assert like.share == pytest.approx(30 * RATE_HZ / (len(other) + 30 * RATE_HZ), abs=0.15)
    assert like.first_s == pytest.approx(len(other) / RATE_HZ, abs=4)


def test_silence_is_alike_to_nothing() -> None:
    assert alike(_words(silence(30)), _words(silence(30))).share == 0


def test_the_same_audio_under_another_number_is_remarked_upon(
    wav: Path, tmp_path: Path, intake_station: IntakeStation, capfd: Capture
) -> None:
    ffmpeg("-i", str(wav), "-b:a", "32k", "-af", "volume=-9dB", str(tmp_path / "again.mp3"))
    assert intake_station.add(wav, 5) == 0
    assert intake_station.add(tmp_path / "again.mp3", 6) == 0
    shown = {number: intake_station.json(capfd, "episode", "show", str(number)) for number in (5, 6)}
    assert "same_audio" not in [each["code"] for each in shown[5]["findings"]]
    (one,) = [each for each in shown[6]["findings"] if each["code"] == "same_audio"]
    assert (one["severity"], one["at_s"]) == ("warn", None)
    assert "episode 5" in one["text"]
    station = intake_station.station
    decisions = decide(read(station.database, kinds=DECISIONS))
    assert same_audio(station, decisions, shown[5]["master"]["sha256"]) == ((6, 1),)


def test_a_withdrawn_recording_does_not_come_back_as_another_file(
    wav: Path, tmp_path: Path, intake_station: IntakeStation, capfd: Capture
) -> None:
    ffmpeg(
        "-i",
        str(wav),
        "-c:a",
        "libopus",
        "-b:a",
        "16k",
        "-af",
        "volume=-6dB",
        "-ss",
        "0.7",
        str(tmp_path / "again.opus"),
    )
    _written(tmp_path / "cut.wav", np.concatenate([synthetic_voice(25.0), real_voice(60.0)[: 30 * RATE_HZ]]))
    station = intake_station.station
    assert intake_station.add(wav, 5) == 0
    with Journal.open(station.database, SystemClock(), station.timezone) as journal:
        journal.append(Withdrawn(EpisodeNumber(5), 1, "coordinadora-1"))
    before = intake_station.shelf()
    capfd.readouterr()
    assert intake_station.add(tmp_path / "again.opus", 6) == 65
    assert "episode 5" in capfd.readouterr().err
    assert intake_station.call("episode", "revise", "5", tmp_path / "again.opus") == 65
    assert intake_station.shelf() == before
    assert intake_station.add(tmp_path / "cut.wav", 6) == 0
    findings = intake_station.json(capfd, "episode", "findings", "6")
    (one,) = [each for each in findings if each["code"] == "withdrawn_part"]
    assert one["at_s"] == pytest.approx(25, abs=4)


def test_a_fingerprint_that_is_gone_is_made_again_of_the_master(wav: Path, intake_station: IntakeStation) -> None:
    station = intake_station.station
    assert intake_station.add(wav, 5) == 0
    decisions = decide(read(station.database, kinds=DECISIONS))
    ((admitted, kept),) = known(station, decisions)
    (station.data / "fingerprints" / admitted.master_sha256).unlink()
    again = of(station, admitted)
    assert again is not None
    assert same(again, kept)


def test_a_fingerprint_is_a_thousandth_of_the_sound(wav: Path, intake_station: IntakeStation) -> None:
    """Too little to hold it: 250 bits a second, of which a narrow telephone takes 13,000."""
    assert intake_station.add(wav, 5) == 0
    (file,) = (intake_station.station.data / "fingerprints").iterdir()
    assert file.stat().st_size * 8 <= 60 * 250
