"""The gates: everything that keeps an episode off the air, the gravest first, each with a sentence that says what to do.

One list serves whoever plays (the first reason counts), whoever copies (with the scope of that use) and whoever asks why.
Pure.
"""

from collections.abc import Iterator

from broadcaster.library import approvals, consents, helplines
from broadcaster.library.decisions import Decisions, Rules
from broadcaster.library.objection import Objection
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Flag, Reason, Scope
from broadcaster.reasons import SENTENCES

NOTHING_YET = N_("No recording of it has been admitted yet. Add one with `broadcaster episode add`.")
WRONG_PART = N_(
    "It holds the shared part {part}, which says something wrong. "
    "Bring the right one with `broadcaster part replace {part} FILE --as CODE`."
)
SAMPLE = N_("It is a sample: it sounds in rehearsals and never on the air.")


def gate(number: EpisodeNumber, decisions: Decisions, rules: Rules, scope: Scope = Scope.LOUDSPEAKERS) -> Reason | None:
    """The first gate that is shut, as far as rows and rules know; ``None`` when all stand open.

    Withdrawn, suspended, no word from the office for too long, not approved (or a sample where samples may not air),
    no consent, no helpline: in this order.
    """
    first = next(objections(number, decisions, rules, scope), None)
    return None if first is None else first.reason


def objections(
    number: EpisodeNumber, decisions: Decisions, rules: Rules, scope: Scope = Scope.LOUDSPEAKERS
) -> Iterator[Objection]:
    """Every gate that is shut to a use under ``scope`` on the rules' day; none when the episode may be used so."""
    admitted = decisions.newest(number)
    if decisions.is_withdrawn(number):
        yield Objection(Reason.WITHDRAWN, SENTENCES[Reason.WITHDRAWN])
        return
    if number in decisions.suspended:
        yield Objection(Reason.SUSPENDED, SENTENCES[Reason.SUSPENDED])
    if not decisions.lets_play(rules.today):
        yield Objection(Reason.LEASE_EXPIRED, SENTENCES[Reason.LEASE_EXPIRED])
    if admitted is None:
        yield Objection(Reason.NOT_APPROVED, NOTHING_YET)
        return
    for part in sorted(decisions.parts.wrong_in(admitted)):
        yield Objection(Reason.SUSPENDED, WRONG_PART, {"part": part})
    if decisions.parts.holds_wrong(admitted) and not decisions.parts.wrong_in(admitted):
        yield Objection(Reason.SUSPENDED, SENTENCES[Reason.SUSPENDED])
    if admitted.sample and not rules.samples_may_air:
        yield Objection(Reason.NOT_APPROVED, SAMPLE)
    yield from approvals.objections(admitted, decisions, rules)
    yield from consents.objections(admitted, decisions, rules.today, scope)
    yield from helplines.objections(admitted, decisions, rules)


def wrong_revisions(number: EpisodeNumber, decisions: Decisions, rules: Rules) -> frozenset[int]:
    """The revisions that say a number or hold a shared part known to be wrong, whichever governs."""
    return frozenset(
        revision
        for (episode, revision), admitted in decisions.admitted.items()
        if episode == number
        and (decisions.parts.holds_wrong(admitted) or helplines.any_wrong(admitted, decisions, rules))
    )


def flags(number: EpisodeNumber, decisions: Decisions, rules: Rules) -> tuple[Flag, ...]:
    """What people must know of an episode although it may air."""
    admitted = decisions.newest(number)
    if admitted is None:
        return ()
    urgent = approvals.urgent_until(admitted, decisions, rules) is not None
    objected = any(
        True for _ in helplines.objections(admitted, decisions, rules)
    )  # a blocked episode is told why, once
    stale = not objected and helplines.any_stale(admitted, decisions, rules)
    return (*((Flag.URGENT,) if urgent else ()), *((Flag.HELPLINE_STALE,) if stale else ()))
