"""The programme on air, and an honest record of it.

::

    recording ─▶ production ─▶ library ─┐
                                        ├─▶ plan ─▶ playout ─▶ journal ─▶ reports
    schedules/*.toml ─▶ schedule ───────┘   (airings)  (sound)   (plays)    (documents)

The plan is a promise, the journal is what happened, a report is the difference.

======================  ==============================================================================
room                    what happens in it
======================  ==============================================================================
``locale``              every sentence in Spanish and English
``errors``              one small family; each class owns its exit code and its sentence
``model``               the nouns, frozen, with units in their types; outcomes and reasons
``reasons``             what people are told about each outcome, reason and proof
``config``, ``clock``   ``config.toml`` → :class:`~broadcaster.config.Station`; the one reader of time
``sound``               safe decoding in a limited child, PCM blocks, loudness and correlation arithmetic
``schedule``            season files → plan (pure but for reading files)
``store``               the one database: engine and its guarantees, migrations, all tables
``journal``             what happened, for ever: events and their fold, append, chain
``library``             what we may air: episodes on disk, decisions as rows
``production``          a recording becomes a master
``playout``             plan → sound: cueing, player, speaker, witness, daemon
``reports``             documents: the schedule on paper and as a calendar file; why an airing did not sound
``care``                keeping the box well: what starts the program, the doctor, the clock, alerts, backups
``hub``                 an office and its boxes kept in step by sticks, signed and sealed
``web``                 the panel: the stall's screen, the office's pages, the library's
``cli``                 one file per noun
======================  ==============================================================================

Arrows point down this table's reverse: ``cli`` may use every room, ``locale`` uses none. A machine checks it
(the layers in ``pyproject.toml``).
"""

import os
import sys

# The matrices here are small: numpy's pool of threads would spin on every core of a small machine and hold memory for
# nothing. It reads this once, when it is first imported, hence here; a person's own setting stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# On a full disk CPython keeps the half of a compiled module that still fits, and fails on it ever after
# (github.com/python/cpython/issues/126606): a box would stay broken when its disk has room again.
ROOM_FOR_COMPILED = 16_000_000
if hasattr(os, "statvfs"):
    _disk = os.statvfs(__path__[0])
    sys.dont_write_bytecode |= _disk.f_bavail * _disk.f_frsize < ROOM_FOR_COMPILED

__version__ = "0.1.0"
__released__ = "2026-11-22"
"""The day of this version, UTC: a clock that says an earlier one is wrong. Set with the version, never to a day to come."""
