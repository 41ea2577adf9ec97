"""What a withdrawal touches and what it leaves to be done: where it sounded, which copies are out. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from broadcaster.journal.events import (
    Admitted,
    ConsentConfirmed,
    ConsentRegistered,
    ConsentWithdrawn,
    CopyMade,
    CopyRemoved,
    Ended,
    Event,
    Intent,
    Started,
)
from broadcaster.journal.fold import open_intents, plays
from broadcaster.journal.row import Row
from broadcaster.library.copies import Copy, still_out
from broadcaster.library.decisions import DECISIONS, Decisions, master_of
from broadcaster.library.parts_decided import rebuilt
from broadcaster.model import AiringId, EpisodeNumber, MarketId, Seconds

CONSENTS: tuple[type[Event], ...] = (*DECISIONS, ConsentRegistered, ConsentConfirmed, ConsentWithdrawn)
"""All that :func:`consents_of_voice` and the ``touched_by`` functions read."""
AFTERMATH: tuple[type[Event], ...] = (Started, Intent, Ended, CopyMade, CopyRemoved)
"""All that :func:`aftermath` reads."""
Touched = dict[EpisodeNumber, int]
"""Episodes, each through which revision."""


def touched_by_episode(decisions: Decisions, number: EpisodeNumber) -> Touched:
    """Every revision so far, and whatever else holds the same audio under another number."""
    newest = decisions.newest(number)
    return _with_same_audio(decisions, {number: newest.revision} if newest else {})


def touched_by_consents(rows: Iterable[Row], decisions: Decisions, references: Iterable[str]) -> Touched:
    """Every revision that names one of these consents, or that a producer confirmed by one, and the same audio elsewhere.

    A confirmation holds for what was built again with another shared part too: so does taking the consent back.
    """
    wanted = {reference.casefold() for reference in references}
    confirmed = [
        (row.event.episode, row.event.revision)
        for row in rows
        if isinstance(row.event, ConsentConfirmed) and wanted.intersection(map(str.casefold, row.event.consents))
    ]
    named = [
        key for key, each in decisions.admitted.items() if wanted.intersection(map(str.casefold, each.consent_refs))
    ]
    return _with_same_audio(decisions, _highest(_and_rebuilt(decisions, [*named, *confirmed])))


def _and_rebuilt(
    decisions: Decisions, revisions: Iterable[tuple[EpisodeNumber, int]]
) -> Iterable[tuple[EpisodeNumber, int]]:
    """These, and each that was built again from one of them, as far as its producer has not said anew whose voices it holds."""
    for number, revision in revisions:
        yield number, revision
        for later in count(revision + 1):
            before, after = decisions.admitted.get((number, later - 1)), decisions.admitted.get((number, later))
            if before is None or after is None or not rebuilt(after, before, decisions.parts):
                break
            if master_of(after) in decisions.confirmed:
                break
            yield number, later


def touched_by_voice(rows: Sequence[Row], decisions: Decisions, voice: str) -> Touched:
    """Every revision that this voice made, or whose consents are hers, and the same audio elsewhere."""
    by_consent = touched_by_consents(rows, decisions, consents_of_voice(rows, voice))
    made = [key for key, each in decisions.admitted.items() if voice.casefold() in map(str.casefold, each.defenders)]
    return _with_same_audio(decisions, _highest([*by_consent.items(), *made]))


def consents_of_voice(rows: Iterable[Row], voice: str) -> tuple[str, ...]:
    """References of the forms that this voice signed, whether or not they were taken back."""
    forms = (row.event for row in rows if isinstance(row.event, ConsentRegistered))
    return tuple(dict.fromkeys(each.consent for each in forms if each.voice.casefold() == voice.casefold()))


def consents_known(rows: Iterable[Row], decisions: Decisions) -> dict[str, str]:
    """Every consent that was registered or named, by its reference in small letters."""
    forms = [row.event.consent for row in rows if isinstance(row.event, ConsentRegistered)]
    named = [reference for each in decisions.admitted.values() for reference in each.consent_refs]
    return {reference.casefold(): reference for reference in (*named, *forms)}


def consents_withdrawn(rows: Iterable[Row]) -> frozenset[str]:
    """References of the consents that were taken back, in small letters."""
    return frozenset(row.event.consent.casefold() for row in rows if isinstance(row.event, ConsentWithdrawn))


def _with_same_audio(decisions: Decisions, touched: Touched) -> Touched:
    """One more look, for what has the same bytes: a number is no reason for the same voice to go on."""
    hashes = {
        sha256
        for (number, revision), each in decisions.admitted.items()
        if revision <= touched.get(number, 0)
        for sha256 in _hashes(each)
    }
    same = [key for key, each in decisions.admitted.items() if hashes.intersection(_hashes(each))]
    return _highest([*touched.items(), *same])


def _hashes(admitted: Admitted) -> tuple[str, str]:
    return admitted.original_sha256, admitted.master_sha256


def _highest(revisions: Iterable[tuple[EpisodeNumber, int]]) -> Touched:
    through: Touched = {}
    for number, revision in revisions:
        through[number] = max(through.get(number, 0), revision)
    return dict(sorted(through.items()))


# What is left to be done


@dataclass(frozen=True)
class Aired:
    """One time that it was heard, or is being heard."""

    episode: EpisodeNumber
    revision: int
    market: MarketId
    airing: AiringId
    when: datetime
    played_s: Seconds | None
    """``None``: it has no end on record yet."""


@dataclass(frozen=True)
class Aftermath:
    """Where it sounded, and the copies that somebody must take down."""

    aired: tuple[Aired, ...]
    copies: tuple[Copy, ...]


def aftermath(rows: Iterable[Row], touched: Touched) -> Aftermath:
    """Of the revisions that are touched; rehearsals are heard by nobody and left out."""
    kept = list(rows)
    out = [copy for number, through in touched.items() for copy in still_out(kept, number, through)]
    return Aftermath(tuple(sorted([*_heard(kept, touched), *_sounding(kept, touched)], key=_when)), tuple(out))


def _heard(rows: Iterable[Row], touched: Touched) -> Iterable[Aired]:
    for play in plays(rows):
        if play.episode is None or play.revision is None or play.rehearsal or play.played_s <= 0:
            continue
        if play.revision <= touched.get(play.episode, 0):
            when = play.started or play.due
            yield Aired(play.episode, play.revision, play.market, play.airing, when, play.played_s)


def _sounding(rows: Iterable[Row], touched: Touched) -> Iterable[Aired]:
    for each in open_intents(rows):
        intent = each.intent
        if intent.revision <= touched.get(intent.episode, 0):
            yield Aired(intent.episode, intent.revision, intent.market, intent.airing, intent.due, None)


def _when(aired: Aired) -> tuple[datetime, MarketId]:
    return aired.when, aired.market
