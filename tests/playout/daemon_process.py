"""Runs a station's daemon by a shifted clock: ``daemon_process.py FOLDER MOMENT BOOT MARKET…``."""

import sys
from datetime import datetime
from pathlib import Path

from broadcaster.cli.serve import serve
from broadcaster.clock import ShiftedClock
from broadcaster.config import load_station
from broadcaster.model import ClockTrust, MarketId

if __name__ == "__main__":
    folder, moment, boot, *markets = sys.argv[1:]
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    serve(
        load_station(Path(folder)),
        [MarketId(market) for market in markets],
        ShiftedClock(datetime.fromisoformat(moment), ClockTrust.SYNCED, boot or None),
    )
