"""What the stall's screen shows, from what the daemon answers and what stands on record. Pure.

Numbers only: people in the market see this screen, so there is no title, no person's code and no waveform in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from broadcaster.care.amplifier import AHEAD
from broadcaster.journal.events import MANUAL
from broadcaster.journal.fold import PlayRecord
from broadcaster.journal.makegoods import FAILED
from broadcaster.model import AiringId, ClockTrust, HeardAs, Market, MarketId, Outcome, Reason, Seconds
from broadcaster.web.stall.after import Told

Answer = Mapping[str, Any]

STEP = 0.05
"""How much one touch turns the volume."""
LATELY = timedelta(days=2)
"""So long after an airing somebody may still say how it was heard."""
NEVER_AGAIN = frozenset({Reason.WITHDRAWN, Reason.SUSPENDED, Reason.STOPPED_FOR_SAFETY})
"""What broke off for one of these is not offered to be aired after all."""


class Phase(StrEnum):
    """What goes on at a market: each has its own sentence and its own first button."""

    ON_AIR = "on-air"
    TESTING = "testing"
    STARTING = "starting"
    HELD = "held"
    SOON = "soon"
    """The amplifier must be switched on now."""
    WAITING = "waiting"
    NOTHING = "nothing"
    """No airing is to come."""
    UNKNOWN = "unknown"
    """No program runs that would know."""
    UNANSWERED = "unanswered"
    """One runs and does not say: it has only begun, or hangs; something may sound."""


@dataclass(frozen=True)
class Sounding:
    """What is on air."""

    episode: int | None
    begin: datetime
    until: datetime
    whole_s: Seconds
    position_s: Seconds


@dataclass(frozen=True)
class Coming:
    """The next airing."""

    due: datetime
    episode: int | None
    makes_good: bool
    silent: bool
    """It will not go out as things stand."""

    @property
    def switch_on(self) -> datetime:
        """When the amplifier is to be switched on."""
        return self.due - AHEAD


@dataclass(frozen=True)
class Last:
    """The last airing that ended."""

    airing: AiringId
    due: datetime
    outcome: Outcome
    reason: Reason
    heard: HeardAs | None
    """What somebody who was there has said."""
    askable: bool
    """Whether she is asked."""


@dataclass(frozen=True)
class Missed:
    """An airing of today that may be aired after all."""

    airing: AiringId
    due: datetime
    episode: int | None


@dataclass(frozen=True)
class MarketScreen:
    """One market."""

    id: MarketId
    name: str
    phase: Phase
    sounding: Sounding | None
    coming: Coming | None
    obstacle: Reason | None
    last: Last | None
    missed: Missed | None
    volume: int
    """Per cent."""
    cap: int
    told: Told | None
    """What came of the test or the make-good that was ordered here last."""

    @property
    def louder(self) -> int | None:
        """Per cent of one touch more; ``None``: it is at its cap."""
        return min(self.cap, self.volume + round(STEP * 100)) if self.volume < self.cap else None

    @property
    def softer(self) -> int | None:
        """Per cent of one touch less; ``None``: it is at zero."""
        return max(0, self.volume - round(STEP * 100)) if self.volume > 0 else None


@dataclass(frozen=True)
class Screen:
    """All of it."""

    now: datetime
    """In the station's zone."""
    running: bool
    doubted: bool
    """Nobody vouches for the computer's time."""
    failing: tuple[str, ...]
    faulty: bool
    """The station's files are wrong, and the schedule stays as it was."""
    markets: tuple[MarketScreen, ...]


@dataclass(frozen=True)
class Known:
    """What is known of a market besides what the daemon says."""

    market: Market
    plays: Sequence[PlayRecord]
    """Of the last days, in the order in which they were due; no rehearsals."""
    open_today: bool
    """Whether anything may air on this day at all."""
    told: Told | None = None


def screen_of(status: Answer | None, known: Sequence[Known], now: datetime, *, lives: bool = False) -> Screen:
    """``status``: the daemon's answer, ``None`` where none listens; ``now``: aware, in the station's zone.

    ``lives``: whether a program holds the station, although none answers.
    """
    answers = {answer["market"]: answer for answer in status["markets"]} if status else {}
    doubted = status is not None and status["clock"] == ClockTrust.UNVERIFIED
    served = [each for each in known if not answers or each.market.id in answers]
    return Screen(
        now=now,
        running=status is not None,
        doubted=doubted,
        failing=tuple(status["failing"]) if status else (),
        faulty=bool(status["faults"]) if status else False,
        markets=tuple(
            market_screen(answers.get(each.market.id), each, now, doubted=doubted, lives=lives) for each in served
        ),
    )


def market_screen(
    answer: Answer | None, known: Known, now: datetime, *, doubted: bool = False, lives: bool = False
) -> MarketScreen:
    """One market's; ``answer``: what the daemon says of it."""
    market = known.market
    coming = _coming(answer, now)
    phase = _phase(answer, coming, now, lives=lives)
    missed = _missed(known.plays, now)
    may_sound = known.open_today and market.may_sound(now.time()) and not doubted
    return MarketScreen(
        id=market.id,
        name=market.name,
        phase=phase,
        sounding=_sounding(answer),
        coming=coming,
        obstacle=Reason(answer["obstacle"]) if answer and answer["obstacle"] else None,
        last=_last(answer, known.plays, now),
        missed=missed if may_sound and phase in {Phase.SOON, Phase.WAITING, Phase.NOTHING} else None,
        volume=round(market.volume * 100),
        cap=round(market.volume_cap * 100),
        told=known.told,
    )


def _phase(answer: Answer | None, coming: Coming | None, now: datetime, *, lives: bool) -> Phase:
    if answer is None:
        return Phase.UNANSWERED if lives else Phase.UNKNOWN
    state = {"on_air": Phase.ON_AIR, "testing": Phase.TESTING, "starting": Phase.STARTING, "held": Phase.HELD}
    if answer["state"] in state:
        return state[answer["state"]]
    if coming is None:
        return Phase.NOTHING
    return Phase.SOON if coming.switch_on <= now else Phase.WAITING


def _sounding(answer: Answer | None) -> Sounding | None:
    if answer is None or answer["until"] is None:
        return None
    until, whole_s = datetime.fromisoformat(answer["until"]), answer["expected_s"]
    begin = until - timedelta(seconds=whole_s)
    return Sounding(answer["episode"], begin, until, Seconds(whole_s), Seconds(answer["position_s"]))


def _coming(answer: Answer | None, now: datetime) -> Coming | None:
    """The next; while one begins, that one."""
    if answer is None:
        return None
    if answer["state"] == "starting" and (due := _due_of(answer["airing"], now)) is not None:
        return Coming(due, answer["episode"], makes_good=False, silent=False)
    found = answer["next"]
    if found is None:
        return None
    makes_good = found.get("make_good_of") is not None
    return Coming(datetime.fromisoformat(found["due"]), found["episode"], makes_good, found["reason"] is not None)


def _due_of(airing: str | None, now: datetime) -> datetime | None:
    """When an airing of the schedule is due: its name begins with the local minute."""
    try:
        return datetime.fromisoformat((airing or "")[:16]).replace(tzinfo=now.tzinfo)
    except ValueError:
        return None


def _last(answer: Answer | None, plays: Sequence[PlayRecord], now: datetime) -> Last | None:
    """As the daemon says, which may be a rehearsal's; else the newest on record."""
    records = {play.airing: play for play in plays}
    ended = answer["last"] if answer else None
    if ended is not None:
        airing, due = AiringId(ended["airing"]), datetime.fromisoformat(ended["due"])
        outcome, reason = Outcome(ended["outcome"]), Reason(ended["reason"])
    elif plays:
        newest = plays[-1]
        airing, due, outcome, reason = newest.airing, newest.due.astimezone(now.tzinfo), newest.outcome, newest.reason
    else:
        return None
    record = records.get(airing)
    heard = record.sequel.confirmed.said.heard if record and record.sequel.confirmed else None
    sounded = outcome in {Outcome.PLAYED, Outcome.PARTIAL}
    return Last(airing, due, outcome, reason, heard, askable=sounded and record is not None and now - due < LATELY)


def _missed(plays: Sequence[PlayRecord], now: datetime) -> Missed | None:
    """The newest of today that failed and is neither made good nor about to be."""
    for play in reversed(plays):
        if play.due.astimezone(now.tzinfo).date() == now.date() and may_be_aired_after_all(play):
            return Missed(play.airing, play.due.astimezone(now.tzinfo), play.episode)
    return None


def may_be_aired_after_all(play: PlayRecord) -> bool:
    """As :func:`~broadcaster.journal.makegoods.claim` will say, as far as the play log tells."""
    done = any(each.outcome in {None, Outcome.PLAYED} for each in play.sequel.make_goods)
    failed = play.outcome in FAILED and play.reason not in NEVER_AGAIN
    scheduled = play.make_good_of is None and not play.airing.startswith(MANUAL)
    return failed and not done and scheduled and play.episode is not None
