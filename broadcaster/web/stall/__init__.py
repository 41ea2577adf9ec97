"""The stall's screen: for the operator in the market, on a phone or the box's own screen, without a password.

::

    the daemon's status ─┐
                         ├─▶ screen (pure) ─▶ markets.html ─▶ the page, and what keeps it current
    the record ─▶ known ─┘
    a touch ─▶ routes ─▶ orders ─▶ the daemon            (after: what came of a sound, once it is over)

Numbers only: people in the market see it.
"""

from collections.abc import Sequence

from broadcaster.locale import mark as N_
from broadcaster.web.links import Link
from broadcaster.web.stall.routes import HOME, ROUTES

LINKS: Sequence[Link] = (Link(N_("Loudspeakers"), HOME, near=True),)

__all__ = ("LINKS", "ROUTES")
