"""Which end stands for an airing: one rule, for the play log and for every report. Pure.

Within one record the first end stands. Two computers may have promised the same airing (one took the other's place, or a
spare one stood in the office): between records the end in which most was heard stands, for a computer that played nothing
knows nothing of the one that did. What was only rehearsed never stands over what was real.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from broadcaster.journal.events import Ended, Intent, Listened, Started
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, ClockTrust, Evidence, Outcome, PlayId

_BEST_FIRST = (Outcome.PLAYED, Outcome.PARTIAL, Outcome.MISSED, Outcome.CANCELLED)


@dataclass(frozen=True)
class End:
    """A terminal row of an airing."""

    row: Row
    said: Ended
    clock: ClockTrust
    """When the sound was about to begin; without a sound, when the end was written."""
    rehearsal: bool = False
    """The daemon rehearsed, or its clock was shifted."""
    contested: bool = False
    """Another record ends it otherwise."""
    listened: Listened | None = None
    """What a microphone in the market made of that very play."""

    @property
    def key(self) -> tuple[str, int, int]:
        """The row's."""
        return self.row.node, self.row.epoch, self.row.seq

    @property
    def evidence(self) -> Evidence:
        """How far it is proved: a microphone that heard it in the market goes beyond what its own row says."""
        proved = self.listened is not None and self.listened.proves(self.said)
        return Evidence.MICROPHONE if proved else self.said.evidence

    @property
    def contradicted(self) -> bool:
        """Whether it left the computer and a microphone says that it did not come out in the market."""
        return self.listened is not None and self.listened.contradicts(self.said)


def ends(rows: Iterable[Row]) -> dict[AiringId, End]:
    """The end that stands for each airing. Rows of any number of records, each record's in order."""
    intents: dict[PlayId, ClockTrust] = {}
    heard: dict[tuple[AiringId, PlayId | None], Listened] = {}
    rehearsing: dict[str, bool] = {}
    found: list[End] = []
    for row in rows:
        match row.event:
            case Started(rehearsal=rehearsal):
                rehearsing[row.node] = rehearsal
            case Intent():
                intents[row.play] = row.clock
            case Ended(play=play) as said:
                clock = intents.get(play, row.clock) if play else row.clock
                found.append(end_of(row, said, clock, rehearsal=rehearsing.get(row.node, False)))
            case Listened(airing=airing, play=play) as listened:
                heard[airing, play] = listened
    return {
        airing: replace(end, listened=heard.get((airing, end.said.play))) for airing, end in standing(found).items()
    }


def end_of(row: Row, said: Ended, clock: ClockTrust, *, rehearsal: bool) -> End:
    """A terminal row as an end; ``rehearsal``: whether the daemon rehearsed then."""
    return End(row, said, clock, rehearsal or ClockTrust.SHIFTED in {clock, row.clock})


def standing(found: Iterable[End]) -> dict[AiringId, End]:
    """Of all ends, each record's in order, the one that stands for each airing."""
    first: dict[tuple[AiringId, str], End] = {}
    for end in found:
        key = end.said.airing, end.row.node
        if key not in first or (first[key].rehearsal and not end.rehearsal):
            first[key] = end
    chosen: dict[AiringId, End] = {}
    for airing, node in sorted(first):
        end = first[airing, node]
        chosen[airing] = _better(chosen[airing], end) if airing in chosen else end
    return chosen


def _better(one: End, other: End) -> End:
    """Of two records' ends of an airing, in the order of their nodes: the one that stands."""
    if one.rehearsal is not other.rehearsal:
        return other if one.rehearsal else one
    best = min(one, other, key=lambda end: (_BEST_FIRST.index(end.said.outcome), -end.said.played_s))
    differ = (one.said.outcome, one.said.reason) != (other.said.outcome, other.said.reason)
    return replace(best, contested=one.contested or other.contested or differ)
