"""One line for each promise: what the merged journals and the schedule know of it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from broadcaster.journal.ends import End
from broadcaster.journal.events import MANUAL, Promise, make_good_of
from broadcaster.model import Airing, AiringId, EpisodeNumber, Evidence, Market, MarketId, Outcome, Seconds
from broadcaster.reports.merging import Known
from broadcaster.reports.summary import OFF_CALENDAR, Kind, Line, Redress, Reported, Said, Standing
from broadcaster.schedule.preview import forbidden

FAILED = frozenset({Outcome.MISSED, Outcome.PARTIAL})
"""What can be made good."""


Lengths = Mapping[EpisodeNumber, Seconds]
"""How long each episode was at its newest airing of which that is known."""


def lines_of(known: Known, made: datetime, lengths: Lengths | None = None) -> Iterator[Line]:
    """Every promise and every end on record; ``made``: local and aware, what is due later is to come.

    ``lengths``: given where ``known`` is but a part of what is on record.
    """
    lengths = _lengths(known) if lengths is None else lengths
    for airing in {**known.promises, **known.ends}:
        if (end := known.ends.get(airing)) is not None:
            yield _ended(end, known, lengths, made)
        else:
            yield _open(known.promises[airing], known, lengths, made)


def from_plan(
    known: Known,
    plan: Sequence[Airing],
    markets: Mapping[MarketId, Market],
    made: datetime,
    lengths: Lengths | None = None,
) -> tuple[list[Line], list[Airing]]:
    """What the schedule has beyond the journals: what is awaited or to come, and what was never promised.

    Up to the moment at which a market's record last took a plan, it says itself what was promised.
    """
    lengths = _lengths(known) if lengths is None else lengths
    lines, unpromised = [], []
    for airing in plan:
        if airing.id in known.promises or airing.id in known.ends:
            continue
        accepted = known.accepted.get(airing.market)
        if accepted is not None and airing.due <= accepted[1]:
            unpromised.append(airing)
            continue
        reason = forbidden(airing, markets) if airing.market in markets else airing.cancelled
        promise = Promise(airing.id, airing.market, airing.due, airing.episode, airing.grace_s, reason)
        lines.append(_open(promise, known, lengths, made))
    return lines, unpromised


def _lengths(known: Known) -> Lengths:
    ends = sorted(known.ends.values(), key=lambda end: (end.said.due, end.said.airing))
    return {
        end.said.episode: end.said.expected_s
        for end in ends
        if end.said.episode is not None and end.said.expected_s is not None
    }


def _kind(airing: AiringId) -> Kind:
    if airing.startswith(MANUAL):
        return Kind.BY_HAND
    return Kind.AIRING if make_good_of(airing) is None else Kind.MAKE_GOOD


def _open(promise: Promise, known: Known, lengths: Mapping[EpisodeNumber, Seconds], made: datetime) -> Line:
    """A promise without an end. What the calendar has taken out needs none."""
    off = promise.cancelled in OFF_CALENDAR
    due = promise.due.astimezone(made.tzinfo)
    standing = Standing.RECORDED if off else Standing.AWAITED if due <= made else Standing.TO_COME
    return Line(
        airing=promise.airing,
        kind=_kind(promise.airing),
        market=promise.market,
        due=due,
        episode=promise.episode,
        standing=standing,
        outcome=Outcome.CANCELLED if off else None,
        reason=promise.cancelled if off else None,
        expected_s=None if promise.episode is None else lengths.get(promise.episode),
        make_good_of=make_good_of(promise.airing),
        confirmed=_confirmed(promise.airing, known, made.tzinfo),
        declared=_declared(promise.airing, known, made.tzinfo),
        reported=_reported(promise.airing, known, made.tzinfo),
    )


def _ended(end: End, known: Known, lengths: Mapping[EpisodeNumber, Seconds], made: datetime) -> Line:
    said, zone = end.said, made.tzinfo
    length = said.expected_s
    if length is None and said.episode is not None:
        length = lengths.get(said.episode)
    return Line(
        airing=said.airing,
        kind=_kind(said.airing),
        market=said.market,
        due=said.due.astimezone(zone),
        episode=said.episode,
        standing=Standing.RECORDED,
        outcome=said.outcome,
        reason=said.reason,
        revision=said.revision,
        play=said.play,
        started=said.started and said.started.astimezone(zone),
        ended=said.ended and said.ended.astimezone(zone),
        expected_s=length,
        played_s=said.played_s,
        late_s=said.late_s,
        start_error_ms=said.start_error_ms,
        evidence=end.evidence,
        clock=end.clock,
        make_good_of=said.make_good_of or make_good_of(said.airing),
        redress=_redress(said.airing, known, zone) if said.outcome in FAILED else None,
        confirmed=_confirmed(said.airing, known, zone),
        declared=_declared(said.airing, known, zone),
        reported=_reported(said.airing, known, zone),
        contested=end.contested,
        contradicted=end.contradicted,
    )


def _redress(missed: AiringId, known: Known, zone: tzinfo | None) -> Redress | None:
    """The first make-good that was played, else the newest that was ordered and not taken back."""
    names = [name for name in known.make_goods.get(missed, ()) if not _taken_back(name, known)]
    ends = [known.ends[name] for name in names if name in known.ends]
    played = [end for end in ends if end.said.outcome is Outcome.PLAYED]
    if played:
        return _redress_of(min(played, key=lambda end: (end.said.due, end.said.airing)), zone)
    if not names:
        return None
    newest = names[-1]
    if newest in known.ends:
        return _redress_of(known.ends[newest], zone)
    promise = known.promises[newest]
    return Redress(newest, promise.due.astimezone(zone), None, None, None, Seconds(0.0), Evidence.NONE)


def _taken_back(make_good: AiringId, known: Known) -> bool:
    return make_good in known.ends and known.ends[make_good].said.outcome is Outcome.CANCELLED


def _redress_of(end: End, zone: tzinfo | None) -> Redress:
    said = end.said
    return Redress(
        airing=said.airing,
        due=said.due.astimezone(zone),
        outcome=said.outcome,
        started=said.started and said.started.astimezone(zone),
        ended=said.ended and said.ended.astimezone(zone),
        played_s=said.played_s,
        evidence=end.evidence,
        contradicted=end.contradicted,
    )


def _confirmed(airing: AiringId, known: Known, zone: tzinfo | None) -> Said | None:
    if airing not in known.confirmed:
        return None
    row, said = known.confirmed[airing]
    return Said(said.heard, said.by, row.utc.astimezone(zone), said.sheet or None)


def _declared(airing: AiringId, known: Known, zone: tzinfo | None) -> Said | None:
    if airing not in known.declared:
        return None
    row, said = known.declared[airing]
    began = said.began and said.began.astimezone(zone)
    return Said(said.heard, said.by, row.utc.astimezone(zone), said.sheet, began, said.source, said.cause)


def _reported(airing: AiringId, known: Known, zone: tzinfo | None) -> Reported | None:
    if airing not in known.reported:
        return None
    row, said = known.reported[airing]
    return Reported(said.outcome, said.reason, row.utc.astimezone(zone), said.proved)
