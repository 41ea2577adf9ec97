"""Is this computer ready for the next airing? What was found last, and looking now."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from broadcaster.care import doctor
from broadcaster.care.checks import State
from broadcaster.care.labels import label
from broadcaster.journal.events import EVENING, DoctorRan
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.web.desk import Desk
from broadcaster.web.doors import open_to
from broadcaster.web.office.readers import ACTS
from broadcaster.web.pages import go, page
from broadcaster.web.visitor import Visitor

PATH = "/office/check"
_ORDER = (State.FAIL, State.WARN, State.OK)


@dataclass(frozen=True)
class Look:
    """One thing that was looked at."""

    state: State
    label: str
    subject: str
    said: str = ""
    todo: str = ""


@dataclass(frozen=True)
class Fresh:
    """A look of which the sentences are still at hand; the record keeps codes alone."""

    language: str
    report: doctor.Report


_fresh: dict[Path, Fresh] = {}
_one_at_a_time = threading.Lock()


@get(PATH, sync_to_thread=True, **open_to(*ACTS))
def check(desk: Desk, visitor: Visitor) -> Response[str]:
    """What was found last: by somebody here, or by the program itself on the evening before an airing."""
    kept = doctor.last_look(desk.rows((DoctorRan,)))
    fresh = _fresh.get(desk.root)
    if fresh is not None and (fresh.language != language() or kept is None or kept.at > fresh.report.at):
        fresh = None
    looks = _of_report(fresh.report) if fresh else _of_row(kept.found) if kept else []
    return page(
        "office/check.html",
        desk,
        visitor,
        looks=sorted(looks, key=lambda each: _ORDER.index(each.state)),
        at=fresh.report.at if fresh else kept.at if kept else None,
        by=kept.found.by if kept and kept.found.by != EVENING else "",
        sentences=fresh is not None,
        next=fresh.report.next if fresh else None,
    )


@post(PATH, sync_to_thread=True, status_code=303, **open_to(*ACTS))
def look_now(desk: Desk, visitor: Visitor) -> Response[None]:
    """Look at everything, now; that it was looked at, and what was found, is put on record."""
    with _one_at_a_time:
        report = doctor.look(desk.station, desk.clock.now().utc)
        with desk.journal() as journal:
            journal.append(doctor.as_row(report, visitor.code))
        _fresh[desk.root] = Fresh(language(), report)
    if report.ready:
        return go(desk, visitor, PATH, _("Looked over: all that the next airing needs is ready."))
    return go(desk, visitor, PATH, _("Looked over: not all is ready. Do what is said below, then look again."), "bad")


def _of_report(report: doctor.Report) -> list[Look]:
    return [Look(each.state, label(each.code), each.subject, each.sentence, each.todo) for each in report.checks]


def _of_row(found: DoctorRan) -> list[Look]:
    told = ((State.FAIL, found.red), (State.WARN, found.yellow), (State.OK, found.green))
    return [Look(state, label(each.code), each.subject) for state, those in told for each in those]


ROUTES: Sequence[HTTPRouteHandler] = (check, look_now)
