"""What people decide about an episode. Each decision is a row under the visitor's code.

To stop something nobody is asked for more than she has shown already: a suspension needs no PIN. Whatever else the command line
asks a PIN for, a page asks it for again, though she has signed in: phones are passed around, and it stands on record as hers.
"""

from typing import Any

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Response

from broadcaster.errors import ConfigurationError, RecordUnavailable
from broadcaster.library import withdrawal
from broadcaster.library.approving import ChecklistIncomplete
from broadcaster.library.approving import approve as put_approval
from broadcaster.library.decisions import APPROVERS, OFFICER, decisions_of
from broadcaster.library.episode_view import see
from broadcaster.library.people_refusals import WrongPin
from broadcaster.library.purge import order
from broadcaster.library.signing import confirm_consents, may_confirm, offered
from broadcaster.library.unrecorded import not_suspended
from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.model import EpisodeNumber, Question, Role
from broadcaster.playout.messenger import hush
from broadcaster.web.desk import Desk
from broadcaster.web.doors import SIGNED_IN, open_to
from broadcaster.web.library.episodes import shown
from broadcaster.web.library.forms import Form, PinMissing, answer, one, pin, ticked, words
from broadcaster.web.pages import go, page
from broadcaster.web.visitor import Visitor
from broadcaster.web.words import said


def _of(number: int) -> str:
    return f"/library/episodes/{number}"


@post("/library/episodes/{number:int}/approve", **open_to(*APPROVERS), sync_to_thread=True)
def approve(desk: Desk, visitor: Visitor, number: FromPath[int], data: Form) -> Response[Any]:
    """She listened, answers the checklist, and says yes to exactly the master that her page showed."""
    answers = {each: told for each in Question if (told := answer(data, each.value)) is not None}
    try:
        with desk.journal() as journal:
            put_approval(
                journal,
                desk.station,
                number,
                visitor.code,
                pin(data),
                answers=answers,
                urgent=ticked(data, "urgent"),
                heard=one(data, "master"),
            )
    except (WrongPin, PinMissing, ChecklistIncomplete) as refused:  # nobody answers six questions twice for a slip
        return shown(desk, visitor, number, problem=said(refused), given=data)
    desk.nudge()
    return go(desk, visitor, _of(number), _("Your approval of episode {number} is on record.").format(number=number))


@post("/library/episodes/{number:int}/confirm", **open_to(Role.PRODUCER), sync_to_thread=True)
def confirm(desk: Desk, visitor: Visitor, number: FromPath[int], data: Form) -> Response[None]:
    """Its producer says that the consents cover every voice in it."""
    with desk.journal() as journal:
        decisions = decisions_of(journal)
        admitted = may_confirm(decisions, number, visitor.code)
        refs = offered(decisions, admitted, words(data, "consent"), today=desk.now().date())
        confirm_consents(
            journal,
            desk.station,
            number,
            visitor.code,
            pin(data),
            refs=refs,
            every_voice=answer(data, "every_voice") is True,
            minors=answer(data, "minors") is not False,
            testimony=answer(data, "testimony") is not False,
            heard=one(data, "master"),
        )
    desk.nudge()
    told = _("It is on record that the consents of episode {number} cover every voice.").format(number=number)
    return go(desk, visitor, _of(number), told)


@post("/library/episodes/{number:int}/suspend", **SIGNED_IN, sync_to_thread=True)
def suspend(desk: Desk, visitor: Visitor, number: FromPath[int]) -> Response[None]:
    """ "Stop this now": the silence comes first."""
    try:
        with desk.journal() as journal:
            withdrawal.suspend(journal, number, visitor.code)
    except (RecordUnavailable, ConfigurationError) as problem:
        raise not_suspended(number, hushed=hush(desk.root)) from problem
    finally:
        desk.nudge()
    told = _(
        "Episode {number} is suspended. It stops now and stays off the air until the protection officer lifts that."
    ).format(number=number)
    return go(desk, visitor, _of(number), told, "warn")


@post("/library/episodes/{number:int}/lift", **open_to(OFFICER), sync_to_thread=True)
def lift(desk: Desk, visitor: Visitor, number: FromPath[int], data: Form) -> Response[None]:
    """A suspension ends."""
    with desk.journal() as journal:
        withdrawal.lift_suspension(journal, desk.station, number, visitor.code, pin(data))
    desk.nudge()
    return go(desk, visitor, _of(number), _("The suspension of episode {number} is lifted.").format(number=number))


@get("/library/episodes/{number:int}/withdraw", **SIGNED_IN, sync_to_thread=True)
def before_withdrawing(desk: Desk, visitor: Visitor, number: FromPath[int]) -> Response[str]:
    """What a withdrawal does, before anybody does it."""
    seen = see(desk.station, desk.now(), EpisodeNumber(number))
    days = desk.station.intake.keep_withdrawn_days
    return page("library/withdraw.html", desk, visitor, seen=seen, days=days)


@post("/library/episodes/{number:int}/withdraw", **SIGNED_IN, sync_to_thread=True)
def withdraw(desk: Desk, visitor: Visitor, number: FromPath[int], data: Form) -> Response[None]:
    """A consent was taken back: off the air for good."""
    purged = ticked(data, "purge")
    with desk.journal() as journal:
        try:
            withdrawn = withdrawal.withdraw(journal, desk.station, number, visitor.code, pin(data), again=purged)
        finally:
            desk.nudge()
    return go(desk, visitor, _of(number), follow(desk, withdrawn, visitor.code, purged=purged), "warn")


def follow(desk: Desk, withdrawn: withdrawal.Withdrawal, by: str, *, purged: bool) -> str:
    """Remove the audio if that is wanted; what to say of what was done."""
    numbers = ", ".join(map(str, withdrawn.touched))
    told = ngettext(
        "Episode {numbers} is withdrawn and will not sound again.",
        "Episodes {numbers} are withdrawn and will not sound again.",
        len(withdrawn.touched),
    ).format(numbers=numbers)
    if not withdrawn.touched:
        return _("No episode has it, so nothing on the air changes. From now on it carries no recording.")
    return f"{told} {_removed(desk, withdrawn, by)}" if purged else told


def _removed(desk: Desk, withdrawn: withdrawal.Withdrawal, by: str) -> str:
    from broadcaster.production.tidying import tidy  # noqa: PLC0415  imported when something is to go

    with desk.journal() as journal:
        for number in withdrawn.touched:
            order(journal, number, by)
        files = sum(each.files for each in tidy(desk.station, journal, desk.now()).purged)
    if not files:
        return _("Nothing of its audio was left on this station.")
    return ngettext(
        "Its audio is removed from this station: {n} file.", "Its audio is removed from this station: {n} files.", files
    ).format(n=files)


ROUTES: tuple[HTTPRouteHandler, ...] = (approve, confirm, suspend, lift, before_withdrawing, withdraw)
