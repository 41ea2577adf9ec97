"""``broadcaster bundle``: office and boxes kept in step by a stick."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.cli.completion import market_ids
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import DAY
from broadcaster.cli.markets import market_named
from broadcaster.cli.nudge import nudge
from broadcaster.cli.show import json_option, progress, say, show_json, table, warn
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import moments

if TYPE_CHECKING:
    from broadcaster.hub.exchange import NotTaken
    from broadcaster.hub.outgoing import Invited, Written
    from broadcaster.hub.pairing import Met

folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(help=N_("Bring an office and its markets' computers together by a stick, without internet."))
def bundle() -> None:
    """Carries the commands below."""


@bundle.command(
    "export",
    help=N_(
        "Write a stick: at the office for one market, with approved audio, seasons, helplines and whatever was withdrawn; "
        "at a market's computer for the office, with what was played."
    ),
)
@click.option("--to", "stick", type=folder, required=True, metavar=N_("FOLDER"), help=N_("The stick's folder."))
@click.option("--market", metavar="ID", shell_complete=market_ids, help=N_("At the office: for which market."))
@click.option(
    "--until",
    type=DAY,
    help=N_("At the office: the last day it may be played, if earlier than a week after the season's end."),
)
@click.option("--everything", is_flag=True, help=N_("Also what the other computer said that it has already."))
@click.option("--pair-again", is_flag=True, help=N_("At the office: only its key, since one of the two has a new one."))
@json_option
@pass_desk
def export(
    desk: Desk,
    stick: Path,
    market: str | None,
    until: datetime | None,
    *,
    everything: bool,
    pair_again: bool,
    in_json: bool,
) -> None:
    """Write it, and tell what to do with it."""
    from broadcaster.errors import UsageError  # noqa: PLC0415  the database is heavy
    from broadcaster.hub import sentences  # noqa: PLC0415
    from broadcaster.hub.fellows import fellows_of  # noqa: PLC0415
    from broadcaster.hub.outgoing import Invited, write_for_box, write_for_office  # noqa: PLC0415

    meant = market_named(desk.station.markets, market) if market else None
    with desk.open_journal() as journal, ExitStack() as bar:
        share = _late(bar)
        done: Written | Invited
        if fellows_of(journal).office is not None:
            done = write_for_office(desk.station, journal, stick, meant, everything=everything, share=share)
        elif meant is None:
            raise UsageError(problem=_("Say for which market the stick is: --market ID."))
        else:
            last = until.date() if until else None
            done = write_for_box(
                desk.station,
                journal,
                stick,
                meant,
                until=last,
                everything=everything,
                again=pair_again,
                share=share,
            )
    if in_json:
        show_json(done)
    elif isinstance(done, Invited):
        _tell_invited(done)
    else:
        for said in sentences.of_written(done):
            say(said)


def _late(stack: ExitStack) -> Callable[[float], None]:
    """A bar that is drawn from the first thing copied on: not while a person is asked for a code."""
    bar: list[Callable[[float], None]] = []

    def share(done: float) -> None:
        if not bar:
            bar.append(stack.enter_context(progress(_("Copying"))))
        bar[0](done)

    return share


def _tell_invited(done: "Invited") -> None:
    text = _(
        "The stick carries only this office's key, so that the computer of {market} gets to know it. "
        "Put it in there and type: broadcaster bundle import, with the stick's folder."
    )
    say(text.format(market=done.market))
    say(_("Code of this office, to be read out there: {code}").format(code=done.code))


@bundle.command("import", help=N_("Take in what a stick brings; nothing of a damaged, old or foreign one."))
@click.argument("stick", type=folder, metavar=N_("FOLDER"))
@click.option("--code", metavar=N_("CODE"), help=N_("The other computer's code, in place of being asked for it."))
@click.option("--pair-again", is_flag=True, help=N_("Let this computer belong to another office than until now."))
@json_option
@pass_desk
def take(desk: Desk, stick: Path, code: str | None, *, pair_again: bool, in_json: bool) -> None:
    """Take it in; at a market's computer the stick is made ready for the way back too."""
    from broadcaster.hub import sentences  # noqa: PLC0415  the database is heavy
    from broadcaster.hub.pairing import Met  # noqa: PLC0415
    from broadcaster.hub.visit import take_in  # noqa: PLC0415

    with desk.open_journal() as journal, ExitStack() as bar:
        visit = take_in(desk.station, journal, stick, _asking(code), again=pair_again, share=_late(bar))
    nudge(desk.root)
    if visit.not_back is not None:
        warn(str(visit.not_back))
    if in_json:
        refused = {each.market: str(each.why) for each in visit.left}
        show_json({"done": visit.good, "not_taken": refused, "back": visit.back, "messages": visit.messages})
    else:
        for each in visit.good:
            for said in _of_met(each) if isinstance(each, Met) else sentences.of_taken(each):
                say(said)
        if visit.back is not None:
            say(_("The stick carries this computer's record for the office now: bring it back there."))
        for said in sentences.of_messages(visit.messages):
            say(said)
    _tell_not_taken(visit.left)


def _tell_not_taken(left: "Sequence[NotTaken]") -> None:
    """What was left alone, and the exit code of the first of it."""
    for each in left:
        warn(f"{each.market}: {each.why}")
    if left:
        click.get_current_context().exit(left[0].why.exit_code)


def _asking(code: str | None) -> Callable[[str], str]:
    def ask(market: str) -> str:
        if code is not None:
            return code
        _check_keyboard()
        if market:
            return str(click.prompt(_("Code that the computer of {market} shows").format(market=market)))
        return str(click.prompt(_("Code that the office reads out to you")))

    return ask


def _check_keyboard() -> None:
    import sys  # noqa: PLC0415

    from broadcaster.hub.refusals import CodeNeeded  # noqa: PLC0415

    if not sys.stdin.isatty():
        raise CodeNeeded


def _of_met(met: "Met") -> Iterator[str]:
    if met.with_office:
        yield _("This computer belongs to the office now: what may sound is decided there.")
        yield _("Code of this computer, to be read out at the office: {code}").format(code=met.code)
        yield _("Take the stick back to the office and type there: broadcaster bundle import, with the stick's folder.")
    else:
        text = _(
            "The computer of {market} is known here now. Write its stick: broadcaster bundle export --market {market}."
        )
        yield text.format(market=met.market)


@bundle.command(
    "status", help=N_("Who belongs to whom, what has arrived, until when each may play, what is not confirmed.")
)
@json_option
@pass_desk
def status(desk: Desk, *, in_json: bool) -> None:
    """Show it; nothing is written but the station's own keys, at the first time."""
    from broadcaster.hub.standing import standing  # noqa: PLC0415  the database is heavy

    with desk.open_journal() as journal:
        found = standing(desk.station, journal)
    if in_json:
        show_json(found)
        return
    say(_("Code of this computer: {code}").format(code=found.code))
    if found.office is not None:
        lease = _day(found.lease) if found.lease else _("no stick yet")
        say(_("It belongs to the office {node} and may play until: {day}").format(node=found.office, day=lease))
    if found.boxes:
        columns = [_("Market"), _("Last stick from there"), _("May play until"), _("Stops not confirmed there")]
        rows = [
            (each.market, _moment(each.heard), _day(each.lease) if each.lease else "", each.unconfirmed or "")
            for each in found.boxes
        ]
        table(_("Markets"), columns, rows)
    elif found.office is None:
        say(_("This station belongs to no office and has no market's computer: no stick was ever exchanged."))


@bundle.command(
    "code",
    help=N_("At the office: a code to dictate, by which a market's computer plays on until another stick comes."),
)
@click.option("--market", required=True, metavar="ID", shell_complete=market_ids, help=N_("Which market."))
@click.option("--until", type=DAY, help=N_("The last day; without it, two weeks from today."))
@json_option
@pass_desk
def code_(desk: Desk, market: str, until: datetime | None, *, in_json: bool) -> None:
    """Make it and put it on record."""
    from broadcaster.hub.renewal import dictate  # noqa: PLC0415  the database is heavy

    meant = market_named(desk.station.markets, market)
    with desk.open_journal() as journal:
        made = dictate(desk.station, journal, meant, until.date() if until else None)
    if in_json:
        show_json(made)
        return
    say(_("Code for {market}: {code}").format(market=meant, code=made.code))
    text = _("Typed there (broadcaster bundle renew CODE), it may play until {day}.")
    say(text.format(day=_day(made.until)))


@bundle.command("renew", help=N_("At a market's computer: type the code that the office dictates, and it plays on."))
@click.argument("code", nargs=-1, required=True, metavar=N_("CODE"))
@json_option
@pass_desk
def renew(desk: Desk, code: tuple[str, ...], *, in_json: bool) -> None:
    """Check it and put it on record."""
    from broadcaster.hub.renewal import renew as renewed  # noqa: PLC0415  the database is heavy

    with desk.open_journal() as journal:
        until = renewed(desk.station, journal, " ".join(code))
    if in_json:
        show_json({"until": until})
    else:
        say(_("This computer may play until {day}.").format(day=_day(until)))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _moment(moment: datetime | None) -> str:
    return moments.date_and_time(moment) if moment else _("never")
