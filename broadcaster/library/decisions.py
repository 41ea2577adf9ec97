"""What has been decided about people, voices, helplines and episodes. Pure: rows in, values out.

A row by somebody who was not allowed to write it counts for nothing here, however it came onto the record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from broadcaster.journal.append import Journal
from broadcaster.journal.events import (
    Admitted,
    Approved,
    ConsentConfirmed,
    ConsentRegistered,
    ConsentWithdrawn,
    DefenderRegistered,
    DefenderRetired,
    Event,
    HelplineVerified,
    HelplineWrong,
    LeaseGiven,
    LeaseRenewed,
    MicrophoneOff,
    MicrophoneOn,
    OfficePaired,
    PartAdded,
    PartApproved,
    PartReplaced,
    PersonRegistered,
    PersonRetired,
    PersonRolesChanged,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.journal.row import Row
from broadcaster.library.parts_decided import PART_KINDS, PartsDecided, carried
from broadcaster.library.register import Approval, Calls, Confirmation, Consent, Person
from broadcaster.model import EpisodeNumber, Helpline, MarketId, Role, Sha256

PEOPLE: tuple[type[Event], ...] = (
    DefenderRegistered,
    DefenderRetired,
    PersonRegistered,
    PersonRolesChanged,
    PersonRetired,
)
DECISIONS: tuple[type[Event], ...] = (
    *PEOPLE,
    ConsentRegistered,
    ConsentWithdrawn,
    ConsentConfirmed,
    HelplineVerified,
    HelplineWrong,
    Admitted,
    Approved,
    Withdrawn,
    Suspended,
    SuspensionLifted,
    *PART_KINDS,
    OfficePaired,
    LeaseGiven,
    LeaseRenewed,
    MicrophoneOn,
    MicrophoneOff,
)
"""All that :func:`decide` reads."""

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
    """Everything decided so far. Made by :func:`decide`; to be read only."""

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


def decisions_of(journal: Journal) -> Decisions:
    """What has been decided so far."""
    return decide(journal.rows(kinds=DECISIONS))


def decide(rows: Iterable[Row]) -> Decisions:
    """Fold the rows, in order, into what has been decided."""
    decisions = Decisions()
    for row in rows:
        if isinstance(row.event, PEOPLE):
            _take_person(decisions, row.event)
        elif isinstance(row.event, OfficePaired | LeaseGiven | LeaseRenewed):
            _take_lease(decisions, row.event)
        elif isinstance(row.event, MicrophoneOn | MicrophoneOff):
            _take_microphone(decisions, row.event)
        else:
            _take(decisions, row)
    return decisions


def _take_person(decisions: Decisions, event: Event) -> None:
    people = decisions.people
    match event:
        case DefenderRegistered(code, cohort, trained_from, trained_until) if not decisions.has_officer:
            people.setdefault(code, Person(code, (Role.PRODUCER,), "", cohort, trained_from, trained_until))
        case DefenderRetired(code) if not decisions.has_officer:
            people[code] = replace(people.get(code, Person(code, (Role.PRODUCER,))), retired=True)
        case PersonRegistered(code, roles, by, cohort, trained_from, trained_until):
            if _may_register(decisions, event):
                people[code] = Person(code, roles, by, cohort, trained_from, trained_until)
        case PersonRolesChanged(code, roles, by) if code in people and decisions.may(by, OFFICER):
            people[code] = replace(people[code], roles=roles)
        case PersonRetired(code, by) if code in people and decisions.may(by, OFFICER):
            people[code] = replace(people[code], retired=True)


def _may_register(decisions: Decisions, event: PersonRegistered) -> bool:
    first = not event.by and OFFICER in event.roles and not decisions.has_officer
    return event.code not in decisions.people and (first or decisions.may(event.by, OFFICER))


def _take(decisions: Decisions, row: Row) -> None:
    match row.event:
        case ConsentRegistered() as event if decisions.may(event.by, *KEEPERS):
            taken_back = event.consent.casefold() in decisions.taken_back
            decisions.consents.setdefault(event.consent, replace(_consent(event), withdrawn=taken_back))
        case ConsentWithdrawn(ref):
            decisions.taken_back.add(ref.casefold())
            for known, consent in decisions.consents.items():
                if known.casefold() == ref.casefold():
                    decisions.consents[known] = replace(consent, withdrawn=True)
        case HelplineVerified() | HelplineWrong() as event:
            _take_call(decisions, event)
        case Withdrawn() as event:
            before = decisions.withdrawn.get(event.episode, 0)
            decisions.withdrawn[event.episode] = max(before, event.through_revision)
        case Suspended() as event:
            decisions.suspended.add(event.episode)
        case SuspensionLifted() as event if decisions.may(event.by, OFFICER) or not decisions.has_officer:
            decisions.suspended.discard(event.episode)  # before there were officers, others might
        case PartApproved(approver=code) if not decisions.may(code, *APPROVERS):
            pass
        case PartAdded(by=code) | PartReplaced(by=code) if code and not decisions.may(code, *BRINGERS):
            pass  # without a code: from before anybody was asked
        case _:
            _take_episode(decisions, row)


def _take_lease(decisions: Decisions, event: OfficePaired | LeaseGiven | LeaseRenewed) -> None:
    """The office's rows come first, so a code typed at the box lengthens what the last stick gave, and never shortens it."""
    match event:
        case OfficePaired():
            decisions.of_an_office = True
        case LeaseGiven(until=until):
            decisions.lease = until
        case LeaseRenewed(until):
            decisions.lease = max(until, decisions.lease or until)


def _take_microphone(decisions: Decisions, event: MicrophoneOn | MicrophoneOff) -> None:
    match event:
        case MicrophoneOn(market, source, by) if decisions.may(by, OFFICER):
            decisions.microphones[market] = source
        case MicrophoneOff(market):
            decisions.microphones.pop(market, None)


def _take_episode(decisions: Decisions, row: Row) -> None:
    match row.event:
        case Admitted() as event:
            decisions.admitted[event.episode, event.revision] = event
        case ConsentConfirmed() as event if _made_it(decisions, event):
            decisions.confirmed[event.episode, event.revision, event.master_sha256] = Confirmation(
                event.by, event.consents, event.minors, event.testimony
            )
        case Approved() as event:
            person = decisions.people.get(event.approver)
            roles = person.roles if person is not None and person.may() else ()
            decisions.approvals.setdefault((event.episode, event.revision, event.master_sha256), []).append(
                Approval(event.approver, row.utc, event.urgent, roles, event.answers)
            )
        case event:
            decisions.parts.take(event)


def _made_it(decisions: Decisions, event: ConsentConfirmed) -> bool:
    admitted = decisions.admitted.get((event.episode, event.revision))
    return admitted is not None and event.by in admitted.defenders and decisions.may(event.by, Role.PRODUCER)


def _consent(event: ConsentRegistered) -> Consent:
    return Consent(
        ref=event.consent,
        voice=event.voice,
        season=event.season,
        scopes=event.scopes,
        form=event.form,
        expires=event.expires,
        by=event.by,
        minor=event.minor,
        guardian_form=event.guardian_form,
    )


def _take_call(decisions: Decisions, event: HelplineVerified | HelplineWrong) -> None:
    """Anybody registered may say that a number is wrong; that it serves again, only who keeps the register.

    A number is the same under whatever id the station's file has it; one that has none is known by its id alone.
    """
    place = (event.helpline, event.number)
    same = {each for each in decisions.calls if event.number and each[1] == event.number} | {place}
    known = {each: decisions.calls.get(each, Calls()) for each in same}
    wrong = any(calls.wrong for calls in known.values())
    match event:
        case HelplineWrong():
            decisions.calls[place] = replace(known[place], wrong=True)
        case HelplineVerified(on=day) if decisions.may(event.by, *(KEEPERS if wrong else ())):
            decisions.calls |= {each: replace(calls, wrong=False) for each, calls in known.items()}
            decisions.calls[place] = Calls(max(day, known[place].verified_on or day))
