"""All pages of the panel, room by room: the table of contents."""

from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler

from broadcaster.web import library, office, signing, stall
from broadcaster.web.links import Link

ROUTES: Sequence[HTTPRouteHandler] = (*signing.ROUTES, *stall.ROUTES, *office.ROUTES, *library.ROUTES)
BESIDE = (library.beside,)
"""What goes on while the panel serves: each is given the application, and holds until the panel ends."""
LINKS: Sequence[Link] = (*stall.LINKS, *office.LINKS, *library.LINKS)
