"""The rows that tell of an airing: what is about to sound, and what became of it. Pure."""

from dataclasses import replace
from datetime import timedelta

from broadcaster.journal.events import Ended, Intent, ProcessId, Promise, make_good_of
from broadcaster.model import EpisodeStatus, Outcome, PlayId, Reason
from broadcaster.playout.cueing import Cue
from broadcaster.playout.verdict import Verdict


def about_to_sound(
    promise: Promise, cue: Cue, episode: EpisodeStatus, *, sink: str, player: ProcessId, witness: ProcessId | None
) -> Intent:
    """The row that must be durable before the first sample. ``episode`` has passed its gates: master and length are known."""
    if episode.master_sha256 is None or episode.duration_s is None:
        raise ValueError(episode)
    return Intent(
        airing=promise.airing,
        market=promise.market,
        episode=episode.number,
        revision=episode.revision,
        master_sha256=episode.master_sha256,
        due=promise.due,
        late_s=cue.late_s,
        expected_s=episode.duration_s,
        sink=sink,
        player=player,
        witness=witness,
        edition_sha256=episode.edition.sha256 if episode.edition else None,
        announced=episode.edition.parts if episode.edition else (),
    )


def silent(promise: Promise, outcome: Outcome, reason: Reason, episode: EpisodeStatus | None = None) -> Ended:
    """The terminal row of an airing that never sounded; ``episode`` as far as it is known."""
    return Ended(
        airing=promise.airing,
        market=promise.market,
        due=promise.due,
        outcome=outcome,
        reason=reason,
        episode=promise.episode,
        revision=episode.revision if episode else None,
        master_sha256=episode.master_sha256 if episode else None,
        expected_s=episode.duration_s if episode else None,
        make_good_of=make_good_of(promise.airing),
    )


def sounded(promise: Promise, cue: Cue, episode: EpisodeStatus, play: PlayId, said: Verdict) -> Ended:
    """The terminal row of an airing that sounded; start and end are those of the sound, where any was heard."""
    started = cue.first_word + timedelta(milliseconds=said.start_error_ms or 0.0) if said.played_s > 0 else None
    return replace(
        silent(promise, said.outcome, said.reason, episode),
        play=play,
        started=started,
        ended=started + timedelta(seconds=said.played_s) if started else None,
        played_s=said.played_s,
        evidence=said.evidence,
        late_s=cue.late_s,
        start_error_ms=said.start_error_ms,
        notes=(*said.notes, *(flag.value for flag in episode.flags)),
    )
