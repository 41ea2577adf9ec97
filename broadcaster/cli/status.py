"""``broadcaster status``: what sounds now at each market, what comes next, what became of the last."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from broadcaster.care.amplifier import AHEAD
from broadcaster.care.labels import label
from broadcaster.care.watchdog import WORDS
from broadcaster.cli import checklist
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.doctor import as_plain, last_kept
from broadcaster.cli.hand import messenger
from broadcaster.cli.show import fitted, json_option, plain, show_json, table
from broadcaster.cli.teller import switch_on
from broadcaster.clock.asking import clock_question
from broadcaster.errors import BroadcasterError, ConfigurationError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.moments import complete, date_and_time, short_date_and_time, time_of_day
from broadcaster.model import ClockTrust, EpisodeNumber, Outcome, Reason
from broadcaster.playout.orders import Status
from broadcaster.reasons import sentence, word

if TYPE_CHECKING:
    from broadcaster.care.doctor import Kept

STATES: Mapping[str, tuple[str, str]] = {
    "on_air": (N_("on air"), "bold green"),
    "starting": (N_("about to begin"), "bold cyan"),
    "testing": (N_("being tested"), "bold cyan"),
    "held": (N_("paused"), "bold yellow"),
    "waiting": (N_("waiting"), ""),
}
"""What the daemon says of a market: the word for people, and its colour."""
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PLAYED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.MISSED: "red",
    Outcome.CANCELLED: "bright_black",
}
FAILED = {Outcome.MISSED, Outcome.PARTIAL}
MANUAL = "manual/"
"""What the name of a sound ordered by hand begins with: it is ordered again, not made good."""
BAR = 16
"""Columns of the bar that shows how far a sound is."""

Answer = Mapping[str, Any]


@click.command(help=N_("Show what sounds at each market, what comes next and what became of the last airing."))
@json_option
@pass_desk
def status(desk: Desk, *, in_json: bool) -> None:
    """Ask the running program."""
    answer = messenger(desk).ask(Status())
    now, kept = datetime.fromisoformat(answer["now"]), _last_look(desk)
    soon = _switch_on(answer["markets"], now)
    if in_json:
        show_json({**answer, "switch_on": soon, "doctor": None if kept is None else as_plain(kept)})
        return
    _say_concerns(answer)
    if soon is not None:
        names = ", ".join(market["name"] for market in answer["markets"] if market["market"] in soon["markets"])
        click.secho(fitted(switch_on(time_of_day(datetime.fromisoformat(soon["due"])), names)), fg="cyan", bold=True)
    columns = [_("Market"), _("Now"), _("Next airing"), _("The last one")]
    title = complete(_("It is {when}.").format(when=date_and_time(now)))
    table(title, columns, (_cells(market, now) for market in answer["markets"]))
    _say_last_look(kept)
    with suppress(ConfigurationError):  # a file that is wrong by now is told above
        for said in _flags(desk, answer["markets"]):
            click.secho(fitted(said), fg="yellow")
    for hint in _hints(answer["markets"], now):
        click.secho(fitted(hint), dim=True)


def _last_look(desk: Desk) -> "Kept | None":
    """What the program found when it last looked by itself; nothing, where nobody can say."""
    with suppress(BroadcasterError, OSError):
        return last_kept(desk)
    return None


def _say_last_look(kept: "Kept | None") -> None:
    if kept is None:
        return
    when = short_date_and_time(kept.at, kept.at + timedelta(days=1))
    if kept.found.red:
        red = ", ".join(dict.fromkeys(label(each.code) for each in kept.found.red))
        said = _("{mark} Looked over on {when}, not all was ready ({what}). See what to do: broadcaster doctor.")
        click.secho(fitted(said.format(mark=checklist.BROKEN, when=when, what=red)), fg="red", bold=True)
    else:
        said = _("{mark} Looked over on {when}: all was ready.")
        click.secho(fitted(said.format(mark=checklist.OK, when=when)), fg="green")


def _switch_on(markets: Iterable[Answer], now: datetime) -> Answer | None:
    """The next airing, where it is so near that a person must do what only she can."""
    sounding = [each for each in markets if each["next"] is not None and each["next"]["reason"] is None]
    dues = {each["market"]: datetime.fromisoformat(each["next"]["due"]) for each in sounding}
    first = min(dues.values(), default=None)
    if first is None or not now <= first <= now + AHEAD:
        return None
    return {"due": first.isoformat(), "markets": [market for market, due in dues.items() if due == first]}


def _say_concerns(answer: Answer) -> None:
    """What somebody has to do something about, before anything else."""
    if answer.get("failing"):
        parts = ", ".join(_(WORDS[part]) for part in answer["failing"])
        said = _(
            "A part of the program does not do its work: {parts}. If this stays so for five minutes, call the coordinator."
        )
        click.secho(fitted(said.format(parts=parts)), fg="red", bold=True)
    if answer["faults"]:
        click.secho(
            fitted(_("The station's files are wrong; the schedule stays as it was. Correct:")), fg="red", bold=True
        )
        for fault in answer["faults"]:
            click.secho(fitted(f"  {fault}"), fg="red")
    if answer["waiting"]:
        said = _("These settings were changed and count only after a restart of the program: {keys}.")
        click.secho(fitted(said.format(keys=", ".join(answer["waiting"]))), fg="yellow")
    for market in answer["markets"]:
        if market["obstacle"] not in {None, Reason.CLOCK_UNVERIFIED.value}:  # the clock is asked for below
            said = _("{market}: it cannot begin yet. {sentence} The program goes on trying.")
            why = sentence(Reason(market["obstacle"]))
            click.secho(fitted(said.format(market=market["name"], sentence=why)), fg="yellow")
    if answer["clock"] == ClockTrust.UNVERIFIED:
        click.secho(fitted(clock_question(datetime.fromisoformat(answer["now"]), certain=False)), fg="yellow")


def _cells(market: Answer, now: datetime) -> list[Text]:
    return [Text(plain(market["name"])), _now(market), _next(market["next"], now), _last(market["last"], now)]


def _now(market: Answer) -> Text:
    state, colour = STATES[market["state"]]
    said = Text(_(state), style=colour)
    if market["episode"] is not None:
        said.append(": " + _("episode {number}").format(number=market["episode"]))
    if market["position_s"] is not None:
        said.append("\n" + _bar(market["position_s"], market["expected_s"]), style="not bold")
        until = time_of_day(datetime.fromisoformat(market["until"]))
        whole = _("{position} of {whole}, until {time}").format(
            position=_minutes(market["position_s"]), whole=_minutes(market["expected_s"]), time=until
        )
        said.append("\n" + whole, style="not bold default")
    return said


def _bar(position_s: float, whole_s: float) -> str:
    done = round(BAR * min(1.0, position_s / whole_s)) if whole_s else BAR
    return "█" * done + "░" * (BAR - done)


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _next(coming: Answer | None, now: datetime) -> Text:
    if coming is None:
        return Text(_("none to come"), style="dim")
    said = Text(short_date_and_time(datetime.fromisoformat(coming["due"]), now))
    if coming["episode"] is not None:
        said.append("\n" + _("Episode {number}").format(number=coming["episode"]))
    if coming.get("make_good_of") is not None:
        said.append("\n" + _("makes a missed one good"), style="cyan")
    if coming["reason"] is not None:
        said.append("\n" + _("will not go out"), style="yellow")
    return said


def _last(ended: Answer | None, now: datetime) -> Text:
    if ended is None:
        return Text("—", style="dim")
    outcome = Outcome(ended["outcome"])
    said = Text(short_date_and_time(datetime.fromisoformat(ended["due"]), now))
    said.append("\n" + word(outcome), style=OUTCOMES[outcome])
    if outcome is not Outcome.PLAYED:
        said.append("\n" + sentence(Reason(ended["reason"])).split(". ")[0].rstrip("."), style="dim")
    return said


def _flags(desk: Desk, markets: Iterable[Answer]) -> Iterator[str]:
    """What must still be done about the episodes that come next, although they will air."""
    from broadcaster.library.catalogue import statuses  # noqa: PLC0415  the database is heavy
    from broadcaster.library.words import flagged  # noqa: PLC0415  with it

    coming = {market["next"]["episode"] for market in markets if market["next"] is not None}
    wanted = {EpisodeNumber(episode) for episode in coming if episode is not None}
    now = desk.clock.now().utc
    today = now.astimezone(desk.station.timezone).date()
    rows = desk.read_rows()
    for status in statuses(desk.station, rows, today, samples_may_air=False, now=now, only=wanted).values():
        yield from (flagged(status.number, flag) for flag in status.flags if status.reason is None)


def _hints(markets: Iterable[Answer], now: datetime) -> Iterator[str]:
    markets = list(markets)
    if any(market["state"] in {"on_air", "testing"} for market in markets):
        yield _("To cut what sounds: broadcaster stop.")
    yield from _may_be_made_good(markets, now)
    for market in markets:
        if market["state"] == "held":
            yield _("For {market} to sound again: broadcaster resume --market {id}.").format(
                market=market["name"], id=market["market"]
            )


def _may_be_made_good(markets: Iterable[Answer], now: datetime) -> Iterator[str]:
    """What was missed or broke off today, where nothing is ordered to make it good."""
    for market in markets:
        last, coming = market["last"], market["next"]
        if last is None or last["outcome"] not in FAILED or last["airing"].startswith(MANUAL):
            continue
        missed = last.get("make_good_of") or last["airing"]
        ordered = coming is not None and coming.get("make_good_of") == missed
        if not ordered and datetime.fromisoformat(last["due"]).date() == now.date():
            said = _("For the airing that {market} missed to go out today: broadcaster plays make-good {airing} --now.")
            yield said.format(market=market["name"], airing=missed)
