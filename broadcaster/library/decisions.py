"""What has been decided about people, voices, helplines and episodes. Pure: rows in, values out.

A row by somebody who was not allowed to write it counts for nothing here, however it came onto the record.
"""

from collections.abc import Iterable
from dataclasses import replace

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
from broadcaster.library.decided import APPROVERS, BRINGERS, KEEPERS, OFFICER, Decisions, Rules, master_of
from broadcaster.library.parts_decided import PART_KINDS
from broadcaster.library.register import Approval, Calls, Confirmation, Consent, Person
from broadcaster.model import Role

__all__ = (
    "APPROVERS",
    "BRINGERS",
    "DECISIONS",
    "KEEPERS",
    "OFFICER",
    "PEOPLE",
    "Decisions",
    "Rules",
    "decide",
    "decisions_of",
    "master_of",
)

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
