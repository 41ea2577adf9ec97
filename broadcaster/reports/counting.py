"""Lines → counts. Pure; the counts of disjoint groups add up to those of all their lines."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import fsum
from typing import TypeVar

from broadcaster.model import REASONS, Evidence, HeardAs, Outcome, Reason
from broadcaster.reports.summary import Counts, Group, Line, ReasonCount, Standing, Tally

_Word = TypeVar("_Word", Evidence, HeardAs, Outcome)


def count(lines: Iterable[Line]) -> Counts:
    """The sums over these lines."""
    lines = list(lines)
    outcomes = Counter(line.outcome for line in lines)
    standings = Counter(line.standing for line in lines)
    played = [line for line in lines if line.outcome is Outcome.PLAYED]
    fulfilled = [line for line in lines if line.fulfilled]
    due = [line for line in lines if not line.off_calendar and line.standing is not Standing.TO_COME]
    delays = [abs(line.delay_s) for line in played if line.delay_s is not None]
    return Counts(
        planned=len(lines),
        off_calendar=sum(line.off_calendar for line in lines),
        played=len(played),
        partial=outcomes[Outcome.PARTIAL],
        missed=outcomes[Outcome.MISSED],
        cancelled=outcomes[Outcome.CANCELLED],
        awaited=standings[Standing.AWAITED],
        to_come=standings[Standing.TO_COME],
        made_good=sum(line.made_good for line in lines),
        on_time=sum(line.reason is Reason.ON_TIME for line in played),
        late=sum(line.reason is Reason.LATE for line in played),
        contested=sum(line.contested for line in lines),
        contradicted=sum(_contradicted(line) for line in fulfilled),
        attested=sum(line.attested for line in fulfilled),
        promised_s=fsum(line.expected_s or 0.0 for line in due),
        unknown_length=sum(line.expected_s is None for line in due),
        heard_s=fsum(line.heard_s for line in lines),
        delay_s=fsum(delays),
        worst_delay_s=max(delays, default=0.0),
        reasons=_reasons(lines),
        evidence=_each(Evidence, (line.proof for line in fulfilled)),
        confirmed=_each(HeardAs, (line.confirmed.heard for line in lines if line.confirmed)),
        declared=_each(HeardAs, (line.declared.heard for line in lines if line.declared)),
        reported=_each(Outcome, (line.reported.outcome for line in lines if line.provisional and line.reported)),
        reported_otherwise=sum(line.reported_otherwise for line in lines),
    )


def by_group(lines: Iterable[Line], of: Callable[[Line], tuple[str, str]]) -> tuple[Group, ...]:
    """The counts of each group, by its key; ``of`` gives a line's key and the group's name."""
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        found.setdefault(of(line), []).append(line)
    return tuple(Group(key, name, count(found[key, name])) for key, name in sorted(found))


def tally(lines: Sequence[Line]) -> Tally:
    """Of make-goods, or of sounds by hand."""
    outcomes = Counter(line.outcome for line in lines)
    return Tally(
        played=outcomes[Outcome.PLAYED],
        partial=outcomes[Outcome.PARTIAL],
        missed=outcomes[Outcome.MISSED],
        cancelled=outcomes[Outcome.CANCELLED],
        open=outcomes[None],
        played_s=fsum(line.played_s for line in lines),
    )


def _contradicted(line: Line) -> bool:
    """Of the sound that fulfilled it."""
    return line.redress.contradicted if line.made_good and line.redress else line.contradicted


def _reasons(lines: Iterable[Line]) -> tuple[ReasonCount, ...]:
    found = Counter((line.outcome, line.reason) for line in lines)
    return tuple(
        ReasonCount(outcome, reason, found[outcome, reason])
        for outcome in Outcome
        for reason in Reason
        if reason in REASONS[outcome] and found[outcome, reason]
    )


def _each(words: type[_Word], said: Iterable[_Word]) -> dict[_Word, int]:
    found = Counter(said)
    return {word: found[word] for word in words}
