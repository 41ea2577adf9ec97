"""What the rows have put on record about people, voices, helplines and episodes: frozen values."""

from dataclasses import dataclass
from datetime import date, datetime

from broadcaster.journal.events import Answer
from broadcaster.model import Question, Role, Scope


@dataclass(frozen=True)
class Person:
    """A registered code."""

    code: str
    roles: tuple[Role, ...]
    by: str = ""
    """Who registered her; empty for a station's first protection officer and in rows from before there were any."""
    cohort: str = ""
    trained_from: date | None = None
    trained_until: date | None = None
    retired: bool = False

    def may(self, *roles: Role) -> bool:
        """Whether she is active and holds one of these roles; any, when none is named."""
        return not self.retired and (not roles or any(role in self.roles for role in roles))


@dataclass(frozen=True)
class Consent:
    """One signed form: a voice, for a season."""

    ref: str
    voice: str
    season: str
    scopes: tuple[Scope, ...]
    form: str
    expires: date
    """The last day on which the voice may be heard."""
    by: str
    minor: bool = False
    guardian_form: str = ""
    withdrawn: bool = False


@dataclass(frozen=True)
class Confirmation:
    """A producer's word that these consents cover every recognisable voice of one master."""

    by: str
    consents: tuple[str, ...]
    minors: bool
    testimony: bool


@dataclass(frozen=True)
class Approval:
    """One yes to one master."""

    approver: str
    utc: datetime
    urgent: bool
    roles: tuple[Role, ...] = ()
    """What the approver was allowed when she said so; nothing, when nobody had registered her."""
    answers: tuple[Answer, ...] = ()

    def said(self, question: Question) -> bool | None:
        """Her answer; ``None`` where she was not asked."""
        return next((answer.yes for answer in self.answers if answer.question is question), None)


@dataclass(frozen=True)
class Calls:
    """What came of calling one number of a helpline."""

    verified_on: date | None = None
    wrong: bool = False
