"""The station as the program knows it: frozen values, already checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

from broadcaster.model import Announcement, Dbtp, Helpline, Hours, Lufs, Market, MarketId, Output, Profile, Seconds

_HORN_LUFS = Lufs(-16.0)


@dataclass(frozen=True)
class MasteringSettings:
    """What a master must reach."""

    loudness_lufs: Lufs
    true_peak_dbtp: Dbtp
    max_drive_db: float
    """The most the limiter may take off a peak, dB; what is then missing to the loudness is reported, never crushed in."""
    lead_in_s: Seconds
    tail_s: Seconds
    profile: Profile = Profile.SPEECH
    """What recordings are made for, unless said otherwise with one."""
    horn_loudness_lufs: Lufs = _HORN_LUFS
    horn_high_pass_hz: float = 200.0

    @property
    def aim_lufs(self) -> Lufs:
        """The loudness of the profile."""
        return self.horn_loudness_lufs if self.profile is Profile.HORN else self.loudness_lufs


@dataclass(frozen=True)
class IntakeSettings:
    """What a recording may be, and how long what came in is kept."""

    max_duration_s: Seconds
    max_file_bytes: int
    keep_originals_days: int = 30
    """After the approval; the master stays."""
    keep_withdrawn_days: int = 30
    """After the withdrawal, when nobody removes it before."""
    shortest_s: Seconds = Seconds(60.0)
    """A recording outside the station's window is remarked upon, not refused."""
    longest_s: Seconds = Seconds(1800.0)


@dataclass(frozen=True)
class RundownSettings:
    """What every built episode begins with: ids of shared parts, empty for none."""

    chime: str = ""
    """``chime`` is the program's own, unless a shared part has that id."""
    ident: str = ""


@dataclass(frozen=True)
class CopySettings:
    """What copies that leave look like."""

    picture: str = ""
    """Behind the words of a video; relative to the station's folder; empty: the program's own drawing."""


@dataclass(frozen=True)
class SafetySettings:
    """What the gates ask for beside what people decide."""

    helpline_verified_days: int = 90


@dataclass(frozen=True)
class CareSettings:
    """How the box looks after itself."""

    evening_check: time | None = time(19)
    """Local; when, on the evening before an airing, it is looked whether all is ready. ``None``: never."""


@dataclass(frozen=True)
class AlertSettings:
    """When people who are not at the box are told."""

    night: Hours | None = None
    """Local; nothing is sent then. ``None``: no such hours."""


@dataclass(frozen=True)
class DocumentSettings:
    """What documents say that no record holds. Empty: a line on which it is written by hand."""

    place: str = ""
    """Where papers are dated."""
    agreement: str = ""
    """The agreement or plan that they refer to."""
    objective: str = ""
    """Of the project, as its donor knows it."""
    baseline: str = ""
    """Airings before the project began."""
    contact: str = ""
    """Whom an inspector or a neighbour may call; no person's name."""
    acknowledgement: str = ""
    """The sentence that a donor asks for."""


@dataclass(frozen=True)
class CalendarSettings:
    """Public holidays: a country's, corrected by decree."""

    country: str
    """ISO 3166 code as the ``holidays`` package knows it."""
    working: Mapping[date, str]
    """Holidays that were working days, each with its legal note."""
    holidays: Mapping[date, str]
    """Working days that were holidays, each with its legal note."""
    blackouts: Mapping[date, str] = field(default_factory=dict)
    """Days on which nothing airs, each with why."""


@dataclass(frozen=True)
class Organisation:
    """Who stands behind the programme, as documents name them."""

    name: str
    role: str
    """``implements``, ``reports`` or ``funds``."""


@dataclass(frozen=True)
class Station:
    """One folder: ``config.toml``, ``episodes/``, ``schedules/``, and the database under ``data/``."""

    root: Path
    name: str
    language: str
    timezone: ZoneInfo
    grace_s: Seconds
    database: str
    """SQLAlchemy URL."""
    organisations: tuple[Organisation, ...]
    outputs: Mapping[str, Output]
    markets: Mapping[MarketId, Market]
    helplines: Mapping[str, Helpline]
    calendar: CalendarSettings
    mastering: MasteringSettings
    intake: IntakeSettings
    rundown: RundownSettings = RundownSettings()
    copies: CopySettings = CopySettings()
    safety: SafetySettings = SafetySettings()
    care: CareSettings = CareSettings()
    alerts: AlertSettings = AlertSettings()
    documents: DocumentSettings = DocumentSettings()
    serves: tuple[MarketId, ...] = ()
    """The markets that this computer serves unless told otherwise; all when empty."""

    @property
    def episodes(self) -> Path:
        return self.root / "episodes"

    @property
    def schedules(self) -> Path:
        return self.root / "schedules"

    @property
    def data(self) -> Path:
        """Where the program writes: database, lock, log."""
        return self.root / "data"

    @property
    def control(self) -> Path:
        """The socket of the daemon that runs."""
        return self.data / "control"

    @property
    def announcements(self) -> tuple[Announcement, ...]:
        """What sounds before the episodes at one market or another, each once."""
        return tuple(dict.fromkeys(each.announcement for each in self.markets.values() if each.announcement))

    @property
    def rehearsals(self) -> Path:
        return self.root / "rehearsals"
