"""What has been decided about defenders and episodes, and what that allows. Pure: rows in, values out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from broadcaster.journal.events import (
    Admitted,
    Approved,
    DefenderRegistered,
    DefenderRetired,
    Event,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.journal.row import Row
from broadcaster.library.parts_decided import PART_KINDS, PartsDecided, carried
from broadcaster.model import Approver, EpisodeNumber, Helpline, Reason, Sha256

DECISIONS: tuple[type[Event], ...] = (
    DefenderRegistered,
    DefenderRetired,
    Admitted,
    Approved,
    Withdrawn,
    Suspended,
    SuspensionLifted,
    *PART_KINDS,
)
"""All that :func:`decide` reads."""

HANDS = 2
"""Different people who must have listened and said yes."""
URGENT_LASTS = timedelta(hours=72)
"""How long the protection officer's single, urgent approval carries an episode alone."""


@dataclass(frozen=True)
class Defender:
    """A code in the register."""

    code: str
    cohort: str
    trained_from: date | None
    trained_until: date | None
    retired: bool = False


@dataclass(frozen=True)
class Approval:
    """One yes to one master."""

    approver: str
    utc: datetime
    urgent: bool


@dataclass
class Decisions:
    """Everything decided so far. Made by :func:`decide`; to be read only."""

    defenders: dict[str, Defender] = field(default_factory=dict)
    admitted: dict[tuple[EpisodeNumber, int], Admitted] = field(default_factory=dict)
    """By episode and revision."""
    approvals: dict[tuple[EpisodeNumber, int, Sha256], list[Approval]] = field(default_factory=dict)
    """By episode, revision and master: a yes to one master is no yes to another."""
    withdrawn: dict[EpisodeNumber, int] = field(default_factory=dict)
    """The highest revision that must not sound again."""
    suspended: set[EpisodeNumber] = field(default_factory=set)
    parts: PartsDecided = field(default_factory=PartsDecided)

    def newest(self, number: EpisodeNumber) -> Admitted | None:
        """The episode's highest admitted revision, which governs."""
        of_it = [admitted for (episode, _), admitted in self.admitted.items() if episode == number]
        return max(of_it, key=lambda admitted: admitted.revision, default=None)

    def approvals_of(self, admitted: Admitted) -> tuple[Approval, ...]:
        """Every yes to exactly this master."""
        return tuple(self.approvals.get((admitted.episode, admitted.revision, admitted.master_sha256), ()))

    def is_withdrawn(self, number: EpisodeNumber) -> bool:
        """Whether the revision that governs must not sound again."""
        newest = self.newest(number)
        return number in self.withdrawn and (newest is None or newest.revision <= self.withdrawn[number])

    def numbers(self) -> frozenset[EpisodeNumber]:
        """The episodes about which anything was decided."""
        return frozenset({number for number, _ in self.admitted} | set(self.withdrawn) | self.suspended)


@dataclass(frozen=True)
class Rules:
    """What the gates are judged by, beside the rows."""

    approvers: Mapping[str, Approver]
    helplines: Mapping[str, Helpline]
    today: date
    """The day at the station."""
    now: datetime
    """Aware; what an urgent approval's hours are counted to."""
    samples_may_air: bool


def decide(rows: Iterable[Row]) -> Decisions:
    """Fold the rows, in order, into what has been decided."""
    decisions = Decisions()
    for row in rows:
        _take(decisions, row)
    return decisions


def _take(decisions: Decisions, row: Row) -> None:
    match row.event:
        case DefenderRegistered(code, cohort, trained_from, trained_until):
            decisions.defenders[code] = Defender(code, cohort, trained_from, trained_until)
        case DefenderRetired(code):
            known = decisions.defenders.get(code, Defender(code, "", None, None))
            decisions.defenders[code] = replace(known, retired=True)
        case Admitted() as event:
            decisions.admitted[event.episode, event.revision] = event
        case Approved() as event:
            master = (event.episode, event.revision, event.master_sha256)
            decisions.approvals.setdefault(master, []).append(Approval(event.approver, row.utc, event.urgent))
        case Withdrawn() as event:
            before = decisions.withdrawn.get(event.episode, 0)
            decisions.withdrawn[event.episode] = max(before, event.through_revision)
        case Suspended() as event:
            decisions.suspended.add(event.episode)
        case SuspensionLifted() as event:
            decisions.suspended.discard(event.episode)
        case event:
            decisions.parts.take(event)


def gate(number: EpisodeNumber, decisions: Decisions, rules: Rules) -> Reason | None:
    """The first gate that keeps an episode off the air, as far as rows and rules know; ``None`` when all stand open.

    Withdrawn, suspended, not approved (or a sample where samples may not air), no consent, no helpline: in this order.
    """
    admitted = decisions.newest(number)
    if decisions.is_withdrawn(number):
        return Reason.WITHDRAWN
    if number in decisions.suspended:
        return Reason.SUSPENDED
    if admitted is not None and decisions.parts.holds_wrong(admitted):
        return Reason.SUSPENDED
    if admitted is None or (admitted.sample and not rules.samples_may_air) or not approved(admitted, decisions, rules):
        return Reason.NOT_APPROVED
    if not admitted.consent_refs:
        return Reason.NO_CONSENT
    if not any(usable(rules.helplines.get(helpline), rules.today) for helpline in admitted.helplines):
        return Reason.NO_HELPLINE
    return None


def approved(admitted: Admitted, decisions: Decisions, rules: Rules) -> bool:
    """Whether two different people said yes to this master, or the protection officer alone a short while ago."""
    counted = [each for each in decisions.approvals_of(admitted) if _counts(each, admitted, rules)]
    return by_two(admitted, decisions, rules) or any(_still_urgent(each, rules) for each in counted)


def by_two(admitted: Admitted, decisions: Decisions, rules: Rules) -> bool:
    """Whether two different people said yes to this master, or their yes to the one before it carries over.

    It does where only shared parts were replaced and each new one has a yes of its own: see
    :func:`~broadcaster.library.parts_decided.carried`.
    """
    counted = [each for each in decisions.approvals_of(admitted) if _counts(each, admitted, rules)]
    return len({each.approver for each in counted}) >= HANDS or _carried(admitted, decisions, rules)


def _carried(admitted: Admitted, decisions: Decisions, rules: Rules) -> bool:
    def counts(code: str, to: Admitted) -> bool:
        return _counts(Approval(code, rules.now, urgent=False), to, rules)

    before = decisions.admitted.get((admitted.episode, admitted.revision - 1))
    return (
        before is not None
        and before.revision > decisions.withdrawn.get(before.episode, 0)
        and carried(admitted, before, decisions.parts, counts=counts)
        and by_two(before, decisions, rules)
    )


def urgent_until(admitted: Admitted, decisions: Decisions, rules: Rules) -> datetime | None:
    """When the episode goes off the air because one urgent approval carries it alone; ``None`` when none does."""
    counted = [each for each in decisions.approvals_of(admitted) if _counts(each, admitted, rules)]
    if by_two(admitted, decisions, rules):
        return None
    return max((each.utc + URGENT_LASTS for each in counted if _still_urgent(each, rules)), default=None)


def _counts(approval: Approval, admitted: Admitted, rules: Rules) -> bool:
    """A yes stands after its giver's code was taken from the register; a demonstrator's only ever stands for samples."""
    approver = rules.approvers.get(approval.approver)
    return admitted.sample or approver is None or not approver.sample_only


def _still_urgent(approval: Approval, rules: Rules) -> bool:
    approver = rules.approvers.get(approval.approver)
    officer = approver is not None and approver.officer
    return approval.urgent and officer and rules.now - approval.utc < URGENT_LASTS


def usable(helpline: Helpline | None, today: date) -> bool:
    """Whether a helpline is in the register, valid on this day and not known to be wrong."""
    if helpline is None or helpline.wrong:
        return False
    starts, ends = helpline.valid_from or date.min, helpline.valid_to or date.max
    return starts <= today <= ends
