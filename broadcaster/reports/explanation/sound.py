"""Device and evidence: what was made to sound where, and how far it is proved. Pure."""

from collections.abc import Iterator

from broadcaster.journal.events import Confirmed, Declared, MakeGoodCancelled, MakeGoodOrdered, make_good_of
from broadcaster.locale import mark as N_
from broadcaster.model import HeardAs, Outcome
from broadcaster.reasons import PROOFS, SENTENCES
from broadcaster.reports.explanation.case import Case
from broadcaster.reports.explanation.microphone import evidence_of, heard_there
from broadcaster.reports.explanation.steps import Mark, Stage, Step

SAID = {
    HeardAs.WELL: N_("Somebody who was there says that it was heard well."),
    HeardAs.LOW: N_("Somebody who was there says that it was heard softly."),
    HeardAs.NO: N_("Somebody who was there says that it was not heard."),
}
WRITTEN = {
    HeardAs.WELL: N_("The control sheet {sheet} says that it was heard well."),
    HeardAs.LOW: N_("The control sheet {sheet} says that it was heard softly."),
    HeardAs.NO: N_("The control sheet {sheet} says that it was not heard."),
}
TRIED = N_("It was sent to the output {output}.")
TRIED_LATE = N_("It was sent to the output {output}, {late} seconds late.")


def sent(case: Case) -> Iterator[Step]:
    """Every try to make it sound, and what the output made of it."""
    for row, intent in case.intents:
        text, facts = (TRIED_LATE, {"late": round(intent.late_s)}) if intent.late_s else (TRIED, {})
        yield Step(Stage.DEVICE, Mark.OK, text, {"output": intent.sink, **facts}, row.utc)
    if case.breaks_at(Stage.DEVICE) and case.reason is not None and case.end is not None:
        yield Step(Stage.DEVICE, Mark.BROKEN, SENTENCES[case.reason], when=case.end[1].ended or case.end[0].utc)


def evidence(case: Case) -> Iterator[Step]:
    """What the machine knows of it, then what people say, then whether it was made good."""
    yield from proved(case)
    for row, yes in case.of(Confirmed):
        if yes.airing == case.airing:
            yield Step(Stage.EVIDENCE, Mark.NOTE, SAID[yes.heard], {}, row.utc, (yes.by,))
    for row, line in case.of(Declared):
        if line.airing == case.airing:
            yield Step(Stage.EVIDENCE, Mark.NOTE, WRITTEN[line.heard], {"sheet": line.sheet}, row.utc, (line.by,))
    for row, order in case.of(MakeGoodOrdered):
        if order.airing == case.airing:
            text = N_("It was ordered to be made good: {airing}.")
            yield Step(Stage.EVIDENCE, Mark.NOTE, text, {"airing": order.promise.airing}, row.utc, (order.by,))
    for row, no in case.of(MakeGoodCancelled):
        if make_good_of(no.airing) == case.airing:
            text = N_("That was cancelled: {airing}.")
            yield Step(Stage.EVIDENCE, Mark.NOTE, text, {"airing": no.airing}, row.utc, (no.by,))


def proved(case: Case) -> Iterator[Step]:
    """How much was heard, by whom; while it sounds, so far."""
    if case.end is None:
        if case.beats:
            row, beat = case.beats[-1]
            text = N_("So far {heard} seconds were heard.")
            yield Step(Stage.EVIDENCE, Mark.TO_COME, text, {"heard": f"{beat.heard_s:.0f}"}, row.utc)
        return
    ended = case.end[1]
    if ended.started is None:
        if case.breaks_at(Stage.EVIDENCE):
            yield Step(Stage.EVIDENCE, Mark.BROKEN, SENTENCES[ended.reason], when=ended.ended)
        return
    whole = f"{ended.expected_s:.0f}" if ended.expected_s is not None else "?"
    facts = {"heard": f"{ended.played_s:.0f}", "whole": whole}
    mark = Mark.OK if ended.outcome is Outcome.PLAYED else Mark.NOTE
    yield Step(Stage.EVIDENCE, mark, N_("{heard} of {whole} seconds were heard."), facts, ended.started)
    yield Step(Stage.EVIDENCE, Mark.NOTE, PROVED[evidence_of(case, ended).value])
    yield from heard_there(case)
    if case.breaks_at(Stage.EVIDENCE):
        yield Step(Stage.EVIDENCE, Mark.BROKEN, SENTENCES[ended.reason], when=ended.ended)


PROVED = {
    "none": N_("Nothing proves it."),
    "player": N_("Only the player says so: nobody could listen to the output."),
    "monitor": N_("The program listened to what left the computer."),
    "microphone": N_("A microphone heard it in the market."),
}
"""How far it is proved, by the evidence's word."""
assert set(PROVED) == {evidence.value for evidence in PROOFS}  # noqa: S101  none is forgotten
