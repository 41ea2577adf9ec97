"""The helplines that episodes say: see them, say that somebody called, report a wrong one."""

from dataclasses import dataclass
from datetime import date

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Response

from broadcaster.library import calling
from broadcaster.library.catalogue import rules_of
from broadcaster.library.decisions import decisions_of
from broadcaster.library.helplines import FLAGGED_DAYS, STANDINGS, Standing, standing_of, verified_on
from broadcaster.locale import gettext as _
from broadcaster.model import Helpline
from broadcaster.web.desk import Desk
from broadcaster.web.doors import SIGNED_IN
from broadcaster.web.library.forms import Form, pin
from broadcaster.web.pages import go, page
from broadcaster.web.visitor import Visitor

HERE = "/library/helplines"
KINDS = {Standing.GOOD: "ok", Standing.STALE: "warn"}
"""Colours' names in ``panel.css``; every other standing is bad."""


@dataclass(frozen=True)
class Line:
    """A helpline as the page shows it."""

    helpline: Helpline
    answered: date | None
    said: str
    kind: str
    wrong: bool


@get(HERE, **SIGNED_IN, sync_to_thread=True)
def register(desk: Desk, visitor: Visitor) -> Response[str]:
    """Every helpline of the station, and when somebody last called it."""
    lines = [_line(desk, each) for each in desk.station.helplines.values()]
    days = desk.station.safety.helpline_verified_days
    return page("library/helplines.html", desk, visitor, lines=lines, days=days, flagged_days=FLAGGED_DAYS)


def _line(desk: Desk, helpline: Helpline) -> Line:
    decisions, now = desk.decisions(), desk.now()
    rules = rules_of(desk.station, now.date(), samples_may_air=False, now=now)
    standing = standing_of(helpline.id, helpline.number, decisions, rules)
    return Line(
        helpline,
        verified_on(helpline, decisions),
        _(STANDINGS[standing]),
        KINDS.get(standing, "bad"),
        standing is Standing.WRONG,
    )


@post(f"{HERE}/{{id_:str}}/verify", **SIGNED_IN, sync_to_thread=True)
def verify(desk: Desk, visitor: Visitor, id_: FromPath[str], data: Form) -> Response[None]:
    """ "I called today and they answered"."""
    with desk.journal() as journal:
        called = calling.may_verify(decisions_of(journal), desk.station, id_, visitor.code)
        calling.verify_helpline(journal, desk.station, id_, visitor.code, pin(data))
    desk.nudge()
    said = _("It is on record that {helpline} ({number}) answered today. That counts for {days} days.")
    days = desk.station.safety.helpline_verified_days
    return go(desk, visitor, HERE, said.format(helpline=called.id, number=called.number or _("no number"), days=days))


@post(f"{HERE}/{{id_:str}}/wrong", **SIGNED_IN, sync_to_thread=True)
def wrong(desk: Desk, visitor: Visitor, id_: FromPath[str], data: Form) -> Response[None]:
    """Its number does not serve: every episode that says it is off the air at once."""
    with desk.journal() as journal:
        called = calling.may_report(decisions_of(journal), desk.station, id_, visitor.code)
        calling.report_wrong(journal, desk.station, id_, visitor.code, pin(data))
    desk.nudge()
    said = _(
        "{helpline} ({number}) is on record as wrong. No episode that says it goes out from now on. "
        "Tell who keeps the station's settings, and have it recorded anew."
    )
    return go(desk, visitor, HERE, said.format(helpline=called.id, number=called.number or _("no number")), "warn")


ROUTES: tuple[HTTPRouteHandler, ...] = (register, verify, wrong)
