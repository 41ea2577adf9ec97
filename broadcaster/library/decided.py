"""What has been decided, as values: who may do what, what is approved of which master, what must not sound.

:func:`broadcaster.library.decisions.decide` makes them of rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from broadcaster.journal.events import Admitted
from broadcaster.library.parts_decided import PartsDecided, carried
from broadcaster.library.register import Approval, Calls, Confirmation, Consent, Person
from broadcaster.model import EpisodeNumber, Helpline, MarketId, Role, Sha256

OFFICER = Role.PROTECTION_OFFICER
APPROVERS = (Role.APPROVER, OFFICER)
BRINGERS = (Role.PRODUCER, *APPROVERS)
"""Who brings a recording that many episodes share."""
KEEPERS = (Role.COORDINATOR, OFFICER)
"""Who keeps the register of consents, and says that a number called wrong serves again."""

Master = tuple[EpisodeNumber, int, Sha256]
"""Episode, revision, hash: a yes to one master is no yes to another."""


@dataclass
class Decisions:
    """Everything decided so far. To be read only."""

    people: dict[str, Person] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)
    """References of the consents taken back, in small letters: also where no form was in the register yet."""
    calls: dict[tuple[str, str], Calls] = field(default_factory=dict)
    """By helpline and number."""
    admitted: dict[tuple[EpisodeNumber, int], Admitted] = field(default_factory=dict)
    """By episode and revision."""
    confirmed: dict[Master, Confirmation] = field(default_factory=dict)
    approvals: dict[Master, list[Approval]] = field(default_factory=dict)
    withdrawn: dict[EpisodeNumber, int] = field(default_factory=dict)
    """The highest revision that must not sound again."""
    suspended: set[EpisodeNumber] = field(default_factory=set)
    microphones: dict[MarketId, str] = field(default_factory=dict)
    """The capture source that may listen at a market; none at a market that is not here."""
    parts: PartsDecided = field(default_factory=PartsDecided)
    of_an_office: bool = False
    """A stick brings what it plays: it plays as long as the office lets it."""
    lease: date | None = None
    """The last day of that; ``None``: no stick has come yet."""

    @property
    def defenders(self) -> dict[str, Person]:
        """The producers, retired ones included."""
        return {code: person for code, person in self.people.items() if Role.PRODUCER in person.roles}

    @property
    def has_officer(self) -> bool:
        """Whether there ever was a protection officer, without whom nobody else is registered."""
        return any(OFFICER in person.roles for person in self.people.values())

    def may(self, code: str, *roles: Role) -> bool:
        """Whether the code is registered, active, and holds one of these roles."""
        person = self.people.get(code)
        return person is not None and person.may(*roles)

    def consent_of(self, ref: str) -> Consent | None:
        """The registered consent that this reference means, whatever its capital letters: nobody hears the difference."""
        wanted = ref.casefold()
        return next((consent for known, consent in self.consents.items() if known.casefold() == wanted), None)

    def newest(self, number: EpisodeNumber) -> Admitted | None:
        """The episode's highest admitted revision, which governs."""
        of_it = [admitted for (episode, _), admitted in self.admitted.items() if episode == number]
        return max(of_it, key=lambda admitted: admitted.revision, default=None)

    def makers_of(self, admitted: Admitted) -> frozenset[str]:
        """Who made this revision or one before it: what she made may be in it still, whoever is named with it now."""
        revisions = (self.admitted.get((admitted.episode, number)) for number in range(1, admitted.revision))
        return frozenset(code for each in (*revisions, admitted) if each is not None for code in each.defenders)

    def approvals_of(self, admitted: Admitted) -> tuple[Approval, ...]:
        """Every yes to exactly this master."""
        return tuple(self.approvals.get(master_of(admitted), ()))

    def confirmation_of(self, admitted: Admitted) -> Confirmation | None:
        """The producer's newest word on the consents of exactly this master, or on the one it was carried over from."""
        own = self.confirmed.get(master_of(admitted))
        if own is None and (before := self.carried_from(admitted)) is not None:
            return self.confirmation_of(before)
        return own

    def carried_from(self, admitted: Admitted) -> Admitted | None:
        """The revision before, when what was decided about it holds for this one too.

        So it is where only shared parts were replaced and each new one has a yes of its own: see
        :func:`~broadcaster.library.parts_decided.carried`.
        """
        before = self.admitted.get((admitted.episode, admitted.revision - 1))
        if before is None or before.revision <= self.withdrawn.get(before.episode, 0):
            return None
        holds = carried(admitted, before, self.parts, counts=lambda code, to: code not in self.makers_of(to))
        return before if holds else None

    def is_withdrawn(self, number: EpisodeNumber) -> bool:
        """Whether the revision that governs must not sound again."""
        newest = self.newest(number)
        return number in self.withdrawn and (newest is None or newest.revision <= self.withdrawn[number])

    def lets_play(self, day: date) -> bool:
        """Whether nobody has to be heard from first: a station that produces for itself always may."""
        return not self.of_an_office or (self.lease is not None and day <= self.lease)

    def numbers(self) -> frozenset[EpisodeNumber]:
        """The episodes about which anything was decided."""
        return frozenset({number for number, _ in self.admitted} | set(self.withdrawn) | self.suspended)


@dataclass(frozen=True)
class Rules:
    """What the gates are judged by, beside the rows."""

    helplines: Mapping[str, Helpline]
    verified_days: int
    """For how many days a call to a helpline proves that it answers."""
    today: date
    """The day at the station."""
    now: datetime
    """Aware; what an urgent approval's hours are counted to."""
    samples_may_air: bool
    """A rehearsal: samples sound, and how old a helpline's verification is does not count."""


def master_of(admitted: Admitted) -> Master:
    """The master that decisions are bound to."""
    return admitted.episode, admitted.revision, admitted.master_sha256
