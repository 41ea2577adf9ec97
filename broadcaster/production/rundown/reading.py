"""``rundown.toml`` → :class:`Rundown`: every fault of its form at once. The files it names are not looked at here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from broadcaster.config.document import read_document
from broadcaster.config.schema import Reading
from broadcaster.errors import ConfigurationError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, PartRole, Seconds
from broadcaster.production.rundown.keys import KEYS, NOT_OF_A_BED, OF_A_BED

EDGE_S = Seconds(0.008)
"""Every cut is softened by this much, so that none clicks."""
PAUSE_S = Seconds(0.4)
BED = {"fade_in_s": 1.0, "fade_out_s": 2.0, "level_lu": -8.0, "duck_db": 12.0, "attack_s": 0.3, "release_s": 1.0}
"""What holds for a bed where its key is absent. Under a voice it is 20 dB softer than the voice, as WCAG 2.2 asks of
background sounds (success criterion 1.4.7)."""


class RundownFaults(ConfigurationError):
    """A rundown cannot be built as it is written. ``faults`` holds everything that is wrong, in the order of the file."""

    exit_code = 65
    sentence = N_("The rundown cannot be built, so nothing was changed; correct these and try again:\n{faults}")


@dataclass(frozen=True)
class Source:
    """Where a part's sound comes from: one of the two."""

    file: str = ""
    """A file beside the rundown."""
    shared: str = ""
    """Id of a shared part."""

    @property
    def name(self) -> str:
        return self.shared or self.file


@dataclass(frozen=True)
class Item:
    """One part that takes its place in time."""

    key: str
    """Where it stands in the file: ``parts[2]``; of the station's own opening ``rundown.chime``."""
    role: PartRole
    source: Source
    from_s: Seconds = Seconds(0.0)
    to_s: Seconds | None = None
    gain_db: float = 0.0
    fade_in_s: Seconds = EDGE_S
    fade_out_s: Seconds = EDGE_S
    crossfade_s: Seconds = Seconds(0.0)
    pause_after_s: Seconds = PAUSE_S


@dataclass(frozen=True)
class Bed:
    """Music that lies under the parts ``first`` to ``last``, counted from 0 among the items."""

    key: str
    source: Source
    first: int
    last: int
    from_s: Seconds
    to_s: Seconds | None
    fade_in_s: Seconds
    fade_out_s: Seconds
    level_lu: float
    duck_db: float
    attack_s: Seconds
    release_s: Seconds


@dataclass(frozen=True)
class Rundown:
    """What the file says, complete and without contradiction."""

    file: str
    """As faults call it."""
    folder: Path
    number: EpisodeNumber
    title: str
    defenders: tuple[str, ...]
    consents: tuple[str, ...]
    helplines: tuple[str, ...]
    sample: bool
    opening: bool
    items: tuple[Item, ...]
    beds: tuple[Bed, ...]

    def opened_by(self, opening: Sequence[Item]) -> "Rundown":
        """The same with these parts before its own."""
        beds = (replace(bed, first=bed.first + len(opening), last=bed.last + len(opening)) for bed in self.beds)
        return replace(self, items=(*opening, *self.items), beds=tuple(beds))


def read_rundown(path: Path, name: str) -> Rundown:
    """The rundown at ``path``; faults call it ``name``. Raises :class:`RundownFaults`."""
    reading = Reading(name)
    try:
        values = reading.table(read_document(path, name), KEYS, "")
    except ConfigurationError as error:
        raise RundownFaults(error.faults) from None
    for key, problem in contradictions(values["parts"]):
        reading.fault(key, problem)
    if reading.faults:
        raise RundownFaults(reading.in_order())
    items, beds = _laid_out(values.pop("parts"))
    return Rundown(name, path.parent, **values, items=items, beds=beds)


# What the keys, each good by itself, cannot say together (pure)


def contradictions(parts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each fault of the list of parts as its key and what is wrong. A key with a fault of its own is not here."""
    sounding = [at for at, part in enumerate(parts, start=1) if part.get("role") != PartRole.BED]
    if not sounding:
        yield "parts", _("is missing; expected at least one table [[parts]] that is no bed")
    for at, part in enumerate(parts, start=1):
        for key, problem in (*_source(part), *_trim(part), *_of_its_role(part)):
            yield f"parts[{at}].{key}", problem
    yield from _fades(parts, sounding)
    if sounding and parts[sounding[-1] - 1].get("crossfade_s"):
        yield f"parts[{sounding[-1]}].crossfade_s", _("there is no part after this one to overlap with; remove it")
    yield from _beds(parts)


def _fades(parts: Sequence[Mapping[str, Any]], sounding: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Where parts overlap, the overlap is the fade of both."""
    for at, after in pairwise(sounding):
        if parts[at - 1].get("crossfade_s"):
            for position, key in ((at, "fade_out_s"), (after, "fade_in_s")):
                if parts[position - 1].get(key):
                    yield f"parts[{position}].{key}", _("means nothing beside crossfade_s; remove it")


def _source(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    file, shared = part.get("file", "wrong"), part.get("part", "wrong")
    if file is None and shared is None:
        yield "file", _("is missing; a part has a file, or the id of a shared part")
    elif "wrong" not in {file, shared} and file and shared:
        yield "part", _("a part has a file or a shared part, not both; remove one")


def _trim(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    begins, ends = part.get("from_s"), part.get("to_s")
    if begins is not None and ends is not None and ends <= begins:
        yield "to_s", _("{ends} is not after from_s, {begins}; correct either").format(ends=ends, begins=begins)
    if part.get("crossfade_s") and part.get("pause_after_s"):
        yield "pause_after_s", _("a part overlaps with the next or is followed by a pause, not both; remove one")


def _of_its_role(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "role" not in part:
        return
    bed = part["role"] == PartRole.BED
    for key in NOT_OF_A_BED if bed else OF_A_BED:
        if part.get(key) is not None:
            yield key, _("means nothing for a bed; remove it") if bed else _("is only for a bed; remove it")


def _beds(parts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    covered = 0
    for at, part in enumerate(parts, start=1):
        if part.get("role") != PartRole.BED:
            continue
        first = _sounding(parts[: at - 1])
        after, wanted = _sounding(parts[at:]), part.get("under")
        if not after:
            yield f"parts[{at}].role", _("no part follows this bed; put it before the first part that it lies under")
        elif wanted and wanted > after:
            yield f"parts[{at}].under", _("only {n} parts follow; correct it").format(n=after)
        elif first < covered:
            yield f"parts[{at}].role", _("another bed lies under these parts already; shorten that one with under")
        covered = first + (wanted or _until_the_next_bed(parts[at:]))


def _sounding(parts: Sequence[Mapping[str, Any]]) -> int:
    return sum(part.get("role") != PartRole.BED for part in parts)


def _until_the_next_bed(parts: Sequence[Mapping[str, Any]]) -> int:
    return next((at for at, part in enumerate(parts) if part.get("role") == PartRole.BED), len(parts))


# The values with what holds where a key is absent


def _laid_out(parts: Sequence[Mapping[str, Any]]) -> tuple[tuple[Item, ...], tuple[Bed, ...]]:
    items: list[Item] = []
    beds: list[Bed] = []
    for at, part in zip(count(1), parts, strict=False):
        if part["role"] == PartRole.BED:
            beds.append(_bed(f"parts[{at}]", part, len(items), part["under"] or _until_the_next_bed(parts[at:])))
        else:
            items.append(_item(f"parts[{at}]", part))
    if parts and items:
        items[-1] = replace(items[-1], pause_after_s=_last_pause(parts))
    return tuple(items), tuple(beds)


def _last_pause(parts: Sequence[Mapping[str, Any]]) -> Seconds:
    last = [part for part in parts if part["role"] != PartRole.BED][-1]
    return Seconds(last["pause_after_s"] or 0.0)


def _item(key: str, part: Mapping[str, Any]) -> Item:
    crossfade = part["crossfade_s"] or 0.0
    pause = part["pause_after_s"]
    return Item(
        key=key,
        role=PartRole(part["role"]),
        source=_source_of(part),
        from_s=part["from_s"],
        to_s=part["to_s"],
        gain_db=part["gain_db"] or 0.0,
        fade_in_s=Seconds(max(part["fade_in_s"] or 0.0, EDGE_S)),
        fade_out_s=Seconds(max(part["fade_out_s"] or 0.0, EDGE_S)),
        crossfade_s=Seconds(crossfade),
        pause_after_s=Seconds(0.0 if crossfade else PAUSE_S if pause is None else pause),
    )


def _bed(key: str, part: Mapping[str, Any], first: int, under: int) -> Bed:
    given: dict[str, Any] = {name: BED[name] if part[name] is None else part[name] for name in BED}
    return Bed(
        key=key,
        source=_source_of(part),
        first=first,
        last=first + under - 1,
        from_s=part["from_s"],
        to_s=part["to_s"],
        **given,
    )


def _source_of(part: Mapping[str, Any]) -> Source:
    return Source(file=part["file"] or "", shared=part["part"] or "")
