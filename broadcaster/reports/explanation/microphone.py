"""What a microphone in the market made of an airing's play, beside what the computer knows. Pure."""

from collections.abc import Iterator

from broadcaster.journal.events import Ended, Listened
from broadcaster.library.hearings import facts, text
from broadcaster.locale import mark as N_
from broadcaster.model import Evidence, Hearing
from broadcaster.reports.explanation.case import Case
from broadcaster.reports.explanation.steps import Mark, Stage, Step

TALKED_OVER = N_("In {n} parts of five seconds somebody was louder than the episode.")
MISSING = N_("{n} parts of five seconds that should have been heard were not.")


def heard_there(case: Case) -> Iterator[Step]:
    """Its word, and what it found wrong."""
    for row, listened in case.of(Listened):
        if listened.airing != case.airing:
            continue
        mark = Mark.OK if listened.hearing is Hearing.HEARD else Mark.NOTE
        yield Step(Stage.EVIDENCE, mark, text(listened), facts(listened), row.utc)
        if listened.talked_over:
            yield Step(Stage.EVIDENCE, Mark.NOTE, TALKED_OVER, {"n": listened.talked_over})
        if listened.missing and listened.hearing is Hearing.HEARD:
            yield Step(Stage.EVIDENCE, Mark.NOTE, MISSING, {"n": listened.missing})


def evidence_of(case: Case, ended: Ended) -> Evidence:
    """How far the play is proved, the microphone's word included."""
    proved = any(listened.airing == case.airing and listened.proves(ended) for _row, listened in case.of(Listened))
    return Evidence.MICROPHONE if proved else ended.evidence
