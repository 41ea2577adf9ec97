"""Which missed airings may be made good, and under what name: pure over the journal's rows.

A make-good that fails may itself be made good: what is made good is always the airing that was missed first. It counts once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import count

from broadcaster.journal.events import (
    MANUAL,
    Ended,
    Event,
    Intent,
    MakeGoodCancelled,
    MakeGoodOrdered,
    Promise,
    Started,
    Stopped,
    make_good_id,
    make_good_of,
)
from broadcaster.journal.fold import open_promises, terminal
from broadcaster.journal.makegood_refusals import (
    AlreadyMade,
    AlreadyOrdered,
    ByHand,
    NoEpisodeGiven,
    NotEnded,
    NothingOrdered,
    NotMissed,
)
from broadcaster.journal.row import Row
from broadcaster.journal.sequel import NOTHING, MakeGood, Sequel, sequels
from broadcaster.locale.shown import shown
from broadcaster.model import AiringId, EpisodeNumber, MarketId, Outcome, Reason

FOR_MAKE_GOODS: tuple[type[Event], ...] = (Ended, MakeGoodOrdered, MakeGoodCancelled)
"""All that is read here."""
FOR_CANCELLING: tuple[type[Event], ...] = (*FOR_MAKE_GOODS, Intent, Started, Stopped)
"""And what tells whether it was begun."""
ATTEMPTS_BY_RULE = 3
"""A season's rule tries no more often than this to make one airing good; people may go on."""
FAILED = frozenset({Outcome.MISSED, Outcome.PARTIAL})
DECIDED = frozenset(
    {
        Reason.STOPPED_BY_OPERATOR,
        Reason.STOPPED_FOR_SAFETY,
        Reason.WITHDRAWN,
        Reason.SUSPENDED,
        Reason.NO_EPISODE,
        Reason.NOT_APPROVED,
        Reason.NO_CONSENT,
        Reason.NO_HELPLINE,
        Reason.BAD_FILE,
    }
)
"""What people decided or left undone: no rule makes that good behind their backs."""


@dataclass(frozen=True)
class Claim:
    """A missed airing that may be made good now."""

    missed: AiringId
    """The airing that was missed first, whichever make-good failed since."""
    market: MarketId
    episode: EpisodeNumber
    airing: AiringId
    """The make-good's name."""


def claim(rows: Iterable[Row], named: AiringId, zone: tzinfo) -> Claim:
    """What ``named``, a missed airing or a failed make-good, gives the right to. ``zone``: in which times are told.

    :raises NotEnded, NotMissed, ByHand, NoEpisodeGiven, AlreadyOrdered, AlreadyMade: nothing, and why.
    """
    kept = list(rows)
    missed = make_good_of(named) or named
    if missed.startswith(MANUAL):
        raise ByHand(airing=shown(missed))
    ends = terminal(kept)
    ended = ends.get(missed)
    if ended is None:
        raise NotEnded(airing=shown(named))
    if ended.outcome not in FAILED:
        raise NotMissed(airing=missed, outcome=ended.outcome.value)
    if ended.episode is None:
        raise NoEpisodeGiven(airing=missed)
    sequel = sequels(kept).get(missed, NOTHING)
    _refuse_second(missed, sequel, zone)
    return Claim(missed, ended.market, ended.episode, _free_name(missed, sequel, ends))


def _refuse_second(missed: AiringId, sequel: Sequel, zone: tzinfo) -> None:
    for each in sequel.make_goods:
        if each.outcome is None:
            raise AlreadyOrdered(airing=missed, time=_minute(each, zone))
        if each.outcome is Outcome.PLAYED:
            raise AlreadyMade(airing=missed, time=_minute(each, zone))


def _free_name(missed: AiringId, sequel: Sequel, ends: Collection[AiringId]) -> AiringId:
    """The first that was never ordered and never ended."""
    used = {*ends, *(each.airing for each in sequel.make_goods)}
    return next(name for attempt in count(1) if (name := make_good_id(missed, attempt)) not in used)


def _minute(each: MakeGood, zone: tzinfo) -> str:
    return f"{each.due.astimezone(zone):%Y-%m-%d %H:%M}"


def to_come(rows: Iterable[Row], named: AiringId) -> Promise:
    """The make-good of ``named``, a missed airing or the make-good itself, that is ordered and has no end yet.

    :raises NothingOrdered: there is none.
    """
    missed = make_good_of(named) or named
    for promise in open_promises(rows).values():
        if make_good_of(promise.airing) == missed and promise.cancelled is None:
            return promise
    raise NothingOrdered(airing=shown(missed))


def owed(rows: Sequence[Row], same_day: Collection[AiringId], today: date, zone: tzinfo) -> list[Claim]:
    """What a season's rule makes good today: what failed today by no decision of people's, and is not yet made good.

    ``same_day``: the airings that the rule covers. After midnight nothing of the day before is owed any more.
    """
    ends, after = terminal(rows), sequels(rows)
    found = []
    for ended in sorted((ends[airing] for airing in same_day if airing in ends), key=lambda ended: ended.due):
        made = after.get(ended.airing, NOTHING).make_goods
        tries = [ended, *(ends.get(each.airing) for each in made)]
        failed = all(each is not None and _by_machine(each) for each in tries)
        if failed and len(made) < ATTEMPTS_BY_RULE and ended.due.astimezone(zone).date() == today and ended.episode:
            name = _free_name(ended.airing, after.get(ended.airing, NOTHING), ends)
            found.append(Claim(ended.airing, ended.market, ended.episode, name))
    return found


def _by_machine(ended: Ended) -> bool:
    """Whether it failed, and nobody wanted it to."""
    return ended.outcome in FAILED and ended.reason not in DECIDED
