"""Parts put together: one loudness, soft edges, pauses as asked."""

import numpy as np
import pytest
from pydub import AudioSegment
from pydub.generators import Sine

from broadcaster.model import Lufs
from broadcaster.production.assembly import RATE_HZ, Part, levelled, measure_of, put_together, samples_of

LOUDNESS = Lufs(-23.0)


def tone(pitch_hz: int, milliseconds: int, level_dbfs: float) -> AudioSegment:
    return Sine(pitch_hz, sample_rate=44_100).to_audio_segment(duration=milliseconds, volume=level_dbfs)


def test_parts_of_different_levels_come_out_equally_loud_with_their_pauses() -> None:
    whole = put_together(
        [Part("a", tone(440, 1000, -30.0), pause_ms=250), Part("b", tone(880, 1500, -6.0), pause_ms=500)], LOUDNESS
    )
    assert (whole.channels, whole.frame_rate, len(whole)) == (1, RATE_HZ, 3250)
    for first, last in ((0, 1000), (1250, 2750)):
        assert measure_of(whole[first:last]).integrated_lufs == pytest.approx(LOUDNESS, abs=0.3)
    assert whole[1010:1240].max == 0
    assert whole[2760:].max == 0


def test_no_cut_clicks() -> None:
    whole = samples_of(put_together([Part("a", tone(100, 500, -6.0))], LOUDNESS))[:, 0]
    loud = float(np.abs(whole).max())
    assert np.abs(whole[:48]).max() < 0.2 * loud


def test_a_peaky_part_is_raised_no_further_than_its_peaks_allow() -> None:
    quiet = tone(440, 3000, -60.0).overlay(tone(440, 20, -3.0), position=1000)
    assert levelled(quiet, Lufs(-14.0)).max_dBFS == pytest.approx(-1.0, abs=0.1)


def test_silence_stays_silence() -> None:
    silence = AudioSegment.silent(duration=1000, frame_rate=RATE_HZ)
    assert levelled(silence, LOUDNESS).max == 0
