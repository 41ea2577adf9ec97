"""A page that is kept current is let go as soon as who opened it is no longer who she was."""

import logging
from collections.abc import Callable, Iterator

import httpx
import pytest
from panel import COORDINATOR, OFFICER, Browser, Panel

from broadcaster.journal.events import Held, PersonRolesChanged
from broadcaster.model import MarketId, Role

LIVE = "/office/events"
TOLD = "event: markets"


def told(pieces: Iterator[str]) -> bool:
    """Whether the page is told something before its connection ends."""
    came = ""
    try:
        for piece in pieces:
            came += piece
            if TOLD in came:
                return True
    except httpx.RemoteProtocolError:  # closed in the middle: such an answer has no end of its own
        pass
    return False


def signs_out(panel: Panel, browser: Browser) -> None:
    assert browser.form("/sign-out").status_code == 303
    panel.write(Held(MarketId("el-bosque"), "uid:1000", ""))


def may_do_more(panel: Panel, _browser: Browser) -> None:
    """Her session goes on; what she may see is asked for anew."""
    panel.write(PersonRolesChanged(COORDINATOR, (Role.COORDINATOR, Role.APPROVER), OFFICER))


@pytest.mark.parametrize("happens", [signs_out, may_do_more])
def test_nothing_more_is_told_to_a_page_whose_reader_has_gone_and_everybody_elses_goes_on(
    panel: Panel, happens: Callable[[Panel, Browser], None], caplog: pytest.LogCaptureFixture
) -> None:
    hers, other = panel.signed_in(Role.COORDINATOR), panel.signed_in(Role.PROTECTION_OFFICER)
    with caplog.at_level(logging.WARNING), hers.stream("GET", LIVE) as page, other.stream("GET", LIVE) as goes_on:
        pieces, others = page.iter_text(), goes_on.iter_text()
        assert told(pieces)
        assert told(others)
        happens(panel, hers)
        assert told(others)
        assert not told(pieces)
    assert not caplog.records
