"""The season of the crash sweep: two markets, seven airings, and the three lives of a daemon that has all to do.

::

    life 0   makes the record, plays 10:00, ends in order
             10:02 falls due while it is switched off
    life 1   recovers, plays 10:05 and dies in the middle of it
             10:07 falls due while it is dead
    life 2   the next release: migrates, recovers, plays 10:09 at two markets and 10:11, ends in order
"""

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster.config import CalendarSettings, IntakeSettings, MasteringSettings, Station
from broadcaster.model import (
    Airing,
    AiringId,
    Dbtp,
    EpisodeNumber,
    EpisodeStatus,
    Hours,
    Lufs,
    Market,
    MarketId,
    Output,
    Plan,
    Seconds,
    Sha256,
)

LIMA = ZoneInfo("America/Lima")
LEAD_IN_S, TAIL_S = Seconds(3.0), Seconds(1.0)
GRACE_S = Seconds(60.0)
LENGTHS = {1: Seconds(10.0), 2: Seconds(7.0)}
"""Of the words of each episode: a heartbeat covers the end of the first, none that of the second."""
MARKETS = (MarketId("norte"), MarketId("sur"))


def at(clock: str) -> datetime:
    """A moment of the season's day, from ``10:05:12``."""
    return datetime.combine(datetime(2021, 6, 18), time.fromisoformat(clock), LIMA)  # noqa: DTZ001  the zone is given


@dataclass(frozen=True)
class Life:
    """One run of the daemon in a process of its own."""

    start: datetime
    until: datetime
    boot: str = "one"
    dies: bool = False
    """It kills itself then, as ``kill -9`` would; else it ends in order."""
    next_release: bool = False
    """The program with one more migration."""
    weakness: str = ""
    """What is deliberately broken in it: a control that the sweep can fail. See ``crash_weakness.py``."""

    def packed(self) -> dict[str, Any]:
        return {**asdict(self), "start": self.start.isoformat(), "until": self.until.isoformat()}

    @classmethod
    def unpacked(cls, packed: dict[str, Any]) -> "Life":
        moments = {name: datetime.fromisoformat(packed[name]) for name in ("start", "until")}
        return cls(**{**packed, **moments})


LIVES = (
    Life(at("09:59:20"), at("10:00:40")),
    Life(at("10:04:20"), at("10:05:07"), dies=True),
    Life(at("10:08:10"), at("10:11:40"), next_release=True),
)


def airing(name: str, minute: str, episode: int = 1) -> Airing:
    due = at(f"{minute}:00")
    key = AiringId(f"{due:%Y-%m-%dT%H:%M}/{name}")
    return Airing(key, MarketId(name), due, EpisodeNumber(episode), GRACE_S, season="junio", cancelled=None)


AIRINGS = (
    airing("norte", "10:00"),
    airing("norte", "10:02"),
    airing("norte", "10:05"),
    airing("norte", "10:07"),
    airing("norte", "10:09"),
    airing("sur", "10:09", episode=2),
    airing("norte", "10:11", episode=2),
)
PLAN = Plan(AIRINGS)
OVER = at("10:12:40")
"""When the last airing has sounded, as late as it may."""


def following(crashed: datetime, delay_s: float, *, boot: str, weakness: str = "") -> Life:
    """The run that comes so long after a crash: to the season's end, or for some seconds when that is over."""
    start = crashed + timedelta(seconds=delay_s)
    until = max(OVER, start + timedelta(seconds=5))
    return Life(start, until, boot, next_release=True, weakness=weakness)


def market(name: str) -> Market:
    return Market(
        id=MarketId(name),
        name=name.title(),
        aliases=(),
        district="Lima",
        ubigeo_inei="150101",
        output=f"out-{name}",
        hours=Hours(time(6), time(20)),
        quiet=(),
        volume=0.8,
        volume_cap=1.0,
        authorisation="",
    )


def station(root: Path) -> Station:
    return Station(
        root=root,
        name="Prueba",
        language="es",
        timezone=LIMA,
        grace_s=GRACE_S,
        database=f"sqlite:///{root}/data/broadcaster.db",
        organisations=(),
        outputs={f"out-{name}": Output(f"out-{name}", "pulse", f"sink-{name}") for name in MARKETS},
        markets={name: market(name) for name in MARKETS},
        helplines={},
        calendar=CalendarSettings("PE", {}, {}),
        mastering=MasteringSettings(Lufs(-19), Dbtp(-1.5), 8.0, LEAD_IN_S, TAIL_S),
        intake=IntakeSettings(Seconds(14400), 1 << 30),
    )


def statuses() -> list[EpisodeStatus]:
    return [
        EpisodeStatus(EpisodeNumber(number), 1, Sha256(f"{number:064x}"), length_s, None)
        for number, length_s in LENGTHS.items()
    ]


def master_length(master: Path) -> Seconds:
    """Lead-in and tail included; a simulated master lies in a folder of its episode's number."""
    return Seconds(LEAD_IN_S + LENGTHS[int(master.parent.name)] + TAIL_S)
