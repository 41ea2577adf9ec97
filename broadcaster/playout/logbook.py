"""The daemon's log file, for whoever looks after the box: airings, reasons and faults; never a title or a person's code."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

SIZE = 1_000_000
KEPT = 3
"""Files kept beside the newest: a box that nobody visits must not fill its disk with words."""


@contextmanager
def logbook(path: Path) -> Iterator[None]:
    """Write the program's log, and the alarm clock's warnings, into ``path`` until the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False  # a full disk must not put a traceback before a person
    ours, theirs = logging.getLogger("broadcaster"), logging.getLogger("apscheduler")
    ours.setLevel(logging.INFO)
    theirs.setLevel(logging.WARNING)
    for logger in (ours, theirs):
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in (ours, theirs):
            logger.removeHandler(handler)
        handler.close()
