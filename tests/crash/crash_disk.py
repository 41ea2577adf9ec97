"""What a power cut leaves of a disk: a model of files and names that were written but not made to last. Pure.

What was synced is there. Of what was not, anything may be there: nothing, all, the beginning, a write torn in the
middle, the last without the first, any sectors, a file grown over data that never came. A name (of a new file, of one
renamed or removed) lasts from the sync of its folder on; a sync of the file itself is not relied on for that.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from crash_trace import Call, Closed, FolderMade, Opened, Removed, Renamed, Said, Sized, Sought, Synced, Written

SECTOR = 512
PAGE = 4096

Snapshot = dict[str, bytes | None]
"""Path → content; ``None``: a folder. The shortest path is the root."""


@dataclass(frozen=True)
class Change:
    """One write that was not synced; without data a change of size."""

    offset: int
    data: bytes | None

    def on(self, content: bytearray) -> None:
        if self.data is None:
            del content[self.offset :]
            _grow(content, self.offset)
        else:
            _grow(content, self.offset)
            content[self.offset : self.offset + len(self.data)] = self.data

    @property
    def end(self) -> int:
        return self.offset + len(self.data or b"")

    def torn_at(self, unit: int) -> "Change":
        """Only the part before the last boundary of ``unit`` within it reached the disk."""
        if self.data is None:
            return self
        kept = max(0, (self.end - 1) // unit * unit - self.offset)
        return Change(self.offset, self.data[:kept])

    def sectors(self) -> Iterator["Change"]:
        """Sector by sector of the file."""
        if self.data is None:
            yield self
            return
        start = self.offset
        while start < self.end:
            stop = min((start // SECTOR + 1) * SECTOR, self.end)
            yield Change(start, self.data[start - self.offset : stop - self.offset])
            start = stop


def _grow(content: bytearray, size: int) -> None:
    content.extend(bytes(max(0, size - len(content))))


@dataclass
class Node:
    """A file, or a folder, whatever its names are."""

    folder: bool = False
    now: bytearray = field(default_factory=bytearray)
    lasting: bytes = b""
    changes: list[Change] = field(default_factory=list)
    """Since its last sync."""

    def change(self, change: Change) -> None:
        change.on(self.now)
        self.changes.append(change)

    def sync(self) -> None:
        self.lasting = bytes(self.now)
        self.changes.clear()

    def with_changes(self, changes: list[Change]) -> bytes:
        content = bytearray(self.lasting)
        for change in changes:
            change.on(content)
        return bytes(content)


class Disk:
    """Follows the calls of one or more lives from a state that lasts."""

    def __init__(self, found: Snapshot) -> None:
        self.names: dict[str, Node] = {}
        for path, content in found.items():
            self.names[path] = Node(content is None, bytearray(content or b""), content or b"")
        self.lasting_names = dict(self.names)
        self._open: dict[int, tuple[Node, str]] = {}
        self._at: dict[int, int | None] = {}

    def born_again(self) -> None:
        """The process is gone, the system is not: what it wrote is still on its way."""
        self._open.clear()

    def follow(self, trace: Iterable[Call]) -> None:
        """Do what the process did."""
        for call in trace:
            self._do(call)

    def _do(self, call: Call) -> None:
        match call:
            case Opened():
                self._opened(call)
            case Closed(descriptor):
                self._open.pop(descriptor, None)
            case Sought(descriptor, offset):
                if self._at.get(descriptor) is not None:  # what is appended goes to the end
                    self._at[descriptor] = offset
            case Written():
                self._written(call)
            case Sized(descriptor, size):
                self._open[descriptor][0].change(Change(size, None))
            case Synced(descriptor):
                self._synced(*self._open[descriptor])
            case Renamed(old, new):
                self.names[new] = self.names.pop(old)
            case Removed(path):
                del self.names[path]
            case FolderMade(path):
                self.names[path] = Node(folder=True)
            case Said():
                pass

    def _opened(self, call: Opened) -> None:
        if call.created and call.path not in self.names:
            self.names[call.path] = Node()
        node = self.names[call.path]
        if call.emptied and node.now:
            node.change(Change(0, None))
        self._open[call.descriptor] = node, call.path
        self._at[call.descriptor] = None if call.appending else 0

    def _written(self, call: Written) -> None:
        node, _path = self._open[call.descriptor]
        if call.offset is not None:
            node.change(Change(call.offset, call.data))
            return
        stands = self._at[call.descriptor]
        offset = len(node.now) if stands is None else stands
        node.change(Change(offset, call.data))
        if stands is not None:
            self._at[call.descriptor] = offset + len(call.data)

    def _synced(self, node: Node, path: str) -> None:
        if not node.folder:
            node.sync()
            return
        for names in (self.lasting_names, self.names):
            for name in [name for name in names if str(PurePosixPath(name).parent) == path]:
                if name in self.names:
                    self.lasting_names[name] = self.names[name]
                else:
                    del self.lasting_names[name]

    # What is left

    def there(self) -> Snapshot:
        """As a process sees it now: what is left when only the process dies."""
        return {path: None if node.folder else bytes(node.now) for path, node in self.names.items()}

    def left(self, leave: "Leave") -> Snapshot:
        """What a power cut leaves now."""
        names = self.names if leave.names else _reachable(self.lasting_names)
        chance = random.Random(leave.seed)
        return {
            path: None if node.folder else node.with_changes(leave.changes(node.changes, chance))
            for path, node in sorted(names.items())
        }


def _reachable(names: Mapping[str, Node]) -> dict[str, Node]:
    """The names whose folders' names last, too, up to the root, which is the shortest."""
    root = min(names, key=len)
    return {
        path: node
        for path, node in names.items()
        if all(str(folder) in names for folder in PurePosixPath(path).parents if folder.is_relative_to(root))
    }


# What of the unsynced is there

Chooser = Callable[[list[Change], random.Random], list[Change]]


@dataclass(frozen=True)
class Leave:
    """One way in which unsynced writes get lost."""

    name: str
    changes: Chooser
    names: bool
    """Whether names last without a sync of their folder."""
    seed: int = 0


def _nothing(_changes: list[Change], _chance: random.Random) -> list[Change]:
    return []


def _everything(changes: list[Change], _chance: random.Random) -> list[Change]:
    return changes


def _first_half(changes: list[Change], _chance: random.Random) -> list[Change]:
    return changes[: (len(changes) + 1) // 2]


def _only_last(changes: list[Change], _chance: random.Random) -> list[Change]:
    return changes[-1:]


def _torn(unit: int) -> Chooser:
    return lambda changes, _chance: [*changes[:-1], *(change.torn_at(unit) for change in changes[-1:])]


def _grown(changes: list[Change], _chance: random.Random) -> list[Change]:
    """The file has its new size, the data never came."""
    return [Change(change.end, b"") for change in changes if change.data is not None]


def _some_sectors(changes: list[Change], chance: random.Random) -> list[Change]:
    return [sector for change in changes for sector in change.sectors() if chance.random() < 0.5]


NOTHING = Leave("nothing", _nothing, names=False)
EVERYTHING = Leave("everything", _everything, names=True)
SECTORS = Leave("some sectors", _some_sectors, names=True, seed=1)
LEAVES = (
    NOTHING,
    Leave("names only", _nothing, names=True),
    Leave("no names", _everything, names=False),
    EVERYTHING,
    Leave("the first half", _first_half, names=True),
    Leave("only the last write", _only_last, names=True),
    Leave("torn at 512", _torn(SECTOR), names=True),
    Leave("torn at 4096", _torn(PAGE), names=True),
    Leave("size without data", _grown, names=True),
    SECTORS,
    Leave("other sectors", _some_sectors, names=True, seed=2),
    Leave("some sectors, no names", _some_sectors, names=False, seed=3),
)
