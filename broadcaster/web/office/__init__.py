"""The office's pages: the markets at a glance, the season, the play log, reports, sticks, and how this computer is.

Who sees what is said at each route and in ``docs/panel.md``. Whoever brings recordings sees none of it: why an episode does
not air is often about somebody.
"""

from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler

from broadcaster.locale import mark as N_
from broadcaster.web.links import Link
from broadcaster.web.office import (
    airing_page,
    calendar_page,
    doctor_page,
    glance_page,
    log_page,
    papers,
    reports_page,
    sticks_page,
)
from broadcaster.web.office.readers import ACTS, DECIDES, READS

ROUTES: Sequence[HTTPRouteHandler] = (
    *glance_page.ROUTES,
    *calendar_page.ROUTES,
    *log_page.ROUTES,
    *airing_page.ROUTES,
    *reports_page.ROUTES,
    *papers.ROUTES,
    *sticks_page.ROUTES,
    *doctor_page.ROUTES,
)
LINKS: Sequence[Link] = (
    Link(N_("Markets"), glance_page.PATH, READS),
    Link(N_("Calendar"), calendar_page.PATH, READS),
    Link(N_("Play log"), log_page.PATH, DECIDES),
    Link(N_("Reports"), reports_page.PATH, ACTS),
    Link(N_("Sticks"), sticks_page.PATH, DECIDES),
    Link(N_("Check"), doctor_page.PATH, ACTS),
)
