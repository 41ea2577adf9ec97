"""What became of a play, from what the player said and what the witness heard: pure.

With a working witness ``played`` needs 98 % of the sound's active blocks heard in their place. Where the witness failed or the
output has no monitor, the player's end at the expected length within a second is enough, and the evidence says so.
"""

from dataclasses import dataclass, replace

from broadcaster.model import Evidence, Milliseconds, Outcome, Reason, Seconds
from broadcaster.playout.player import Beat, Finished, OutputLost, PlayerEvent, PlayerFailed, PlayerGone, Playing, Ready
from broadcaster.playout.witness import (
    Alarm,
    Heard,
    Noticed,
    StreamSeen,
    Watching,
    WitnessEvent,
    WitnessFailed,
    WitnessGone,
)
from broadcaster.sound.matching import BLOCK_S

HEARD_SHARE = 0.98
"""The share of active blocks that makes a play ``played``."""
END_TOLERANCE_S = 1.0
"""How far a player's end may lie from the expected one and still be believed."""
ROUNDING_S = 0.2
"""A witness counts in blocks of a tenth of a second."""
SILENT_PLAYER_S = 3.0
"""A player without a sign of life for this long hangs; it beats four times a second."""
NO_MONITOR = "no_monitor"
"""The note on a play whose output nobody can listen to: no failure of the witness's."""
FATAL = frozenset({Reason.AUDIO_LOST, Reason.AUDIO_STALLED, Reason.WRONG_DEVICE})
"""Alarms that end a play: nothing more can be heard where it should be, or somebody else would hear it."""


@dataclass(frozen=True)
class Cut:
    """The daemon ended the play itself: withdrawn, suspended, stopped, window closed."""

    reason: Reason


@dataclass(frozen=True)
class Facts:
    """What is known of a play so far. Moments are seconds of ``CLOCK_MONOTONIC``."""

    starts_s: float
    """When the master, lead-in first, begins."""
    lead_in_s: Seconds
    expected_s: Seconds
    tail_s: Seconds
    ready: bool = False
    position_s: Seconds = Seconds(0.0)
    """Where the player last believed to be in the master."""
    seen_s: float | None = None
    """When the player last gave a sign of life after its start."""
    finished_s: float | None = None
    """When the player said it reached the end."""
    failed: bool = False
    gone: bool = False
    watching: bool = False
    latency_s: Seconds = Seconds(0.0)
    heard: Heard | None = None
    witness_failed: bool = False
    witness_dismissed: bool = False
    """The daemon asked the witness for its last word."""
    witness_gone: bool = False
    alarm: Reason | None = None
    """The first alarm that ended the play, else the first alarm."""
    cut: Reason | None = None
    notes: tuple[str, ...] = ()

    @property
    def first_word_s(self) -> float:
        """When the first word is due."""
        return self.starts_s + self.lead_in_s

    @property
    def over_s(self) -> float:
        """When the master's last sample is due at the output."""
        return self.first_word_s + self.expected_s + self.tail_s + self.latency_s

    @property
    def witnessed(self) -> bool:
        """Whether a witness works and has said something."""
        return self.watching and not self.witness_failed and self.heard is not None

    @property
    def heard_s(self) -> Seconds:
        """Seconds of the sound so far, as far as the evidence goes."""
        if self.witnessed and self.heard is not None:
            return Seconds(min(self.heard.heard_s, self.expected_s))
        whole = self.finished_s is not None and self.on_length and not self.to_nobody
        believed_s = self.expected_s if whole else min(self.position_s - self.lead_in_s, self.expected_s)
        return Seconds(max(0.0, believed_s - self.missed_s))

    @property
    def to_nobody(self) -> bool:
        """Whether the player may go on without anybody hearing it, so that its word counts only for what was before.

        An output that was silent once may sound again; without a witness nobody would know, and less is claimed.
        """
        return self.alarm in FATAL or (self.alarm is Reason.SILENT_OUTPUT and self.witness_failed)

    @property
    def missed_s(self) -> Seconds:
        """Seconds of sound that a witness is known not to have heard: they stay missing also when it fails later."""
        return Seconds((self.heard.active_blocks - self.heard.heard_blocks) * BLOCK_S if self.heard else 0.0)

    @property
    def on_length(self) -> bool:
        """Whether the player ended when a whole play ends."""
        length = self.lead_in_s + self.expected_s + self.tail_s
        return self.finished_s is not None and abs(self.finished_s - self.starts_s - length) <= END_TOLERANCE_S

    @property
    def evidence(self) -> Evidence:
        """How far what is known is proved."""
        if self.witnessed:
            return Evidence.MONITOR
        return Evidence.PLAYER if self.heard_s > 0 else Evidence.NONE


Happening = PlayerEvent | WitnessEvent | Cut


def after(facts: Facts, happening: Happening, now_s: float) -> Facts:
    """The facts after something happened at ``now_s``."""
    match happening:
        case Cut(reason):
            return replace(facts, cut=facts.cut or reason)
        case Ready():
            return replace(facts, ready=True)
        case Playing():
            return replace(facts, seen_s=now_s)
        case Beat(position_s):
            return replace(facts, seen_s=now_s, position_s=facts.position_s if facts.to_nobody else position_s)
        case Finished(position_s):
            believed = facts.position_s if facts.to_nobody else max(position_s, facts.position_s)
            return replace(facts, seen_s=now_s, finished_s=now_s, position_s=believed)
        case PlayerFailed():
            return replace(facts, failed=True)
        case OutputLost():
            return _alarmed(facts, Reason.AUDIO_LOST)
        case PlayerGone():
            return replace(facts, gone=True)
        case _:
            return _after_witness(facts, happening)


def _after_witness(facts: Facts, happening: WitnessEvent) -> Facts:
    match happening:
        case Watching(latency_s):
            return replace(facts, watching=True, latency_s=latency_s)
        case StreamSeen():
            return facts
        case Heard():
            return replace(facts, heard=happening)
        case Alarm(reason):
            return _alarmed(facts, reason)
        case Noticed(code):
            return replace(facts, notes=_with(facts.notes, code))
        case WitnessFailed():
            return replace(facts, witness_failed=True)
        case WitnessGone():
            in_order = facts.witness_dismissed or (facts.heard is not None and facts.heard.final)
            return replace(facts, witness_gone=True, witness_failed=facts.witness_failed or not in_order)


def _alarmed(facts: Facts, reason: Reason) -> Facts:
    """The first alarm that ends a play counts, else the first."""
    first = facts.alarm is None or (reason in FATAL and facts.alarm not in FATAL)
    return replace(facts, alarm=reason if first else facts.alarm)


def _with(notes: tuple[str, ...], code: str) -> tuple[str, ...]:
    return notes if code in notes else (*notes, code)


def trouble(facts: Facts, now_s: float) -> Reason | None:
    """Why the play must be ended now, if it must. A player's own death comes first: it makes the witness's alarms."""
    if facts.cut is not None:
        return facts.cut
    if facts.finished_s is None and (facts.gone or facts.failed):
        return Reason.PLAYER_CRASHED
    if facts.alarm in FATAL:
        return facts.alarm
    if facts.finished_s is None and hung(facts, now_s):
        return Reason.PLAYER_HUNG
    return None


def hung(facts: Facts, now_s: float) -> bool:
    """Whether the player gives no sign of life, or goes on where the master has long ended."""
    last = facts.starts_s if facts.seen_s is None else facts.seen_s
    return now_s > last + SILENT_PLAYER_S or now_s > facts.over_s + SILENT_PLAYER_S


@dataclass(frozen=True)
class Verdict:
    """What the terminal row says of a play."""

    outcome: Outcome
    reason: Reason
    evidence: Evidence
    played_s: Seconds
    start_error_ms: Milliseconds | None
    notes: tuple[str, ...]


def verdict(facts: Facts, ended_by: Reason | None, late_s: Seconds) -> Verdict:
    """The terminal verdict on a play that began to sound; ``ended_by`` is the trouble that ended it, if any."""
    whole = heard_whole(facts, ended_by)
    outcome = Outcome.PLAYED if whole else Outcome.PARTIAL
    return Verdict(
        outcome=outcome,
        reason=_played(late_s) if whole else _partial(facts, ended_by),
        evidence=facts.evidence,
        played_s=facts.heard_s,
        start_error_ms=facts.heard.start_error_ms if facts.witnessed and facts.heard else None,
        notes=facts.notes if facts.witnessed or NO_MONITOR in facts.notes else _with(facts.notes, "witness_failed"),
    )


def heard_whole(facts: Facts, ended_by: Reason | None) -> bool:
    """Decides ``played``: by the witness where one works, by the player's end where none does.

    A play that was broken off counts only the blocks that were due until then, so it must have been at its very end.
    """
    if facts.witnessed and facts.heard is not None:
        heard = facts.heard
        share = heard.active_blocks > 0 and heard.heard_blocks >= HEARD_SHARE * heard.active_blocks
        return heard.final and share and (ended_by is None or heard.heard_s >= facts.expected_s - ROUNDING_S)
    return facts.on_length and facts.alarm is None and ended_by is None and not ruled_out(facts)


def ruled_out(facts: Facts) -> bool:
    """Whether a witness, before it failed, missed more than a play that counts as heard can lack."""
    return facts.missed_s > (1 - HEARD_SHARE) * facts.expected_s


def _played(late_s: Seconds) -> Reason:
    return Reason.LATE if late_s > 0 else Reason.ON_TIME


def _partial(facts: Facts, ended_by: Reason | None) -> Reason:
    if ended_by is not None:
        return ended_by
    if facts.alarm is not None:
        return facts.alarm
    return Reason.NOT_HEARD if facts.witnessed or ruled_out(facts) else Reason.PLAYER_CRASHED
