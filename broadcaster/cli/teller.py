"""Tells the people at the terminal what the daemon does: one calm line an event, in the station's language."""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import click
from babel.dates import format_datetime, format_time

from broadcaster.cli.show import plain
from broadcaster.config import Station
from broadcaster.journal.events import Ended, Promise
from broadcaster.locale import gettext as _
from broadcaster.locale import language, ngettext
from broadcaster.model import EpisodeNumber, MarketId, Outcome
from broadcaster.reasons import sentence, word

COLOURS = {
    Outcome.PLAYED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.MISSED: "red",
    Outcome.CANCELLED: "bright_black",
}
DATES = {"es": ("es_PE", "EEEE d 'de' MMMM, h:mm a"), "en": ("en", "EEEE d MMMM, h:mm a")}
AMPLIFIER = timedelta(minutes=10)
"""How long before an airing an amplifier should be warm."""
SPELT_OUT = 4
"""More ends than this from before the start are told as a number."""


class TerminalTeller:
    """A :class:`~broadcaster.playout.stage.Teller`. ``err``: speak on standard error, where standard output holds JSON."""

    def __init__(self, station: Station, *, err: bool = False) -> None:
        self._station = station
        self._err = err

    def all_set(self, coming: Promise | None) -> None:
        if coming is None:
            self._say(_("All set. No airing is to come in the schedule."), "green")
            return
        self._say(
            _("All set. Next airing: {when}. Switch the amplifier on at {time}.").format(
                when=self._date(coming.due), time=self._time(coming.due - AMPLIFIER)
            ),
            "green",
        )

    def on_air(self, promise: Promise, episode: EpisodeNumber, until: datetime) -> None:
        self._say(
            _("{market}: on air, episode {episode}. It ends at {time}. To cut everything, press Ctrl+C.").format(
                market=self._market(promise.market), episode=episode, time=self._time(until)
            ),
            "cyan",
        )

    def ended(self, ended: Ended) -> None:
        self._say(
            _("{market}, {time}: {outcome}. {sentence}").format(
                market=self._market(ended.market),
                time=self._time(ended.due),
                outcome=word(ended.outcome),
                sentence=sentence(ended.reason),
            ),
            COLOURS[ended.outcome],
        )

    def settled(self, endings: Sequence[Ended]) -> None:
        if len(endings) <= SPELT_OUT:
            for ending in endings:
                self.ended(ending)
            return
        self._say(
            ngettext(
                "{n} airing from before this start is now on record; see it with `broadcaster plays`.",
                "{n} airings from before this start are now on record; see them with `broadcaster plays`.",
                len(endings),
            ).format(n=len(endings)),
            "yellow",
        )

    def clock_stepped(self, by_s: float) -> None:
        self._say(
            _("The computer's time moved by {seconds} seconds. Compare it with your phone.").format(
                seconds=f"{by_s:+.0f}"
            ),
            "yellow",
        )

    def stopped(self) -> None:
        self._say(_("The program has stopped. Nothing plays until it is started again."), None)

    def _say(self, text: str, colour: str | None) -> None:
        with contextlib.suppress(OSError):  # a closed terminal silences the words, not the loudspeakers
            click.secho(plain(text).replace("..", "."), fg=colour, err=self._err)  # «10:00 a. m.» ends a sentence

    def _market(self, market: MarketId) -> str:
        known = self._station.markets.get(market)
        return known.name if known else market

    def _date(self, moment: datetime) -> str:
        locale, pattern = DATES[language()]
        return str(format_datetime(moment.astimezone(self._station.timezone), pattern, locale=locale))

    def _time(self, moment: datetime) -> str:
        locale, _pattern = DATES[language()]
        return str(format_time(moment.astimezone(self._station.timezone), "h:mm", locale=locale))
