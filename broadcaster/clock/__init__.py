"""The one reader of time, and how far what it reads may be believed.

::

    machine (timesyncd, chrony, kernel, hardware clock) ─▶ Instant ─▶ judge ─▶ Belief
                             the record, the operator, the build ─▶ Known ─┘

Decisions never read a clock: they are given an :class:`Instant`. Whoever acts (the daemon, the command line) holds a
:class:`Clock` and asks it; the daemon's is a :class:`~broadcaster.clock.keeper.Timekeeper`, which judges each reading.
"""

from broadcaster.clock.reading import Clock, Instant, ShiftedClock, SystemClock, boot_id

__all__ = ("Clock", "Instant", "ShiftedClock", "SystemClock", "boot_id")
