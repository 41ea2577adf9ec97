"""An episode as it lies on disk: ``episodes/NNN/episode.toml`` and the audio beside it.

The file describes; it decides nothing. What may air is decided by rows of the journal, bound to the master's SHA-256, so
that no editor can approve anything.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT
from tomlkit.items import Table as TomlTable

from broadcaster.config import Station
from broadcaster.config.document import read_document
from broadcaster.config.schema import Reading
from broadcaster.errors import ConfigurationError, Fault
from broadcaster.library.episode_keys import KEYS
from broadcaster.locale import gettext as _
from broadcaster.model import EpisodeNumber, Finding, Measure, Seconds, Severity, Sha256
from broadcaster.store.marker import sync_folder

FILE = "episode.toml"
_FOLDER = re.compile(r"[0-9]{3}")


@dataclass(frozen=True)
class AudioFile:
    """One audio file of an episode."""

    path: str
    """Relative to the episode's folder."""
    sha256: Sha256
    measure: Measure


@dataclass(frozen=True)
class Revision:
    """One admitted recording of an episode."""

    revision: int
    defenders: tuple[str, ...]
    consents: tuple[str, ...]
    helplines: tuple[str, ...]
    original: AudioFile
    master: AudioFile
    findings: tuple[Finding, ...]
    added_utc: datetime


@dataclass(frozen=True)
class EpisodeFile:
    """What an ``episode.toml`` says. ``revisions`` is empty until a recording has been admitted."""

    number: EpisodeNumber
    title: str
    sample: bool
    revisions: tuple[Revision, ...] = ()

    @property
    def newest(self) -> Revision | None:
        """The highest revision, which governs."""
        return max(self.revisions, key=lambda revision: revision.revision, default=None)


def folder_of(station: Station, number: int) -> Path:
    """The episode's folder, three digits, whether or not it exists."""
    return station.episodes / f"{number:03d}"


def numbers(station: Station) -> tuple[EpisodeNumber, ...]:
    """The numbers of the episodes whose folder holds an ``episode.toml``, in order."""
    if not station.episodes.is_dir():
        return ()
    return tuple(
        EpisodeNumber(int(folder.name))
        for folder in sorted(station.episodes.iterdir())
        if _FOLDER.fullmatch(folder.name) and (folder / FILE).is_file()
    )


def read_episode(station: Station, number: int) -> EpisodeFile | None:
    """What lies on disk for an episode; ``None`` when nothing does.

    :raises ConfigurationError: its ``episode.toml`` is wrong, with every fault.
    """
    path = folder_of(station, number) / FILE
    if not path.is_file():
        return None
    name = f"{station.episodes.name}/{path.parent.name}/{FILE}"
    reading = Reading(name)
    values = reading.table(read_document(path, name), KEYS, "")
    if reading.faults:
        raise ConfigurationError(reading.in_order())
    if values["number"] != number:
        expected = _("expected {number}, the number of its folder").format(number=number)
        raise ConfigurationError([Fault(name, "number", expected)])
    return _episode(values)


def read_all(station: Station) -> dict[EpisodeNumber, EpisodeFile]:
    """Every episode on disk, by number.

    :raises ConfigurationError: one or more ``episode.toml`` are wrong, with every fault of all of them.
    """
    found: dict[EpisodeNumber, EpisodeFile] = {}
    faults: list[Fault] = []
    for number in numbers(station):
        try:
            episode = read_episode(station, number)
        except ConfigurationError as error:
            faults += error.faults
        else:
            if episode is not None:
                found[number] = episode
    if faults:
        raise ConfigurationError(faults)
    return found


def write_episode_toml(folder: Path, episode: EpisodeFile) -> None:
    """Write ``folder/episode.toml`` so that after a power cut the old or the new one is there, whole.

    A person's comments at the top of an existing file are kept.
    """
    path = folder / FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.is_file() else tomlkit.document()
    document["number"] = int(episode.number)
    document["title"] = episode.title
    document["sample"] = episode.sample
    document.pop("revisions", None)
    if episode.revisions:
        document["revisions"] = _revisions(episode)
    _replace(path, tomlkit.dumps(document))


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def _revisions(episode: EpisodeFile) -> AoT:
    listed = tomlkit.aot()
    for revision in sorted(episode.revisions, key=lambda each: each.revision):
        table = _table(
            revision=revision.revision,
            added_utc=revision.added_utc,
            defenders=list(revision.defenders),
            consents=list(revision.consents),
            helplines=list(revision.helplines),
        )
        table["original"] = _audio(revision.original)
        table["master"] = _audio(revision.master)
        if revision.findings:
            table["findings"] = tomlkit.aot()
            for finding in revision.findings:
                table["findings"].append(
                    _table(code=finding.code, severity=finding.severity.value, at_s=finding.at_s, text=finding.text)
                )
        listed.append(table)
    return listed


def _audio(audio: AudioFile) -> TomlTable:
    return _table(path=audio.path, sha256=str(audio.sha256), **dict(_measured(audio.measure)))


def _measured(measure: Measure) -> Iterator[tuple[str, Any]]:
    for field in fields(measure):
        yield field.name, getattr(measure, field.name)


def _table(**values: Any) -> TomlTable:
    table = tomlkit.table()
    for name, value in values.items():
        if value is not None:  # TOML has no word for it: what is undefined is left out
            table[name] = value
    return table


def _episode(values: dict[str, Any]) -> EpisodeFile:
    return EpisodeFile(
        number=EpisodeNumber(values["number"]),
        title=values["title"],
        sample=values["sample"],
        revisions=tuple(_revision(each) for each in values["revisions"]),
    )


def _revision(values: dict[str, Any]) -> Revision:
    only = values.pop("consent").strip()  # of a file from before an episode could name several
    values["consents"] = values["consents"] or ((only,) if only else ())
    return Revision(
        **{
            **values,
            "original": _audio_file(values["original"]),
            "master": _audio_file(values["master"]),
            "findings": tuple(_finding(each) for each in values["findings"]),
        }
    )


def _audio_file(values: dict[str, Any]) -> AudioFile:
    measure = {field.name: values[field.name] for field in fields(Measure)}
    return AudioFile(values["path"], Sha256(values["sha256"]), Measure(**measure))


def _finding(values: dict[str, Any]) -> Finding:
    at_s = values["at_s"]
    return Finding(
        values["code"], Severity(values["severity"]), None if at_s is None else Seconds(at_s), values["text"]
    )
