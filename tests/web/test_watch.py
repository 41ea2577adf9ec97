"""One look a second wakes all the pages that live, and none while none is open."""

import asyncio
from collections.abc import Callable
from typing import Any

from broadcaster.web import watch as watch_module
from broadcaster.web.watch import Moment, Watcher


class Look:
    """What a watcher sees, changed by hand."""

    def __init__(self) -> None:
        self.version = 0
        self.status: dict[str, Any] | None = {"now": "10:00", "state": "waiting"}

    def __call__(self) -> tuple[object, dict[str, Any] | None]:
        return self.version, None if self.status is None else dict(self.status)


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not happened():
            await asyncio.sleep(0.005)


def test_a_change_wakes_every_page_and_one_look_serves_them_all() -> None:
    async def day() -> None:
        look = Look()
        watcher = Watcher(look, every_s=0.01)
        pages = [watcher.moments() for _ in range(50)]
        assert {moment.version for moment in await asyncio.gather(*map(anext, pages))} == {0}
        look.version = 1
        assert {moment.version for moment in await asyncio.gather(*map(anext, pages))} == {1}
        assert watcher.looks < 50
        look.status = {"now": "10:01", "state": "on_air"}
        moments = await asyncio.gather(*map(anext, pages))
        assert all(moment is moments[0] for moment in moments)
        assert moments[0].status == look.status
        for page in pages:
            await page.aclose()

    asyncio.run(day())


def test_the_daemons_clock_alone_wakes_nobody() -> None:
    seen = (0, {"now": "10:00", "state": "waiting"})
    assert not Moment(seen).differs((0, {"now": "10:01", "state": "waiting"}))
    assert Moment(seen).differs((0, {"now": "10:00", "state": "on_air"}))
    assert Moment(seen).differs((1, {"now": "10:00", "state": "waiting"}))
    assert Moment(seen).differs((0, None))


def test_nothing_is_looked_at_while_no_page_is_open() -> None:
    async def day() -> None:
        watcher = Watcher(Look(), every_s=0.001)
        page = watcher.moments()
        await anext(page)
        await page.aclose()
        await until(lambda: watcher._task is not None and watcher._task.done())
        looks = watcher.looks
        await asyncio.sleep(0.05)
        assert watcher.looks == looks
        again = watcher.moments()
        await anext(again)
        assert watcher.looks > looks
        await again.aclose()

    asyncio.run(day())


def test_what_pages_share_is_made_once_a_moment() -> None:
    async def day() -> None:
        moment, made = Moment(), []
        wanted = [moment.once(("glance", "es"), lambda: made.append("es")) for _ in range(50)]
        await asyncio.gather(*wanted, moment.once(("glance", "en"), lambda: made.append("en")))
        assert sorted(made) == ["en", "es"]

    asyncio.run(day())


def test_a_page_that_goes_away_while_something_is_made_takes_it_from_nobody() -> None:
    async def day() -> None:
        moment, go_on = Moment(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow() -> str:
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(20)
            return "made"

        first = asyncio.create_task(moment.once("k", slow))
        second = asyncio.create_task(moment.once("k", slow))
        await asyncio.sleep(0)
        first.cancel()
        go_on.set()
        assert await second == "made"

    asyncio.run(day())


def test_pages_are_woken_now_and_then_although_nothing_happens(monkeypatch: Any) -> None:
    async def day() -> None:
        monkeypatch.setattr(watch_module, "AT_LEAST_S", 0.02)
        page = Watcher(Look(), every_s=0.005).moments()
        first, second = await anext(page), await anext(page)
        assert first is not second
        await page.aclose()

    asyncio.run(day())
