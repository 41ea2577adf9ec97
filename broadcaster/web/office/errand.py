"""One stick at a time is written or taken in, beside the pages: copying takes minutes, and a page does not wait."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from broadcaster.errors import BroadcasterError, UsageError, trace
from broadcaster.locale import gettext as _
from broadcaster.locale import language, speaking
from broadcaster.locale import mark as N_
from broadcaster.web.words import said

Share = Callable[[float], None]
Work = Callable[[Share], Sequence[str]]
"""Does it, tells how much is done (0 … 1), and gives what came of it, sentence by sentence."""

log = logging.getLogger(__name__)


class StickAtWork(UsageError):
    """One is being written or taken in."""

    sentence: ClassVar[str] = N_("A stick is being copied at this moment. Wait for its end, then do it again.")


@dataclass(frozen=True)
class Errand:
    """What goes on, or what came of the last."""

    way: str
    """``out`` or ``in``."""
    stick: Path
    share: float = 0.0
    done: bool = False
    failed: bool = False
    told: tuple[str, ...] = ()
    """In the language of who asked for it."""
    over: datetime | None = None
    """When it had ended, in the station's zone."""

    @property
    def percent(self) -> int:
        return round(100 * min(1.0, self.share))


class Errands:
    """Of one panel. Safe from any thread."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._clock = now
        self._lock = threading.Lock()
        self._now: Errand | None = None

    @property
    def now(self) -> Errand | None:
        """The one that goes on, else the last; ``None``: there was none."""
        return self._now

    def begin(self, way: str, stick: Path, work: Work) -> None:
        """Start it.

        :raises StickAtWork: another goes on.
        """
        with self._lock:
            if self._now is not None and not self._now.done:
                raise StickAtWork
            self._now = Errand(way, stick)
        threading.Thread(target=self._do, args=(work, language()), name="stick").start()

    def _do(self, work: Work, spoken: str) -> None:
        with speaking(spoken):
            try:
                self._end(tuple(work(self._share)), failed=False)
            except BroadcasterError as error:
                self._end((said(error),), failed=True)
            except Exception as error:  # the page must learn that it is over; where it broke goes to the log
                log.error("a stick's errand failed: %s", trace(error))  # noqa: TRY400  a message may quote what people wrote
                self._end((_("Something unexpected happened."),), failed=True)

    def _share(self, done: float) -> None:
        with self._lock:
            if self._now is not None:
                self._now = replace(self._now, share=done)

    def _end(self, told: tuple[str, ...], *, failed: bool) -> None:
        with self._lock:
            if self._now is not None:
                self._now = replace(self._now, done=True, failed=failed, told=told, over=self._clock())
