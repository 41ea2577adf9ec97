"""A station whose markets let something sound before every episode: spoken idents, approved, and editions made of them."""

import hashlib
import re
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from people_at_hand import CLEAN, HANDS
from real_station import LIMA, ROOT, make_station

from broadcaster.clock import ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event, PartAdded, PartApproved
from broadcaster.library.parts import folder_of_parts
from broadcaster.model import PartRole, Sha256
from broadcaster.production.announcing import make_ready

YESTERDAY = datetime(2021, 6, 17, 12, 0, tzinfo=LIMA)
VOICE = ROOT / "episodes" / "001" / "original.ogg"


def announced_station(root: Path, idents: Mapping[str, float], *, sound_s: float = 4.0, chime: str = "") -> Station:
    """As :func:`make_station`; ``idents``: market → seconds of a spoken ident of its own, approved, its edition ready."""
    station = make_station(root, sound_s)
    for market, seconds in idents.items():
        part = f"careta-{market}"
        sha256 = speak(station, part, seconds)
        write(station, PartAdded(part, PartRole.IDENT, sha256, "D-001"), PartApproved(part, sha256, HANDS[0], CLEAN))
        name(station, market, chime=chime, ident=part)
    station = load_station(root)
    with Journal.open(station.database, ShiftedClock(YESTERDAY), station.timezone) as journal:
        made = list(make_ready(station, journal, lambda _share: None))
    assert [each.problem for each in made] == [""] * len(idents)
    return station


def speak(station: Station, part: str, seconds: float) -> Sha256:
    """A recording of that length as the shared part's file; much softer than a master."""
    folder = folder_of_parts(station) / part
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "spoken.flac"
    shape = f"atrim=4:{4 + seconds},asetpts=PTS-STARTPTS,volume=-15dB"
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(VOICE), "-af", shape, "-ac", "1", str(target)]
    subprocess.run(command, check=True)
    sha256 = Sha256(hashlib.sha256(target.read_bytes()).hexdigest())
    target.rename(folder / f"{sha256[:16]}.flac")
    return sha256


def name(station: Station, market: str, *, chime: str = "", ident: str = "") -> None:
    """Write into ``config.toml`` what a market lets sound before every episode."""
    file = station.root / "config.toml"
    head, section, rest = file.read_text(encoding="utf-8").partition(f"[markets.{market}]")
    rest = re.sub(r'^chime = "[^"]*"', f'chime = "{chime}"', rest, count=1, flags=re.MULTILINE)
    rest = re.sub(r'^ident = "[^"]*"', f'ident = "{ident}"', rest, count=1, flags=re.MULTILINE)
    file.write_text(head + section + rest, encoding="utf-8")


def write(station: Station, *events: Event) -> None:
    """Rows written round every act."""
    with Journal.open(station.database, ShiftedClock(YESTERDAY), station.timezone) as journal:
        for event in events:
            journal.append(event)
