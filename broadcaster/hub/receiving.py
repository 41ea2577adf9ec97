"""A message about an airing is put on record at the office: provisional, until the market's own record comes by the stick."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from broadcaster.config import Station
from broadcaster.hub.fellows import fellows_of
from broadcaster.hub.keys import keys_of
from broadcaster.hub.message import Code, Message, understood
from broadcaster.hub.message_refusals import Forged, NoSuchPromise, NotDueYet, RecordKnowsBetter
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, MessageReceived, PlanAccepted, make_good_of
from broadcaster.journal.messages import Claim, claims_at, ends_of
from broadcaster.journal.reading import newest_record, read
from broadcaster.journal.row import understand
from broadcaster.model import AiringId, MarketId, Outcome, Reason

LATE = timedelta(days=1)
"""How long after its time an airing's end may go on record, while the computer writes other rows: a window and a recovery."""


class State(StrEnum):
    """What a message comes to."""

    PROVISIONAL = "provisional"
    """No record tells of the airing yet."""
    CONFIRMED = "confirmed"
    """The record says the same."""
    DIFFERS = "differs"
    """The record says something else: the record counts."""
    CODE_DIFFERS = "code_differs"
    """It says the same, and the message's code is not that record's: the record was changed since, or is another one."""


@dataclass(frozen=True)
class Received:
    """What came of one message."""

    airing: AiringId
    market: MarketId
    due: datetime
    """Local, aware."""
    outcome: Outcome
    reason: Reason
    proved: bool
    """The market's computer, which is known here, made it."""
    state: State
    kept: bool
    """It is new here and went on record."""
    recorded: tuple[Outcome, Reason] | None = None
    """What the record says."""
    before: tuple[Outcome, Reason] | None = None
    """What an earlier message about the airing said, where that was something else."""


def receive(station: Station, journal: Journal, planned: Mapping[AiringId, datetime], code: Code, by: str) -> Received:
    """Keep one message. One that was kept before, or that the record confirms already, changes nothing.

    :param planned: what the schedule has, each with its minute.
    :raises NotWhole, NewerMessage, OfNoMarket, Forged, NoSuchPromise, NotDueYet, RecordKnowsBetter: it is not kept, and why.
    """
    message = understood(code, station.markets, station.timezone)
    proved = _is_proved(station, journal, message)
    _check_promise(station, journal, planned, message)
    said = MessageReceived(
        message.airing, message.market, message.due, message.outcome, message.reason, message.code, proved, by
    )
    earlier, ends = claims_at(station.database).get(message.airing), ends_of(station.database, (message.airing,))
    if not ends:
        _check_record(journal, message)
    claim = Claim(said, tuple((row, row.event) for row in ends if isinstance(row.event, Ended)))
    state = _state(claim)
    kept = state is not State.CONFIRMED and (earlier is None or _facts(earlier.said) != _facts(said))
    if kept:
        journal.append(said)
    other = earlier is not None and _told(earlier.said) != _told(said)
    return _received(claim, state, station, kept=kept, before=_told(earlier.said) if earlier and other else None)


def open_claims(station: Station) -> frozenset[AiringId]:
    """The airings of which nothing but a message tells."""
    return frozenset(airing for airing, claim in claims_at(station.database).items() if claim.is_open)


def settled(station: Station, were_open: Iterable[AiringId]) -> list[Received]:
    """What records, come since, make of the messages that were open; by due time."""
    known = claims_at(station.database)
    found = [known[airing] for airing in were_open if airing in known and not known[airing].is_open]
    received = (_received(claim, _state(claim), station, kept=False) for claim in found)
    return sorted(received, key=lambda each: (each.due, each.airing))


def _is_proved(station: Station, journal: Journal, message: Message) -> bool:
    """Whether the market's computer made it.

    :raises Forged: that is known here, and did not.
    """
    box = fellows_of(journal).boxes.get(message.market)
    if box is None:
        return False
    if message.sealed(keys_of(station).shared_with(box)).seal != message.seal:
        raise Forged(airing=message.airing)
    return True


def _check_promise(station: Station, journal: Journal, planned: Mapping[AiringId, datetime], message: Message) -> None:
    if message.due > journal.clock.now().utc:
        raise NotDueYet(airing=message.airing)
    airing = make_good_of(message.airing) or message.airing
    if airing in planned or airing in _promised(station) or ends_of(station.database, (airing,)):
        return
    raise NoSuchPromise(airing=message.airing)


def _promised(station: Station) -> Iterator[AiringId]:
    """What anybody's record here has promised."""
    for row in read(station.database, kinds=(PlanAccepted,), everyone=True):
        if isinstance(row.event, PlanAccepted):
            yield from (promise.airing for promise in row.event.promises)


def _check_record(journal: Journal, message: Message) -> None:
    """A record that goes on long past the airing would tell of its end.

    :raises RecordKnowsBetter: it does not.
    """
    box = fellows_of(journal).boxes.get(message.market)
    if box is None:
        return
    with journal.store.reading() as connection:
        newest = newest_record(connection, box.node)
    if newest is None or (written := understand(newest).local) - message.due < LATE:
        return
    moment = f"{written:%d/%m/%Y %H:%M}"
    raise RecordKnowsBetter(market=message.market, moment=moment, airing=message.airing)


def _facts(said: MessageReceived) -> tuple[object, ...]:
    return said.airing, said.due, said.outcome, said.reason, said.code, said.proved


def _told(said: MessageReceived) -> tuple[Outcome, Reason]:
    return said.outcome, said.reason


def _received(
    claim: Claim, state: State, station: Station, *, kept: bool, before: tuple[Outcome, Reason] | None = None
) -> Received:
    said = claim.said
    recorded = (claim.ends[-1][1].outcome, claim.ends[-1][1].reason) if claim.ends else None
    return Received(
        said.airing, said.market, said.due.astimezone(station.timezone), said.outcome, said.reason, said.proved,
        state, kept, recorded, before,
    )  # fmt: skip


def _state(claim: Claim) -> State:
    if claim.is_open:
        return State.PROVISIONAL
    if claim.differs:
        return State.DIFFERS
    return State.CODE_DIFFERS if claim.code_differs else State.CONFIRMED
