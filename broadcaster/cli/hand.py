"""``broadcaster play``, ``stop``, ``pause``, ``resume``: the operator's hand on a box that plays by itself."""

from contextlib import suppress
from datetime import datetime
from typing import ClassVar

import click

from broadcaster.cli.completion import episode_numbers, market_ids
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_meant, naming, one_market_option, station_root
from broadcaster.cli.override import override_options, overriding, plain_reason
from broadcaster.cli.show import say, warn
from broadcaster.errors import BroadcasterError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.moments import complete, date_and_time, time_of_day
from broadcaster.model import EpisodeNumber, MarketId, Reason
from broadcaster.playout.messenger import Delivered, Messenger, Way
from broadcaster.playout.orders import Pause, Play, Refusal, Resume, Status, Stop
from broadcaster.reasons import sentence

PLAY_LIMIT_S = 30.0
"""How long a sound ordered by hand may take until it is known whether it sounds."""


class DidNotSound(Refusal):
    """It was ordered, and nothing was heard."""

    sentence: ClassVar[str] = N_("Episode {episode} does not sound at {market}. {sentence}")


def messenger(desk: Desk) -> Messenger:
    """Who carries orders for the station on this desk.

    :raises ConfigurationError: there is none. A ``config.toml`` with faults hinders nobody.
    """
    return Messenger(station_root(desk), lambda: tuple(desk.station.markets), desk.open_journal)


@click.command(help=N_("Start an episode now, by hand; the same gates hold as for any airing."))
@click.argument("number", type=int, shell_complete=episode_numbers)
@click.option("--market", required=True, metavar="ID", shell_complete=market_ids, help=N_("Where it is to sound."))
@override_options
@pass_desk
def play(desk: Desk, number: int, market: str, reason: str | None, *, override: bool) -> None:
    """Start an episode; exit 1 when it does not sound."""
    why = overriding(reason, override=override)
    meant = _the_market(desk, market)
    daemon = messenger(desk)
    if daemon.daemon_lives:
        warn(_("One moment: if nothing stands in its way, it sounds in about seven seconds."))
    answer = daemon.ask(Play(EpisodeNumber(number), meant, why), PLAY_LIMIT_S)
    if not answer["sounds"]:
        known = answer.get("reason")
        why_not = sentence(Reason(known)) if known else _("See it with `broadcaster status`.")
        raise DidNotSound(episode=number, market=naming(desk)([meant]), sentence=why_not)
    said = _("On air: episode {number}. It ends at {time}. To cut it: broadcaster stop.")
    say(said.format(number=number, time=time_of_day(datetime.fromisoformat(answer["until"]))))


def _the_market(desk: Desk, word: str) -> MarketId:
    meant = market_meant(desk, word)
    assert meant is not None  # noqa: S101  a word was given
    return meant


@click.command(help=N_("Cut what sounds now; later airings go out as planned."))
@one_market_option
@pass_desk
def stop(desk: Desk, market: str | None) -> None:
    """Silence one market, or all."""
    meant = market_meant(desk, market)
    done = messenger(desk).order(Stop(meant))
    names = naming(desk)
    if done.way is Way.LEFT:
        say(_left())
    elif done.stopped:
        stopped = names(_market_of(each) for each in done.stopped)
        say(
            _("Silence at {markets}. What is left of it does not go out; the next airing does.").format(markets=stopped)
        )
    elif meant is None:
        say(_("Nothing of the program sounds now. For the next airing not to go out either: broadcaster pause."))
    else:
        said = _("Nothing of the program sounds at {market}. For the next airing not to go out either: {command}.")
        say(said.format(market=names([meant]), command=_command("pause", meant)))
    _say_if_unrecorded(done)


@click.command(help=N_("Keep a market silent until it is resumed; what sounds there is cut."))
@one_market_option
@click.option("--reason", help=N_("Why, without any person's name; it goes on record."))
@pass_desk
def pause(desk: Desk, market: str | None, reason: str | None) -> None:
    """Hold one market, or all; also where no daemon runs."""
    meant = market_meant(desk, market)
    done = messenger(desk).order(Pause(meant, plain_reason(reason)))
    if done.way is Way.LEFT:
        say(_left())
    elif not done.markets:
        say(_("It was paused already. To let it sound again: {command}.").format(command=_command("resume", meant)))
    else:
        kept = _("{markets}: paused, also when the program is started. To let it sound again: {command}.")
        said = kept if done.way is Way.KEPT else _("{markets}: paused. Nothing sounds there until: {command}.")
        say(said.format(markets=_begin(naming(desk)(done.markets)), command=_command("resume", meant)))
    _say_if_unrecorded(done)


@click.command(help=N_("Let a paused market sound again."))
@one_market_option
@pass_desk
def resume(desk: Desk, market: str | None) -> None:
    """Lift the hold of one market, or of all."""
    order = Resume(market_meant(desk, market))
    done = messenger(desk).order(order)
    if done.way is Way.LEFT:
        say(_left())
    elif not done.markets:
        say(_("Nothing was paused, so nothing changes."))
    else:
        said = _("{markets}: no longer paused.").format(markets=_begin(naming(desk)(done.markets)))
        say(f"{said} {_what_follows(desk, done)}")


def _what_follows(desk: Desk, done: Delivered) -> str:
    if done.way is Way.KEPT:
        return _("The program is not running; start it with `broadcaster run`.")
    with suppress(BroadcasterError, OSError):
        markets = messenger(desk).ask(Status())["markets"]
        dues = [each["next"]["due"] for each in markets if each["next"] and each["market"] in done.markets]
        if dues:
            when = date_and_time(min(map(datetime.fromisoformat, dues)))
            return complete(_("Next airing: {when}.").format(when=when))
    return _("See what comes with `broadcaster status`.")


def _left() -> str:
    return _(
        "The order is on record, where the running program finds it within two seconds. "
        "If something still sounds then, switch the amplifier off."
    )


def _say_if_unrecorded(done: Delivered) -> None:
    if not done.recorded:
        warn(
            _(
                "It could not be put on record yet; the program does so as soon as the disk allows. "
                "Delete nothing; call the coordinator."
            )
        )


def _command(name: str, market: MarketId | None) -> str:
    """What to type."""
    return f"broadcaster {name}" if market is None else f"broadcaster {name} --market {market}"


def _begin(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _market_of(airing: str) -> MarketId:
    return MarketId(airing.rpartition("/")[2])
