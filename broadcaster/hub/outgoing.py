"""A stick is written: rows first, then files, the list last. What lies on it already, whole, is not written again.

Pulled out at any moment, the list that lies there is the old one, with everything it speaks of, or the new one.
"""

import errno
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.hub.carried import Carried, carried, helplines_of, masters_here
from broadcaster.hub.fellows import fellows_of, served
from broadcaster.hub.keys import Card, Keys, keys_of
from broadcaster.hub.lease import lease_of
from broadcaster.hub.listing import NAME, ROWS, Listing, Part, Way, as_text, folder_of, path_of
from broadcaster.hub.pairing import leave, office_card
from broadcaster.hub.refusals import NotPaired, StickNotWritten
from broadcaster.hub.sealing import PIECE, checked, pieces_of, seal_into, sealed_size, unsealed
from broadcaster.hub.stick import opened, room_on, write_by, write_whole
from broadcaster.journal.append import Journal
from broadcaster.journal.copy import line_of
from broadcaster.journal.events import LeaseGiven
from broadcaster.journal.nodes import records_of, taken_through
from broadcaster.journal.payload import utc_text
from broadcaster.journal.row import Record
from broadcaster.locale import gettext as _
from broadcaster.locale.system import clause
from broadcaster.model import MarketId, Sha256
from broadcaster.schedule.season import read_seasons

Share = Callable[[float], None]
"""Told how much is done, 0 … 1."""
SPARE = 1 << 20
"""Bytes that stay free on a stick."""


@dataclass(frozen=True)
class Written:
    """What went onto a stick."""

    market: MarketId
    to_office: bool
    rows: int
    files: int
    """In all."""
    copied: int
    """Of them, those that were not on the stick yet."""
    bytes: int
    until: date | None = None
    """How long the box may play what it brings."""


@dataclass(frozen=True)
class Invited:
    """The market's box is not known yet: the office's card lies on the stick."""

    market: MarketId
    code: str


def write_for_box(
    station: Station,
    journal: Journal,
    stick: Path,
    market: MarketId,
    *,
    until: date | None = None,
    everything: bool = False,
    again: bool = False,
    share: Share = lambda _share: None,
) -> Written | Invited:
    """An office's stick for a market: its card where the box is not known, else all the box must know and have.

    :param market: one of the station's.
    :param everything: also what the box said that it has.
    :param again: its card alone: one of the two has new keys.
    :raises NoSeason, LeaseOutside: there is nothing to bring there, or not until then.
    :raises StickNotWritten: the stick would not take it; what was on it before is good still.
    """
    known = fellows_of(journal)
    keys, room = keys_of(station), room_on(stick)
    own, box = keys.card(journal.node), known.boxes.get(market)
    with told(stick):
        if box is None or again:
            leave(office_card(room, market), own)
            return Invited(market, own.code)
        today = journal.clock.now().utc.astimezone(station.timezone).date()
        last = lease_of(read_seasons(station), market, until, today)
        journal.append(LeaseGiven(box.node, last))
        what = carried(station, journal, market)
        holds = frozenset() if everything else known.holds(box.node)
        with suppress(OSError):
            office_card(room, market).unlink()
        writing = _Writing(folder_of(room, Way.TO, market), keys, box, share)
        load = _Load(what, holds, helplines_of(station))
        done = writing.write(journal, Way.TO, market, load, everything=everything)
    return replace(done, until=last)


def write_for_office(
    station: Station,
    journal: Journal,
    stick: Path,
    market: MarketId | None = None,
    *,
    everything: bool = False,
    share: Share = lambda _share: None,
) -> Written:
    """A box's stick for its office: its rows, and which masters it has. Raises as :func:`write_for_box` does.

    :raises NotPaired: it has no office.
    """
    known = fellows_of(journal)
    if known.office is None:
        raise NotPaired(name=_("an office"))
    market = market or served(station)[0]
    writing = _Writing(folder_of(room_on(stick), Way.FROM, market), keys_of(station), known.office, share)
    with told(stick):
        load = _Load(has=masters_here(station, journal))
        return writing.write(journal, Way.FROM, market, load, everything=everything)


@contextmanager
def told(stick: Path) -> Iterator[None]:
    """What a stick's failures are called."""
    try:
        if not stick.is_dir():
            raise FileNotFoundError(errno.ENOENT, "")
        yield
    except OSError as error:
        raise StickNotWritten(problem=clause(error)) from error


@dataclass(frozen=True)
class _Load:
    """What goes with the rows."""

    files: Iterable[Carried] = ()
    holds: frozenset[str] = frozenset()
    """Files that need not be copied: the other one has them."""
    helplines: dict[str, dict[str, object]] | None = None
    has: tuple[Sha256, ...] = ()


@dataclass
class _Writing:
    """One stick being written."""

    folder: Path
    keys: Keys
    to: Card
    share: Share

    def write(self, journal: Journal, way: Way, market: MarketId, load: "_Load", *, everything: bool) -> Written:
        """All of it, the list last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        after, records = _rows_for(journal, self.to.node, everything=everything)
        lines = [line_of(record) for record in records]
        rows = Part(ROWS, _hash_of(lines), sum(map(len, lines)), secrets.token_hex(16), secrets.token_hex(32))
        going = [(self._part(each, left_out=each.sha256 in load.holds), each.path) for each in load.files]
        missing = [(part, path) for part, path in going if part.key and not self._is_there(part)]
        self._check_room(rows, missing)
        total, done = rows.size + sum(part.size for part, _path in missing) or 1, 0

        def moved(size: int) -> None:
            nonlocal done
            done += size
            self.share(done / total)

        write_by(path_of(self.folder, rows), lambda file: seal_into(file, _joined(lines), _key(rows), moved))
        for part, path in missing:
            self._copy(part, path, moved)
        head = (records[-1].epoch, records[-1].seq) if records else after
        listing = Listing(
            way, market, journal.node, self.to.node, utc_text(journal.clock.now().utc), after, head, rows,
            tuple(part for part, _path in going), load.helplines, load.has,
        )  # fmt: skip
        write_whole(self.folder / NAME, self.keys.seal(as_text(listing), self.to))
        self._forget_others({rows.part, *(part.part for part, _path in going)})
        return Written(market, way is Way.FROM, len(records), len(going), len(missing), done)

    def _part(self, each: Carried, *, left_out: bool) -> Part:
        """Its name on the stick and its key are the same each time, so that it is found again."""
        secret = self.keys.box.encode()
        said = f"{self.to.node} {self.to.box_key} {each.sha256}".encode()
        key = hashlib.blake2b(said, key=secret, person=b"stick key", digest_size=32).hexdigest()
        name = hashlib.blake2b(said, key=secret, person=b"stick name", digest_size=16).hexdigest()
        return Part(each.name, each.sha256, each.size, name, "" if left_out else key)

    def _is_there(self, part: Part) -> bool:
        """Whether it lies on the stick already, whole."""
        try:
            with opened(path_of(self.folder, part), sealed_size(part.size)) as file:
                for _piece in checked(unsealed(file, _key(part), part.name), part.sha256, part.name):
                    pass
        except BroadcasterError:
            return False
        return True

    def _copy(self, part: Part, path: Path, moved: Callable[[int], None]) -> None:
        with path.open("rb") as source:
            pieces = checked(pieces_of(source), part.sha256, part.name)
            write_by(path_of(self.folder, part), lambda file: seal_into(file, pieces, _key(part), moved))

    def _check_room(self, rows: Part, missing: list[tuple[Part, Path]]) -> None:
        needed = sum(sealed_size(part.size) for part in (rows, *(part for part, _path in missing))) + SPARE
        if shutil.disk_usage(self.folder).free < needed:
            problem = _("{size} MB are needed on it").format(size=-(-needed // 1_000_000))
            raise StickNotWritten(problem=problem)

    def _forget_others(self, kept: set[str]) -> None:
        """What the new list does not speak of is not needed any more."""
        for path in self.folder.iterdir():
            if path.name != NAME and path.stem not in kept and path.is_file():
                with suppress(OSError):
                    path.unlink()


def _rows_for(journal: Journal, node: str, *, everything: bool) -> tuple[tuple[int, int], list[Record]]:
    """This station's own rows that the node does not say it has, all of one moment."""
    with journal.store.reading() as connection:
        after = (0, 0) if everything else taken_through(connection, by=node, of=journal.node)
        return after, records_of(connection, journal.node, after)


def _key(part: Part) -> bytes:
    return bytes.fromhex(part.key)


def _hash_of(lines: Iterable[bytes]) -> Sha256:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return Sha256(digest.hexdigest())


def _joined(lines: list[bytes]) -> Iterator[bytes]:
    """The lines in pieces of the size in which files are sealed."""
    held = b""
    for line in lines:
        held += line
        while len(held) >= PIECE:
            yield held[:PIECE]
            held = held[PIECE:]
    if held:
        yield held
