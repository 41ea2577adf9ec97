"""The nouns of the programme: frozen values, with their units in their types.

::

    units ◀── outcomes ◀─┬─ episodes     what sounds
      ▲                  └─ plan         what is promised
      ├── places         where
      └── audio          what a recording is measured by
    people, sayings      what people may do, and what they say

No noun here knows a file, a clock or a database.
"""

from broadcaster.model.audio import Finding, Measure, PartRole, Profile, Severity
from broadcaster.model.episodes import Edition, EpisodeStatus, Flag, Helpline
from broadcaster.model.outcomes import REASONS, ClockTrust, Deaf, Evidence, Hearing, Outcome, Reason
from broadcaster.model.people import Question, Role, Scope
from broadcaster.model.places import Announcement, Hours, Market, Output, alsa_pcm
from broadcaster.model.plan import Airing, HolidayPolicy, NoteCode, Plan, PlanChange, PlanNote
from broadcaster.model.sayings import Cause, Complaint, Counting, HeardAs, Source
from broadcaster.model.units import (
    EPISODE_NUMBERS,
    AiringId,
    Dbtp,
    EpisodeNumber,
    LoudnessUnits,
    Lufs,
    MarketId,
    Milliseconds,
    PlayId,
    Seconds,
    Sha256,
)

__all__ = (
    "EPISODE_NUMBERS",
    "REASONS",
    "Airing",
    "AiringId",
    "Announcement",
    "Cause",
    "ClockTrust",
    "Complaint",
    "Counting",
    "Dbtp",
    "Deaf",
    "Edition",
    "EpisodeNumber",
    "EpisodeStatus",
    "Evidence",
    "Finding",
    "Flag",
    "HeardAs",
    "Hearing",
    "Helpline",
    "HolidayPolicy",
    "Hours",
    "LoudnessUnits",
    "Lufs",
    "Market",
    "MarketId",
    "Measure",
    "Milliseconds",
    "NoteCode",
    "Outcome",
    "Output",
    "PartRole",
    "Plan",
    "PlanChange",
    "PlanNote",
    "PlayId",
    "Profile",
    "Question",
    "Reason",
    "Role",
    "Scope",
    "Seconds",
    "Severity",
    "Sha256",
    "Source",
    "alsa_pcm",
)
