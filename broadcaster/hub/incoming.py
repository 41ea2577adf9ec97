"""A stick is taken in.

::

    list ─▶ signed by whom we know? for us? not older than what is here? ─▶ rows: whole, one chain with what is here?
         ─▶ files that are missing here, unsealed into a room of their own, each held against its hash ─▶ do seasons fit?
         ─▶ rows on record, with the receipt, in one go: what is forbidden is forbidden from here on
         ─▶ files into their places, one by one

Nothing is changed before the rows go on record; from then on the same stick, put in again, finishes what was cut short.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from broadcaster.config import Station
from broadcaster.config.edit import Value, set_values
from broadcaster.config.keys import FILE as SETTINGS
from broadcaster.config.kinds import is_id
from broadcaster.errors import ConfigurationError
from broadcaster.hub.keys import Card, Keys
from broadcaster.hub.listing import NAME, Listing, Part, Way, listing_from, path_of
from broadcaster.hub.refusals import FileNotThere, OlderStick, SeasonDoesNotFit, StickBefore, StickNotRead, Tampered
from broadcaster.hub.sealing import checked, sealed_size, unsealed
from broadcaster.hub.stick import opened, read_small, write_by
from broadcaster.journal.append import Journal
from broadcaster.journal.chain import verify
from broadcaster.journal.copy import record_of
from broadcaster.journal.events import FORKED, Event, RecordIncident, StickTaken
from broadcaster.journal.nodes import FORBIDDING, records_of
from broadcaster.journal.row import Record, Row, understand
from broadcaster.journal.settling import OtherRow, unknown
from broadcaster.journal.silences import SILENCES, to_forbid
from broadcaster.library.catalogue import sha256_of
from broadcaster.locale.system import clause
from broadcaster.model import MarketId
from broadcaster.schedule.load import load_plan

STAGE = "stick"
"""In the station's data: where files wait until they may take their places."""
ASIDE = ".before-stick"
"""What a season of this computer's own is called once an office sends its seasons."""
SPARE = 64 << 20
Share = Callable[[float], None]


@dataclass(frozen=True)
class Taken:
    """What came of a stick."""

    market: MarketId
    from_office: bool
    rows: int
    """New here."""
    silenced: int
    """Of them, those that forbid something."""
    files: tuple[str, ...]
    """Put into their places, by their names in the station."""
    lease: date | None = None
    restart: bool = False
    """The helplines changed: the program takes them when it is started anew."""


@dataclass
class Taking:
    """One stick being taken in, from ``by``, whom this station knows."""

    station: Station
    journal: Journal
    keys: Keys
    by: Card
    taken_before: tuple[int, int]
    """The newest row of theirs that is on record here."""
    share: Share = lambda _share: None

    def take(self, folder: Path, way: Way, market: MarketId) -> Taken:
        """All of it, or nothing and why not."""
        try:
            listing = self._listing(folder, way, market)
            records = self._records(folder, listing)
            stage = self.station.data / STAGE
            try:
                missing = self._stage(folder, stage, listing)
                restart = self._check_settings(stage, listing, missing) if way is Way.TO else False
                new = self._put_on_record(records, listing)
                if restart:
                    set_values(self.station.root, _values(listing.helplines or {}))
                self._put_files(stage, missing)
                if way is Way.TO:
                    self._put_away(listing)
            finally:
                shutil.rmtree(stage, ignore_errors=True)
        except OSError as error:
            raise StickNotRead(problem=clause(error)) from error
        silenced = sum(isinstance(row.event, FORBIDDING) for row in new)
        return Taken(market, way is Way.TO, len(new), silenced, tuple(p.name for p in missing), restart=restart)

    # What it is

    def _listing(self, folder: Path, way: Way, market: MarketId) -> Listing:
        listing = listing_from(self.keys.unseal(read_small(folder / NAME), self.by))
        said = (listing.way, listing.market, listing.node, listing.to)
        if said != (way, market, self.by.node, self.journal.node):
            raise Tampered(problem=NAME)
        if listing.head < self.taken_before:
            raise OlderStick
        if listing.after > self.taken_before:
            raise StickBefore
        for part in (listing.rows, *listing.files):
            if part.key:
                with opened(path_of(folder, part), sealed_size(part.size)):
                    pass
        return listing

    def _records(self, folder: Path, listing: Listing) -> list[Record]:
        """Those of its rows that are new here: they go on where those on record end.

        :raises OtherRow: one is on record here with another content; that is told on record.
        """
        with opened(path_of(folder, listing.rows), sealed_size(listing.rows.size)) as file:
            text = b"".join(checked(unsealed(file, _key(listing.rows), NAME), listing.rows.sha256, NAME))
        records = [_record(line, listing) for line in text.splitlines()]
        if records and (records[-1].epoch, records[-1].seq) != listing.head:
            raise Tampered(problem=NAME)
        try:
            with self.journal.store.reading() as connection:
                here, new = records_of(connection, listing.node), unknown(connection, records)
        except OtherRow:
            self.journal.append(RecordIncident(FORKED))
            raise
        chain = sorted((*here, *new), key=lambda record: (record.epoch, record.seq))
        if not verify(chain).intact:
            raise Tampered(problem=NAME)
        for record in new:
            understand(record)
        return new

    # Files

    def _stage(self, folder: Path, stage: Path, listing: Listing) -> list[Part]:
        """The files that are not here yet, unsealed beside; which they are."""
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True, mode=0o700)
        missing = [part for part in listing.files if not self._is_here(part)]
        total, done = sum(part.size for part in missing) or 1, 0
        if shutil.disk_usage(stage).free < total + SPARE:
            raise OSError(28, "")
        for part in missing:
            if not part.key:
                raise FileNotThere(name=part.name)
            target = stage / PurePosixPath(part.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with opened(path_of(folder, part), sealed_size(part.size)) as file:
                pieces = checked(unsealed(file, _key(part), part.name), part.sha256, part.name)
                write_by(target, lambda out, pieces=pieces: out.writelines(pieces))  # type: ignore[misc]
            done += part.size
            self.share(done / total)
        return missing

    def _is_here(self, part: Part) -> bool:
        path = self.station.root / PurePosixPath(part.name)
        try:
            return not path.is_symlink() and sha256_of(path) == part.sha256
        except OSError:
            return False

    def _check_settings(self, stage: Path, listing: Listing, missing: Sequence[Part]) -> bool:
        """Whether the seasons and the helplines fit here, tried beside; whether the helplines differ from those here."""
        try:
            shutil.copy(self.station.root / SETTINGS, stage / SETTINGS)
            tried = set_values(stage, _values(listing.helplines or {}))
            (stage / "schedules").mkdir(exist_ok=True)
            for part in listing.files:
                if part.name.startswith("schedules/") and part not in missing:
                    shutil.copy(self.station.root / part.name, stage / part.name)
            load_plan(replace(self.station, root=stage.resolve(), helplines=tried.helplines))
        except ConfigurationError as error:
            raise SeasonDoesNotFit(problem="; ".join(map(str, error.faults))) from error
        return tried.helplines != self.station.helplines

    # The change

    def _put_on_record(self, records: list[Record], listing: Listing) -> list[Row]:
        """The rows, the receipt, and what an office must forbid in its own name; all at once."""
        new: list[Row] = []
        ours = [row.event for row in self.journal.rows(kinds=SILENCES)]

        def told(unknown_here: Sequence[Record]) -> list[Event]:
            new[:] = [understand(record) for record in unknown_here]
            receipt = StickTaken(listing.node, *listing.head, len(new), listing.holds)
            return [receipt, *(() if listing.way is Way.TO else to_forbid(_forbidding(new), ours))]

        if records or listing.head > self.taken_before:
            self.journal.append_beside(records, told)
        return new

    def _put_files(self, stage: Path, missing: Sequence[Part]) -> None:
        for part in missing:
            name = PurePosixPath(part.name)
            target = self.station.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with (stage / name).open("rb") as source:  # the folder of the episodes may lie on another disk
                write_by(target, lambda out, source=source: shutil.copyfileobj(source, out, 1 << 20))  # type: ignore[misc]

    def _put_away(self, listing: Listing) -> None:
        """Seasons that the office does not send do not count any more; nobody's file is lost."""
        sent = {PurePosixPath(part.name).name for part in listing.files if part.name.startswith("schedules/")}
        for path in self.station.schedules.glob("[!.]*.toml"):
            if path.name not in sent:
                path.replace(path.with_name(path.name + ASIDE))


def _record(line: bytes, listing: Listing) -> Record:
    record = record_of(line)
    if record is None or record.node != listing.node or not isinstance(record.payload, str):
        raise Tampered(problem=NAME)
    return record


def _key(part: Part) -> bytes:
    return bytes.fromhex(part.key)


def _forbidding(rows: Sequence[Row]) -> Iterator[Event]:
    """A box's own rows lift nothing there, so they lift nothing here."""
    return (row.event for row in rows if isinstance(row.event, FORBIDDING))


def _values(helplines: Mapping[str, Mapping[str, Any]]) -> dict[str, Value | None]:
    """As keys of ``config.toml``; what says nothing goes.

    :raises Tampered: they are no helplines.
    """
    values: dict[str, Value | None] = {}
    for id_, said in helplines.items():
        if not is_id(id_) or not set(said) <= {*FIELDS}:
            raise Tampered(problem=NAME)
        for name, read in FIELDS.items():
            given = said.get(name)
            values[f"helplines.{id_}.{name}"] = read(given) if given else None
    return values


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise Tampered(problem=NAME) from error


def _as_it_is(value: Any) -> Value:
    if not isinstance(value, str | bool | list):
        raise Tampered(problem=NAME)
    return value


FIELDS: Mapping[str, Callable[[Any], Value]] = {
    **dict.fromkeys(("name", "number", "hours", "languages", "cost", "wrong"), _as_it_is),
    **dict.fromkeys(("valid_from", "valid_to", "verified_on"), _day),
}
"""Of a helpline in ``config.toml``, each with how it is read."""
