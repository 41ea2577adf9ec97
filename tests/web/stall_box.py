"""A market's computer with its panel, at a moment of the test's choosing: the real daemon, real sound, real browsers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "playout"))

from market_ear import Ear
from real_station import MARKETS, TEN, DaemonProcess, ends, make_station, sinks
from spoken_to import listening

from broadcaster.config import Station

__all__ = ("MARKETS", "TEN", "DaemonProcess", "Ear", "ends", "listening", "make_station", "panel_apart", "sinks")

SCRIPT = """\
import sys
from datetime import datetime
from pathlib import Path
from broadcaster.clock import ShiftedClock
from broadcaster.model import ClockTrust
from broadcaster.web.addresses import Address
from broadcaster.web.desk import Desk
from broadcaster.web.serving import Serving
folder, moment = sys.argv[1:]
desk = Desk(Path(folder), ShiftedClock(datetime.fromisoformat(moment), ClockTrust.SYNCED))
served = Serving(desk, Address("127.0.0.1", 0))
print(served.address.url, flush=True)
served.run()
"""


@contextmanager
def panel_apart(station: Station, at: datetime) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A panel in a process of its own, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(station.root), at.isoformat()],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate(timeout=20)
