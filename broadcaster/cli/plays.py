"""``broadcaster plays``: the play log, and whether it is whole."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import click

from broadcaster.cli import Entry, playlog
from broadcaster.cli.context import Desk
from broadcaster.cli.days import DAY, days
from broadcaster.cli.group import LateGroup
from broadcaster.cli.markets import UnknownMarket
from broadcaster.cli.plays_explain import explain
from broadcaster.cli.plays_said import confirm, declare
from broadcaster.cli.plays_sheet import sheet
from broadcaster.cli.plays_verify import code_line, rehearsal_option, verify
from broadcaster.cli.show import json_option, say, show_json_line, show_json_list, warn
from broadcaster.config import Station
from broadcaster.journal.playlog import PlayLog, Wanted
from broadcaster.journal.proofs import code_of_day
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Outcome
from broadcaster.reports.playlines import Line, chosen
from broadcaster.store.engine import is_postgres

if TYPE_CHECKING:
    from broadcaster.reports.ledger.log import LedgerLog

Log: TypeAlias = "PlayLog | LedgerLog"
POLL_S = 1.0
"""How often the record is asked for new rows."""
AT_THE_LOUDSPEAKER = {
    "make-good": Entry(
        "broadcaster.cli.plays_makegood:make_good",
        N_("Air what was missed or broke off, now or later; it counts once."),
    ),
}
"""What needs the computer that plays; the log can be read on any other."""
BY_PHONE = {
    "message": Entry(
        "broadcaster.cli.plays_message:message",
        N_("An airing's message for the office, as text and as a QR code for the operator's phone."),
    ),
    "receive": Entry(
        "broadcaster.cli.plays_message:receive",
        N_("At the office: keep such a message, provisional until the market's stick comes."),
    ),
}
"""What needs keys: a reader of the log does without."""


@click.group(
    cls=LateGroup,
    entries={**AT_THE_LOUDSPEAKER, **BY_PHONE},
    invoke_without_command=True,
    help=N_("The play log: what was promised and what became of it."),
)
@click.option("--from", "first", type=DAY, help=N_("First date, such as 2021-06-01."))
@click.option("--until", "last", type=DAY, help=N_("Last date, included."))
@click.option("--market", metavar="ID", help=N_("One market only."))
@click.option("--episode", type=int, help=N_("One episode only."))
@click.option("--outcome", type=click.Choice([each.value for each in Outcome]), help=N_("One outcome only."))
@click.option("--follow", is_flag=True, help=N_("Go on and show each airing as soon as it ends, until Ctrl+C."))
@rehearsal_option
@json_option
@click.pass_context
def plays(  # noqa: PLR0917  one argument an option
    ctx: click.Context,
    first: datetime | None,
    last: datetime | None,
    market: str | None,
    episode: int | None,
    outcome: str | None,
    rehearsal: str | None,
    *,
    follow: bool,
    in_json: bool,
) -> None:
    """Show the play log."""
    ctx.meta["rehearsal"] = rehearsal
    if ctx.invoked_subcommand is not None:
        return
    station = ctx.ensure_object(Desk).station
    wanted = Wanted(*days(first, last), market, episode, Outcome(outcome) if outcome else None)
    with closing(_log(station, rehearsal)) as log:
        if not follow:  # whoever follows may wait for a market that is yet to come
            _check_market(market, station, log)
        show = _show_lines if follow and in_json else _show_json if in_json else _show_table
        show(log, station, wanted)
        if not (follow or in_json or rehearsal):
            _show_code(ctx.ensure_object(Desk))
        if follow:
            _follow(log, station, wanted, show_json_line if in_json else lambda line: playlog.draw_line(line, station))


for offered in (verify, explain, confirm, declare, sheet):
    plays.add_command(offered)


def _log(station: Station, rehearsal: str | None) -> Log:
    """The log of the station's record, or of a rehearsal's, which is a file always."""
    if rehearsal is None and is_postgres(station.database):
        from broadcaster.reports.ledger.log import LedgerLog  # noqa: PLC0415  few records are on a server

        return LedgerLog(station)
    return PlayLog(playlog.database(station, rehearsal))


def _check_market(market: str | None, station: Station, log: Log) -> None:
    """Refuse a market nobody knows; one that was closed for good is still on record.

    :raises UnknownMarket: neither the station nor the record has it.
    """
    if market is None or market in station.markets:
        return
    known = {*station.markets, *log.markets()}
    if market not in known:
        raise UnknownMarket(market=market, markets=", ".join(sorted(known)))


def _show_json(log: Log, station: Station, wanted: Wanted) -> None:
    show_json_list(chosen(log.plays(wanted), station, wanted))


def _show_lines(log: Log, station: Station, wanted: Wanted) -> None:
    for line in chosen(log.plays(wanted), station, wanted):
        show_json_line(line)


def _show_table(log: Log, station: Station, wanted: Wanted) -> None:
    if shown := list(chosen(log.plays(wanted), station, wanted)):
        playlog.draw(shown, station)
    else:
        say(_("The play log has nothing of that yet. `broadcaster schedule preview` shows what is to come."))


def _follow(log: Log, station: Station, wanted: Wanted, show: Callable[[Line], None]) -> NoReturn:
    warn(_("From here on each airing is shown as soon as it ends. To leave, press Ctrl+C."))
    while True:
        for line in chosen(log.newer(), station, wanted):
            show(line)
        time.sleep(POLL_S)


def _show_code(desk: Desk) -> None:
    """The day's code, for the notebook."""
    today = desk.clock.now().utc.astimezone(desk.station.timezone).date()
    if (code := code_of_day(desk.station.database, today)) is not None:
        say(code_line(today, code))
