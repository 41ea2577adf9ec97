"""What is said on the next page of a browser: kept here, so that no link can put words into the panel's mouth."""

import threading
from dataclasses import dataclass
from typing import Literal

MOST = 1000
"""Of browsers that never came back for theirs; the oldest goes."""
Kind = Literal["ok", "warn", "bad"]


@dataclass(frozen=True)
class Note:
    """One sentence, already in its reader's language."""

    said: str
    kind: Kind = "ok"


class Notes:
    """One for each browser, by its visit's word. Safe from any thread."""

    def __init__(self) -> None:
        self._of: dict[str, Note] = {}
        self._lock = threading.Lock()

    def leave(self, visit: str, note: Note) -> None:
        """For the next page of this browser, instead of one that was left before."""
        with self._lock:
            self._of.pop(visit, None)
            while len(self._of) >= MOST:
                del self._of[next(iter(self._of))]
            self._of[visit] = note

    def take(self, visit: str) -> Note | None:
        """What was left for it; once."""
        with self._lock:
            return self._of.pop(visit, None)
