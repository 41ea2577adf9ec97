"""``config.toml`` → :class:`Station`, checked whole: every fault at once, with its file, its key and what is expected.

::

    document   a TOML file as it stands, or the line where it stops being TOML
       │
    kinds      what a value may be: text, hours, a time zone …   (each says what it expects)
    entries    tables of keys
       │
    schema     a document against its tables → the good values, and every fault at once
    keys       every key of config.toml: type, meaning, example   (the one place; the manual is tested against it)
       │
    station    the frozen Station
    build      values → Station, and the rules between keys
    load       the folder on disk → Station
    edit       one value changed by the program, comments kept
"""

from broadcaster.config.load import find_station, load_station
from broadcaster.config.station import (
    CalendarSettings,
    IntakeSettings,
    MasteringSettings,
    Organisation,
    RundownSettings,
    SafetySettings,
    Station,
)

__all__ = [
    "CalendarSettings",
    "IntakeSettings",
    "MasteringSettings",
    "Organisation",
    "RundownSettings",
    "SafetySettings",
    "Station",
    "find_station",
    "load_station",
]
