"""What can be noticed in a recording: one table of codes, their severity and their sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from broadcaster.errors import BadInput
from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import Finding, Seconds, Severity


@dataclass(frozen=True)
class _Kind:
    severity: Severity
    sentence: str
    placed: str = ""
    """Another sentence where the finding begins at a second; either may name it as ``{at}``, minutes and seconds."""
    partial: str = ""
    """Another sentence where a fact is ``None``."""


def _refuse(sentence: str) -> _Kind:
    return _Kind(Severity.REFUSE, sentence)


def _warn(sentence: str, placed: str = "") -> _Kind:
    return _Kind(Severity.WARN, sentence, placed)


def _note(sentence: str, placed: str = "") -> _Kind:
    return _Kind(Severity.NOTE, sentence, placed)


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
    # How it sounds
    "clipped": _warn(
        N_(
            "From minute {at} on the voice sounds torn in places, because it was recorded too loud. "
            "Record those parts again, farther from the microphone."
        )
    ),
    "silent_head": _warn(
        N_("It begins with {seconds} seconds of silence. Cut them, so that the first word falls on its minute.")
    ),
    "silent_middle": _warn(
        N_(
            "At minute {at} there are {seconds} seconds of silence. In a market people take that for the end: shorten it."
        )
    ),
    "silent_tail": _note(N_("From minute {at} on nothing more is heard: {seconds} seconds of silence. Cut the end.")),
    "noisy": _warn(
        N_(
            "What is heard behind the voice is nearly as loud as the voice. "
            "Lower the music, or record it again in a quieter place, closer to the microphone."
        )
    ),
    "hum": _warn(
        N_(
            "An electric hum is heard behind the whole recording. "
            "Unplug the charger, move away from cables and lamps, and record it again."
        ),
        N_(
            "From minute {at} on an electric hum is heard. "
            "Unplug the charger, move away from cables and lamps, and record that part again."
        ),
    ),
    "offset": _note(
        N_(
            "The recorder or its cable adds a fault that nobody hears; it was taken out. "
            "Try another cable next time, before it gets worse."
        )
    ),
    "dead_left": _warn(
        N_("Only the right side of the recording has sound. Listen whether every voice is there, and check the cable."),
        N_(
            "From minute {at} on only the right side of the recording has sound. "
            "Listen whether every voice is there, and check the cable."
        ),
    ),
    "dead_right": _warn(
        N_("Only the left side of the recording has sound. Listen whether every voice is there, and check the cable."),
        N_(
            "From minute {at} on only the left side of the recording has sound. "
            "Listen whether every voice is there, and check the cable."
        ),
    ),
    "out_of_phase": _warn(
        N_(
            "The two sides of the recording work against each other, so voices sound thin on a loudspeaker. "
            "Export it again with the left side only, as mono."
        ),
        N_(
            "From minute {at} on the two sides of the recording work against each other, so voices sound thin on a "
            "loudspeaker. Export it again with the left side only, as mono."
        ),
    ),
    "channels_cancel": _refuse(
        N_(
            "{name} would not be heard on a loudspeaker: its two sides cancel each other. "
            "Export it again with the left side only, as mono."
        )
    ),
    "no_speech": _refuse(
        N_(
            "Nobody is heard speaking in {name}. Check that it is the right file, or record it again, closer to the microphone."
        )
    ),
    "little_speech": _warn(
        N_(
            "Hardly anybody is heard speaking: {percent} of every 100 seconds. "
            "Check that it is the right recording, and that the voices are louder than the music."
        )
    ),
    "short": _warn(
        N_("It lasts {length} minutes, and the station expects at least {limit}. Check that nothing is missing.")
    ),
    "long": _warn(
        N_(
            "It lasts {length} minutes, and the station expects at most {limit}. Shorten it, or make two episodes of it."
        )
    ),
    "uneven": _warn(
        N_(
            "Some parts are so soft beside the others that a market will not hear them, such as at minute {at}. "
            "Record them again, closer to the microphone."
        )
    ),
    # What it repeats
    "same_audio": _warn(
        N_(
            "It is the same recording as episode {number}. "
            "To hear that one again no new episode is needed: put number {number} on the schedule."
        )
    ),
    "withdrawn_part": _warn(
        N_(
            "From minute {at} on it repeats parts of episode {number}, which was taken off the air for good. "
            "Ask the protection officer before anybody approves it."
        )
    ),
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
            "Its loudest moments keep the voice quieter than in the other episodes. "
            "Record speech closer and more evenly."
        ),
    ),
    "levelled": _Kind(
        Severity.NOTE,
        N_(
            "Levelled from {before_lufs} to {after_lufs} LUFS; between soft and loud there were {before_lu} LU and are "
            "{after_lu}. The limiter took {limited_db} dB off the highest peak. Nothing is to be done."
        ),
        partial=N_(
            "Levelled from {before_lufs} to {after_lufs} LUFS. The limiter took {limited_db} dB off the highest peak. "
            "Nothing is to be done."
        ),
    ),
    "levelled_for_horns": _Kind(
        Severity.NOTE,
        N_(
            "Levelled for horns from {before_lufs} to {after_lufs} LUFS; between soft and loud there were {before_lu} LU "
            "and are {after_lu}. What was soft was raised by up to {raised_db} dB, what was loud lowered by up to "
            "{lowered_db}; the limiter took {limited_db} dB off the highest peak. Nothing is to be done."
        ),
        partial=N_(
            "Levelled for horns from {before_lufs} to {after_lufs} LUFS. What was soft was raised by up to {raised_db} dB, "
            "what was loud lowered by up to {lowered_db}; the limiter took {limited_db} dB off the highest peak. "
            "Nothing is to be done."
        ),
    ),
    "short_of_loudness": _note(
        N_(
            "The episode stays {shortfall_lu} LU under the loudness it should have: more would crush its loudest moments. "
            "Nothing is to be done but a better recording."
        )
    ),
    "length_unverified": _Kind(
        Severity.NOTE,
        N_("The file does not say how long it should be, so a missing end cannot be noticed. Listen to the end."),
    ),
}


def finding(code: str, *, at_s: float | None = None, **facts: object) -> Finding:
    """The finding ``code`` of :data:`KINDS`, its sentence filled with ``facts`` in the language spoken now.

    ``at_s``: the second of the original at which it begins, where it has one.
    """
    kind = KINDS[code]
    if at_s is None:
        said = kind.partial if kind.partial and None in facts.values() else kind.sentence
        return Finding(code, kind.severity, None, gettext(said).format(**facts))
    sentence = gettext(kind.placed or kind.sentence)
    return Finding(code, kind.severity, Seconds(round(at_s, 1)), sentence.format(at=in_minutes(at_s), **facts))


def in_minutes(seconds: float) -> str:
    """A place or a length as people say it: minutes and seconds, ``3:20``."""
    whole = int(seconds + 0.5)
    return f"{whole // 60}:{whole % 60:02d}"


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
    return Refused(finding(code, at_s=None, **facts))
