"""What is asked of a country's plays: by the program, and by hand in SQL of the ledger's tables."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from country import LIMA, OWN

from broadcaster.config import Station
from broadcaster.library.decisions import Decisions
from broadcaster.model import Evidence, MarketId, Outcome, Reason
from broadcaster.reports.documents import make
from broadcaster.reports.gathering import summary_of
from broadcaster.reports.ledger.entries import microseconds
from broadcaster.reports.ledger.keeping import Ledger
from broadcaster.reports.ledger.pages import Asked, page
from broadcaster.reports.making import Asked as Paper
from broadcaster.reports.making import Basis, requested
from broadcaster.reports.summary import Period

FOUR = tuple(map(MarketId, OWN))
Ask = Callable[[Station], Any]
_SUMS = (
    "SELECT {0}, outcome, reason, count(*), sum(heard_s), sum(expected_s), sum(delay_s) FROM ledger_airings WHERE {1} "
)
_SUMS += "GROUP BY {0}, outcome, reason"
_PAGE = "SELECT * FROM ledger_airings WHERE node IS NOT NULL{} ORDER BY due DESC, market DESC, airing DESC LIMIT 51"


@dataclass(frozen=True)
class Way:
    """One thing that is asked for."""

    name: str
    ask: Ask
    hand: tuple[str, ...] = ()
    """The same by hand: every statement of it."""


@dataclass(frozen=True)
class Wanted:
    """Of when it is asked."""

    month: Period
    made: datetime
    middle: int
    """A moment deep in the log, microseconds since 1970."""

    @property
    def within(self) -> str:
        """The month, in SQL."""
        ends = (self.month.first, self.month.last + timedelta(days=1))
        first, last = (microseconds(datetime.combine(day, time_of_day(), LIMA)) for day in ends)
        return f"due >= {first} AND due < {last} AND kind = 'airing'"


def ways(wanted: Wanted, kept: Ledger, *, commands: bool) -> tuple[Way, ...]:
    """``kept``: a ledger that stays open, as in a panel; ``commands``: whole ones too, the first makes the second copy."""
    return (*_figures(wanted), *_pages(wanted, kept), *(_commands(wanted) if commands else ()))


def _figures(wanted: Wanted) -> Iterator[Way]:
    month, made, within = wanted.month, wanted.made, wanted.within
    everywhere = (_SUMS.format("market", within), _SUMS.format("day, episode", within))
    names = ", ".join(f"'{name}'" for name in FOUR)
    here = (_SUMS.format("market", f"{within} AND market IN ({names})"),)
    yield Way("the month's figures, every market", lambda s: summary_of(s, month, made, plan=()), everywhere)
    yield Way("the same, four markets", lambda s: summary_of(s, month, made, plan=(), only=FOUR), here)
    yield Way("monthly report of four markets, the paper (Word)", _paper(wanted), here)


def _paper(wanted: Wanted) -> Ask:
    month = wanted.month
    paper = Paper("monthly", "docx", month.first, month.last, FOUR)

    def ask(station: Station) -> bytes:
        return make(paper.document, paper.format, requested(Basis(station, paper, wanted.made), Decisions()))

    return ask


def _pages(wanted: Wanted, kept: Ledger) -> Iterator[Way]:
    first = (_PAGE.format(""),)
    middle = f"{wanted.middle}~m~m"
    deep = (_PAGE.format(f" AND (due, market, airing) < ({wanted.middle}, 'm', 'm')"),)
    cuts = Asked(markets=("unicachi",), outcome=Outcome.MISSED, reason=Reason.POWER_LOSS)
    cut = (_PAGE.format(" AND market = 'unicachi' AND outcome = 'missed' AND reason = 'power_loss'"),)
    held = Asked(wanted.month.first, wanted.month.last, episode=7, outcome=Outcome.MISSED)
    missed = (_PAGE.format(f" AND {wanted.within} AND episode = 7 AND outcome = 'missed'"),)
    proof, proved = Asked(evidence=Evidence.MICROPHONE), (_PAGE.format(" AND evidence = 'microphone'"),)
    yield Way("log, first page, held open", lambda _s: page(kept), first)
    yield Way("log, a page in its middle, held open", lambda _s: page(kept, after=middle), deep)
    yield Way("log, first page, opened for it", _opened(Asked()), first)
    yield Way("log, a page in its middle, opened for it", _opened(Asked(), middle), deep)
    yield Way("log, one market's power cuts, opened for it", _opened(cuts), cut)
    yield Way("log, an episode's missed airings of the month, opened for it", _opened(held), missed)
    yield Way("log, a proof that nothing has, opened for it", _opened(proof), proved)


def _opened(asked: Asked, after: str | None = None) -> Ask:
    def ask(station: Station) -> Any:
        with Ledger.open(station) as ledger:
            return page(ledger, asked, after=after)

    return ask


def _commands(wanted: Wanted) -> Iterator[Way]:
    month = ("--from", str(wanted.month.first), "--until", str(wanted.month.last))
    four = tuple(word for market in FOUR for word in ("--market", market))
    report = _command("report", *month, *four, "--format", "csv", "-o", "-")
    yield Way("`report --format csv`, four markets' month, the command", report)
    plays = _command("plays", "--json", *month, "--market", "unicachi")
    yield Way("`plays --json`, a market's month, the command", plays)


def _command(*words: str) -> Ask:
    program = str(Path(sys.executable).with_name("broadcaster"))

    def ask(station: Station) -> None:
        command = [program, "--station", str(station.root), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return ask
