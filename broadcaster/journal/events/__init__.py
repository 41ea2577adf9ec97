"""The vocabulary of the journal: everything a row can say.

An event is a frozen value with only JSON-friendly fields: text, numbers, booleans, ``None``, tuples, enums, nested values and
aware datetimes (kept as UTC text). A row keeps its event as a versioned JSON payload; fields are only ever added, with a
default, and never change their meaning.
"""

from broadcaster.journal.events.airing import (
    Ended,
    Heartbeat,
    Intent,
)
from broadcaster.journal.events.base import (
    Event,
    ProcessId,
)
from broadcaster.journal.events.consents import (
    ConsentConfirmed,
    ConsentRegistered,
)
from broadcaster.journal.events.copies import (
    CopyMade,
    CopyRemoved,
)
from broadcaster.journal.events.daemon import (
    ERROR,
    FINISHED,
    ChangeRefused,
    PlanAccepted,
    Promise,
    SettingsTaken,
    Started,
    Stopped,
)
from broadcaster.journal.events.doctor import (
    EVENING,
    DoctorRan,
    Looked,
)
from broadcaster.journal.events.editions import (
    EditionMade,
)
from broadcaster.journal.events.hand import (
    MANUAL,
    Held,
    PlayOrdered,
    Resumed,
    StopOrdered,
    Tested,
    TestOrdered,
    VolumeSet,
)
from broadcaster.journal.events.helplines import (
    HelplineVerified,
    HelplineWrong,
)
from broadcaster.journal.events.library import (
    Admitted,
    Answer,
    Approved,
    DefenderRegistered,
    DefenderRetired,
    PinSet,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.journal.events.makegood import (
    BY_RULE,
    MAKE_GOOD,
    MakeGoodOrdered,
    make_good_id,
    make_good_of,
)
from broadcaster.journal.events.parts import (
    Built,
    BuiltPart,
    PartAdded,
    PartApproved,
    PartReplaced,
    PartWrong,
)
from broadcaster.journal.events.people import (
    PersonRegistered,
    PersonRetired,
    PersonRolesChanged,
)
from broadcaster.journal.events.record import (
    DAMAGED,
    DISK_FULL,
    DIVERGED,
    RESTORED,
    UNANSWERED,
    WENT_BACK,
    BackupMade,
    RecordIncident,
)
from broadcaster.journal.events.removal import (
    ConsentWithdrawn,
    OriginalRemoved,
    Purged,
    PurgeOrdered,
)
from broadcaster.journal.events.said import (
    Confirmed,
    Declared,
)

__all__ = (
    "BY_KIND",
    "BY_RULE",
    "DAMAGED",
    "DISK_FULL",
    "DIVERGED",
    "ERROR",
    "EVENING",
    "EVENTS",
    "FINISHED",
    "MAKE_GOOD",
    "MANUAL",
    "RESTORED",
    "UNANSWERED",
    "WENT_BACK",
    "Admitted",
    "Answer",
    "Approved",
    "BackupMade",
    "Built",
    "BuiltPart",
    "ChangeRefused",
    "Confirmed",
    "ConsentConfirmed",
    "ConsentRegistered",
    "ConsentWithdrawn",
    "CopyMade",
    "CopyRemoved",
    "Declared",
    "DefenderRegistered",
    "DefenderRetired",
    "DoctorRan",
    "EditionMade",
    "Ended",
    "Event",
    "Heartbeat",
    "Held",
    "HelplineVerified",
    "HelplineWrong",
    "Intent",
    "Looked",
    "MakeGoodOrdered",
    "OriginalRemoved",
    "PartAdded",
    "PartApproved",
    "PartReplaced",
    "PartWrong",
    "PersonRegistered",
    "PersonRetired",
    "PersonRolesChanged",
    "PinSet",
    "PlanAccepted",
    "PlayOrdered",
    "ProcessId",
    "Promise",
    "PurgeOrdered",
    "Purged",
    "RecordIncident",
    "Resumed",
    "SettingsTaken",
    "Started",
    "StopOrdered",
    "Stopped",
    "Suspended",
    "SuspensionLifted",
    "TestOrdered",
    "Tested",
    "VolumeSet",
    "Withdrawn",
    "make_good_id",
    "make_good_of",
)

EVENTS: tuple[type[Event], ...] = (
    Started,
    Stopped,
    PlanAccepted,
    Intent,
    Heartbeat,
    Ended,
    PlayOrdered,
    StopOrdered,
    Held,
    Resumed,
    TestOrdered,
    Tested,
    VolumeSet,
    SettingsTaken,
    ChangeRefused,
    DoctorRan,
    DefenderRegistered,
    DefenderRetired,
    Admitted,
    Approved,
    Withdrawn,
    Suspended,
    SuspensionLifted,
    PinSet,
    CopyMade,
    CopyRemoved,
    ConsentWithdrawn,
    PurgeOrdered,
    Purged,
    OriginalRemoved,
    PersonRegistered,
    PersonRolesChanged,
    PersonRetired,
    ConsentRegistered,
    ConsentConfirmed,
    HelplineVerified,
    HelplineWrong,
    PartAdded,
    PartReplaced,
    PartWrong,
    PartApproved,
    Built,
    EditionMade,
    RecordIncident,
    BackupMade,
    MakeGoodOrdered,
    Confirmed,
    Declared,
)
BY_KIND: dict[str, type[Event]] = {event.kind: event for event in EVENTS}
