"""What waits to be sent: a small file, whole on the disk before anything is tried, so that no cut loses or repeats much.

An alert leaves when every address has taken it. A cut between sending and noting it sends it once more, never not at all.
"""

import json
import logging
import os
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

MOST_QUEUED = 60
"""Of more, the oldest go, and how many went is told."""
MOST_KEYS = 400
TOLD_AT_ONCE = 20
"""Lines of one message."""

log = logging.getLogger(__name__)


@dataclass
class Queued:
    """One alert, said."""

    key: str
    body: str
    at: str
    """When it was noticed, ISO 8601 with offset."""
    taken: list[str] = field(default_factory=list)
    """Ids of the addresses that have it."""


class Outbox:
    """``path``: its file, which may be missing or torn."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.queued: list[Queued] = []
        self.told: list[str] = []
        """Keys of all that was ever queued, newest last."""
        self.dropped = 0
        """How many went unsent for want of room."""
        self.last_sent: str | None = None
        """When somebody last took something."""
        self._load()

    def _load(self) -> None:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            self.queued = [Queued(**each) for each in kept["queued"]]
            self.told = [str(key) for key in kept["told"]]
            self.dropped, self.last_sent = int(kept["dropped"]), kept["last_sent"]
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as problem:
            log.warning("the outbox of alerts is begun anew: %s", type(problem).__name__)

    def put(self, fresh: Iterable[Queued]) -> None:
        """Queue these; on the disk when this returns. Raises ``OSError``."""
        added = list(fresh)
        self.queued += added
        self.told = [*self.told, *(each.key for each in added)][-MOST_KEYS:]
        self.dropped += max(0, len(self.queued) - MOST_QUEUED)
        self.queued = self.queued[-MOST_QUEUED:]
        self._save()

    def waiting_for(self, address: str) -> list[Queued]:
        """What this address has not taken."""
        return [each for each in self.queued if address not in each.taken]

    def forget_what_all_have(self, everybody: Collection[str]) -> None:
        """Drop what each of these addresses has taken: one that it waited for may be gone. Raises ``OSError``."""
        waiting = self._lacking(everybody)
        if len(waiting) < len(self.queued):
            self.queued = waiting
            self._save()

    def _lacking(self, everybody: Collection[str]) -> list[Queued]:
        return [each for each in self.queued if not set(everybody) <= set(each.taken)]

    def took(self, address: str, taken: Collection[Queued], everybody: Collection[str], at: str) -> None:
        """An address took these. Raises ``OSError``."""
        for each in taken:
            each.taken.append(address)
        self.queued = self._lacking(everybody)
        self.dropped, self.last_sent = 0, at
        self._save()

    def _save(self) -> None:
        kept = {
            "queued": [asdict(each) for each in self.queued],
            "told": self.told,
            "dropped": self.dropped,
            "last_sent": self.last_sent,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        # what one audience is told is not for the other to read
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
