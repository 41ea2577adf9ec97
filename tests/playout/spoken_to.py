"""A daemon's socket without a daemon: what it answers is the test's to say."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadcaster.playout.control import ControlServer, Obey


@contextmanager
def listening(path: Path, obey: Obey) -> Iterator[None]:
    """A server at ``path``, in a loop of its own."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    ending = asyncio.Event()

    async def serve() -> None:
        async with ControlServer(path, obey):
            ready.set()
            await ending.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(10)
        loop.close()
