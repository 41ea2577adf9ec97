"""Runs a station's daemon by a shifted clock: ``daemon_process.py FOLDER MOMENT BOOT MARKET…``.

With ``BROADCASTER_PANEL`` a panel beside it, as ``broadcaster run`` has it.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

from broadcaster.cli.serve import serve
from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.model import ClockTrust, MarketId
from broadcaster.web.addresses import read_address

if __name__ == "__main__":
    folder, moment, boot, *markets = sys.argv[1:]
    panel = os.environ.get("BROADCASTER_PANEL")
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    serve(
        load_station(Path(folder)),
        [MarketId(market) for market in markets],
        ShiftedClock(datetime.fromisoformat(moment), ClockTrust.SYNCED, boot or None),
        panel=read_address(panel) if panel else None,
    )
