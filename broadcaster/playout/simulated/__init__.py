"""A market in the computer: the real daemon and the real record, on simulated time, sound and disk.

::

    sound    outputs, players and witnesses, and the truth about what sounded
    library  what is decided of each episode
    disk     the record's files on a disk that can fill up, stall, and forget what was never synced
    life     one life of the daemon's process, ended in order or killed anywhere
    box      the computer: lives one after the other, its clock, its plugs
    truth    what really happened, to be held against the record
    season   a whole season in seconds, as a person asks for it
"""

from broadcaster.playout.simulated.library import SimulatedRepertoire
from broadcaster.playout.simulated.sound import (
    ALARMS,
    BEAT_S,
    Fault,
    Hall,
    Planned,
    SimulatedPlayer,
    SimulatedPlayers,
    SimulatedSpeakers,
    SimulatedWitness,
    SimulatedWitnesses,
    Sounded,
)

__all__ = (
    "ALARMS",
    "BEAT_S",
    "Fault",
    "Hall",
    "Planned",
    "SimulatedPlayer",
    "SimulatedPlayers",
    "SimulatedRepertoire",
    "SimulatedSpeakers",
    "SimulatedWitness",
    "SimulatedWitnesses",
    "Sounded",
)
