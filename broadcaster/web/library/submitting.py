"""What a form says with its recording, made into a submission: the same rules as at the terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from broadcaster.errors import BadInput
from broadcaster.library.decisions import OFFICER
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Role
from broadcaster.production.received import Received, keep
from broadcaster.production.submission import Submission
from broadcaster.web.desk import Desk
from broadcaster.web.library.forms import many, one, words
from broadcaster.web.refusals import TurnedAway
from broadcaster.web.visitor import Visitor

Words = Mapping[str, Any]
BRINGERS = (Role.PRODUCER, Role.COORDINATOR, OFFICER)
"""Who sends recordings: a producer what she made, the others what they were handed."""
FOR_OTHERS = (Role.COORDINATOR, OFFICER)


class NotHers(TurnedAway):
    """A producer sends what she made, under her own code: or others could approve it in her stead, or she herself."""

    sentence: ClassVar[str] = N_("{code} sends recordings under her own code, so nothing was kept. Choose it.")


class NoNumber(BadInput):
    """Which episode it is was not said."""

    sentence: ClassVar[str] = N_("An episode's number is between 1 and 999. Nothing was kept; write one.")


def kept(desk: Desk, visitor: Visitor, coming: Path, said: Words, called: str) -> Received:
    """The recording in the folder ``coming``, received: it could be admitted, whatever its sound is.

    :raises BadInput, TurnedAway: it could not be.
    """
    from broadcaster.production import intake  # noqa: PLC0415  numpy is heavy

    again = one(said, "again") == "yes"
    submission = submitted(desk, visitor, said, again=again)
    with desk.journal() as journal:
        intake.check(desk.station, journal, submission, again=again)
    return keep(desk.station, coming, submission, called=called, again=again)


def submitted(desk: Desk, visitor: Visitor, said: Words, *, again: bool) -> Submission:
    """The submission of a form.

    :raises NoNumber, NotHers, NothingAdmitted: as they say.
    """
    number, makers = _number(said), words(said, "code")
    if again:
        return _next(desk, visitor, number, makers, said)
    if not visitor.may(*FOR_OTHERS) and visitor.code not in makers:
        raise NotHers(code=visitor.code)
    return Submission(
        number,
        one(said, "title"),
        makers,
        words(said, "consent"),
        many(said, "helpline"),
        sample=False,
        by=visitor.code,
    )


def _next(desk: Desk, visitor: Visitor, number: EpisodeNumber, makers: tuple[str, ...], said: Words) -> Submission:
    """Of a further revision: what the form leaves empty stays."""
    from broadcaster.production.again import said_again  # noqa: PLC0415

    submission = said_again(
        desk.station,
        number,
        title=one(said, "title") or None,
        defenders=makers,
        consents=words(said, "consent"),
        helplines=many(said, "helpline"),
        by=visitor.code,
    )
    if not visitor.may(*FOR_OTHERS) and visitor.code not in submission.defenders:
        raise NotHers(code=visitor.code)
    return submission


def _number(said: Words) -> EpisodeNumber:
    text = one(said, "number")
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise NoNumber
    return EpisodeNumber(int(text))
