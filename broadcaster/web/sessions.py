"""Who has signed in: kept in memory alone. When the panel ends nothing is lost but that.

Moments are seconds of a clock that never jumps.
"""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

IDLE_S = 30 * 60.0
"""Who does nothing for so long signs in again: phones are passed around."""
LONGEST_S = 10 * 3600.0
MOST = 1000
"""At once; the oldest goes."""


@dataclass(frozen=True)
class Session:
    """One person's, in one browser."""

    code: str
    begun_s: float
    seen_s: float
    pin: int = 0
    """How many PINs the code had been given until then."""

    def holds(self, now_s: float) -> bool:
        """Whether it has ended neither by idleness nor by age. Pure."""
        return now_s - self.seen_s <= IDLE_S and now_s - self.begun_s <= LONGEST_S


class Sessions:
    """All of one panel. Safe from any thread."""

    def __init__(self) -> None:
        self._of: dict[str, Session] = {}
        self._lock = threading.Lock()

    def begin(self, code: str, now_s: float, pin: int = 0) -> str:
        """A new session and its secret, which nobody has had before: one that a browser brings is never taken over.

        ``pin``: how many PINs the code has been given so far; one more ends it (:meth:`pin_of`).
        """
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._of = _held(self._of, now_s)
            while len(self._of) >= MOST:
                del self._of[next(iter(self._of))]
            self._of[key] = Session(code, now_s, now_s, pin)
        return key

    def code_of(self, key: str, now_s: float) -> str:
        """Whose session this is, seen now; empty: nobody's."""
        with self._lock:
            session = self._of.get(key)
            if session is None:
                return ""
            if not session.holds(now_s):
                del self._of[key]
                return ""
            self._of[key] = replace(session, seen_s=now_s)
            return session.code

    def pin_of(self, key: str) -> int | None:
        """How many PINs its code had been given when it began; ``None``: there is none of that secret."""
        with self._lock:
            session = self._of.get(key)
        return None if session is None else session.pin

    def goes_on(self, key: str, now_s: float) -> bool:
        """Whether a page that is open may be kept current: she has not signed out. Nothing of it counts as doing something."""
        with self._lock:
            session = self._of.get(key)
            return session is not None and now_s - session.begun_s <= LONGEST_S

    def end(self, key: str) -> None:
        """Forget it. None of that secret is no error."""
        with self._lock:
            self._of.pop(key, None)


def _held(sessions: Mapping[str, Session], now_s: float) -> dict[str, Session]:
    return {key: session for key, session in sessions.items() if session.holds(now_s)}
