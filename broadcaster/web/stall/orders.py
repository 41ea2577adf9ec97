"""What is touched at the stall, as orders to the running daemon, as the command line gives them; and what is said then."""

from datetime import datetime
from typing import ClassVar

from broadcaster.care import timekeeping
from broadcaster.care.day_holds import held_for_the_day
from broadcaster.errors import BadInput, BroadcasterError, CheckFailed, ConfigurationError
from broadcaster.journal.events import Confirmed, Held, Resumed
from broadcaster.journal.fold import holds
from broadcaster.library.sayings import AiringUnknown
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import AiringId, HeardAs, Market, MarketId, Reason
from broadcaster.playout.control import Answer
from broadcaster.playout.loudness import percent, turn, what_follows
from broadcaster.playout.messenger import Delivered, Way, me
from broadcaster.playout.orders import MakeGood, NotServed, Pause, Resume, Safety, Status, Stop, Test
from broadcaster.playout.tested import LIMIT_S, what_came_of
from broadcaster.reasons import heard, sentence
from broadcaster.web.desk import Desk
from broadcaster.web.stall.after import Saying
from broadcaster.web.stall.known import stall_of

MINUTE_S = 60.0
"""An answer that took longer was to another minute than the one she was asked about."""

Said = tuple[str, bool]
"""What is said, and whether all is well."""


class DidNotSound(CheckFailed):
    """It was ordered for now, and nothing was heard."""

    sentence: ClassVar[str] = N_("It does not sound. {why}")


class HeldForToday(CheckFailed):
    """The market was silenced for the rest of the day."""

    sentence: ClassVar[str] = N_("This market stays silent for today. From tomorrow on it sounds again by itself.")


class PausedForToday(CheckFailed):
    """The market was silenced for the rest of the day, and paused besides."""

    sentence: ClassVar[str] = N_(
        "This market stays silent for today. To let it sound again tomorrow, touch RESUME then."
    )


class Unclear(BadInput):
    """A form that this page did not make."""

    sentence: ClassVar[str] = N_("The screen had changed meanwhile, so nothing was done. Look at it and touch again.")


# Silence: before anything else that could fail

CUT = N_("Silence. What is left of it does not go out; the next airing does.")


def stop(desk: Desk, market: str) -> Said:
    """Cut what sounds there."""
    done = _silence(desk, Stop(meant(desk, market)))
    if done.way is Way.LEFT:
        return _left(), True
    if done.stopped:
        said = _(CUT)
    else:
        said = _("Nothing of the program sounds here. For the next airing not to go out either, touch PAUSE.")
    return _with_record(said, done)


def pause(desk: Desk, market: str) -> Said:
    """Keep it silent until it is resumed."""
    done = _silence(desk, Pause(meant(desk, market)))
    if done.way is Way.LEFT:
        return _left(), True
    return _with_record(_("Paused: nothing sounds here until you touch RESUME, also after a restart."), done)


def safety(desk: Desk, market: str) -> Said:
    """Silent at once and for the rest of the day; nothing asked. What is said is what anybody may read."""
    wanted = meant(desk, market)
    done = _silence(desk, Safety(wanted))
    if done.way is Way.LEFT:
        return _left(), True
    stays = done.way is Way.KEPT or _stays_silent(desk, wanted)
    return _with_record(_("Silence. Nothing sounds here for the rest of the day.") if stays else _(CUT), done)


def _silence(desk: Desk, order: Stop | Pause | Safety) -> Delivered:
    """Give it; what was told of a sound there is over with the sound."""
    done = desk.messenger().order(order)
    if order.market is not None:
        stall_of(desk).after.forget(order.market)
    return done


def _stays_silent(desk: Desk, market: MarketId) -> bool:
    """Whether the market is held, as far as anybody says: a rehearsal obeys by a stop, and keeps nothing."""
    found = [each for each in _status(desk).get("markets", ()) if each["market"] == market]
    return all(each["held_until"] is not None or each["state"] == "held" for each in found)


def resume(desk: Desk, market: str) -> Said:
    """Let it sound again.

    :raises HeldForToday, PausedForToday: it is silent for today, which no touch changes.
    """
    wanted = meant(desk, market)
    _check_today(desk, wanted)
    done = desk.messenger().order(Resume(wanted))
    if done.way is Way.LEFT:
        return _left(), True
    return _("No longer paused: the next airing goes out."), True


def _check_today(desk: Desk, market: MarketId) -> None:
    """The daemon may not be there to be asked, or know of a pause that waits for somebody: the record knows of both.

    :raises HeldForToday, PausedForToday: it is silent for the rest of the day.
    """
    if any(each["market"] == market and each["held_until"] for each in _status(desk).get("markets", ())):
        raise HeldForToday
    rows, now = desk.rows([Held, Resumed]), desk.clock.now()
    if market in held_for_the_day(rows, now.utc if now.believed else None):
        event = holds(rows)[market].event
        raise PausedForToday if isinstance(event, Held) and event.until is None else HeldForToday


def _status(desk: Desk) -> Answer:
    try:
        return desk.messenger().ask(Status())
    except BroadcasterError:
        return {}


def _left() -> str:
    return _("The program finds this within two seconds. If something still sounds then, switch the amplifier off.")


def _with_record(said: str, done: Delivered) -> Said:
    if done.recorded:
        return said, True
    unrecorded = _(
        "It could not be put on record yet; the program does so as soon as the disk allows. "
        "Delete nothing; call the coordinator."
    )
    return f"{said} {unrecorded}", False


# Sound


def test(desk: Desk, market: str) -> Said:
    """Let the speaker be heard: begun, and what came of it told afterwards."""
    known = here(desk, market)
    daemon = desk.messenger()

    def order() -> Saying:
        tested = daemon.ask(Test(known.id), LIMIT_S)
        what_came_of(known, tested)
        return lambda: what_came_of(known, tested)

    if stall_of(desk).after.begin(known.id, order):
        return "", True
    return _("Listen to the speaker: a chime and a sentence, in about five seconds."), True


def now(desk: Desk, market: str, airing: str) -> Said:
    """Air what was missed, at once."""
    known = here(desk, market)
    daemon = desk.messenger()

    def order() -> None:
        answer = daemon.ask(MakeGood(AiringId(airing)), LIMIT_S)
        if not answer["sounds"]:
            raise DidNotSound(why=sentence(Reason(answer["reason"])) if answer.get("reason") else "")

    if stall_of(desk).after.begin(known.id, order):
        return "", True
    return _("One moment: if nothing stands in its way, it sounds in about seven seconds."), True


# What people say


def how_heard(desk: Desk, airing: str, word: str) -> Said:
    """Put on record how the last airing was heard; it stands beside what the machine knows."""
    try:
        said = HeardAs(word)
    except ValueError:
        raise Unclear from None
    play = stall_of(desk).play(desk, AiringId(airing))
    if play is None:
        raise AiringUnknown(airing=shown(airing), example="2021-06-18T10:00/unicachi")
    with desk.journal() as journal:
        journal.append(Confirmed(play.airing, said, me()))
    return _("Thank you. On record: {heard}.").format(heard=heard(said)), True


def volume(desk: Desk, market: str, per_cent: str) -> Said:
    """Louder or softer, within the market's cap."""
    known = here(desk, market)
    if not per_cent.isascii() or not per_cent.isdigit() or not 0 <= int(per_cent) <= 100:
        raise Unclear
    turned = turn(desk.messenger(), known, int(per_cent) / 100)
    said = _("Volume {volume} %.").format(volume=percent(turned.volume))
    return (f"{said} {what_follows(turned)}" if turned.running else said), True


def clock(desk: Desk, word: str, asked: str) -> Said:
    """Her word on the computer's time, compared with her phone.

    :raises ClockWrong: no yes can make it right.
    """
    if word == "no":
        return _(
            "Nothing was confirmed, so no airing goes out by this time. Correct the computer's date and time with your "
            "phone beside it, or call the coordinator."
        ), False
    timekeeping.check_possible(desk.station, desk.clock.now())
    if not _this_minute(desk, asked):
        return _("That took more than a minute. Compare it with your phone again, and touch YES."), False
    timekeeping.confirm(desk.station, desk.clock, me())
    desk.nudge()
    return _("Thank you. The time counts as right until the computer is switched off, or somebody moves it."), True


def _this_minute(desk: Desk, asked: str) -> bool:
    try:
        since_s = (desk.clock.now().utc - datetime.fromisoformat(asked)).total_seconds()
    except (ValueError, TypeError):
        raise Unclear from None
    return -1.0 <= since_s <= MINUTE_S


# Where


def here(desk: Desk, market: str) -> Market:
    """The market of that name.

    :raises NotServed: the station has none.
    """
    markets = desk.station.markets
    if market not in markets:
        raise NotServed(market=shown(market), markets=", ".join(markets))
    return markets[MarketId(market)]


def meant(desk: Desk, market: str) -> MarketId:
    """The market of that name, also where ``config.toml`` has faults: they must not keep a voice on air.

    :raises NotServed: the station has none.
    """
    try:
        return here(desk, market).id
    except ConfigurationError:
        return MarketId(market)
