"""Many recordings at once: all that was said is checked before anything is admitted, then each stands for itself.

Workers prepare (decode, examine, master); this process alone takes the place and writes the row.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.library.acts import decisions_of
from broadcaster.locale import gettext as _
from broadcaster.locale.shown import shown
from broadcaster.production import intake
from broadcaster.production.metadata import BatchFaults, Candidate
from broadcaster.production.staging import CannotStore, staging
from broadcaster.production.submission import accepted, draft_at
from broadcaster.production.workers import Failed, Moved, Ready, Task, Told, Workers, processors, working
from broadcaster.sound.blocks import Progress


@dataclass(frozen=True)
class Answer:
    """What became of one candidate: it is an episode, or there is a sentence that says why not."""

    candidate: Candidate
    refusal: str | None


def checked(candidates: Sequence[Candidate], faults: Sequence[str], station: Station, journal: Journal) -> None:
    """Return when every candidate may be listened to; else raise all that is wrong (:class:`BatchFaults`)."""
    decisions, found = decisions_of(journal), list(faults)
    for candidate in candidates:
        try:
            accepted(candidate.said, station, decisions)
            draft_at(station, decisions, candidate.said.number)
        except BadInput as refused:
            found.append(f"{candidate.place}: {refused}")
    found += _twice(candidates)
    if found:
        raise BatchFaults(found)


def _twice(candidates: Sequence[Candidate]) -> list[str]:
    """Numbers and recordings that are named more than once."""
    found, numbers, sources = [], set(), set()
    for candidate in candidates:
        number, source = candidate.said.number, candidate.source.resolve()
        if number in numbers:
            found.append(f"{candidate.place}: " + _("the number {number} is given twice").format(number=number))
        if source in sources:
            found.append(f"{candidate.place}: " + _("{name} is given twice").format(name=shown(source.name)))
        numbers.add(number)
        sources.add(source)
    return found


def admit(
    station: Station,
    journal: Journal,
    candidates: Sequence[Candidate],
    progress: Progress,
    at_once: int | None = None,
) -> list[Answer]:
    """Admit each of :func:`checked` candidates that is good; answers in their order.

    ``at_once``: recordings prepared at the same time; unless said otherwise as many as there are processors and memory for.
    """
    intake.put_in_order(station, journal)
    count = min(at_once or processors(), len(candidates))
    with ExitStack() as stages, working(station, count) as workers:  # workers end before their folders go
        return _Batch(station, journal, candidates, progress).run(workers, stages)


class _Batch:
    """One run over all candidates."""

    def __init__(self, station: Station, journal: Journal, candidates: Sequence[Candidate], progress: Progress) -> None:
        self._station, self._journal, self._candidates, self._progress = station, journal, candidates, progress
        self._stages: dict[int, tuple[Path, ExitStack]] = {}
        self._shares = [0.0] * len(candidates)
        self._refusals: dict[int, str | None] = {}

    def run(self, workers: Workers, stages: ExitStack) -> list[Answer]:
        waiting = list(range(len(self._candidates)))
        while waiting or workers.busy:
            while waiting and workers.free:
                self._begin(waiting.pop(0), workers, stages)
            for told in workers.listen():
                self._hear(told)
        return [Answer(candidate, self._refusals[index]) for index, candidate in enumerate(self._candidates)]

    def _begin(self, index: int, workers: Workers, stages: ExitStack) -> None:
        """Make a candidate's staging folder and hand it to a worker."""
        held = stages.enter_context(ExitStack())
        try:
            stage = held.enter_context(staging(self._station))
        except CannotStore as problem:  # those before it are episodes: what became of each must be told
            self._refusals[index] = str(problem)
            return
        self._stages[index] = stage, held
        workers.give(Task(index, self._candidates[index].source.absolute(), stage))

    def _hear(self, told: Told) -> None:
        if isinstance(told, Moved):
            self._shares[told.index] = told.share
        else:
            self._refusals[told.index] = self._end(told)
            self._shares[told.index] = 1.0
        self._progress(sum(self._shares) / len(self._shares))

    def _end(self, told: Ready | Failed) -> str | None:
        """Take a prepared recording in; why not, if not."""
        stage, held = self._stages.pop(told.index)
        try:
            with held:
                if isinstance(told, Failed):
                    return told.sentence
                said = self._candidates[told.index].said
                intake.take_prepared(self._station, self._journal, said, stage, told.prepared)
        except (BadInput, CannotStore) as refused:
            return str(refused)
        return None
