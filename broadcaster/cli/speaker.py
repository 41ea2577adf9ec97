"""``broadcaster speaker``: what outputs there are, whether a market's is heard, how loud it is."""

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_argument, market_named
from broadcaster.cli.override import override_options, overriding
from broadcaster.cli.show import json_option, say, show_json, warn
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_


@click.group(help=N_("The markets' speakers: see them, hear a test, set the volume."))
def speaker() -> None:
    """The noun."""


@speaker.command(name="list", help=N_("Show every sound output of this computer and which market uses it."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """The outputs that are there, and those that should be."""
    from broadcaster.cli import speakers  # noqa: PLC0415  drawing is heavy

    shown = speakers.known(desk.station)
    if in_json:
        show_json(shown)
    else:
        speakers.draw(shown, desk.station)


@speaker.command(help=N_("Let a market's speaker be heard: a chime and a sentence; the program listens too."))
@market_argument
@override_options
@pass_desk
def test(desk: Desk, market: str, reason: str | None, *, override: bool) -> None:
    """Exit 1 when it was not heard."""
    from broadcaster.cli.speaker_test import perform  # noqa: PLC0415  so is what makes a sound

    why = overriding(reason, override=override)
    meant = market_named(desk.station.markets, market)
    warn(_("Listen to the speaker: a chime and a sentence, in about five seconds."))
    perform(desk, desk.station.markets[meant], why)


@speaker.command(help=N_("Show a market's volume, or set it: 0 to 100, at most what the market allows."))
@market_argument
@click.argument("percent", type=click.IntRange(0, 100), required=False, metavar=N_("[PERCENT]"))
@pass_desk
def volume(desk: Desk, market: str, percent: int | None) -> None:
    """Without PERCENT, show the volume, the cap and what the output itself says."""
    from broadcaster.cli import speaker_volume  # noqa: PLC0415  so is the sound server's child

    meant = desk.station.markets[market_named(desk.station.markets, market)]
    lines = speaker_volume.told(desk, meant) if percent is None else speaker_volume.set_to(desk, meant, percent)
    for line in lines:
        say(line)
