"""What opens every episode of a station: its chime and its ident, as its configuration names them.

They are built into the recording as its first parts. So they are mastered with it, heard by whoever approves it, and what
plays is, byte for byte, what was approved; the first thing that sounds, on the minute, is the chime.
"""

from collections.abc import Iterator
from pathlib import Path

from broadcaster.config import Station
from broadcaster.model import PartRole
from broadcaster.production.rundown.reading import Item, Rundown, Source


def opening_of(station: Station, rundown: Rundown) -> tuple[Item, ...]:
    """The parts to put before the rundown's own: none that it has itself, none where it says so (pure)."""
    if not rundown.opening:
        return ()
    own = {item.role for item in rundown.items}
    return tuple(item for item in _wanted(station) if item.role not in own)


def _wanted(station: Station) -> Iterator[Item]:
    for role, key in ((PartRole.CHIME, "chime"), (PartRole.IDENT, "ident")):
        named = getattr(station.rundown, key)
        if named:
            yield Item(key=f"config.toml: rundown.{key}", role=role, source=Source(shared=named))


def chime_file(folder: Path) -> Path:
    """The program's own chime, as a file in ``folder``."""
    from broadcaster.production.samples import chime  # noqa: PLC0415  only few rundowns ask for it

    target = folder / "chime.wav"
    chime().export(target, format="wav").close()
    return target
