"""``broadcaster microphone``: whether one listens in a market while an episode sounds. Only if the protection officer wants."""

from pathlib import Path
from typing import ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_suspend import me
from broadcaster.cli.markets import market_argument, market_meant, market_named
from broadcaster.cli.nudge import nudge
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import json_option, say, show_json, warn
from broadcaster.errors import ConfigurationError, RecordUnavailable
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import MarketId

TEST_S = 5.0


class StillOn(RecordUnavailable):
    """A full disk or a broken file must not keep a microphone listening: what helps without them is a hand on the plug."""

    sentence: ClassVar[str] = N_(
        "The microphone of {market} could not be switched off on record, so it would go on listening. "
        "Unplug it, and call the coordinator."
    )


@click.group(
    help=N_(
        "A microphone that hears whether airings come out in the market. The protection officer allows it; anyone ends it."
    )
)
def microphone() -> None:
    """The noun."""


@microphone.command(name="list", help=N_("Show every microphone of this computer and at which market it listens."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """The microphones that are there, and those that should be."""
    from broadcaster.cli import microphones  # noqa: PLC0415  drawing is heavy

    shown = microphones.known(desk.station)
    if in_json:
        show_json(shown)
    else:
        microphones.draw(shown, desk.station)


@microphone.command(
    name="on", help=N_("Let a microphone listen at a market while an episode sounds; nothing of it is kept.")
)
@market_argument
@click.argument("source", metavar=N_("MICROPHONE"))
@click.option(
    "--as", "code", metavar=N_("CODE"), required=True, help=N_("The protection officer's code; she types her PIN.")
)
@pin_file_option
@pass_desk
def on(desk: Desk, market: str, source: str, code: str, pin_file: Path | None) -> None:
    """Switch one on."""
    from broadcaster.cli import microphones  # noqa: PLC0415  so is the sound server's child
    from broadcaster.library.decisions import decisions_of  # noqa: PLC0415  and the database
    from broadcaster.library.microphones import may_switch_on, switch_on  # noqa: PLC0415

    meant = desk.station.markets[market_named(desk.station.markets, market)]
    with desk.open_journal() as journal:
        may_switch_on(decisions_of(journal), meant.id, source, code)  # before she types anything
        microphones.must_be_there(source)
        switch_on(journal, meant.id, source, code, ask_pin(code, pin_file))
    nudge(desk.root)
    said = _(
        "{market}: the microphone is on. It listens while an episode sounds and half a minute before, and nothing of what it "
        "hears is kept. Tell the people there. Anyone may switch it off: broadcaster microphone off {id}."
    )
    say(said.format(market=meant.name, id=meant.id))


@microphone.command(name="off", help=N_("Let no microphone listen at a market, at once; anyone may."))
@market_argument
@pass_desk
def off(desk: Desk, market: str) -> None:
    """Switch it off, whatever it is doing."""
    from broadcaster.library.microphones import switch_off  # noqa: PLC0415  the database is heavy

    meant = MarketId(market_meant(desk, market) or market)
    try:
        with desk.open_journal() as journal:
            row = switch_off(journal, meant, me())
    except (RecordUnavailable, ConfigurationError) as problem:
        raise StillOn(market=meant) from problem
    nudge(desk.root)
    if row is None:
        say(_("No microphone is on at {market}; nothing was changed.").format(market=meant))
    else:
        say(_("The microphone of {market} is off and listens no longer.").format(market=meant))


@microphone.command(
    help=N_("Listen for five seconds by a market's microphone and say how loud it is; nothing is kept.")
)
@market_argument
@pass_desk
def test(desk: Desk, market: str) -> None:
    """Exit 1 when it hears nothing, or more than it can take."""
    from broadcaster.cli import microphones  # noqa: PLC0415  so is the sound server's child

    meant = desk.station.markets[market_named(desk.station.markets, market)]
    source = microphones.of_market(desk.station, meant)
    warn(_("Listening for {seconds} seconds; nothing is kept.").format(seconds=f"{TEST_S:.0f}"))
    say(microphones.measured(meant, source, TEST_S))
