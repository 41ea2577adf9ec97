"""Who remembers what people were told."""

from collections.abc import Callable, Sequence
from datetime import datetime

from broadcaster.errors import Fault
from broadcaster.journal.events import Ended, Promise
from broadcaster.model import EpisodeNumber, Reason
from broadcaster.playout.simulated.truth import Told


class RememberingTeller:
    """Keeps the promise of :class:`~broadcaster.playout.stage.Teller`; ``now_s`` tells the world's time."""

    def __init__(self, told: list[Told], now_s: Callable[[], float]) -> None:
        self._told = told
        self._now_s = now_s

    def _note(self, what: str, about: str = "", reason: str = "") -> None:
        self._told.append(Told(self._now_s(), what, about, reason))

    def all_set(self, coming: Promise | None) -> None:
        self._note("all_set", coming.airing if coming else "")

    def on_air(self, promise: Promise, episode: EpisodeNumber, until: datetime) -> None:  # noqa: ARG002  not asked after
        self._note("on_air", promise.airing)

    def waiting(self, promise: Promise, reason: Reason) -> None:
        self._note("waiting", promise.airing, reason.value)

    def ended(self, ended: Ended) -> None:
        self._note("ended", ended.airing, ended.reason.value)

    def settled(self, endings: Sequence[Ended]) -> None:
        for ended in endings:
            self._note("settled", ended.airing, ended.reason.value)

    def clock_stepped(self, by_s: float) -> None:
        self._note("clock_stepped", reason=f"{by_s:.1f}")

    def clock_doubted(self, says: datetime, *, certain: bool) -> None:  # noqa: ARG002  not asked after
        self._note("clock_doubted", reason="wrong" if certain else "unconfirmed")

    def made_good(self, promise: Promise) -> None:
        self._note("made_good", promise.airing)

    def changed(self, coming: Promise | None, waiting: Sequence[str]) -> None:  # noqa: ARG002  not asked after
        self._note("changed")

    def change_refused(self, faults: Sequence[Fault]) -> None:
        self._note("change_refused", reason=faults[0].key if faults else "")

    def stopped(self) -> None:
        self._note("stopped")
