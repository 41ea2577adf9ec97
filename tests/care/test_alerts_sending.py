"""Alerts leave by a child of their own: a network that hangs or lies costs nothing but time."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from alert_servers import service

from broadcaster.care.alerts.sending import Letter, send
from broadcaster.care.alerts.sending_child import looks_like_a_portal


def letter(url: str) -> Letter:
    return Letter(url, "Parlantes: norte", "No salió una emisión.")


def children() -> set[str]:
    """The sending children of this process that run now."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            ours = f"\nPPid:\t{os.getpid()}\n" in (process / "status").read_text()
            if ours and b"sending_child" in (process / "cmdline").read_bytes():
                found.add(process.name)
        except OSError:
            continue
    return found


def test_a_service_that_takes_it_has_it_and_nobody_else_is_told_the_address() -> None:
    with service() as there:
        assert asyncio.run(send([letter(there.url)])) == [True]
        assert there.got == ["No salió una emisión."]


def test_a_captive_portal_that_says_all_is_well_has_taken_nothing() -> None:
    with service() as there:
        there.answers = "page"
        assert asyncio.run(send([letter(there.url)])) == [False]


def test_one_address_that_refuses_hinders_no_other() -> None:
    with service() as bad, service() as good:
        bad.answers = "refuses"
        letters = [letter(bad.url), letter("nonsense://x"), letter(good.url)]
        assert asyncio.run(send(letters)) == [False, False, True]


def test_a_network_that_hangs_is_left_at_the_deadline_and_leaves_no_child() -> None:
    with service() as there:
        there.answers = "hangs"
        begun = time.monotonic()
        assert asyncio.run(send([letter(there.url)], limit_s=4.0)) == [False]
        assert time.monotonic() - begun < 20
    assert children() == set()


def test_while_it_hangs_everything_else_goes_on() -> None:
    async def beside() -> int:
        """How often the loop came round meanwhile."""
        sending = asyncio.ensure_future(send([letter(there.url)], limit_s=3.0))
        turns = 0
        while not sending.done():
            await asyncio.sleep(0.02)
            turns += 1
        return turns

    with service() as there:
        there.answers = "hangs"
        assert asyncio.run(beside()) > 10


def test_nothing_of_the_address_is_in_the_childs_arguments() -> None:
    async def seen() -> str:
        sending = asyncio.ensure_future(send([letter(there.url)], limit_s=3.0))
        said = ""
        while not sending.done():
            await asyncio.sleep(0.05)
            for pid in children():
                try:
                    said += Path(f"/proc/{pid}/cmdline").read_text() + Path(f"/proc/{pid}/environ").read_text()
                except OSError:
                    continue
        return said

    with service() as there:
        there.answers = "hangs"
        said = asyncio.run(seen())
    assert "sending_child" in said
    assert "secret-token" not in said


@pytest.mark.parametrize(
    ("asked", "answered", "body", "portal"),
    [
        ("https://api.telegram.org/x", "https://api.telegram.org/x", b'{"ok":true}', False),
        ("https://hooks.slack.com/x", "https://hooks.slack.com/x", b"ok", False),
        ("http://server/x", "http://server/x", b"\n <HTML><body>", True),
        ("http://server/x", "http://login.portal/y", b"{}", True),
    ],
)
def test_how_a_portal_is_known(asked: str, answered: str, body: bytes, portal: bool) -> None:
    assert looks_like_a_portal(asked, answered, body) is portal
