"""The files a rundown names, looked for on the disk: each an ordinary file in the one place where it may lie, or a fault.

A name leads nowhere else: no link is followed, so that a rundown from a stick can only bring in what came with it.
"""

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from broadcaster.config import Station
from broadcaster.config.kinds import nfc
from broadcaster.config.schema import near
from broadcaster.errors import Fault
from broadcaster.library import parts
from broadcaster.library.decisions import Decisions
from broadcaster.library.parts_decided import PartsDecided
from broadcaster.locale import gettext as _
from broadcaster.model import EpisodeNumber, Sha256
from broadcaster.production.rundown.reading import Bed, Item, Rundown, RundownFaults, Source

CHIME = "chime"
"""Name of the program's own chime where a station's chime or ident is named."""
_OURS = re.compile(r"(original|master|waveform)\..*|(new-)?episode\.toml|rundown\.toml|r[0-9]+|sample", re.IGNORECASE)
"""Names that the program gives in an episode's folder."""


@dataclass(frozen=True)
class Found:
    """Where a source lies; a shared part's file is known by its hash."""

    path: Path | None
    """``None``: the program's own chime, which lies nowhere."""
    sha256: Sha256 | None = None
    """What it must be; ``None`` where whatever lies there is meant."""


def find_sources(station: Station, rundown: Rundown, decided: PartsDecided) -> Mapping[Source, Found]:
    """Each source of the rundown and its file. Raises :class:`RundownFaults` with everything that is not as it should be."""
    found: dict[Source, Found] = {}
    faults: list[Fault] = []
    for used in _in_order(rundown):
        if used.source not in found:
            answer = _find(station, rundown, used.source, decided)
            if isinstance(answer, Found):
                found[used.source] = answer
            else:
                faults.append(Fault(rundown.file, key_of(used), answer))
    if faults:
        raise RundownFaults(faults)
    return found


def _in_order(rundown: Rundown) -> Iterator[Item | Bed]:
    """As in the file, the station's own opening first."""
    used: list[Item | Bed] = [*rundown.items, *rundown.beds]
    yield from sorted(used, key=lambda each: _place(each.key))


def _place(key: str) -> int:
    number = re.search(r"[0-9]+", key)
    return int(number[0]) if number else 0


def key_of(used: Item | Bed) -> str:
    """The key that names a source."""
    if not used.key.startswith("parts"):
        return used.key
    return f"{used.key}.{'part' if used.source.shared else 'file'}"


def _find(station: Station, rundown: Rundown, source: Source, decided: PartsDecided) -> Found | str:
    """The source, or what is wrong with it."""
    if source.file:
        return _beside(rundown.folder, source.file)
    if source.shared == CHIME and CHIME not in decided.current:
        return Found(None)
    return _shared(station, source.shared, decided)


def _beside(folder: Path, name: str) -> Found | str:
    if _OURS.fullmatch(Path(name).parts[0]):
        return _("{name} is a name that the program gives to its own files; rename the file").format(name=name)
    path = _as_spelt(folder, name)
    try:
        mode = path.lstat().st_mode
        inside = path.parent.resolve() == folder.resolve().joinpath(*Path(name).parts[:-1])
    except (FileNotFoundError, NotADirectoryError):
        guess = near(name, (each.name for each in folder.iterdir()))
        missing = _("there is no {name} beside the rundown").format(name=name)
        return _("{problem}; did you mean {guess}?").format(problem=missing, guess=guess) if guess else missing
    except OSError:
        return _("{name} cannot be read; check the disk or copy it again").format(name=name)
    if not stat.S_ISREG(mode) or not inside:
        return _("{name} is not an ordinary file beside the rundown; copy the recording itself there").format(name=name)
    return Found(path)


def _as_spelt(folder: Path, name: str) -> Path:
    """The file of that name, also where the disk spells its accents in two pieces."""
    path = folder / name
    if not path.parent.is_dir() or path.exists():
        return path
    return next((each for each in path.parent.iterdir() if nfc(each.name) == path.name), path)


def _shared(station: Station, part: str, decided: PartsDecided) -> Found | str:
    known = decided.current.get(part)
    if known is None:
        guess = near(part, decided.current)
        missing = _("there is no shared part {part}; see `broadcaster part list`").format(part=part)
        return _("{problem}; did you mean {guess}?").format(problem=missing, guess=guess) if guess else missing
    if known.sha256 in decided.wrong:
        return _replace(_("the shared part {part} is marked as wrong").format(part=part), part)
    path = parts.file_of(station, part, known.sha256)
    if path is None:
        return _replace(_("the recording of the shared part {part} is gone").format(part=part), part)
    return Found(path, known.sha256)


def _replace(problem: str, part: str) -> str:
    return _("{problem}; bring another with `broadcaster part replace {part} FILE --as CODE`").format(
        problem=problem, part=part
    )


def refuse_withdrawn(rundown: Rundown, decisions: Decisions, hashes: Mapping[Source, Sha256]) -> None:
    """Return unless a source was part of audio whose consent was taken back. Raises :class:`RundownFaults`."""
    faults = []
    for used in _in_order(rundown):
        number = _withdrawn_with(decisions, hashes[used.source])
        if number is not None:
            problem = _("was part of episode {number}, which was withdrawn; take it out and delete your copies of it")
            faults.append(Fault(rundown.file, key_of(used), problem.format(number=number)))
    if faults:
        raise RundownFaults(faults)


def _withdrawn_with(decisions: Decisions, sha256: Sha256) -> EpisodeNumber | None:
    for (number, revision), admitted in decisions.admitted.items():
        audio = {admitted.original_sha256, admitted.master_sha256} | decisions.parts.own_files(admitted)
        if revision <= decisions.withdrawn.get(number, 0) and sha256 in audio:
            return number
    return None
