"""Where received recordings become episodes: one at a time, in a process behind everything else that runs on the computer.

A thread of the panel hands them over and takes them in. What waits is on disk, and so is what became of each, for who asks.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from broadcaster.errors import BadInput, BroadcasterError, UsageError, trace
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import speaking
from broadcaster.production.received import Received, forget, waiting
from broadcaster.web import words
from broadcaster.web.desk import Desk
from broadcaster.web.library.progress import Phase, Progress, keep, kept

if TYPE_CHECKING:
    from broadcaster.production.workers import Failed, Ready, Workers

REMEMBERED = 200
"""Of those that came to an end."""
MOST_WAITING = 50
PATIENCE_S = 10.0
AGAIN_S = 60.0
"""After a fault of the station's own, such as a record that cannot be written, it is tried again."""
BROKE_DOWN = N_(
    "The part that listens broke down, so nothing was added. Send it again; if it comes back, call the coordinator."
)

log = logging.getLogger(__name__)


class Full(BadInput):
    """More wait than can be heard today."""

    sentence = N_("Too many recordings are waiting, so this one was not taken. Send it again in an hour.")


class NotHeard(BadInput):
    """What came was refused by who listened to it."""

    sentence = "{text}"


class NotNow(BroadcasterError):
    """What came could not be worked on, by no fault of its own."""

    sentence = "{text}"


class _Ending(Exception):
    """The panel comes to its end; what is being heard waits for its next beginning."""


class Workshop:
    """Of one panel. :meth:`take` from any thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._data = desk.root / "data"
        self._waiting: deque[Received] = deque()
        self._told: dict[str, Progress] = {}
        self._changed = threading.Condition()
        self._ends = False
        self._thread = threading.Thread(target=self._run, name="workshop", daemon=True)

    def begin(self) -> None:
        """Take up what was left, and whatever comes."""
        self._thread.start()

    def end(self) -> None:
        """Let what is being heard wait for the next beginning."""
        with self._changed:
            self._ends = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_S)

    def has_room(self) -> None:
        """Return when one more may wait.

        :raises Full: not now.
        """
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                raise Full

    def take(self, received: Received) -> None:
        """One more waits."""
        said = received.said
        with self._changed:
            if received.id in self._told:  # it came while what was left was taken up
                return
            self._told[received.id] = Progress(received.id, said.by or said.defenders[0], said.number)
            self._waiting.append(received)
            self._changed.notify_all()

    def progress(self, id_: str) -> Progress | None:
        """How far it has come; ``None``: nothing of this word is known."""
        with self._changed:
            told = self._told.get(id_)
        return kept(self._data).get(id_) if told is None else told

    def _run(self) -> None:
        with suppress(_Ending):
            try:
                self._take_up()
            except Exception as error:  # what it left waits for the next beginning; what comes is taken up
                log.error("what was received could not be taken up: %s", trace(error))  # noqa: TRY400  it may quote a title
            while (received := self._next()) is not None:
                self._work(received)

    def _take_up(self) -> None:
        from broadcaster.production.intake import put_in_order  # noqa: PLC0415  numpy is heavy

        station = self._desk.station
        left = list(waiting(station))
        if left or (station.data / "intake").is_dir():
            with self._desk.journal() as journal:
                put_in_order(station, journal)
        over = kept(self._data)
        for received in left:
            if received.id in over:  # the panel ended between the two steps of its end
                forget(received)
            else:
                self.take(received)

    def _next(self) -> Received | None:
        with self._changed:
            while not self._waiting and not self._ends:
                self._changed.wait()
            return None if self._ends else self._waiting.popleft()

    def _work(self, received: Received) -> None:
        """One recording, from waiting to its end or, where the station has a fault, to the next try: it is not lost by that."""
        from broadcaster.production.staging import nobody_holds  # noqa: PLC0415

        try:
            with speaking(self._desk.station.language), nobody_holds(received.folder) as ours:
                if ours:
                    self._to_its_end(received)
                else:
                    self._is_elsewhere(received)
        except (BroadcasterError, OSError) as fault:
            if received.folder.is_dir():
                log.error("a recording waits on: %s", trace(fault))  # noqa: TRY400  a message may quote a title
                self._later(received)
            else:
                self._is_elsewhere(received)

    def _to_its_end(self, received: Received) -> None:
        """What is told of it and written with it is in the station's language.

        :raises BroadcasterError, OSError: a fault of the station's own; it waits as before.
        """
        try:
            revision = self._admitted(received)
        except (BadInput, UsageError) as refusal:
            self._end(received, phase=Phase.REFUSED, refusal=words.said(refusal))
        except (BroadcasterError, OSError, _Ending):
            raise
        except Exception as error:
            log.error("a recording was not heard: %s", trace(error))  # noqa: TRY400  a message may quote a title
            self._end(received, phase=Phase.REFUSED, refusal=_(BROKE_DOWN))
        else:
            self._end(received, phase=Phase.ADMITTED, revision=revision, share=1.0)
            self._desk.nudge()

    def _end(self, received: Received, **news: object) -> None:
        """It is over, whatever the disk says to that: written down, then gone from here, then told."""
        with self._changed:
            over = replace(self._told[received.id], **news)  # type: ignore[arg-type]
        with suppress(OSError):
            keep(self._data, over, received.called)
        with suppress(OSError):
            forget(received)
        self._tell(received.id, **news)

    def _is_elsewhere(self, received: Received) -> None:
        """Another panel of this station has taken it up: what becomes of it is not known here."""
        with self._changed:
            del self._told[received.id]

    def _later(self, received: Received) -> None:
        with self._changed:
            self._tell(received.id, phase=Phase.WAITING, share=0.0)
            self._waiting.append(received)
            self._changed.wait_for(lambda: self._ends, AGAIN_S)

    def _admitted(self, received: Received) -> int:
        """Heard, levelled and admitted; its revision."""
        from broadcaster.production import intake  # noqa: PLC0415  numpy is heavy
        from broadcaster.production.staging import staging  # noqa: PLC0415
        from broadcaster.production.workers import Failed, Task, working  # noqa: PLC0415

        station = self._desk.station
        with staging(station) as stage, working(station, 1, meekly=True) as workers:
            workers.give(Task(0, received.recording, stage, received.called))
            told = self._heard(workers, received.id)
            if isinstance(told, Failed):
                raise (NotNow if told.ours else NotHeard)(text=told.sentence)
            with self._desk.journal() as journal:
                made = intake.take_prepared(station, journal, received.said, stage, told.prepared, again=received.again)
        return 0 if made.newest is None else made.newest.revision

    def _heard(self, workers: "Workers", id_: str) -> "Ready | Failed":
        from broadcaster.production.workers import Moved  # noqa: PLC0415

        while True:
            for told in workers.listen():
                if self._ends:
                    raise _Ending
                if not isinstance(told, Moved):
                    return told
                self._tell(id_, phase=Phase.WORKING, share=told.share)

    def _tell(self, id_: str, **news: object) -> None:
        with self._changed:
            self._told[id_] = replace(self._told[id_], **news)  # type: ignore[arg-type]
            for old in list(self._over())[:-REMEMBERED]:
                del self._told[old]

    def _over(self) -> Iterator[str]:
        return (id_ for id_, each in self._told.items() if each.over)
