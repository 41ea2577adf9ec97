"""Whether somebody may listen to a master here, before anybody hears it in a market."""

from typing import ClassVar

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.events import Admitted
from broadcaster.library.catalogue import intact
from broadcaster.library.decisions import Decisions
from broadcaster.library.refusals import EpisodeWithdrawn, NothingAdmitted
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber


class AudioChanged(BadInput):
    """What lies on disk is not what was admitted."""

    sentence: ClassVar[str] = N_(
        "The audio of episode {number} is missing or was changed, so it was not played. "
        "Add it again with `broadcaster episode revise {number}`."
    )


def may_be_heard(station: Station, decisions: Decisions, number: EpisodeNumber) -> Admitted:
    """What was admitted, unless a consent was taken back or the file is another."""
    admitted = decisions.newest(number)
    if admitted is None:
        raise NothingAdmitted(number=number)
    if decisions.is_withdrawn(number):
        raise EpisodeWithdrawn(number=number)
    if not intact(station, admitted):
        raise AudioChanged(number=number)
    return admitted
