"""What a life did to its disk, read from the log of ``strace -y -xx``: one value for each call that succeeded. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Opened:
    descriptor: int
    path: str
    created: bool
    emptied: bool
    appending: bool


@dataclass(frozen=True)
class Closed:
    descriptor: int


@dataclass(frozen=True)
class Sought:
    descriptor: int
    offset: int


@dataclass(frozen=True)
class Written:
    """``offset`` ``None``: where the descriptor stands."""

    descriptor: int
    data: bytes
    offset: int | None = None


@dataclass(frozen=True)
class Sized:
    descriptor: int
    size: int


@dataclass(frozen=True)
class Synced:
    descriptor: int
    call: str
    path: str = ""


@dataclass(frozen=True)
class Renamed:
    old: str
    new: str


@dataclass(frozen=True)
class Removed:
    path: str


@dataclass(frozen=True)
class FolderMade:
    path: str


@dataclass(frozen=True)
class Said:
    """A line to the witness outside."""

    line: bytes


Call = Opened | Closed | Sought | Written | Sized | Synced | Renamed | Removed | FolderMade | Said

LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?(?:\(deleted\))?(?: .*)?$")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
DESCRIPTOR = re.compile(r"^(\d+)<(.*?)>(?:\(deleted\))?(?=,|$)")


class Unread(ValueError):
    """A line of the log that this reading does not know: what it did to the disk would be missing."""


def calls(log: Iterable[str], root: str) -> list[Call]:
    """What was done below ``root``, and what was said, in order.

    :raises Unread: a call that it does not know.
    """
    reading = _Reading(root)
    return [call for line in log for call in reading.of(line)]


class _Reading:
    """Knows which descriptors are of files below the root."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._ours: set[int] = set()

    def of(self, line: str) -> Iterator[Call]:
        if line.startswith(("---", "+++")) or "+++ killed by" in line or "+++ exited with" in line:
            return
        match = LINE.match(line.strip())
        if match is None:
            if line.rstrip().endswith("= ?") or not line.strip():  # it did not return: the process was ended in it
                return
            raise Unread(line)
        name, arguments, result = match[1], match[2], int(match[3])
        if result >= 0:
            yield from self._read(name, arguments, result, line)

    def _read(self, name: str, arguments: str, result: int, line: str) -> Iterator[Call]:
        texts = [bytes.fromhex(text[0].replace("\\x", "")) for text in TEXT.findall(arguments)]
        if any(cut for _text, cut in TEXT.findall(arguments)):
            raise Unread(line)
        match name:
            case "open" | "openat" | "creat":
                yield from self._opened(arguments, texts, result)
            case "rename" | "renameat" | "renameat2" | "unlink" | "unlinkat" | "rmdir" | "mkdir" | "mkdirat":
                yield from self._named(name, texts)
            case "lseek" | "write" | "pwrite64" | "ftruncate" | "fsync" | "fdatasync" | "close":
                yield from self._through(name, arguments, texts, result)
            case _ if self._concerns(arguments, texts):
                raise Unread(line)

    def _concerns(self, arguments: str, texts: list[bytes]) -> bool:
        descriptor = DESCRIPTOR.match(arguments)
        return (descriptor is not None and int(descriptor[1]) in self._ours) or any(map(self._below, texts))

    def _below(self, path: bytes) -> bool:
        return PurePosixPath(path.decode(errors="replace")).is_relative_to(self._root)

    def _opened(self, arguments: str, texts: list[bytes], result: int) -> Iterator[Call]:
        self._ours.discard(result)
        if not self._below(texts[0]):
            return
        self._ours.add(result)
        flags = arguments.rsplit('"', 1)[1]
        yield Opened(result, texts[0].decode(), "O_CREAT" in flags, "O_TRUNC" in flags, appending="O_APPEND" in flags)

    def _named(self, name: str, texts: list[bytes]) -> Iterator[Call]:
        if not any(map(self._below, texts)):
            return
        paths = [text.decode() for text in texts]
        if name.startswith("rename"):
            yield Renamed(*paths)
        elif name.startswith("mkdir"):
            yield FolderMade(*paths)
        else:
            yield Removed(*paths)

    def _through(self, name: str, arguments: str, texts: list[bytes], result: int) -> Iterator[Call]:
        through = DESCRIPTOR.match(arguments)
        if through is None:
            raise Unread(arguments)
        descriptor, path = int(through[1]), through[2]
        if descriptor not in self._ours:
            if name == "write" and _unescaped(path).startswith(b"pipe:") and texts[0].startswith(b'{"moment"'):
                yield Said(texts[0])
            return
        match name:
            case "close":
                self._ours.discard(descriptor)
                yield Closed(descriptor)
            case "lseek":
                yield Sought(descriptor, result)
            case "write":
                yield Written(descriptor, texts[0][:result])
            case "pwrite64":
                yield Written(descriptor, texts[0][:result], int(arguments.rsplit(", ", 1)[1]))
            case "ftruncate":
                yield Sized(descriptor, int(arguments.rsplit(", ", 1)[1]))
            case _:
                yield Synced(descriptor, name, _unescaped(path).decode())


def _unescaped(path: str) -> bytes:
    return bytes.fromhex(path.replace("\\x", "")) if path.startswith("\\x") else path.encode()
