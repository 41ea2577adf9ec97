"""What a microphone makes of a market in which something is out of the ordinary: one play of each scene of the bench."""

import pytest
from acoustic_market import VOICES
from acoustic_scenes import SCENES
from acoustic_trials import verdict

from broadcaster.model import Hearing

HEARD = (
    "an echo after 0.5 s, almost as loud",
    "two loudspeakers, 10 m and 60 m away",
    "clocks 200 ppm apart",
    "another episode of the voice next door, as loud",
    "a microphone that clips a tenth of all samples",
    "a microphone with automatic gain control",
    "mains hum 10 dB above everything",
)


@pytest.mark.parametrize("scene", HEARD)
def test_the_episode_is_heard_whatever_is_between(scene: str) -> None:
    listening = verdict(SCENES[scene](VOICES[-1], 1))
    assert listening.hearing is Hearing.HEARD
    assert listening.missing == 0


def test_an_amplifier_that_is_off_is_called_silent() -> None:
    assert verdict(SCENES["the amplifier silent"](VOICES[-1], 2)).hearing is Hearing.SILENT


def test_another_episode_instead_is_another_sound() -> None:
    assert verdict(SCENES["another episode instead, 5 dB above the crowd"](VOICES[-1], 3)).hearing is Hearing.OTHER


def test_twelve_seconds_that_two_episodes_share_do_not_make_one_the_other() -> None:
    listening = verdict(SCENES["another episode that begins with the same 12 s"](VOICES[-1], 4))
    assert listening.hearing is not Hearing.HEARD


def test_a_megaphone_is_told_from_the_episode_below_it() -> None:
    listening = verdict(SCENES["a megaphone over the middle third"](VOICES[-1], 5))
    assert listening.hearing is Hearing.HEARD
    assert listening.talked_over in (2, 3)


def test_under_a_deafening_crowd_nothing_is_said() -> None:
    assert verdict(SCENES["30 dB below a deafening crowd"](VOICES[-1], 6)).hearing is Hearing.UNSURE
