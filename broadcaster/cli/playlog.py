"""The play log as it is shown: chosen, in local time, as JSON or as a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from broadcaster.cli.show import COLOURS, fitted, table
from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.fold import PlayRecord
from broadcaster.journal.playlog import Wanted
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.locale import mark as N_
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    MarketId,
    Milliseconds,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.reasons import proof, sentence, word
from broadcaster.store.engine import url_of

LATEST = "latest"


class NoRehearsal(BadInput):
    """No rehearsal of that name left a record."""

    sentence = N_("There is no rehearsal {name} here. Make one with `broadcaster rehearse`, or name one of: {names}.")


class NoRehearsals(BadInput):
    """Nothing was ever rehearsed here."""

    sentence = N_("There is no rehearsal in {folder} yet. Make one with `broadcaster rehearse`.")


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
    market = station.markets.get(record.market)

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
    )


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
    """Print the lines as a table."""
    columns = [_("Due"), _("Market"), _("Episode"), _("Outcome"), _("Reason"), _("Heard"), _("Start"), _("Proof")]
    table(_("Play log"), columns, [_cells(line, station) for line in shown])


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
    ]


def _heard(line: Line) -> str:
    if line.started is None:
        return ""
    if line.expected_s is None:
        return f"{line.played_s:.1f} s"
    return _("{heard} of {whole} s").format(heard=f"{line.played_s:.1f}", whole=f"{line.expected_s:.1f}")


def _error(line: Line) -> str:
    return "" if line.start_error_ms is None else f"{line.start_error_ms:+.0f} ms"
