"""The play log's lines as people and programs take them: in local time, with the words of each cell. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from broadcaster.config import Station
from broadcaster.journal.events import make_good_of
from broadcaster.journal.fold import Play, PlayRecord
from broadcaster.journal.playlog import Wanted
from broadcaster.journal.sequel import Sequel
from broadcaster.locale import gettext as _
from broadcaster.model import (
    AiringId,
    Cause,
    Deaf,
    HeardAs,
    Hearing,
    Outcome,
    PlayId,
    Source,
)
from broadcaster.reasons import cause, heard, source


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


@dataclass(frozen=True, kw_only=True)
class Line(Play):
    """One line of the log, as ``plays --json`` gives it; moments in the station's local time."""

    ubigeo_inei: str | None
    """Of the market's district; ``None``: the station has it no longer."""
    make_goods: tuple[MakeGoodLine, ...]
    made_good: bool
    """Whether one of them was played; however many were, it counts once."""
    confirmed: ConfirmedLine | None
    declared: DeclaredLine | None
    listened: ListenedLine | None


_PLAY = tuple(each.name for each in fields(Play))


def lines(records: Iterable[PlayRecord], station: Station) -> list[Line]:
    """The records as lines of this station."""
    return [line_of(record, station) for record in records]


def chosen(records: Iterable[PlayRecord], station: Station, wanted: Wanted) -> Iterator[Line]:
    """The lines that are wanted, one by one."""
    return (line for record in records if fits(line := line_of(record, station), wanted))


def line_of(record: PlayRecord, station: Station) -> Line:
    """The record as a line of this station."""
    market, after = station.markets.get(record.market), record.sequel
    play = {name: getattr(record, name) for name in _PLAY}
    moments = {name: play[name] and play[name].astimezone(station.timezone) for name in ("due", "started", "ended")}
    return Line(
        **{**play, **moments},
        ubigeo_inei=market.ubigeo_inei if market else None,
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


def tie(line: Line) -> str:
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


def said_of(line: Line) -> str:
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


def heard_of(line: Line) -> str:
    """How much of it sounded, in seconds; nothing where nothing did."""
    if line.started is None:
        return ""
    if line.expected_s is None:
        return f"{line.played_s:.1f} s"
    return _("{heard} of {whole} s").format(heard=f"{line.played_s:.1f}", whole=f"{line.expected_s:.1f}")


def start_of(line: Line) -> str:
    """How far from its minute the first word fell; nothing where that was not measured."""
    return "" if line.start_error_ms is None else f"{round(line.start_error_ms):+d} ms"
