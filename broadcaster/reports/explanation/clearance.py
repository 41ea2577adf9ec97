"""Approval and file: who said what about the episode, and whether the audio is the one they said it of. Pure."""

from collections.abc import Iterator

from broadcaster.journal.events import Admitted, ConsentConfirmed, Suspended, Withdrawn
from broadcaster.journal.row import Row
from broadcaster.library import approvals, consents, gates
from broadcaster.library.catalogue import rules_of
from broadcaster.locale import mark as N_
from broadcaster.model import Reason
from broadcaster.reasons import SENTENCES
from broadcaster.reports.explanation.case import Case
from broadcaster.reports.explanation.steps import Mark, Stage, Step


def approved(case: Case) -> Iterator[Step]:
    """Admitted, approved, consented to, not taken back: as it stood when the airing was judged."""
    number = case.episode
    admitted = None if number is None else case.decisions.newest(number)
    if number is None or admitted is None:
        decided = not case.is_over or case.breaks_at(Stage.APPROVAL)
        yield Step(Stage.APPROVAL, Mark.BROKEN if decided else Mark.NOTE, SENTENCES[Reason.NO_EPISODE])
        return
    yield from _admitted(case, admitted)
    yield from _said(case, admitted)
    yield from _shut(case, admitted)


def _admitted(case: Case, admitted: Admitted) -> Iterator[Step]:
    for row, event in case.of(Admitted, until=case.judged):
        if (event.episode, event.revision) == (admitted.episode, admitted.revision):
            text = N_("Episode {episode}, version {revision}, was admitted.")
            facts = {"episode": event.episode, "revision": event.revision}
            yield Step(Stage.APPROVAL, Mark.OK, text, facts, row.utc, event.defenders)


def _said(case: Case, admitted: Admitted) -> Iterator[Step]:
    for approval in approvals.counted(admitted, case.decisions):
        text = N_("Approved, as urgent.") if approval.urgent else N_("Approved.")
        yield Step(Stage.APPROVAL, Mark.OK, text, {}, approval.utc, (approval.approver,))
    for row, event in case.of(ConsentConfirmed, until=case.judged):
        if (event.episode, event.revision) == (admitted.episode, admitted.revision):
            refs = ", ".join(consents.refs_of(admitted, case.decisions))
            text = N_("Its producer confirmed the consents: {consents}.")
            yield Step(Stage.APPROVAL, Mark.OK, text, {"consents": refs}, row.utc, (event.by,))


def _shut(case: Case, admitted: Admitted) -> Iterator[Step]:
    """What was taken back, and every gate that is shut: what stopped it, or what would have stopped it too."""
    told = list(_taken_back(case))
    yield from told
    if case.intents and not case.breaks_at(Stage.APPROVAL):
        return  # it passed every gate; what stands in the station's files may be another by now
    rules = rules_of(case.station, case.due.date(), samples_may_air=False)
    decided = not case.is_over or case.breaks_at(Stage.APPROVAL)
    mark = Mark.BROKEN if decided else Mark.NOTE
    silenced = {Reason.WITHDRAWN, Reason.SUSPENDED} if told else set()
    shut = [
        Step(Stage.APPROVAL, mark, objection.text, objection.facts)
        for objection in gates.objections(admitted.episode, case.decisions, rules)
        if objection.reason not in silenced and not case.intents
    ]
    yield from shut
    if case.breaks_at(Stage.APPROVAL) and case.reason is not None and not shut and not told:
        yield Step(Stage.APPROVAL, Mark.BROKEN, SENTENCES[case.reason])


def _taken_back(case: Case) -> Iterator[Step]:
    """Who silenced it, where that is why it did not sound."""
    until = case.end[0].utc if case.end else case.now
    kinds = {Reason.WITHDRAWN: Withdrawn, Reason.SUSPENDED: Suspended}
    if case.reason not in kinds:
        return
    rows: list[tuple[Row, Withdrawn | Suspended]] = [*case.of(Withdrawn, until=until), *case.of(Suspended, until=until)]
    mine = [found for found in rows if isinstance(found[1], kinds[case.reason]) and found[1].episode == case.episode]
    if mine:
        row, event = mine[-1]
        yield Step(Stage.APPROVAL, Mark.BROKEN, SENTENCES[case.reason], {}, row.utc, (event.by,))


def whole(case: Case) -> Iterator[Step]:
    """Whether what lay on the disk was, byte for byte, what had been approved."""
    if case.intents:
        row, intent = case.intents[-1]
        text = N_("The audio on the disk was the approved one ({sha256}).")
        yield Step(Stage.FILE, Mark.OK, text, {"sha256": intent.master_sha256[:12]}, row.utc)
    elif case.breaks_at(Stage.FILE):
        yield Step(Stage.FILE, Mark.BROKEN, SENTENCES[Reason.BAD_FILE])
    elif not case.is_over and case.episode is not None and case.episode in case.intact:
        if case.intact[case.episode]:
            yield Step(Stage.FILE, Mark.OK, N_("The audio on the disk is the one that was admitted."))
        else:
            yield Step(Stage.FILE, Mark.BROKEN, SENTENCES[Reason.BAD_FILE])
