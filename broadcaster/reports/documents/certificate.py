"""The certificate of airing of one market and month: what stands on it, before it is laid out. Pure.

It certifies what left the computer and what people noted, never an audience. Names are written on it by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from broadcaster.locale import gettext as _
from broadcaster.model import Evidence, Market, MarketId, Role
from broadcaster.reasons import heard, word
from broadcaster.reasons import name as reason_name
from broadcaster.reports.documents.figures import PROVED, Figures, figures
from broadcaster.reports.documents.headings import PeriodShown, period_shown
from broadcaster.reports.documents.request import Request
from broadcaster.reports.documents.roles import role_of
from broadcaster.reports.documents.wording import NOTHING, day, length, minute, second
from broadcaster.reports.summary import Counts, Line, Said, Standing, Summary
from broadcaster.reports.tables.columns import by_message


@dataclass(frozen=True)
class CertificateLine:
    """One promise; every field as it is printed."""

    day: str
    due: str
    started: str
    ended: str
    expected: str
    played: str
    episode: str
    outcome: str
    reason: str
    make_good: str
    left: str
    confirmed: str
    remarks: str


@dataclass(frozen=True)
class JournalCode:
    """One computer's code, and how it is checked."""

    node: str
    day: str
    code: str
    command: str


@dataclass(frozen=True)
class Certificate:
    """The whole document."""

    programme: str
    organisations: str
    place: str
    """Empty: written by hand."""
    made: str
    agreement: str
    """Empty: written by hand."""
    period: PeriodShown
    market: Market
    seasons: str
    lines: tuple[CertificateLine, ...]
    figures: Figures
    provisional: bool
    codes: tuple[JournalCode, ...]


def certificate(request: Request, market: MarketId) -> Certificate:
    """The facts of one market's certificate, in the language spoken now."""
    station, summary = request.station, request.summary
    lines = summary.of_market(market)
    counts = next((group.counts for group in summary.markets if group.key == market), Counts())
    return Certificate(
        programme=station.name,
        organisations=" · ".join(each.name for each in station.organisations),
        place=station.documents.place,
        made=day(request.made),
        agreement=station.documents.agreement,
        period=period_shown(summary.period),
        market=station.markets[market],
        seasons=_schedule(lines),
        lines=tuple(_line(line, request.roles) for line in lines),
        figures=figures(counts, len({line.episode for line in lines if line.fulfilled})),
        provisional=any(line.provisional for line in lines),
        codes=tuple(_codes(request, market)),
    )


def _schedule(lines: Sequence[Line]) -> str:
    """How many minutes of how many days the schedule has, in words."""
    days = len({line.day for line in lines})
    return _("{airings} airings on {days} days").format(airings=len(lines), days=days) if lines else NOTHING


def _line(line: Line, roles: Mapping[str, Sequence[Role]]) -> CertificateLine:
    return CertificateLine(
        day=day(line.day),
        due=minute(line.due),
        started=second(line.started),
        ended=second(line.ended),
        expected=length(line.expected_s),
        played=length(line.played_s if line.started else None),
        episode=_episode(line),
        outcome=_outcome(line),
        reason=reason_name(line.reason) if line.reason else NOTHING,
        make_good=_make_good(line),
        left=_left(line),
        confirmed="; ".join(_said(said, roles) for said in (line.declared, line.confirmed) if said) or NOTHING,
        remarks="; ".join(_remarks(line)),
    )


def _episode(line: Line) -> str:
    if line.episode is None:
        return NOTHING
    if line.revision is None:
        return str(line.episode)
    return _("{episode}, rev. {revision}").format(episode=line.episode, revision=line.revision)


def _outcome(line: Line) -> str:
    if line.standing is Standing.TO_COME:
        return _("to come")
    return word(line.outcome) if line.outcome else _("provisional")


def _make_good(line: Line) -> str:
    redress = line.redress
    if redress is None:
        return NOTHING
    what = word(redress.outcome) if redress.outcome else _("ordered")
    return f"{day(redress.due.date())} {minute(redress.started or redress.due)}, {what}"


def _left(line: Line) -> str:
    proof = line.proof if line.fulfilled else line.evidence
    if proof is Evidence.NONE or line.outcome is None:
        return NOTHING
    if proof not in PROVED:
        return _("not checked")
    if line.made_good:
        return _("yes, the make-good")
    return _("yes") if line.fulfilled else _("in part")


def _said(said: Said, roles: Mapping[str, Sequence[Role]]) -> str:
    if said.sheet:
        return _("{heard} (sheet {sheet})").format(heard=heard(said.heard), sheet=said.sheet)
    return _("{heard} ({role})").format(heard=heard(said.heard), role=role_of(said.by, roles))


def _remarks(line: Line) -> list[str]:
    found = []
    if line.provisional:
        found.append(_("the market's record is awaited"))
    if (said := by_message(line)) is not None:
        text = _("by message: {said}") if line.provisional else _("a message had said: {said}")
        found.append(text.format(said=said))
    if line.contested:
        found.append(_("two records differ: the one in which most was heard stands"))
    if line.contradicted:
        found.append(_("a microphone in the market did not hear it"))
    if line.late_s > 0 and line.started:
        found.append(_("began {late} late").format(late=length(line.late_s)))
    return found


def _codes(request: Request, market: MarketId) -> list[JournalCode]:
    return [
        JournalCode(
            node=node,
            day=day(request.code_day),
            code=request.codes[node],
            command=f"broadcaster plays verify --code {request.code_day} {request.codes[node]}",
        )
        for node in computers(request.summary, market)
        if node in request.codes
    ]


def computers(summary: Summary, market: MarketId) -> list[str]:
    """The nodes whose records tell of a market."""
    return [record.node for record in summary.records if market in record.markets]
