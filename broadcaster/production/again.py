"""What a further revision of an episode is submitted with."""

from collections.abc import Sequence

from broadcaster.config import Station
from broadcaster.journal.events import Admitted
from broadcaster.journal.reading import read
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.library.refusals import NothingAdmitted
from broadcaster.library.shelf import read_episode
from broadcaster.production.staging import put_right
from broadcaster.production.submission import Submission


def said_again(
    station: Station,
    number: int,
    *,
    title: str | None = None,
    defenders: Sequence[str] = (),
    consents: Sequence[str] = (),
    helplines: Sequence[str] = (),
    by: str = "",
) -> Submission:
    """What is not said anew stays; but what was taken back carries no other recording.

    :raises NothingAdmitted: there is no revision to follow.
    """
    put_right(station, lambda: read(station.database, kinds=[Admitted]))  # before the old facts are taken over
    before = read_episode(station, number)
    if before is None or before.newest is None:
        raise NothingAdmitted(number=number)
    withdrawn = decide(read(station.database, kinds=DECISIONS)).is_withdrawn(before.number)
    return Submission(
        number=before.number,
        title=before.title if title is None else title,
        defenders=tuple(defenders) or before.newest.defenders,
        consents=tuple(consents) or (() if withdrawn else before.newest.consents),
        helplines=tuple(helplines) or before.newest.helplines,
        sample=before.sample,
        by=by,
    )
