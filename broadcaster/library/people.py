"""The people of a station: codes with roles and PINs. Names are nowhere.

The first is a protection officer, whom nobody can register but herself; the row says so. From then on only a protection officer
registers people, gives roles and retires, with her PIN. A person's PIN is set when she is registered, so that no code waits
for whoever comes first.

Every act raises a :class:`~broadcaster.errors.BadInput` (exit 65) when it is refused; then nothing was written.
"""

from collections.abc import Collection, Sequence
from datetime import date

from broadcaster.journal.append import Journal
from broadcaster.journal.events import PersonRegistered, PersonRetired, PersonRolesChanged, PinSet
from broadcaster.journal.row import Row
from broadcaster.library import pins, words
from broadcaster.library.codes import alike, is_code
from broadcaster.library.decisions import OFFICER, Decisions, decisions_of
from broadcaster.library.people_refusals import (
    BadCohort,
    BadPersonCode,
    BadTraining,
    CodeKnown,
    DefenderIsRetired,
    DefenderUnknown,
    LastOfficer,
    NoRole,
    NotAllowed,
    OfficerFirst,
    OfficerNeeded,
    PinIsSet,
    UnknownCode,
)
from broadcaster.library.refusals import NotOfficer
from broadcaster.library.register import Person
from broadcaster.locale.shown import shown
from broadcaster.model import Role


def person_of(decisions: Decisions, code: str, *roles: Role) -> Person:
    """The active person of this code; PINs are not looked at. With ``roles``: she must hold one of them."""
    person = decisions.people.get(code)
    if person is None or person.retired:
        raise UnknownCode(code=code)
    if not person.may(*roles):
        if roles == (OFFICER,):
            raise NotOfficer(code=code)
        raise NotAllowed(code=code, roles=words.roles(roles))
    return person


def identify(journal: Journal, code: str, pin: str, *roles: Role) -> Person:
    """The person whose code and PIN these are. With ``roles``: she must hold one of them."""
    person = person_of(decisions_of(journal), code, *roles)
    pins.check_pin(journal.store, code, pin, journal.clock.now().utc)
    return person


def register(
    journal: Journal,
    code: str,
    roles: Sequence[Role],
    *,
    by: str = "",
    pin: str = "",
    new_pin: str = "",
    cohort: str = "",
    trained_from: date | None = None,
    trained_until: date | None = None,
) -> Row:
    """Put an issued code into the register.

    :param by: the protection officer's code and ``pin`` hers; both empty for the station's first person.
    :param new_pin: the PIN of who is registered. Without it the code can only be named as an episode's defender.
    """
    decisions = decisions_of(journal)
    may_be_registered(decisions, code, roles, by)
    if cohort and not is_code(cohort):
        raise BadCohort(cohort=shown(cohort))
    if trained_from and trained_until and trained_until < trained_from:
        raise BadTraining(code=code)
    if new_pin or OFFICER in roles:
        pins.check_form(new_pin)
    if by:
        identify(journal, by, pin, OFFICER)
    if new_pin:
        pins.set_pin(journal.store, code, new_pin)  # before the row: a person without a PIN could not mend it
    row = journal.append(PersonRegistered(code, _once(roles), by, cohort, trained_from, trained_until))
    if new_pin:
        journal.append(PinSet(code=code, by=by or code))
    return row


def may_be_registered(decisions: Decisions, code: str, roles: Sequence[Role], by: str) -> None:
    """Return when this code can be registered with these roles on the word of ``by``; PINs are not looked at."""
    if not is_code(code):
        raise BadPersonCode(code=shown(code))
    if alike(code, set(decisions.people)):
        raise CodeKnown(code=code)
    if not roles:
        raise NoRole(code=code)
    if by:
        person_of(decisions, by, OFFICER)
    elif decisions.has_officer:
        raise OfficerNeeded
    elif OFFICER not in roles:
        raise OfficerFirst


def change_roles(journal: Journal, code: str, roles: Sequence[Role], *, by: str, pin: str) -> Row:
    """From now on the code may do this, and nothing else."""
    decisions = decisions_of(journal)
    person_of(decisions, code)
    if not roles:
        raise NoRole(code=code)
    if OFFICER not in roles:
        _not_the_last(decisions, code)
    identify(journal, by, pin, OFFICER)
    return journal.append(PersonRolesChanged(code, _once(roles), by))


def retire(journal: Journal, code: str, *, by: str, pin: str) -> Row:
    """Let a code decide nothing and take no new episodes; what it did stays."""
    decisions = decisions_of(journal)
    person_of(decisions, code)
    _not_the_last(decisions, code)
    identify(journal, by, pin, OFFICER)
    return journal.append(PersonRetired(code, by))


def set_pin(journal: Journal, code: str, new: str, *, by: str | None = None, pin: str) -> Row:
    """Change a code's PIN.

    :param by: whose ``pin`` allows it: the code itself (the default) with its old one, or the protection officer.
    """
    by = by or code
    person_of(decisions_of(journal), code)
    pins.check_form(new)
    if not pin:
        raise PinIsSet(code=code)
    identify(journal, by, pin, *(() if by == code else (OFFICER,)))
    pins.set_pin(journal.store, code, new)
    return journal.append(PinSet(code=code, by=by))


def require_defenders(decisions: Decisions, codes: Collection[str]) -> None:
    """Return when every code is an active producer's."""
    for code in codes:
        if code not in decisions.defenders:
            raise DefenderUnknown(code=code)
        if decisions.defenders[code].retired:
            raise DefenderIsRetired(code=code)


def _not_the_last(decisions: Decisions, code: str) -> None:
    officers = {each.code for each in decisions.people.values() if each.may(OFFICER)}
    if officers == {code}:
        raise LastOfficer(code=code)


def _once(roles: Sequence[Role]) -> tuple[Role, ...]:
    return tuple(dict.fromkeys(roles))
