"""All episodes, and one: its sound, what was noticed in it, what keeps it off the air, who has said yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Response

from broadcaster.errors import BroadcasterError
from broadcaster.library import approvals, approving, reach, signing
from broadcaster.library.decisions import DECISIONS, OFFICER, Decisions, decide
from broadcaster.library.episode_view import see, see_all
from broadcaster.library.words import QUESTIONS
from broadcaster.model import EpisodeNumber, Role
from broadcaster.production.message import FIGURES, message
from broadcaster.sound.findings import in_minutes
from broadcaster.web import words
from broadcaster.web.desk import Desk
from broadcaster.web.doors import SIGNED_IN
from broadcaster.web.library.listening import may_listen
from broadcaster.web.library.standing import lacking, state
from broadcaster.web.pages import page
from broadcaster.web.visitor import Visitor

NOTHING: Mapping[str, object] = MappingProxyType({})


@get("/library/episodes", **SIGNED_IN, sync_to_thread=True)
def episodes(desk: Desk, visitor: Visitor) -> Response[str]:
    """Every episode and what keeps it off the air."""
    seen = list(see_all(desk.station, desk.now()))
    return page("library/episodes.html", desk, visitor, episodes=seen, state=state, length=in_minutes)


@get("/library/episodes/{number:int}", **SIGNED_IN, sync_to_thread=True)
def episode(desk: Desk, visitor: Visitor, number: FromPath[int]) -> Response[str]:
    """One episode."""
    return shown(desk, visitor, number)


def shown(
    desk: Desk, visitor: Visitor, number: int, *, problem: str = "", given: Mapping[str, object] = NOTHING
) -> Response[str]:
    """The page of one episode; after a form that was refused with the ``problem``, and what was ``given`` in it."""
    station, decisions = desk.station, decide(desk.rows(DECISIONS))  # of the same moment as what is seen
    seen = see(station, desk.now(), EpisodeNumber(number))
    admitted = decisions.newest(EpisodeNumber(number))
    facts: dict[str, Any] = {
        "seen": seen,
        "state": state(seen),
        "length": in_minutes,
        "lacking": tuple(lacking(station, desk.now(), EpisodeNumber(number), decisions)),
        "figures": FIGURES,
        "questions": QUESTIONS,
        "officer": visitor.may(OFFICER),
        "withdrawn": decisions.is_withdrawn(EpisodeNumber(number)),
        "suspended": number in decisions.suspended,
        "admitted": admitted,
        "left": _left(desk, EpisodeNumber(number)) if number in decisions.withdrawn else None,
        "markets": {market.id: market.name for market in station.markets.values()},
        "zone": station.timezone,
        "may_receive": visitor.may(Role.PRODUCER, Role.COORDINATOR, OFFICER),
    }
    if admitted is not None:
        facts |= {
            "said_yes": approvals.counted(admitted, decisions),
            "may_listen": may_listen(admitted, visitor),
            "approving": _approving(decisions, number, visitor),
            "confirming": _confirming(decisions, number, visitor),
            "confirmed": decisions.confirmation_of(admitted),
            "message": message(seen["episode"], admitted.revision, admitted.duration_s, seen["findings"]),
        }
    facts |= {"problem": problem, "given": given}
    return page("library/episode.html", desk, visitor, status=422 if problem else 200, **facts)


@dataclass(frozen=True)
class Offer:
    """Whether this visitor may decide something, or the sentence that says why not."""

    open: bool
    why_not: str = ""


def _approving(decisions: Decisions, number: int, visitor: Visitor) -> Offer | None:
    """``None``: it is not for her to approve anything."""
    if not visitor.may(Role.APPROVER, OFFICER):
        return None
    try:
        approving.may_approve(decisions, number, visitor.code, urgent=False)
    except BroadcasterError as refused:
        return Offer(open=False, why_not=words.said(refused))
    return Offer(open=True)


def _confirming(decisions: Decisions, number: int, visitor: Visitor) -> bool:
    """Whether she is asked whose voices are in it."""
    try:
        signing.may_confirm(decisions, number, visitor.code)
    except BroadcasterError:
        return False
    return True


def _left(desk: Desk, number: EpisodeNumber) -> reach.Aftermath:
    """Where what was withdrawn was heard, and which copies are out."""
    return reach.aftermath(desk.rows(reach.AFTERMATH), {number: desk.decisions().withdrawn[number]})


ROUTES: tuple[HTTPRouteHandler, ...] = (episodes, episode)
