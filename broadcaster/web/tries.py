"""Guessing at the sign-in page: so many wrong ones from one address, or for one code, and no more for a while.

What is remembered here is beside the five tries a code has on record (:mod:`broadcaster.library.pins`): it also holds for
codes that nobody has, so that who guesses does not learn which are real.
"""

import threading

from broadcaster.web.addresses import neighbour

WITHIN_S = 15 * 60.0
FOR_A_CODE = 5
FROM_AN_ADDRESS = 20
"""People of one office share theirs."""
MOST = 5000


class Tries:
    """The wrong ones of late. Moments are seconds of a clock that never jumps. Safe from any thread."""

    def __init__(self) -> None:
        self._of: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def left(self, code: str, address: str, now_s: float) -> bool:
        """Whether another may be made."""
        with self._lock:
            return (
                len(self._recent(_code(code), now_s)) < FOR_A_CODE
                and len(self._recent(_address(address), now_s)) < FROM_AN_ADDRESS
            )

    def wrong(self, code: str, address: str, now_s: float) -> None:
        """Remember one."""
        with self._lock:
            for key in (_code(code), _address(address)):
                recent = [*self._recent(key, now_s), now_s]
                self._of.pop(key, None)
                while len(self._of) >= MOST:
                    del self._of[next(iter(self._of))]
                self._of[key] = recent

    def right(self, code: str, address: str) -> None:
        """It was none. The address keeps its others, or one good PIN would open the way to all codes."""
        with self._lock:
            self._of.pop(_code(code), None)
            if self._of.get(_address(address)):
                self._of[_address(address)].pop()

    def unsaid(self, code: str, address: str) -> None:
        """Nobody could say whether it was one: it counts no more, and the others stay."""
        with self._lock:
            for key in (_code(code), _address(address)):
                if self._of.get(key):
                    self._of[key].pop()

    def _recent(self, key: str, now_s: float) -> list[float]:
        return [moment for moment in self._of.get(key, ()) if now_s - moment < WITHIN_S]


def _code(code: str) -> str:
    return f"code {code.casefold()[:80]}"


def _address(address: str) -> str:
    return f"address {neighbour(address)}"
