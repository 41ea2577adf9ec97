"""The daemon's log file, for whoever looks after the box: airings, reasons and faults; never a title or a person's code."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from broadcaster.errors import trace

SIZE = 1_000_000
LOGGERS = {"broadcaster": logging.INFO, "apscheduler": logging.WARNING, "asyncio": logging.WARNING}
"""Whose words are kept: ours, the alarm clock's, and those of a task that failed where nobody was looking."""
KEPT = 3
"""Files kept beside the newest: a box that nobody visits must not fill its disk with words."""


class Discreet(logging.Formatter):
    """Errors without their messages, which may quote a title or the name of a file."""

    def formatException(  # noqa: N802  the base's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return trace(ei[1]).rstrip() if ei[1] is not None else ""


@contextmanager
def logbook(path: Path) -> Iterator[None]:
    """Write the program's log, and the alarm clock's warnings, into ``path`` until the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False  # a full disk must not put a traceback before a person
    loggers = {logging.getLogger(name): level for name, level in LOGGERS.items()}
    for logger, level in loggers.items():
        logger.setLevel(level)
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()
