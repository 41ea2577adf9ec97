"""What all tests share: how those that sound in real time are kept from disturbing each other."""

import os
import signal

import pytest
from hypothesis import settings

MEEK = 10
"""How far what runs beside the sound tests steps back for them (``nice``)."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # begun in the background, where a shell lets Ctrl+C be ignored

settings.register_profile("broadcaster", deadline=None)  # a busy machine is not a fault of the code
settings.load_profile("broadcaster")


@pytest.hookimpl(tryfirst=True)  # before the plugin that deals the tests out to its workers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked ``sound`` run one after the other in one worker, and those of a whole ``sound("box")`` in another.

    They measure real sound in real time: two boxes at once on a small machine would measure each other. A virtual machine
    that its host halts for a tenth of a second loses that much sound, so such a test has three tries; the report names each.
    """
    for item in items:
        if sound := item.get_closest_marker("sound"):
            item.add_marker(pytest.mark.xdist_group("-".join(("sound", *sound.args))))
            item.add_marker(pytest.mark.flaky(reruns=2, reruns_delay=2))
    items.sort(key=lambda item: item.get_closest_marker("sound") is None)  # what waits in real time begins at once


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What runs beside the sound tests lets them and their players go first: a worker turns meek with its first other test."""
    if os.environ.get("PYTEST_XDIST_WORKER") and not item.get_closest_marker("sound"):
        os.setpriority(os.PRIO_PROCESS, 0, max(MEEK, os.getpriority(os.PRIO_PROCESS, 0)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """A plugin that deals out groups no more would have every sound test measure another, and nobody would know."""
    if os.environ.get("PYTEST_XDIST_WORKER") and session.config.getvalue("loadgroup"):
        loose = [item.nodeid for item in session.items if item.get_closest_marker("sound") and "@" not in item.nodeid]
        if loose:
            raise pytest.UsageError("sound tests are in no group: " + ", ".join(loose[:3]))
