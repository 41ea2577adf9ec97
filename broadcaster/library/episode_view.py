"""An episode as it is shown: one value for programs and for people, and what still keeps it off the air."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from broadcaster.config import Station
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.library.approvals import hands_of, urgent_until
from broadcaster.library.catalogue import intact, rules_of, statuses
from broadcaster.library.consents import refs_of
from broadcaster.library.decisions import DECISIONS, Decisions, Rules, decide
from broadcaster.library.gates import objections
from broadcaster.library.refusals import NothingAdmitted
from broadcaster.library.shelf import AudioFile, EpisodeFile, folder_of, read_all, read_episode
from broadcaster.model import EpisodeNumber, EpisodeStatus, Reason
from broadcaster.reasons import sentence


def see_all(station: Station, now: datetime, only: EpisodeNumber | None = None) -> Iterator[dict[str, Any]]:
    """The episodes on disk or on record. Reads only, and makes no record where there is none."""
    rows: list[Row] = read(station.database, kinds=DECISIONS)
    today, decisions = now.astimezone(station.timezone).date(), decide(rows)
    rules = rules_of(station, today, samples_may_air=False, now=now)
    on_disk = {only: read_episode(station, only)} if only is not None else dict(read_all(station))
    asked = None if only is None else {only}
    for number, status in statuses(station, rows, today, samples_may_air=False, now=now, only=asked).items():
        yield view(station, status, on_disk.get(number), decisions, rules)


def see(station: Station, now: datetime, number: EpisodeNumber) -> dict[str, Any]:
    """One episode. Raises :class:`~broadcaster.library.refusals.NothingAdmitted`."""
    seen = next(see_all(station, now, number), None)
    if seen is None:
        raise NothingAdmitted(number=number)
    return seen


def view(
    station: Station, status: EpisodeStatus, episode: EpisodeFile | None, decisions: Decisions, rules: Rules
) -> dict[str, Any]:
    """``{episode, revision, title, state, defenders, original, master, findings}`` and what else may be asked.

    ``urgent_until``: when the one urgent approval that carries it alone lapses. ``original`` and ``master`` are
    ``{sha256, path, …measure}``, ``path`` absolute; ``None`` until something is admitted.
    """
    newest = episode.newest if episode else None
    admitted = decisions.newest(status.number)
    until = urgent_until(admitted, decisions, rules) if admitted else None
    return {
        "episode": status.number,
        "revision": status.revision,
        "title": episode.title if episode else None,
        "state": status.state,
        "sample": bool(episode and episode.sample),
        "defenders": newest.defenders if newest else (),
        "consents": refs_of(admitted, decisions) if admitted else (),
        "helplines": newest.helplines if newest else (),
        "duration_s": status.duration_s,
        "original": _audio(station, status.number, newest.original) if newest else None,
        "master": _audio(station, status.number, newest.master) if newest else None,
        "findings": newest.findings if newest else (),
        "approvals": sorted(hands_of(admitted, decisions)) if admitted else (),
        "flags": status.flags,
        "urgent_until": until.astimezone(station.timezone) if until else None,
        "missing": tuple(missing(station, status.number, decisions, rules)),
    }


def _audio(station: Station, number: EpisodeNumber, audio: AudioFile) -> dict[str, Any]:
    measured = {field.name: getattr(audio.measure, field.name) for field in fields(audio.measure)}
    return {"sha256": audio.sha256, "path": folder_of(station, number) / audio.path, **measured}


def missing(station: Station, number: EpisodeNumber, decisions: Decisions, rules: Rules) -> Iterator[str]:
    """A sentence for each thing that keeps the episode off the air, the gravest first; none when it may air."""
    for objection in objections(number, decisions, rules):
        yield objection.sentence
    admitted = decisions.newest(number)
    if admitted is not None and not decisions.is_withdrawn(number) and not intact(station, admitted):
        yield sentence(Reason.BAD_FILE)
