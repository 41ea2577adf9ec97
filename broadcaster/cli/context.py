"""What every command is handed: the station, the clock and the record, each fetched only when asked for."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from broadcaster.clock import Clock
    from broadcaster.config import Station
    from broadcaster.journal.append import Journal
    from broadcaster.journal.row import Row


class Desk:
    """The person's desk: click's context object, see :data:`pass_desk`."""

    def __init__(self, station: Path | None = None) -> None:
        self._folder = station

    @cached_property
    def root(self) -> Path:
        """The station's folder: ``--station`` or ``BROADCASTER_STATION``, else the nearest upwards with a ``config.toml``."""
        from broadcaster.config import find_station  # noqa: PLC0415  imported when a command needs a station

        return self._folder if self._folder is not None else find_station(Path())

    @cached_property
    def station(self) -> "Station":
        """The station, checked whole."""
        from broadcaster.config import load_station  # noqa: PLC0415  imported when a command needs a station

        return load_station(self.root)

    @cached_property
    def clock(self) -> "Clock":
        """The machine's clock."""
        from broadcaster.clock import SystemClock  # noqa: PLC0415  imported when a command needs the time

        return SystemClock()

    def open_journal(self) -> "Journal":
        """The station's record, for writing; the caller closes it."""
        from broadcaster.journal.append import Journal  # noqa: PLC0415  the database is heavy

        return Journal.open(self.station.database, self.clock, self.station.timezone)

    def read_rows(self) -> "list[Row]":
        """All rows of the record in order, but for heartbeats; none when there is no record yet. Creates nothing."""
        from broadcaster.journal.fold import WITHOUT_HEARTBEATS  # noqa: PLC0415
        from broadcaster.journal.reading import read  # noqa: PLC0415  the database is heavy

        return read(self.station.database, kinds=WITHOUT_HEARTBEATS)


pass_desk = click.make_pass_decorator(Desk)
