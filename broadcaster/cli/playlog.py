"""The play log as it is shown: chosen, in local time, as JSON or as a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from broadcaster.cli.show import COLOURS, fitted, table
from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.events import make_good_of
from broadcaster.journal.fold import PlayRecord
from broadcaster.journal.playlog import Wanted
from broadcaster.journal.sequel import Sequel
from broadcaster.library.hearings import word as there
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.locale import mark as N_
from broadcaster.model import (
    AiringId,
    Cause,
    ClockTrust,
    Deaf,
    EpisodeNumber,
    Evidence,
    HeardAs,
    Hearing,
    MarketId,
    Milliseconds,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
    Source,
)
from broadcaster.reasons import cause, heard, proof, sentence, source, word
from broadcaster.store.engine import url_of

LATEST = "latest"
ALWAYS = 8
"""Columns of the table that are there also when they are empty."""


class NoRehearsal(BadInput):
    """No rehearsal of that name left a record."""

    sentence = N_("There is no rehearsal {name} here. Make one with `broadcaster rehearse`, or name one of: {names}.")


class NoRehearsals(BadInput):
    """Nothing was ever rehearsed here."""

    sentence = N_("There is no rehearsal in {folder} yet. Make one with `broadcaster rehearse`.")


@dataclass(frozen=True)
class MakeGoodLine:
    """One make-good of an airing; it has a line of its own once it has ended."""

    airing: AiringId
    due: datetime
    outcome: Outcome | None


@dataclass(frozen=True)
class ConfirmedLine:
    """What somebody who was there said."""

    heard: HeardAs
    by: str
    at: datetime
    """When she said so."""
    sheet: str | None


@dataclass(frozen=True)
class DeclaredLine:
    """What was typed in from a control sheet: evidence ``declared``, beside the machine's own."""

    heard: HeardAs
    by: str
    at: datetime
    """When it was typed in."""
    sheet: str
    began: datetime | None
    source: Source
    cause: Cause | None
    corrects: PlayId | None


@dataclass(frozen=True)
class ListenedLine:
    """What the microphone in the market made of the play."""

    hearing: Hearing
    blocks: int
    found: int
    score: float
    level_db: float | None
    talked_over: int
    problem: Deaf | None


@dataclass(frozen=True)
class Line:
    """One line of the log, as ``plays --json`` gives it; moments in the station's local time."""

    play: PlayId | None
    airing: AiringId
    market: MarketId
    ubigeo_inei: str | None
    episode: EpisodeNumber | None
    revision: int | None
    master_sha256: Sha256 | None
    due: datetime
    started: datetime | None
    ended: datetime | None
    played_s: Seconds
    expected_s: Seconds | None
    outcome: Outcome
    reason: Reason
    evidence: Evidence
    late_s: Seconds
    start_error_ms: Milliseconds | None
    make_good_of: AiringId | None
    clock: ClockTrust
    rehearsal: bool
    notes: tuple[str, ...]
    make_goods: tuple[MakeGoodLine, ...]
    made_good: bool
    """Whether one of them was played; however many were, it counts once."""
    confirmed: ConfirmedLine | None
    declared: DeclaredLine | None
    listened: ListenedLine | None


def database(station: Station, rehearsal: str | None) -> str:
    """The URL of the station's record, or of a rehearsal's.

    :raises NoRehearsal, NoRehearsals: no rehearsal of that name, or none at all, is there.
    """
    if rehearsal is None:
        return station.database
    found = _rehearsals(station)
    name = max(found, default=None) if rehearsal == LATEST else rehearsal
    if not found:
        raise NoRehearsals(folder=station.rehearsals)
    if name not in found:
        raise NoRehearsal(name=rehearsal, names=", ".join(sorted(found)))
    return url_of(found[name])


def _rehearsals(station: Station) -> dict[str, Path]:
    return {path.parent.name: path for path in station.rehearsals.glob("*/journal.db")}


def lines(records: Iterable[PlayRecord], station: Station) -> list[Line]:
    """The records as lines of this station."""
    return [line_of(record, station) for record in records]


def chosen(records: Iterable[PlayRecord], station: Station, wanted: Wanted) -> Iterator[Line]:
    """The lines that are wanted, one by one."""
    return (line for record in records if fits(line := line_of(record, station), wanted))


def line_of(record: PlayRecord, station: Station) -> Line:
    """The record as a line of this station."""
    market, after = station.markets.get(record.market), record.sequel

    def local(moment: datetime | None) -> datetime | None:
        return moment and moment.astimezone(station.timezone)

    return Line(
        play=record.play,
        airing=record.airing,
        market=record.market,
        ubigeo_inei=market.ubigeo_inei if market else None,
        episode=record.episode,
        revision=record.revision,
        master_sha256=record.master_sha256,
        due=record.due.astimezone(station.timezone),
        started=local(record.started),
        ended=local(record.ended),
        played_s=record.played_s,
        expected_s=record.expected_s,
        outcome=record.outcome,
        reason=record.reason,
        evidence=record.evidence,
        late_s=record.late_s,
        start_error_ms=record.start_error_ms,
        make_good_of=record.make_good_of,
        clock=record.clock,
        rehearsal=record.rehearsal,
        notes=record.notes,
        make_goods=tuple(
            MakeGoodLine(each.airing, each.due.astimezone(station.timezone), each.outcome) for each in after.make_goods
        ),
        made_good=after.made_good,
        confirmed=_confirmed(after, station),
        declared=_declared(after, station),
        listened=_listened(record),
    )


def _listened(record: PlayRecord) -> ListenedLine | None:
    said = record.sequel.listened
    if said is None or said.play != record.play:
        return None
    return ListenedLine(
        said.hearing, said.blocks, said.found, said.score, said.level_db, said.talked_over, said.problem
    )


def _confirmed(after: Sequel, station: Station) -> ConfirmedLine | None:
    if after.confirmed is None:
        return None
    said, at = after.confirmed.said, after.confirmed.utc.astimezone(station.timezone)
    return ConfirmedLine(said.heard, said.by, at, said.sheet or None)


def _declared(after: Sequel, station: Station) -> DeclaredLine | None:
    if after.declared is None:
        return None
    said, zone = after.declared.said, station.timezone
    began = said.began and said.began.astimezone(zone)
    at = after.declared.utc.astimezone(zone)
    return DeclaredLine(said.heard, said.by, at, said.sheet, began, said.source, said.cause, said.corrects)


def fits(line: Line, wanted: Wanted) -> bool:
    """Whether a line is wanted; days are local days of the due time."""
    day = line.due.date()
    return (
        (wanted.first is None or wanted.first <= day)
        and (wanted.last is None or day <= wanted.last)
        and wanted.market in (None, line.market)
        and wanted.episode in (None, line.episode)
        and wanted.outcome in (None, line.outcome)
    )


def draw(shown: Sequence[Line], station: Station) -> None:
    """Print the lines as a table; what came after the ends has its columns where there is any of it."""
    columns = [_("Due"), _("Market"), _("Episode"), _("Outcome"), _("Reason"), _("Heard"), _("Start"), _("Proof")]
    columns += [_("Microphone"), _("Make-good"), _("People say")]
    rows = [_cells(line, station) for line in shown]
    kept = [at for at in range(len(columns)) if at < ALWAYS or any(str(row[at]) for row in rows)]
    table(_("Play log"), [columns[at] for at in kept], [[row[at] for at in kept] for row in rows])


def draw_line(line: Line, station: Station) -> None:
    """Print one line of the log by itself, as it comes."""
    when, market, episode, *rest = map(str, _cells(line, station))
    episode = episode and _("episode {episode}").format(episode=episode)
    said = " · ".join(text for text in (when, market, episode, *rest) if text)
    click.secho(fitted(said), fg=COLOURS[line.outcome])


def _cells(line: Line, station: Station) -> list[object]:
    from babel.dates import format_datetime  # noqa: PLC0415  only tables need it
    from rich.text import Text  # noqa: PLC0415

    market = station.markets.get(line.market)
    return [
        format_datetime(line.due, "EEE d MMM y, HH:mm", locale=language()),
        market.name if market else line.market,
        "" if line.episode is None else line.episode,
        Text(word(line.outcome), style=COLOURS[line.outcome]),
        sentence(line.reason),
        _heard(line),
        _error(line),
        proof(line.evidence) if line.started else "",
        there(line.listened.hearing, line.listened.talked_over) if line.listened else "",
        _tie(line),
        _said(line),
    ]


def _tie(line: Line) -> str:
    """What an airing and its make-goods are to each other."""
    if line.make_good_of is not None:
        missed = make_good_of(line.airing) or line.make_good_of
        return _("makes good {airing}").format(airing=missed.partition("/")[0].replace("T", " "))
    if not line.make_goods:
        return ""
    played = next((each for each in line.make_goods if each.outcome is Outcome.PLAYED), None)
    each = played or line.make_goods[-1]
    when = f"{each.due:%H:%M}" if each.due.date() == line.due.date() else f"{each.due:%Y-%m-%d %H:%M}"
    if each.outcome is None:
        return _("to be made good at {time}").format(time=when)
    if each.outcome is Outcome.CANCELLED:
        return _("the make-good of {time} was cancelled").format(time=when)
    if played is None:
        return _("the make-good of {time} failed too").format(time=when)
    return _("made good at {time}").format(time=when)


def _said(line: Line) -> str:
    """What people say; it stands beside what the machine knows."""
    said = []
    if line.confirmed is not None:
        said.append(heard(line.confirmed.heard))
    if (declared := line.declared) is not None:
        words = [heard(declared.heard), f"{declared.began:%H:%M}" if declared.began else ""]
        words += [source(declared.source) if declared.source is Source.USB else ""]
        words += [cause(declared.cause) if declared.cause else "", _("sheet {number}").format(number=declared.sheet)]
        said.append(", ".join(filter(None, words)))
    return "; ".join(said)


def _heard(line: Line) -> str:
    if line.started is None:
        return ""
    if line.expected_s is None:
        return f"{line.played_s:.1f} s"
    return _("{heard} of {whole} s").format(heard=f"{line.played_s:.1f}", whole=f"{line.expected_s:.1f}")


def _error(line: Line) -> str:
    return "" if line.start_error_ms is None else f"{line.start_error_ms:+.0f} ms"
