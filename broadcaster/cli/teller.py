"""Tells the people at the terminal what the daemon does: one calm line an event, in the station's language."""

import contextlib
import select
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

import click

from broadcaster.care.amplifier import AHEAD
from broadcaster.care.checks import State
from broadcaster.cli.panel_said import beside
from broadcaster.cli.show import COLOURS, fitted
from broadcaster.clock.asking import clock_question
from broadcaster.config import Station
from broadcaster.errors import Fault
from broadcaster.journal.events import Ended, Listened, Promise, make_good_of
from broadcaster.library.hearings import sentence as heard_there
from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.locale.moments import complete, date_and_time, time_of_day
from broadcaster.model import EpisodeNumber, MarketId, Reason
from broadcaster.reasons import sentence, word

if TYPE_CHECKING:
    from broadcaster.care.doctor import Report

SPELT_OUT = 4
"""More ends than this from before the start are told as a number."""


class TerminalTeller:
    """A :class:`~broadcaster.playout.stage.Teller`.

    ``concerns``: what is known to keep the next airing silent. ``remarks``: what somebody should see to although it goes
    out. ``now``: the time, to tell what is to be done from what should have been. ``err``: speak on standard error, where
    standard output holds JSON.
    """

    def __init__(
        self,
        station: Station,
        *,
        concerns: Sequence[str] = (),
        remarks: Sequence[str] = (),
        now: Callable[[], datetime] | None = None,
        err: bool = False,
    ) -> None:
        self._station = station
        self._concerns = concerns
        self._remarks = remarks
        self._now = now
        self._err = err

    def all_set(self, coming: Promise | None) -> None:
        if coming is None:
            self._say(_("The schedule has no further airing, so nothing will sound. Tell the coordinator."), "yellow")
            return
        if self._concerns:
            self._say(
                _("Next airing: {when}. It will not go out everywhere unless this is mended:").format(
                    when=self._date(coming.due)
                ),
                "red",
            )
            for concern in (*self._concerns, *self._remarks):
                self._say(f"  {concern}", "yellow")
            return
        self._say(self._ready(coming.due), "green")
        for remark in self._remarks:
            self._say(f"  {remark}", "yellow")

    def panel_opened(self, url: str) -> None:
        """The pages beside the program answer."""
        self._say(beside(url), "cyan")

    def no_panel(self, problem: str) -> None:
        """They do not; the program plays all the same."""
        self._say(problem, "yellow")

    def switch_on(self, due: datetime, markets: Sequence[MarketId]) -> None:
        """An airing is near: what only a person can do."""
        names = ", ".join(self._market(market) for market in markets)
        self._say(switch_on(self._time(due), names), "cyan")

    def looked_over(self, report: "Report") -> None:
        """The program looked by itself whether all is ready for the next airing."""
        if report.next is None:
            return
        if report.ready:
            self._say(_("Looked over for {when}: all is ready.").format(when=self._date(report.next)), "green")
        else:
            said = _("Looked over for {when}: not all is ready for it and those after it. See to this:")
            self._say(said.format(when=self._date(report.next)), "red")
        for check in (*report.of(State.FAIL), *report.of(State.WARN)):
            self._say(f"  {check.line}", "yellow")

    def _ready(self, due: datetime) -> str:
        when, warm = self._date(due), due - AHEAD
        if self._now is not None and self._now() >= warm:
            return _("All set. Next airing: {when}. Switch the amplifier on now.").format(when=when)
        said = _("All set. Next airing: {when}. Switch the amplifier on at {time}.")
        return said.format(when=when, time=self._time(warm))

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
                time=self._when(ended.due),
                outcome=word(ended.outcome),
                sentence=sentence(ended.reason),
            ),
            COLOURS[ended.outcome],
        )

    def not_in_the_market(self, ended: Ended, listened: Listened) -> None:
        """An airing left the computer and did not come out in the market."""
        said = _("{market}, {time}: it left the computer. {sentence}")
        market, time = self._market(ended.market), self._when(ended.due)
        self._say(said.format(market=market, time=time, sentence=heard_there(listened)), "red")

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

    def waiting(self, promise: Promise, reason: Reason) -> None:
        if reason is Reason.CLOCK_UNVERIFIED:
            said = _("{market}, {time}: it waits until somebody confirms the time: broadcaster clock confirm.")
            market, time = self._market(promise.market), self._when(promise.due)
            self._say(complete(said.format(market=market, time=time)), "yellow")
            return
        self._say(
            _("{market}, {time}: it cannot begin yet. {sentence} The program goes on trying.").format(
                market=self._market(promise.market), time=self._when(promise.due), sentence=sentence(reason)
            ),
            "yellow",
        )

    def made_good(self, promise: Promise) -> None:
        said = _(
            "{market}: what was missed will air at {time}. Switch the amplifier on; to say no: "
            "broadcaster plays make-good {airing} --cancel."
        )
        market, missed = self._market(promise.market), make_good_of(promise.airing)
        self._say(said.format(market=market, time=self._time(promise.due), airing=missed), "cyan")

    def clock_stepped(self, by_s: float) -> None:
        self._say(
            _("The computer's time moved by {seconds} seconds. Compare it with your phone.").format(
                seconds=f"{by_s:+.0f}"
            ),
            "yellow",
        )

    def clock_doubted(self, says: datetime, *, certain: bool) -> None:
        local = says.astimezone(self._station.timezone)
        self._say(clock_question(local, certain=certain), "red" if certain else "yellow")

    def changed(self, coming: Promise | None, waiting: Sequence[str]) -> None:
        said = _("The station's files were changed; the changes count from now on.")
        if coming is not None:
            said += " " + _("Next airing: {when}.").format(when=self._date(coming.due))
        self._say(said, "green")
        if waiting:
            self._say(
                _("These count only after a restart of the program: {keys}.").format(keys=", ".join(waiting)), "yellow"
            )

    def change_refused(self, faults: Sequence[Fault]) -> None:
        self._say(_("The station's files were changed and are wrong; the schedule stays as it was. Correct:"), "red")
        for fault in faults:
            self._say(f"  {fault}", "yellow")

    def stopped(self) -> None:
        self._say(_("The program has stopped. Nothing plays until it is started again."), None)

    def _say(self, text: str, colour: str | None) -> None:
        if not _takes_words(sys.stderr if self._err else sys.stdout):
            return
        with contextlib.suppress(OSError):  # a closed terminal silences the words, not the loudspeakers
            click.secho(fitted(complete(text), err=self._err), fg=colour, err=self._err)

    def _market(self, market: MarketId) -> str:
        known = self._station.markets.get(market)
        return known.name if known else market

    def _date(self, moment: datetime) -> str:
        return date_and_time(moment.astimezone(self._station.timezone))

    def _when(self, due: datetime) -> str:
        """The time of an airing of today, the whole date of another day's."""
        zone = self._station.timezone
        today = self._now is None or self._now().astimezone(zone).date() == due.astimezone(zone).date()
        return self._time(due) if today else self._date(due)

    def _time(self, moment: datetime) -> str:
        return time_of_day(moment.astimezone(self._station.timezone))


def switch_on(time: str, markets: str) -> str:
    """What only a person can do, ten minutes before an airing."""
    said = _("At {time} there is an airing at {markets}. Switch the amplifier on and turn the music down.")
    return complete(said.format(time=time, markets=markets))


def _takes_words(screen: TextIO) -> bool:
    """Whether writing would not wait: a terminal halted by Ctrl+S must halt the words only, never the daemon."""
    try:
        watch = select.poll()
        watch.register(screen.fileno(), select.POLLOUT)
        return bool(watch.poll(0))
    except (OSError, ValueError):  # it has no file behind it
        return True


class RehearsalTeller(TerminalTeller):
    """Of a rehearsal it says that it is one: nobody is to switch an amplifier on, or to think that a market heard it."""

    def all_set(self, coming: Promise | None) -> None:
        if coming is not None:
            self._say(_("The rehearsal begins. Next airing: {when}.").format(when=self._date(coming.due)), "green")

    def on_air(self, promise: Promise, episode: EpisodeNumber, until: datetime) -> None:
        self._say(
            _("{market}: rehearsing episode {episode}. It ends at {time}. To cut everything, press Ctrl+C.").format(
                market=self._market(promise.market), episode=episode, time=self._time(until)
            ),
            "cyan",
        )

    def stopped(self) -> None:
        self._say(_("The rehearsal is over."), None)
