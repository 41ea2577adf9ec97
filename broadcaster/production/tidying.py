"""The station's folder as it should be: nothing left of what was cut short, nothing kept longer than it must be."""

from datetime import datetime

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted
from broadcaster.library import retention
from broadcaster.library.retention import Tidied
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.production.staging import placing, put_right


class CannotTidy(BroadcasterError):
    """The station's folder cannot be written."""

    exit_code = 74
    sentence = N_(
        "The station's folder cannot be changed ({problem}), so nothing was removed. "
        "Check the disk, then: broadcaster episode tidy."
    )


def tidy(station: Station, journal: Journal, now: datetime) -> Tidied:
    """Undo what an intake left when it was cut short; then, while none takes a place, remove what is due or ordered to go.

    :raises CannotTidy, NotPurged, NotRemoved: the disk would not.
    """
    put_right(station, lambda: journal.rows(kinds=[Admitted]))
    try:
        (station.data / "intake").mkdir(parents=True, exist_ok=True)
        with placing(station):
            return retention.tidy(station, journal, now)
    except OSError as problem:
        raise CannotTidy(problem=clause(problem)) from problem
