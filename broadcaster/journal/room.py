"""Room for a row on a full disk: a reserve is kept for it, and what gave it up is told in the row after."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from broadcaster.store import ballast
from broadcaster.store.problems import RecordFull, no_room

T = TypeVar("T")

log = logging.getLogger(__name__)


class Room:
    """The reserve beside one database."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self.was_made = False
        """The reserve was given up, and no row tells it yet."""

    def made_for(self, work: Callable[[], T]) -> T:
        """Do it; where the disk is full, once more with the reserve that is kept for this."""
        try:
            return work()
        except (RecordFull, OSError) as error:
            if not no_room(error) or not ballast.free(self._database):
                raise
            log.warning("the disk is full: the record's reserve is given up")
            self.was_made = True
            return work()
