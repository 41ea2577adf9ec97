"""The vocabulary of the journal: everything a row can say.

An event is a frozen value with only JSON-friendly fields: text, numbers, booleans, ``None``, tuples, enums, nested values and
aware datetimes (kept as UTC text). A row keeps its event as a versioned JSON payload; fields are only ever added, with a
default, and never change their meaning.
"""

from broadcaster.journal.events.airing import Ended, Heartbeat, Intent
from broadcaster.journal.events.base import Event, ProcessId
from broadcaster.journal.events.clock import ClockConfirmed, ClockHeld, ClockStepped, RtcCompared
from broadcaster.journal.events.consents import ConsentConfirmed, ConsentRegistered
from broadcaster.journal.events.copies import CopyMade, CopyRemoved
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
from broadcaster.journal.events.doctor import EVENING, DoctorRan, Looked
from broadcaster.journal.events.editions import EditionMade
from broadcaster.journal.events.exported import Exported
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
from broadcaster.journal.events.heard import EpisodeHeard
from broadcaster.journal.events.helplines import HelplineVerified, HelplineWrong
from broadcaster.journal.events.kinds import BY_KIND, EVENTS
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
    MakeGoodCancelled,
    MakeGoodOrdered,
    make_good_id,
    make_good_of,
)
from broadcaster.journal.events.message import MessageReceived
from broadcaster.journal.events.microphone import UNHEARD, Listened, MicrophoneOff, MicrophoneOn
from broadcaster.journal.events.observed import Complained, Observed
from broadcaster.journal.events.panel import StickByHand
from broadcaster.journal.events.parts import Built, BuiltPart, PartAdded, PartApproved, PartReplaced, PartWrong
from broadcaster.journal.events.people import PersonRegistered, PersonRetired, PersonRolesChanged
from broadcaster.journal.events.record import (
    DAMAGED,
    DISK_FULL,
    DIVERGED,
    FORKED,
    RESTORED,
    UNANSWERED,
    WENT_BACK,
    BackupMade,
    RecordIncident,
)
from broadcaster.journal.events.removal import ConsentWithdrawn, OriginalRemoved, Purged, PurgeOrdered
from broadcaster.journal.events.said import Confirmed, Declared
from broadcaster.journal.events.stick import BoxPaired, LeaseGiven, LeaseRenewed, OfficePaired, StickTaken

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
    "FORKED",
    "MAKE_GOOD",
    "MANUAL",
    "RESTORED",
    "UNANSWERED",
    "UNHEARD",
    "WENT_BACK",
    "Admitted",
    "Answer",
    "Approved",
    "BackupMade",
    "BoxPaired",
    "Built",
    "BuiltPart",
    "ChangeRefused",
    "ClockConfirmed",
    "ClockHeld",
    "ClockStepped",
    "Complained",
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
    "EpisodeHeard",
    "Event",
    "Exported",
    "Heartbeat",
    "Held",
    "HelplineVerified",
    "HelplineWrong",
    "Intent",
    "LeaseGiven",
    "LeaseRenewed",
    "Listened",
    "Looked",
    "MakeGoodCancelled",
    "MakeGoodOrdered",
    "MessageReceived",
    "MicrophoneOff",
    "MicrophoneOn",
    "Observed",
    "OfficePaired",
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
    "RtcCompared",
    "SettingsTaken",
    "Started",
    "StickByHand",
    "StickTaken",
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
