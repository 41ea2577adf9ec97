"""A panel for a test, and a real browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from panel import Panel, make_station, serving
from playwright.sync_api import Browser, sync_playwright

BROWSERS = ("/usr/bin/chromium", "/usr/bin/google-chrome-stable")
"""Where Debian's own and Google's lie. Without one Playwright brings its own, as ``install-system-packages`` had it do."""


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Panel]:
    """Of a station of its own, on Monday the 14th of June 2021, ten in the morning."""
    with serving(make_station(tmp_path / "station")) as made:
        yield made


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """The machine's own where there is one, without a window. Tests that use it carry ``pytest.mark.xdist_group("browser")``.

    For one test each: while Playwright waits, an event loop runs in this thread, and no other test could run one of its own.
    """
    found = next(filter(os.path.exists, BROWSERS), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
