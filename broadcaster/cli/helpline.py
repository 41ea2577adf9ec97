"""``broadcaster helpline``: which numbers the episodes say, and whether somebody called them."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import as_option
from broadcaster.cli.nudge import nudge
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import json_option, say, show_json, table
from broadcaster.journal.reading import read
from broadcaster.library import calling
from broadcaster.library.catalogue import rules_of
from broadcaster.library.decisions import DECISIONS, Decisions, Rules, decide, decisions_of
from broadcaster.library.helplines import FLAGGED_DAYS, STANDINGS, Standing, standing_of, verified_on
from broadcaster.locale import gettext
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Helpline

if TYPE_CHECKING:
    from rich.text import Text

COLOURS = {Standing.GOOD: "green", Standing.STALE: "yellow"}


@click.group(help=N_("The helplines that episodes say: see them, say that you called, report a wrong one."))
def helpline() -> None:
    """The noun."""


@helpline.command(name="list", help=N_("Show every helpline of config.toml, and when somebody last called it."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show the register."""
    decisions = decide(read(desk.station.database, kinds=DECISIONS))
    now = desk.clock.now().utc
    rules = rules_of(desk.station, now.astimezone(desk.station.timezone).date(), samples_may_air=False, now=now)
    seen = [_seen(each, decisions, rules) for each in desk.station.helplines.values()]
    if in_json:
        show_json([{**each, "standing": each["standing"].value} for each in seen])
    elif seen:
        _draw(seen)
    else:
        say(_("config.toml has no helpline yet, and without one no episode airs. Add one under [helplines]."))


@helpline.command(help=N_("Say that you called this helpline today and that they answered."))
@click.argument("id_", metavar="ID")
@as_option
@pin_file_option
@pass_desk
def verify(desk: Desk, id_: str, code: str, pin_file: Path | None) -> None:
    """Verify a helpline."""
    with desk.open_journal() as journal:
        called = calling.may_verify(decisions_of(journal), desk.station, id_, code)  # before she types her PIN
        calling.verify_helpline(journal, desk.station, id_, code, ask_pin(code, pin_file))
    nudge(desk.root)
    text = _("It is on record that {helpline} ({number}) answered today. That counts for {days} days.")
    days = desk.station.safety.helpline_verified_days
    say(text.format(helpline=called.id, number=called.number or _("no number"), days=days))


@helpline.command(help=N_("Say that its number does not serve: every episode that says it is off the air at once."))
@click.argument("id_", metavar="ID")
@as_option
@pin_file_option
@pass_desk
def wrong(desk: Desk, id_: str, code: str, pin_file: Path | None) -> None:
    """Report a wrong helpline."""
    with desk.open_journal() as journal:
        called = calling.may_report(decisions_of(journal), desk.station, id_, code)
        calling.report_wrong(journal, desk.station, id_, code, ask_pin(code, pin_file))
    nudge(desk.root)
    text = _(
        "{helpline} ({number}) is on record as wrong. No episode that says it goes out from now on. "
        "Correct the number in config.toml and record it anew."
    )
    say(text.format(helpline=called.id, number=called.number or _("no number")))


def _seen(each: Helpline, decisions: Decisions, rules: Rules) -> dict[str, Any]:
    return {
        "helpline": each.id,
        "name": each.name,
        "number": each.number,
        "hours": each.hours,
        "verified_on": verified_on(each, decisions),
        "standing": standing_of(each.id, each.number, decisions, rules),
    }


def _draw(seen: list[dict[str, Any]]) -> None:
    columns = [_("Id"), _("Name"), _("Number"), _("Hours"), _("Last answered"), _("State")]
    rows = [
        (
            each["helpline"],
            each["name"],
            each["number"],
            each["hours"],
            _day(each["verified_on"]),
            _state(each["standing"]),
        )
        for each in seen
    ]
    table(_("Helplines"), columns, rows)
    if any(each["standing"] is Standing.STALE for each in seen):
        say(
            _(
                "A number to be called again still counts for {days} days after its time. "
                "Call it, and say so with `broadcaster helpline verify ID --as CODE`."
            ).format(days=FLAGGED_DAYS)
        )


def _state(standing: Standing) -> "Text":
    from rich.text import Text  # noqa: PLC0415  drawing is heavy

    word = STANDINGS[standing]
    return Text(gettext(word), style=COLOURS.get(standing, "bold red"))


def _day(day: date | None) -> str:
    return day.isoformat() if day else "—"
