"""What can be noticed in a recording: one table of codes, their severity and their sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from broadcaster.errors import BadInput
from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import Finding, Severity


@dataclass(frozen=True)
class _Kind:
    severity: Severity
    sentence: str


def _refuse(sentence: str) -> _Kind:
    return _Kind(Severity.REFUSE, sentence)


KINDS: Mapping[str, _Kind] = {
    # The file itself
    "not_found": _refuse(N_("{name} is not there. Check the name and the folder.")),
    "not_a_file": _refuse(N_("{name} is not an ordinary file, so it was not opened. Give a recording's own file.")),
    "unreadable": _refuse(N_("{name} cannot be read ({problem}). Check the disk or copy the file again.")),
    "empty": _refuse(N_("{name} is empty. Copy it again from the phone or recorder.")),
    "too_large": _refuse(N_("{name} is larger than {limit_mb} MB. Export it as mp3 or flac.")),
    "not_audio": _refuse(
        N_("{name} is not a recording this program knows. Export it as wav, mp3, m4a, ogg or flac and try again.")
    ),
    # What it holds
    "no_sound": _refuse(N_("No sound could be read from {name}. Play it on the phone, then export it again.")),
    "silence": _refuse(
        N_(
            "{name} holds only silence, or lasts less than half a second. Check the microphone or choose another recording."
        )
    ),
    "too_long": _refuse(N_("{name} is longer than {limit_min} minutes. Cut it and try again.")),
    "too_many_channels": _refuse(N_("{name} has {channels} channels. Export it as mono or stereo.")),
    "odd_sample_rate": _refuse(
        N_("{name} says it has {rate} samples a second, which cannot be. Export it again at 48000.")
    ),
    # Its damage
    "truncated": _refuse(N_("{name} is incomplete: its end is missing. Copy it again from the phone or recorder.")),
    "damaged": _refuse(
        N_("{name} is damaged: {bad} of {total} pieces cannot be read. Copy it again or export it again.")
    ),
    "odd_samples": _refuse(N_("{name} holds samples that are no sound. Export it again as wav or flac.")),
    "sound_missing": _refuse(
        N_(
            "{name} is damaged: only {heard_s} of its {promised_s} seconds can be read. Copy it again or export it again."
        )
    ),
    "bad_container": _refuse(N_("{name} is damaged and cannot be opened. Copy it again or export it again.")),
    # The machine
    "decode_timeout": _refuse(N_("{name} took too long to read and was left. Export it as wav or flac and try again.")),
    "decode_crashed": _refuse(
        N_("{name} made the decoder stop, so it was left. Export it as wav or flac and try again.")
    ),
    "no_room": _refuse(N_("There is not enough free space to read {name}. Free {needed_mb} MB and try again.")),
    # What does not stop it
    "bad_frames": _Kind(
        Severity.WARN, N_("{bad} of {total} pieces could not be read and are skipped. Listen to the whole episode.")
    ),
    "trailing_junk": _Kind(
        Severity.WARN, N_("The file ends in bytes that are no sound; they are left out. Listen to the end.")
    ),
    "cut_last_frame": _Kind(
        Severity.WARN, N_("The file stops in the middle of a piece; it may have been cut. Listen to the end.")
    ),
    "quiet_master": _Kind(
        Severity.WARN,
        N_(
            "Its loudest moments keep it {shortfall_lu} LU quieter than the others. Record speech closer and more evenly."
        ),
    ),
    "length_unverified": _Kind(
        Severity.NOTE,
        N_("The file does not say how long it should be, so a missing end cannot be noticed. Listen to the end."),
    ),
}


def finding(code: str, **facts: object) -> Finding:
    """The finding ``code`` of :data:`KINDS`, its sentence filled with ``facts`` in the language spoken now."""
    kind = KINDS[code]
    return Finding(code, kind.severity, None, gettext(kind.sentence).format(**facts))


class Refused(BadInput):
    """A recording was not accepted; ``finding`` says why."""

    sentence: ClassVar[str] = "{text}"

    def __init__(self, finding: Finding) -> None:
        super().__init__(text=finding.text)
        self.finding = finding

    def __str__(self) -> str:
        return self.finding.text


def refused(code: str, **facts: object) -> Refused:
    """The error to raise when a recording is refused for ``code``."""
    return Refused(finding(code, **facts))
