"""Deliberate weaknesses: controls that the sweep finds what it is there to find. Applied in the process of one life."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy.event
from sqlalchemy import Connection

from broadcaster.journal import append
from broadcaster.journal.events import Event, Intent
from broadcaster.journal.row import Row
from broadcaster.model import Outcome, Reason
from broadcaster.playout import recovery
from broadcaster.store import guarantees, schema


def weaken(name: str) -> None:
    """Break what is named; nothing by the empty name."""
    if name:
        WEAKNESSES[name]()


def synced_now_and_then() -> None:
    """``synchronous=NORMAL``: a row is acknowledged that a power cut takes away."""
    guarantees.SETTINGS = {**guarantees.SETTINGS, "synchronous": 1}


def row_after_sound() -> None:
    """The intent goes on record together with the next row: the sound is there before it."""
    honest = append.Journal.append
    owed: list[Event] = []

    def belated(self: append.Journal, event: Event) -> Row:
        if isinstance(event, Intent):
            owed.append(event)
            return _as_if_written(self.rows()[-1])
        while owed:
            honest(self, owed.pop(0))
        return honest(self, event)

    append.Journal.append = belated  # type: ignore[method-assign]


def _as_if_written(before: Row) -> Row:
    return replace(before, seq=before.seq + 1)


def migration_in_pieces() -> None:
    """Each statement of a migration is committed by itself."""
    honest = schema.upgrade

    def piecemeal(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection

        def commit(*_: Any) -> None:
            driver.execute("COMMIT")
            driver.execute("BEGIN IMMEDIATE")

        sqlalchemy.event.listen(connection, "before_cursor_execute", commit)
        honest(connection)
        sqlalchemy.event.remove(connection, "before_cursor_execute", commit)

    schema.upgrade = piecemeal


def claims_the_whole() -> None:
    """Recovery takes a play that broke off for a whole one."""
    honest = recovery._end

    def boastful(play: Any, outcome: Outcome, reason: Reason) -> Any:
        return honest(play, Outcome.PLAYED if outcome is Outcome.PARTIAL else outcome, reason)

    recovery._end = boastful


def ends_twice() -> None:
    """Recovery does not see that an airing has its end already."""
    recovery.terminal = lambda rows: {}  # type: ignore[attr-defined]


WEAKNESSES: Mapping[str, Callable[[], None]] = {
    "synced_now_and_then": synced_now_and_then,
    "row_after_sound": row_after_sound,
    "migration_in_pieces": migration_in_pieces,
    "claims_the_whole": claims_the_whole,
    "ends_twice": ends_twice,
}
