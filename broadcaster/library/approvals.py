"""Whether an episode is approved: two different people heard it whole and answered the checklist, each for herself. Pure.

Nobody approves what she made. In urgency the protection officer's answers alone carry it for a short while, but never where
a minor speaks or a survivor's story is told.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from broadcaster.journal.events import Admitted
from broadcaster.library.consents import is_sensitive
from broadcaster.library.decisions import APPROVERS, OFFICER, Decisions, Rules
from broadcaster.library.objection import Objection
from broadcaster.library.register import Approval
from broadcaster.locale import mark as N_
from broadcaster.model import Question, Reason

HANDS = 2
"""Different people who must have listened and said yes."""
URGENT_LASTS = timedelta(hours=72)
"""How long the protection officer's single, urgent approval carries an episode alone."""
MAY_BE_YES = frozenset({Question.MINORS})
"""What may be in an episode: under a condition that the consents are asked for."""

TWO_LACK = N_("Two people must listen to it and approve it: `broadcaster episode approve {number} --as CODE`.")
ONE_LACKS = N_("One more person must listen to it and approve it: `broadcaster episode approve {number} --as CODE`.")


def objections(admitted: Admitted, decisions: Decisions, rules: Rules) -> Iterator[Objection]:
    """That people must still say yes; nothing, when enough have."""
    if not approved(admitted, decisions, rules):
        hands = len(hands_of(admitted, decisions))
        yield Objection(Reason.NOT_APPROVED, ONE_LACKS if hands else TWO_LACK, {"number": admitted.episode})


def approved(admitted: Admitted, decisions: Decisions, rules: Rules) -> bool:
    """Whether two different people said yes to this master, or the protection officer alone a short while ago."""
    return by_two(admitted, decisions) or urgent_until(admitted, decisions, rules) is not None


def by_two(admitted: Admitted, decisions: Decisions) -> bool:
    """Whether two different people said yes to this master, or their yes to the one before carries over."""
    before = decisions.carried_from(admitted)
    return len(hands_of(admitted, decisions)) >= HANDS or (before is not None and by_two(before, decisions))


def hands_of(admitted: Admitted, decisions: Decisions) -> frozenset[str]:
    """Who said yes to this master, of those whose yes counts."""
    return frozenset(each.approver for each in counted(admitted, decisions))


def counted(admitted: Admitted, decisions: Decisions) -> tuple[Approval, ...]:
    """The approvals that stand: answered in full and clean, by who was allowed to then, and had not made it herself."""
    makers = decisions.makers_of(admitted)
    return tuple(
        each
        for each in decisions.approvals_of(admitted)
        if any(role in APPROVERS for role in each.roles) and each.approver not in makers and is_clean(each)
    )


def is_clean(approval: Approval) -> bool:
    """Whether every question was asked, and nothing is in the episode that must not be."""
    return all(
        answer is not None and (not answer or question in MAY_BE_YES)
        for question in Question
        for answer in [approval.said(question)]
    )


def urgent_until(admitted: Admitted, decisions: Decisions, rules: Rules) -> datetime | None:
    """When the episode goes off the air because one urgent approval carries it alone; ``None`` when none does."""
    if by_two(admitted, decisions) or is_sensitive(admitted, decisions):
        return None
    standing = (each for each in counted(admitted, decisions) if each.urgent and OFFICER in each.roles)
    ends = (each.utc + URGENT_LASTS for each in standing)
    return max((end for end in ends if rules.now < end), default=None)
