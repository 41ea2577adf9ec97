"""The ledger of a panel: opened once and kept, since opening and catching up anew costs more than most that is asked of it."""

import threading
from weakref import WeakKeyDictionary

from broadcaster.reports.ledger.keeping import Ledger
from broadcaster.web.desk import Desk

_ledgers: "WeakKeyDictionary[Desk, Ledger]" = WeakKeyDictionary()
_turn = threading.Lock()


def ledger_of(desk: Desk) -> Ledger:
    """The panel's own, kept open from page to page. From any thread."""
    station = desk.station
    with _turn:
        kept = _ledgers.get(desk)
        if kept is None or kept.station is not station:  # it names markets as the settings do
            if kept is not None:
                kept.close()
            kept = _ledgers[desk] = Ledger.open(station)
        return kept
